"""Many voices in little memory: whether all are right, what they take, and whether loading one is heard in another.

    python benchmarks/voices.py [--requests 200] [--connections 8]

Makes voices out of the embedded one, starts the service with five of them and a budget for two, and sends mixed
requests on as many connections; every answer is compared with what its voice says alone (noise 0). Then it listens to
a long answer of the default voice, first undisturbed, then while other voices are loaded one after the other, and
prints the longest gap between its pieces and how far ahead of a listener it stayed at its worst. Exits 1 where an
answer is wrong, memory was over the budget by more than a quarter, or a listener would have run dry.
"""

import argparse
import http.client
import json
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

from memory import megabytes

sys.path.insert(0, str(Path(__file__).parent.parent))

from hailo_piper.engine.memory_budget import PREPARED_FACTOR, WHOLE_FACTOR
from hailo_piper.voices.voice import embedded_model_path, read_voice
from tests.support.derived_voices import LOW, MULTI, SPANISH, make_derived_voices

COPY = "en_US-joe_copy-medium"
VOICES = ("default", COPY, LOW, MULTI, SPANISH)
TEXTS = ("Yes.", "The kitchen light is on now.", "The quick brown fox jumps over the lazy dog, and runs far away.")
LONG = "A sentence of a text that takes a while to read aloud, which is the point of it. " * 20
BYTES_PER_SECOND = 48000
"""Of an answer in pcm."""


@contextmanager
def service(directory: Path) -> Iterator[tuple[int, int]]:
    """(port, pid) of a service with five voices and a budget for two."""
    make_derived_voices(directory / "models")
    for end in (".onnx", ".onnx.json"):
        shutil.copy(f"{embedded_model_path()}".removesuffix(".onnx") + end, directory / "models" / f"{COPY}{end}")
    config = directory / "config.json"
    piper = {"cache_directory": str(directory / "cache"), "noise_scale": 0, "noise_w_scale": 0}
    voices = {"directory": str(directory / "models"), "memory_mb": round(budget_mb()) + 1}
    config.write_text(json.dumps({"piper": piper, "voices": voices, "logging": {"level": "ERROR"}}))
    options = ["--config", str(config)]
    for name in (COPY, SPANISH):
        # As a service that has run for a while has them.
        model = str(directory / "models" / f"{name}.onnx")
        prepare = [sys.executable, "-m", "hailo_piper", "prepare", *options, "--voice", model]
        subprocess.run(prepare, check=True, stderr=subprocess.DEVNULL)
    serve = [sys.executable, "-m", "hailo_piper", "serve", *options, "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield int(process.stdout.readline().split(" - try")[0].rpartition(":")[2]), process.pid
        finally:
            process.terminate()


def budget_mb() -> float:
    """For the default voice, which is prepared, and one more, which may not be."""
    return (PREPARED_FACTOR + WHOLE_FACTOR) * read_voice(embedded_model_path()).size_bytes / 1e6


def ask(connection: http.client.HTTPConnection, voice: str, text: str) -> bytes:
    body = json.dumps({"input": text, "voice": voice, "response_format": "pcm"})
    connection.request("POST", "/v1/audio/speech", body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    answer = response.read()
    return answer if response.status == 200 else b""


def mixed(port: int, requests: int, connections: int) -> tuple[int, float]:
    """(answers that are not what the voice says alone, seconds)."""
    pairs = [(voice, text) for voice in VOICES for text in TEXTS]
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=120)) as connection:
        for voice in VOICES:
            ask(connection, voice, TEXTS[0])
        alone = {pair: ask(connection, *pair) for pair in pairs}
    assert all(alone.values())
    wanted = [pairs[number % len(pairs)] for number in range(requests)]
    random.Random(1).shuffle(wanted)
    started = time.perf_counter()

    def run(number: int) -> int:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=120)) as connection:
            return sum(ask(connection, *pair) != alone[pair] for pair in wanted[number::connections])

    with ThreadPoolExecutor(connections) as pool:
        return sum(pool.map(run, range(connections))), time.perf_counter() - started


def listen(port: int) -> tuple[float, float]:
    """(longest seconds between two pieces of a long answer, least seconds of sound ahead of a listener)."""
    gap, least, received = 0.0, float("inf"), 0
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=120)) as connection:
        body = json.dumps({"input": LONG, "response_format": "pcm"})
        connection.request("POST", "/v1/audio/speech", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        started = last = 0.0
        while piece := response.read1(65536):
            now = time.perf_counter()
            if not started:
                started = last = now
            gap, last = max(gap, now - last), now
            least = min(least, received / BYTES_PER_SECOND - (now - started)) if received else least
            received += len(piece)
    return gap, least


def disturb(port: int, stopping: threading.Event) -> int:
    """Have one voice after the other loaded, as only one fits beside the default one; returns how many."""
    loads = 0
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=120)) as connection:
        while not stopping.is_set():
            ask(connection, VOICES[1 + loads % 4], TEXTS[0])
            loads += 1
    return loads


class Peak:
    """The most resident memory of a process, looked at twenty times a second."""

    def __init__(self, pid: int) -> None:
        self.megabytes = 0.0
        self._pid = pid
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> "Peak":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stopping.wait(0.05):
            self.megabytes = max(self.megabytes, megabytes(self._pid, "VmRSS"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--connections", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory, service(Path(directory)) as (port, pid):
        ready = megabytes(pid, "VmRSS")
        with Peak(pid) as peak:
            wrong, seconds = mixed(port, options.requests, options.connections)
        bound = 1.25 * budget_mb()
        print(f"{options.requests} requests to {len(VOICES)} voices on {options.connections} connections: "
              f"{wrong} wrong, {seconds:.1f} s")  # fmt: skip
        after = megabytes(pid, "VmRSS")
        print(f"resident memory: {ready:.0f} MB when ready, {peak.megabytes:.0f} MB at most, {after:.0f} MB after; "
              f"budget {budget_mb():.0f} MB, with a quarter more {bound:.0f} MB")  # fmt: skip
        still = listen(port)
        stopping = threading.Event()
        with ThreadPoolExecutor(1) as pool:
            disturbing = pool.submit(disturb, port, stopping)
            loud = listen(port)
            stopping.set()
            loads = disturbing.result()
        for name, (gap, least) in (("undisturbed", still), (f"while {loads} voices are loaded", loud)):
            print(f"a long answer {name}: longest gap {gap * 1e3:.0f} ms, never less than {least:.2f} s ahead")
    return int(wrong > 0 or peak.megabytes > bound or min(still[1], loud[1]) < 0)


if __name__ == "__main__":
    sys.exit(main())
