"""A start of the service beside what every start must do at least: import the packages and map the prepared voice.

    python benchmarks/start.py [--pairs 15]

A pair is one start of the service, from its process until the line that says where it speaks, and one of a program of
five lines that imports numpy, onnxruntime, flask and waitress and loads the three stages as the engine does, in
alternating order. Half of the pairs are cold: every file of the environment and of the voice is dropped from the page
cache before each start. Exits 1 where the median of the pairs' ratios is over LIMIT, warm or cold.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import machine

LIMIT = 1.3
HERE = ("--host", "127.0.0.1", "--port", "0")
LEAST = """
import sys
import numpy, onnxruntime, flask, waitress
options = onnxruntime.SessionOptions()
options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
sessions = [onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"]) for path in sys.argv[1:]]
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=15, help="of each kind")
    options = parser.parse_args()
    for name, value in machine.describe().items():
        print(f"{name:14} {value}")
    slow = False
    with tempfile.TemporaryDirectory() as directory:
        environment = {**os.environ, "XDG_CACHE_HOME": directory}
        subprocess.run([*service("prepare")], check=True, stderr=subprocess.DEVNULL, env=environment)
        # What an installation has, but not a checkout in which Python may not write.
        packages = Path(__file__).parent.parent / "hailo_piper"
        subprocess.run([sys.executable, "-m", "compileall", "-q", str(packages)], check=True)
        stages = sorted(map(str, Path(directory).rglob("*.onnx")))
        sides: dict[str, Callable[[], float]] = {
            "at least": partial(seconds, [sys.executable, "-P", "-c", LEAST, *stages], environment, "end"),
            "hailo-piper": partial(seconds, [*service("serve"), *HERE], environment, "line"),
        }
        for side in sides.values():
            side()
        files = [path for root in (sys.prefix, packages, directory) for path in Path(root).rglob("*") if path.is_file()]
        for kind in ("warm", "cold"):
            pairs = []
            for number in range(options.pairs):
                found = {}
                for name in list(sides)[:: 1 if number % 2 else -1]:
                    if kind == "cold":
                        drop(files)
                    found[name] = sides[name]()
                pairs.append([found[name] for name in sides])
            ratio = statistics.median(ours / least for least, ours in pairs)
            least, ours = (statistics.median(side) for side in zip(*pairs, strict=True))
            print(f"{kind}: at least {least * 1e3:.0f} ms, hailo-piper {ours * 1e3:.0f} ms, ratio {ratio:.2f}")
            slow |= ratio > LIMIT
    return int(slow)


def service(command: str) -> tuple[str, ...]:
    return sys.executable, "-P", "-m", "hailo_piper", command


def seconds(command: list[str], environment: dict[str, str], until: str) -> float:
    """The time of a program until its end, or until its first line."""
    started = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True
    ) as process:
        assert process.stdout
        line = process.stdout.readline()
        if until == "end":
            process.wait()
        found = time.perf_counter() - started
        process.terminate()
        if until == "line" and "http://" not in line:
            raise SystemExit("the service did not start")
    return found


def drop(files: list[Path]) -> None:
    """Have the kernel forget what it holds of files that nobody maps."""
    for path in files:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)


if __name__ == "__main__":
    sys.exit(main())
