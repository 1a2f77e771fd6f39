"""Makes a tiny ONNX "tone voice": Piper's inputs and output, a sine for speech, a few kilobytes.

    python tests/tone_voice.py DIRECTORY [--speakers N]

Every phoneme id lasts `length_scale` x 10 ms; the pitch follows the mean of the ids (and the speaker), so that
different texts sound different and equal ones equal. noise_scale adds noise, so only 0 is deterministic, as in Piper.
A unit of more than 1000 ids fails, so that a failing inference can be had for the asking.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

SAMPLE_RATE = 22050
SAMPLES_PER_ID = 220


def make_tone_voice(directory: Path, *, name: str = "en_US-tone-low", speakers: int = 1, pitch: float = 20) -> Path:
    """Write NAME.onnx and NAME.onnx.json; returns the path of the first."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{name}.onnx"
    onnx.save(_model(speakers, pitch), str(path))
    facts = {
        "audio": {"sample_rate": SAMPLE_RATE, "quality": name.rpartition("-")[2]},
        "espeak": {"voice": "en-us"},
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "phoneme_type": "espeak",
        "phoneme_id_map": DEFAULT_PHONEME_ID_MAP,
        "num_symbols": 256,
        "num_speakers": speakers,
        "speaker_id_map": {f"speaker-{number}": number for number in range(speakers)} if speakers > 1 else {},
        "language": {"code": name.partition("-")[0]},
    }
    path.with_name(path.name + ".json").write_text(json.dumps(facts), encoding="utf-8")
    return path


def _model(speakers: int, pitch: float) -> onnx.ModelProto:
    constants = {
        "zero": np.float32(0),
        "one": np.float32(1),
        "axis": np.array([1], np.int64),
        "length_index": np.array([1], np.int64),
        "noise_index": np.array([0], np.int64),
        "samples_per_id": np.array([SAMPLES_PER_ID], np.float32),
        "radians_per_id": np.array([2 * np.pi * pitch / SAMPLE_RATE], np.float32),
        "loudness": np.array([0.3], np.float32),
        "scalar": np.array([], np.int64),
        "longest": np.zeros(1001, np.float32),
        "wave_shape": np.array([1, 1, 1, -1], np.int64),
    }
    node = helper.make_node
    nodes = [
        node("Cast", ["input"], ["ids"], to=TensorProto.FLOAT),
        node("ReduceMean", ["ids"], ["mean_id"], keepdims=0),
        node("Gather", ["longest", "input_lengths"], ["nothing"]),
        node("Add", ["mean_id", "nothing"], ["pitch"]),
        node("Cast", ["input_lengths"], ["length"], to=TensorProto.FLOAT),
        node("Gather", ["scales", "length_index"], ["length_scale"]),
        node("Gather", ["scales", "noise_index"], ["noise_scale"]),
        node("Mul", ["length", "length_scale"], ["stretched"]),
        node("Mul", ["stretched", "samples_per_id"], ["samples_exact"]),
        node("Floor", ["samples_exact"], ["samples"]),
        node("Reshape", ["samples", "scalar"], ["end"]),
        node("Range", ["zero", "end", "one"], ["time"]),
        node("Mul", ["time", "radians_per_id"], ["slow_phase"]),
        node("Mul", ["slow_phase", "pitch"], ["phase_one"]),
    ]
    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, ["batch", "phonemes"]),
        helper.make_tensor_value_info("input_lengths", TensorProto.INT64, ["batch"]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
    ]
    if speakers > 1:
        inputs.append(helper.make_tensor_value_info("sid", TensorProto.INT64, ["batch"]))
        nodes += [
            node("Cast", ["sid"], ["speaker"], to=TensorProto.FLOAT),
            node("Add", ["speaker", "one"], ["octave"]),
            node("Mul", ["phase_one", "octave"], ["phase"]),
        ]
    else:
        nodes.append(node("Identity", ["phase_one"], ["phase"]))
    nodes += [
        node("Sin", ["phase"], ["sine"]),
        node("Mul", ["sine", "loudness"], ["tone"]),
        node("RandomNormalLike", ["tone"], ["noise"], scale=0.01),
        node("Mul", ["noise", "noise_scale"], ["scaled_noise"]),
        node("Add", ["tone", "scaled_noise"], ["wave"]),
        node("Reshape", ["wave", "wave_shape"], ["output"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tone",
        inputs,
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, 1, "samples"])],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    onnx.checker.check_model(model)
    return model


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--speakers", type=int, default=1)
    options = parser.parse_args()
    make_tone_voice(options.directory, speakers=options.speakers)
