"""Two installations of this project against each other, A B A B: start, first byte and memory, with the differences.

    python benchmarks/against.py OLD/bin/python NEW/bin/python [--pairs 20]

Each python has its own hailo-piper installed, and a cache of prepared voices that is filled before. Where both prepare
alike they use one cache: two files of equal content can differ by some per cent in the time to load them. Where they
do not, each needs its own, since a preparation removes what another version prepared. A pair is one start of each, in
alternating order: the time from the start of the process to the line that says it is ready, and to the first answer;
then the first byte of short texts, and memory after one answer and after eight clients at once have been gone for 5 s.
Memory is resident memory of the service and its children; a page that two of them map counts twice. The ratio is the
median of the pairs' ratios: a noisy machine is faster or slower for some time, which the medians of each side do not
forgive.
"""

import argparse
import http.client
import json
import os
import re
import statistics
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import machine
from servers import _status_mb, _tree

SHORT, SENTENCE = "Hello there.", "The quick brown fox jumps over the lazy dog while the rain keeps falling. "
MEASURES = {
    "ready": "ms", "first answer": "ms", "first byte, 12 characters": "ms", "first byte, 130 characters": "ms",
    "memory after one answer": "MB", "memory 5 s after 8 clients": "MB",
}  # fmt: skip


def first_byte(port: int, text: str) -> float:
    """Milliseconds until the first byte of the body."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        started = time.perf_counter()
        body = json.dumps({"input": text})
        connection.request("POST", "/v1/audio/speech", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read(1)
        seconds = time.perf_counter() - started
        answer.read()
    return seconds * 1e3


def resident_mb(pid: int) -> float:
    return sum(_status_mb(process, "VmRSS") for process in _tree(pid))


def measure(python: Path, cache: Path, *, burst: bool) -> dict[str, float]:
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    command = [str(python), "-P", "-m", "hailo_piper", "serve", "--host", "127.0.0.1", "--port", "0"]
    found: dict[str, float] = {}
    started = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment, cwd=cache
    ) as process:
        try:
            assert process.stdout
            address = re.search(r"http://127.0.0.1:(\d+)", process.stdout.readline())
            assert address
            found["ready"] = (time.perf_counter() - started) * 1e3
            port = int(address[1])
            first_byte(port, SHORT)
            found["first answer"] = (time.perf_counter() - started) * 1e3
            time.sleep(1.5)
            found["memory after one answer"] = resident_mb(process.pid)
            for name, text in (("12", SHORT), ("130", SENTENCE * 2)):
                times = [first_byte(port, text) for _ in range(9)]
                found[f"first byte, {name} characters"] = statistics.median(times)
            if burst:
                with ThreadPoolExecutor(8) as pool:
                    list(pool.map(lambda _: first_byte(port, SENTENCE * 5), range(24)))
                time.sleep(5)
                found["memory 5 s after 8 clients"] = resident_mb(process.pid)
        finally:
            process.terminate()
    return found


def filled_cache(python: Path, cache: Path) -> Path:
    cache.mkdir()
    prepare = [str(python), "-P", "-m", "hailo_piper", "prepare"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    subprocess.run(prepare, check=True, stderr=subprocess.DEVNULL, env=environment, cwd=cache)
    measure(python, cache, burst=False)
    return cache


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--pairs", type=int, default=20)
    options = parser.parse_args()
    for name, value in machine.describe().items():
        print(f"{name:14} {value}")
    with tempfile.TemporaryDirectory() as directory:
        pythons = [options.old.absolute(), options.new.absolute()]
        caches = {
            python: filled_cache(python, Path(directory) / side) for python, side in zip(pythons, "AB", strict=True)
        }
        if len({tuple(sorted(path.name for path in cache.glob("hailo-piper/*"))) for cache in caches.values()}) == 1:
            caches = dict.fromkeys(pythons, caches[pythons[0]])
        pairs = []
        for number in range(options.pairs):
            # Each goes first as often as the other.
            order = pythons if number % 2 else pythons[::-1]
            found = {python: measure(python, caches[python], burst=number % 4 == 0) for python in order}
            pairs.append([found[python] for python in pythons])
    print(f"{'':30} {'old':>8} {'new':>8} {'ratio':>7} {'median of the differences':>27}")
    for name, unit in MEASURES.items():
        both = [(old[name], new[name]) for old, new in pairs if name in old]
        before, after = (statistics.median(values) for values in zip(*both, strict=True))
        difference = statistics.median(new - old for old, new in both)
        ratio = statistics.median(new / old for old, new in both)
        print(f"{name:30} {before:8.1f} {after:8.1f} {ratio:7.3f} {difference:+20.1f} {unit}, {len(both)} pairs")


if __name__ == "__main__":
    main()
