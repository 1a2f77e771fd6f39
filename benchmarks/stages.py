"""What a sentence costs in each stage of the voice, here and in another installation of this project, A B A B.

    python benchmarks/stages.py [OTHER/bin/python] [--rounds 4]

One thread of processor time for encoder, flow and decoder, in the blocks and windows of an answer's first sentence,
with the first sound's share; no service and no second worker. OTHER needs the engine of today. A figure is the median
over the rounds of each run's median; a ratio is the median of the rounds' ratios.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TEXTS = (
    "Hello there.",
    "The quick brown fox jumps over the lazy dog near the river bank.",
    "A private speech server that runs on a small computer at home begins to speak at once and never falls over.",
)
STAGES = ("first sound", "encode", "flow", "decode")
TAKES = 11


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("other", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--measure", metavar="CACHE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measured(options.measure)))
        return
    import machine

    for name, value in machine.describe().items():
        print(f"{name:14} {value}")
    pythons = [sys.executable, *([str(options.other.absolute())] if options.other else [])]
    rounds: dict[str, list[list[list[float]]]] = {python: [] for python in pythons}
    with tempfile.TemporaryDirectory() as directory:
        for number in range(options.rounds):
            for python in pythons[:: 1 if number % 2 else -1]:
                cache = Path(directory, str(pythons.index(python)))
                rounds[python].append(run(python, cache))
    for place, text in enumerate(TEXTS):
        for column, stage in enumerate((*STAGES, "ms a second of sound")):
            sides = [[found[place][column] for found in rounds[python]] for python in pythons]
            figures = " ".join(f"{statistics.median(side):8.1f}" for side in sides)
            ratio = statistics.median(one / two for one, two in zip(sides[0], sides[-1], strict=True))
            print(f"{len(text):4} characters  {stage:21} {figures}" + (f"  ratio {ratio:.3f}" if options.other else ""))


def run(python: str, cache: Path) -> list[list[float]]:
    # From another directory, so that each has the package that is installed in it.
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    command = [python, "-P", str(Path(__file__).absolute()), "--measure", str(cache)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment, cwd=cache.parent)
    found: list[list[float]] = json.loads(done.stdout.splitlines()[-1])
    return found


def measured(cache: str) -> list[list[float]]:
    from contextlib import ExitStack

    from hailo_piper.config.loading import parse_config
    from hailo_piper.default_voice import load_default_voice
    from hailo_piper.engine.model import Delivery
    from hailo_piper.engine.planned_unit import PlannedUnit
    from hailo_piper.engine.windows import FIRST_WINDOW, windows
    from hailo_piper.text.sentence import Sentence

    delivery = Delivery(length_scale=1.0, noise_scale=0.0, noise_w_scale=0.0, speaker_id=0)
    with ExitStack() as stack:
        engine = load_default_voice(parse_config({"piper": {"cache_directory": cache}}), stack).engine
        engine.prepare()
        model = engine.speaker.model(delivery)
        rate, rows = engine.voice.sample_rate, []
        for text in TEXTS:
            ids = next(iter(engine.speaker.units(Sentence(text))))
            takes = []
            for _ in range(TAKES):
                clock = time.thread_time
                began = clock()
                encoded = model.encode(ids, delivery, is_alone=False)
                first, flow, decode = 0.0, 0.0, 0.0
                encode = clock() - began
                unit = PlannedUnit(
                    number=0, sentence=0, begin_seconds=0.0, encoded=encoded,
                    windows=windows(encoded.frames, FIRST_WINDOW), starts_reply=True,
                )  # fmt: skip
                while unit.decodable < len(unit.windows):
                    end, decodable = unit.next_block()
                    before = clock()
                    encoded.flow(unit.flowed, end)
                    flow += clock() - before
                    for window in range(unit.decodable, decodable):
                        before = clock()
                        encoded.decode(*unit.windows[window])
                        decode += clock() - before
                        first = first or clock() - began
                    unit.flowed, unit.decodable = end, decodable
                sound = encoded.num_samples / rate
                takes.append([first, encode, flow, decode, (encode + flow + decode) / sound])
            rows.append([statistics.median(column) * 1e3 for column in zip(*takes, strict=True)])
        return rows


if __name__ == "__main__":
    main()
