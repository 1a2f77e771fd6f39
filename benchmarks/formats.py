"""What each response_format costs: when its first byte comes, how large it is, and what its encoder works.

    python benchmarks/formats.py [--rounds 3]

Starts the service, has it speak the same ten sentences in every format by turns, and prints medians. The first byte is
the first one of the answer's body; it must come before 20 % of the whole answer's time in every format but flac, else
this exits 1. The encoders' work is measured in this process, on the samples of the wav answer: processor time of the
thread that encodes, for ten seconds of sound, in pieces as the voice makes them.
"""

import argparse
import http.client
import json
import re
import statistics
import sys
import time

import machine
import numpy as np
import texts
from contestants import OURS
from servers import running

from hailo_piper.audio.encoding import ENCODERS
from hailo_piper.audio.resample import resample
from hailo_piper.audio.samples import AudioChunk, Samples
from hailo_piper.config.loading import load_config

_TEXT = " ".join(re.split(r"(?<=[.!?\"])\s+", texts.article())[:10])
_WAV_HEADER_BYTES = 44
_PIECE_SAMPLES = 64 * 256
"""The voice's largest window."""
_EARLY = 0.2


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    for name, value in machine.describe().items():
        print(f"{name}: {value}")
    with machine.others() as busy, running(OURS) as server:
        wav = ask(server.port, "wav")[0]
        for response_format in ENCODERS:
            ask(server.port, response_format)
        answers: dict[str, list[tuple[bytes, float, float]]] = {response_format: [] for response_format in ENCODERS}
        for _ in range(rounds):
            for response_format, timings in answers.items():
                timings.append(ask(server.port, response_format))
    rate = int.from_bytes(wav[24:28], "little")
    samples = (np.frombuffer(wav[_WAV_HEADER_BYTES:], "<i2") / np.float32(32768)).astype(np.float32)
    seconds = len(samples) / rate
    print(f"others kept {busy[0]:.2f} processors busy")
    print(f"\n{len(_TEXT)} characters, {seconds:.1f} s of sound, medians of {rounds}\n")
    print("| format | first byte | whole answer | first of whole | kbit/s | encoder, for 10 s of sound |")
    print("|---|---|---|---|---|---|")
    early = True
    for response_format, timings in answers.items():
        first = statistics.median(first for _, first, _ in timings)
        whole = statistics.median(whole for _, _, whole in timings)
        share = statistics.median(first / whole for _, first, whole in timings)
        early &= share < _EARLY or response_format == "flac"
        kbps = len(timings[-1][0]) * 8 / seconds / 1000
        work = min(encoder_seconds(response_format, samples, rate) for _ in range(3)) * 10 / seconds
        print(
            f"| {response_format} | {first * 1e3:.0f} ms | {whole * 1e3:.0f} ms | {share:.1%} | {kbps:.0f} "
            f"| {work * 1e3:.1f} ms |"
        )
    print("\nfirst bytes are early" if early else "\na first byte came after 20 % of its answer")
    return 0 if early else 1


def ask(port: int, response_format: str) -> tuple[bytes, float, float]:
    """One answer: (its bytes, seconds to its first byte, seconds to its last)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    body = json.dumps({"input": _TEXT, "response_format": response_format})
    started = time.perf_counter()
    connection.request("POST", "/v1/audio/speech", body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    data = response.read(1)
    first = time.perf_counter() - started
    data += response.read()
    whole = time.perf_counter() - started
    connection.close()
    if response.status != 200:
        raise SystemExit(f"{response_format}: {response.status} {data.decode(errors='replace')}")
    return data, first, whole


def encoder_seconds(response_format: str, samples: Samples, rate: int) -> float:
    """Processor time of encoding all of it, resampling included where the format needs it."""
    kind = ENCODERS[response_format]
    wanted = kind.assumed_rate or kind.closest(rate)
    pieces = (
        AudioChunk(samples[start : start + _PIECE_SAMPLES], rate) for start in range(0, len(samples), _PIECE_SAMPLES)
    )
    started = time.thread_time()
    encoder = kind.make(wanted, load_config(None).encoding)
    encoder.header(None)
    for chunk in resample(pieces, wanted):
        encoder.encode(chunk.samples)
    encoder.flush()
    encoder.close()
    return time.thread_time() - started


if __name__ == "__main__":
    sys.exit(main())
