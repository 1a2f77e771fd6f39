"""Where the time to the first byte goes, step by step, over HTTP on one machine.

    python benchmarks/first_byte.py [--rounds 60]

The service runs in this process, with a tracer that keeps its spans in memory. A step's time is the median of the
rounds; the rest is what no step accounts for. "flow" is the first block of the model's second part, "decode" the first
window, "sound" the pauses, the limiter and the encoder.
"""

import argparse
import http.client
import json
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import machine
import texts

from hailo_piper import assembly
from hailo_piper.config.loading import parse_config
from hailo_piper.monitoring import tracing
from hailo_piper.monitoring.tracing import Span
from hailo_piper.server import Server

STEPS = ("HTTP in", "parse", "plan", "wait", "voice", "phonemize", "encode", "flow", "decode", "sound", "HTTP out")
TEXTS = ("12", "50", "130", "400")

moments: dict[str, list[tuple[float, float]]] = defaultdict(list)
"""When each step of the present request began and ended, in time.monotonic seconds."""


class KeptSpan:
    """A step whose times are kept here."""

    is_recording = True
    traceparent = "00-0-0-00"

    def __init__(self, name: str, started: float | None) -> None:
        self._name, self._started = name, started or time.monotonic()

    def child(self, name: str, *, started: float | None = None) -> Span:
        return KeptSpan(name, started)

    def name(self, name: str) -> None:
        pass

    def note(self, attributes: Mapping[str, Any]) -> None:
        pass

    def event(self, name: str) -> None:
        moments[name].append((time.monotonic(), time.monotonic()))

    def fail(self, error: str) -> None:
        raise AssertionError(error)

    def end(self, *, ended: float | None = None) -> None:
        moments[self._name].append((self._started, ended or time.monotonic()))

    def __enter__(self) -> Span:
        return self

    def __exit__(self, *error: object) -> None:
        self.end()


class KeptTracer:
    """A source of such spans."""

    is_on = True

    def begin(self, _: str, __: Mapping[str, str]) -> Span:
        moments["begin"].append((time.monotonic(), time.monotonic()))
        return KeptSpan("request", None)

    def close(self) -> None:
        pass


class KeptSteps(tracing.SentenceSteps):
    """The engine's steps, kept as they end."""

    def note(self, sentence: int, step: str, started: float) -> None:
        moments[step].append((started, time.monotonic()))
        super().note(sentence, step, started)


def ask(port: int, text: str) -> dict[str, float]:
    """Milliseconds of each step until the first byte of sound."""
    moments.clear()
    connection = http.client.HTTPConnection("127.0.0.1", port)
    body = json.dumps({"input": text, "response_format": "pcm"})
    sent = time.monotonic()
    connection.request("POST", "/v1/audio/speech", body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    response.read(1)
    heard = time.monotonic()
    response.read()
    connection.close()
    # Spans of the answer before may end within this one.
    own = {name: [moment for moment in moments[name] if moment[0] >= sent] for name in [*STEPS, "begin", "first audio"]}
    took = {name: sum(end - begin for begin, end in own[name][:1]) for name in STEPS}
    sounded = own["first audio"][0][0]
    took["HTTP in"] = own["begin"][0][0] - sent
    took["HTTP out"] = heard - sounded
    took["sound"] = sounded - own["decode"][0][1]
    took["all"] = heard - sent
    took["the rest"] = took["all"] - sum(took[name] for name in STEPS)
    return {name: seconds * 1e3 for name, seconds in took.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=60)
    rounds = parser.parse_args().rounds
    assembly.build_tracer = lambda environment: KeptTracer()  # type: ignore[attr-defined]  # noqa: ARG005
    tracing.SentenceSteps = KeptSteps  # type: ignore[misc]
    server = Server(parse_config({"server": {"host": "127.0.0.1", "port": 0}}))
    server.start()
    try:
        # The voice may have to be prepared first.
        while not server.engine.is_prepared:
            time.sleep(0.5)
        time.sleep(1)
        found: dict[str, list[dict[str, float]]] = {name: [] for name in TEXTS}
        for _ in range(rounds):
            for name in TEXTS:
                found[name].append(ask(server.http.port, texts.SHORT[name]))
    finally:
        server.stop()
    for name, value in machine.describe().items():
        print(f"{name:14} {value}")
    print(f"\n{'ms, median':12}" + "".join(f"{name + ' chars':>12}" for name in TEXTS))
    for step in (*STEPS, "the rest", "all"):
        medians = [statistics.median(one[step] for one in found[name][3:]) for name in TEXTS]
        print(f"{step:12}" + "".join(f"{median:12.2f}" for median in medians))
    return 0


if __name__ == "__main__":
    sys.exit(main())
