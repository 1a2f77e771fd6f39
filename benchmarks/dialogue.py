"""A dialogue against its first turn alone, A B A B: the first byte must not wait for the voices that speak later.

    python benchmarks/dialogue.py OTHER.onnx [--rounds 20]

OTHER.onnx is a second voice, with its .onnx.json. One service on this machine, from this installation, without noise.
A dialogue of two turns, and one of ten that change voices each time, are asked for beside their first turn; then the
resident memory of the service, its children included, is told after all of it.
"""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import machine
from servers import _status_mb, _tree

FIRST, SECOND = "The first of us speaks about the weather.", "The other one answers with a question."


def first_and_last_byte(port: int, text: Any) -> tuple[float, float]:
    """Milliseconds until the first and until the last byte of the body."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=120)) as connection:
        started = time.perf_counter()
        connection.request(
            "POST", "/v1/audio/speech", json.dumps({"input": text}), {"Content-Type": "application/json"}
        )
        answer = connection.getresponse()
        answer.read(1)
        first = time.perf_counter() - started
        answer.read()
        return first * 1000, (time.perf_counter() - started) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("other", type=Path)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    for name, value in machine.describe().items():
        print(f"{name:14} {value}")
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for path in (options.other, Path(f"{options.other}.json")):
            (directory / path.name).symlink_to(path.resolve())
        environment = {
            **os.environ,
            "HAILO_PIPER__VOICES__DIRECTORY": str(directory),
            "HAILO_PIPER__PIPER__NOISE_SCALE": "0",
            "HAILO_PIPER__PIPER__NOISE_W_SCALE": "0",
        }
        program = [sys.executable, "-P", "-m", "hailo_piper"]
        for voice in ("default", str(options.other)):
            subprocess.run([*program, "prepare", "--voice", voice], check=True, stdout=subprocess.DEVNULL)
        command = [*program, "serve", "--host", "127.0.0.1", "--port", "0"]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
        )
        stack.callback(process.wait)
        stack.callback(process.terminate)
        assert process.stdout is not None
        line = next(line for line in process.stdout if "127.0.0.1:" in line)
        port = int(line.split("127.0.0.1:")[1].split()[0])
        other = {"text": SECOND, "voice": options.other.name.removesuffix(".onnx")}
        texts = {"its first turn alone": FIRST, "two turns": [FIRST, other], "ten turns": [FIRST, other] * 5}
        for text in texts.values():
            first_and_last_byte(port, text)
        found: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for turn in range(options.rounds):
            for name in texts if turn % 2 == 0 else reversed(texts):
                found[name].append(first_and_last_byte(port, texts[name]))
        alone = [first for first, _ in found["its first turn alone"]]
        print(f"{'':22}{'first byte':>12}{'ratio':>8}{'last byte':>13}")
        for name, times in found.items():
            ratio = statistics.median(first / own for (first, _), own in zip(times, alone, strict=True))
            first, last = (statistics.median(column) for column in zip(*times, strict=True))
            print(f"{name:22}{first:9.1f} ms{ratio:8.3f}{last:10.1f} ms")
        print(f"memory afterwards: {sum(_status_mb(child, 'VmRSS') for child in _tree(process.pid)):.0f} MB")


if __name__ == "__main__":
    main()
