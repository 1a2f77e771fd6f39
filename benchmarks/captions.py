"""What word times cost: captions without sound against the spoken answer, and speech with times against without.

    python benchmarks/captions.py [--rounds 20]

One service on loopback, asked by turns: A B A B, each first as often as the other; the longest text a quarter as often.
Captions (`POST /v1/audio/captions`) and the spoken answer (a WAV) are measured to their last byte. Events with times
are compared with events without: the first audio event, the last byte, and the throughput of four clients at once. All
noise is at 0, so that both sides speak the same samples. A ratio is the median of the rounds' own ratios, with
quartiles. Exits 1 where captions are less than 5 times faster, or where times cost more than 3 %.
"""

import argparse
import http.client
import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from typing import TypeVar

import machine
import texts
from clients import together
from contestants import OURS
from servers import running

LENGTHS = {
    "12 characters": "Hello there.",
    "75 characters": "The quick brown fox jumps over the lazy dog while the rain keeps falling.",
    "five sentences": "The quick brown fox jumps over the lazy dog while the rain keeps falling. " * 5,
    "5000 characters": texts.article(),
}
CLIENTS = 4
FASTER, DEARER = 5, 1.03
_QUIET = {"noise_scale": 0, "noise_w_scale": 0}
_EVENTS = {"stream_format": "sse", "response_format": "pcm", **_QUIET}
Measured = TypeVar("Measured")
Seconds = tuple[float, float]
"""Until the first audio event, or the first byte where there are no events, and until the last byte."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    for name, value in machine.describe().items():
        print(f"{name:14} {value}")
    with machine.others() as busy, running(OURS) as server:
        for text in LENGTHS.values():
            for side in (spoken, captions, events, timed_events):
                side(server.port, text)
        print(f"\n{rounds} rounds; the ratio has its quartiles behind it\n")
        faster, dearer = compare_captions(server.port, rounds), compare_events(server.port, rounds)
    print(f"\nothers kept {busy[0]:.2f} processors busy, this script's reading included")
    failed = [name for name, ratio in faster.items() if ratio < FASTER]
    failed += [name for name, ratio in dearer.items() if ratio > DEARER]
    print("misses its bound: " + "; ".join(failed) if failed else "all within bounds")
    return 1 if failed else 0


def compare_captions(port: int, rounds: int) -> dict[str, float]:
    """How many times sooner captions are there than the speech, by length."""
    print("| until the last byte | speech | captions | times faster |\n|---|---|---|---|")
    ratios = {}
    for name, text in LENGTHS.items():
        pairs = by_turns(rounds_of(rounds, text), partial(spoken, port, text), partial(captions, port, text))
        ratios[name] = row(name, [(speech[1], other[1]) for speech, other in pairs], invert=True)
    return ratios


def compare_events(port: int, rounds: int) -> dict[str, float]:
    """How many times longer events take with times of words than without, by measure."""
    print("\n| events | without times | with times | ratio |\n|---|---|---|---|")
    ratios = {}
    for name, text in LENGTHS.items():
        pairs = by_turns(rounds_of(rounds, text), partial(events, port, text), partial(timed_events, port, text))
        for place, what in enumerate(("first audio", "last byte")):
            title = f"{name}, {what}"
            ratios[title] = row(title, [(without[place], timed[place]) for without, timed in pairs])
    text = LENGTHS["five sentences"]
    without, timed = (partial(together, CLIENTS, partial(side, port, text)) for side in (events, timed_events))
    title = f"five sentences, {CLIENTS} clients, until the last is done"
    ratios[title] = row(title, [(one[1], other[1]) for one, other in by_turns(rounds, without, timed)])
    return ratios


def rounds_of(rounds: int, text: str) -> int:
    """How often a text is asked for: of the longest a quarter as often, since each takes seconds."""
    return max(2, rounds // 4) if len(text) > 1000 else rounds


def spoken(port: int, text: str) -> Seconds:
    return ask(port, "/v1/audio/speech", {"input": text, **_QUIET})


def captions(port: int, text: str) -> Seconds:
    return ask(port, "/v1/audio/captions", {"input": text, **_QUIET})


def events(port: int, text: str) -> Seconds:
    return ask(port, "/v1/audio/speech", {"input": text, **_EVENTS})


def timed_events(port: int, text: str) -> Seconds:
    return ask(port, "/v1/audio/speech", {"input": text, **_EVENTS, "timestamps": ["word"]})


def by_turns(
    rounds: int, one: Callable[[], Measured], other: Callable[[], Measured]
) -> list[tuple[Measured, Measured]]:
    """What both give in each round; which is asked first alternates."""
    pairs = []
    for number in range(rounds):
        if number % 2:
            second, first = other(), one()
        else:
            first, second = one(), other()
        pairs.append((first, second))
    return pairs


def row(name: str, pairs: list[tuple[float, float]], *, invert: bool = False) -> float:
    """Print medians and the median ratio, and return that."""
    before, after = (statistics.median(side) * 1e3 for side in zip(*pairs, strict=True))
    low, ratio, high = statistics.quantiles((a / b if invert else b / a for a, b in pairs), n=4)
    print(f"| {name} | {before:.1f} ms | {after:.1f} ms | {ratio:.3f} ({low:.3f} to {high:.3f}) |", flush=True)
    return ratio


def ask(port: int, path: str, fields: Mapping[str, object]) -> Seconds:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=300)) as connection:
        started = time.perf_counter()
        connection.request("POST", path, json.dumps(fields), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        if answer.status != http.HTTPStatus.OK:
            raise SystemExit(f"{path}: {answer.status} {answer.read().decode(errors='replace')}")
        if "stream_format" in fields:
            while b"speech.audio.delta" not in answer.readline():
                pass
        else:
            answer.read(1)
        first = time.perf_counter() - started
        answer.read()
        return first, time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
