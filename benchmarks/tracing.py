"""The cost of tracing a request: a service that sends traces against one that does not, A B A B.

    python benchmarks/tracing.py [--rounds 20]

Both services run at once on this machine, from this installation; a collector on loopback takes the traces. A round
asks each for a short and for a longer text: milliseconds until the first byte, and the processor time of the service
for the whole request (its children and the sending of traces included).

That is a small difference of two large figures, so the spans of a request are made alone, too, without any speech.
"""

import argparse
import http.client
import http.server
import os
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

import machine
from against import first_byte
from servers import _tree

from hailo_piper.monitoring.tracers import build_tracer
from hailo_piper.monitoring.tracing import SentenceSpans

TEXTS = {"12 characters": "Hello there.", "5 sentences": "The quick brown fox jumps over the lazy dog. " * 5}
REQUESTS = 10
"""In a row, between two looks at the processor time, which the system counts in steps of 10 ms."""


class Collector(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Stay silent."""


def start(stack: ExitStack, **environment: str) -> tuple[int, subprocess.Popen[str]]:
    command = [sys.executable, "-P", "-m", "hailo_piper", "serve", "--host", "127.0.0.1", "--port", "0"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, **environment}
    )
    stack.callback(process.wait)
    stack.callback(process.terminate)
    assert process.stdout is not None
    line = next(line for line in process.stdout if "127.0.0.1:" in line)
    return int(line.split("127.0.0.1:")[1].split()[0]), process


def cpu_ms(pid: int) -> float:
    ticks = 0
    for process in _tree(pid):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(map(int, fields[11:13]))
    return ticks * 1000 / os.sysconf("SC_CLK_TCK")


def spans_alone(endpoint: str, sentences: int, *, requests: int = 50, rounds: int = 9) -> list[float]:
    """Return the processor time of a request's spans, sending included, in milliseconds, of each round."""
    tracer = build_tracer({"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint})
    found = []
    for _ in range(rounds):
        before = time.process_time()
        for _ in range(requests):
            span = tracer.begin("POST /v1/audio/speech", {})
            for name in ("parse", "plan", "wait", "voice"):
                span.child(name).end()
            spans, steps = SentenceSpans(span), SentenceSpans(span).steps()
            for number in range(sentences):
                started = time.monotonic()
                for step in ("phonemize", "encode", "decode", "decode"):
                    steps.note(number, step, started)
                if spans.is_recording:
                    spans.show(steps.take(number), started=started, attributes={"speech.characters": 44})
            span.child("encode").end()
            span.end()
        # It sends every 5 s.
        time.sleep(6)
        found.append((time.process_time() - before) * 1000 / requests)
    tracer.close()
    return found


def print_spans_alone() -> None:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector) as collector:
        threading.Thread(target=collector.serve_forever, daemon=True).start()
        os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint = f"http://127.0.0.1:{collector.server_address[1]}"
        for sentences in (1, 2, 5, 20):
            alone = spans_alone(endpoint, sentences)
            print(f"spans alone, {sentences:2} sentences: {statistics.median(alone):.2f} ms (most {max(alone):.2f})")
        del os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"]
        collector.shutdown()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    for name, value in machine.describe().items():
        print(f"{name:14} {value}")
    print_spans_alone()
    found: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    with ExitStack() as stack, http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector) as collector:
        threading.Thread(target=collector.serve_forever, daemon=True).start()
        stack.callback(collector.shutdown)
        endpoint = f"http://127.0.0.1:{collector.server_address[1]}"
        services = {"off": start(stack), "on": start(stack, OTEL_EXPORTER_OTLP_ENDPOINT=endpoint)}
        for port, _ in services.values():
            first_byte(port, TEXTS["12 characters"])
        time.sleep(5)
        for turn in range(options.rounds):
            for side in ("off", "on") if turn % 2 == 0 else ("on", "off"):
                port, process = services[side]
                for name, text in TEXTS.items():
                    before = cpu_ms(process.pid)
                    times = [first_byte(port, text) for _ in range(REQUESTS)]
                    found[side, name, "first byte, ms"].append(statistics.median(times))
                    found[side, name, "CPU a request, ms"].append((cpu_ms(process.pid) - before) / REQUESTS)
    print(f"{'':34}{'off':>9}{'on':>9}{'ratio':>8}   median of the differences (quartiles)")
    for name in TEXTS:
        for measure in ("first byte, ms", "CPU a request, ms"):
            off, on = found["off", name, measure], found["on", name, measure]
            ratio = statistics.median(b / a for a, b in zip(off, on, strict=True))
            low, difference, high = statistics.quantiles((b - a for a, b in zip(off, on, strict=True)), n=4)
            figures = f"{statistics.median(off):9.1f}{statistics.median(on):9.1f}{ratio:8.3f}"
            figures += f"   {difference:+.2f} ms ({low:+.2f} to {high:+.2f})"
            print(f"{name + ', ' + measure:34}{figures}")


if __name__ == "__main__":
    main()
