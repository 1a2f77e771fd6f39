"""A Piper voice for sherpa-onnx, which wants what Piper keeps in JSON as model metadata and a tokens.txt.

Run as `convert_voice.py MODEL.onnx DIRECTORY`, by the Python of the peer.
"""

import json
import sys
from pathlib import Path

import onnx


def main() -> None:
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    config = json.loads(Path(f"{source}.json").read_text(encoding="utf-8"))
    symbols = {symbol: ids[0] for symbol, ids in config["phoneme_id_map"].items() if symbol != "\n"}
    lines = [f"{symbol} {number}\n" for symbol, number in symbols.items()]
    (target / "tokens.txt").write_text("".join(lines), encoding="utf-8")
    model = onnx.load(source)
    metadata = {
        "model_type": "vits",
        "comment": "piper",
        "language": config["language"]["name_english"],
        "voice": config["espeak"]["voice"],
        "has_espeak": 1,
        "n_speakers": config["num_speakers"],
        "sample_rate": config["audio"]["sample_rate"],
    }
    for key, value in metadata.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, str(value)
    onnx.save(model, target / "voice.onnx")


if __name__ == "__main__":
    main()
