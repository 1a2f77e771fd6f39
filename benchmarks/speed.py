"""How much faster an answer is than was asked, beside what Piper's own `length_scale = 1 / speed` gives.

    python benchmarks/speed.py

One text without noise; also the time to its first sound, which a stretch holds back for some 50 ms.
"""

import sys
from contextlib import ExitStack, closing
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import machine
import report

from hailo_piper.assembly import build_service
from hailo_piper.config.loading import parse_config
from hailo_piper.default_voice import load_default_voice
from hailo_piper.speech.pipeline import Speech
from hailo_piper.speech.request import SpeechRequest

SPEEDS = (0.25, 0.5, 0.8, 1.25, 1.5, 2.0, 3.0, 4.0)
TEXT = "The train to the coast, which usually leaves at nine, has been delayed by forty minutes today."
_ROUNDS = 5


def main() -> int:
    for name, value in machine.describe().items():
        print(f"{name}: {value}")
    with TemporaryDirectory() as directory:
        config = parse_config({"piper": {"noise_scale": 0, "noise_w_scale": 0, "cache_directory": directory}})
        with ExitStack() as stack:
            default = load_default_voice(config, stack)
            default.engine.prepare()
            speech = build_service(default, config, stack).speech
            whole, _ = spoken(speech)
            rows = [["speed", "ours", "off by", "length_scale = 1 / speed", "first sound, ms"]]
            for speed in SPEEDS:
                rounds = [spoken(speech, speed=speed) for _ in range(_ROUNDS)]
                ratio, pipers = whole / rounds[0][0], whole / spoken(speech, length_scale=1 / speed)[0]
                first = 1000 * median(seconds for _, seconds in rounds)
                off = f"{100 * (ratio / speed - 1):+.1f} %"
                rows.append([f"{speed:g}", f"{ratio:.3f}", off, f"{pipers:.3f}", f"{first:.0f}"])
    print("\n".join(report.aligned(rows)))
    return 0


def spoken(speech: Speech, **fields: float) -> tuple[int, float]:
    """Bytes of an answer, and seconds to its first."""
    request = SpeechRequest(text=TEXT, response_format="pcm", sample_rate=22050, **fields)  # type: ignore[arg-type]
    begin = perf_counter()
    with closing(speech.speak(request, listener="bench")) as reply:
        seconds = perf_counter() - begin
        return sum(map(len, reply)), seconds


if __name__ == "__main__":
    sys.exit(main())
