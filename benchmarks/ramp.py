"""Listeners come one after another: when utilization crosses its target, and when first audio is late.

    python benchmarks/ramp.py [--most 64] [--seconds 12] [--picture docs/ramp.svg]

Starts a service and lets 1, 2, 4, ... listeners ask for a sentence, hear it at its own speed and ask for the next. For
each step it prints the time to the first byte, and the highest of the gauges that were scraped once a second:
utilization, on which to scale, and lateness. Exits 1 where first audio is late before utilization has crossed its
target. The picture needs matplotlib.
"""

import argparse
import http.client
import json
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import machine

TEXT = (
    "The quick brown fox jumps over the lazy dog, while the rain keeps falling on the roofs of the old town, number {}."
)
TARGET = 0.6
"""Of utilization, as the KEDA overlay has it."""
LATE_SECONDS = 0.5
"""A first byte after this is late."""
BYTES_A_SECOND = 48_000


@dataclass
class Step:
    """What was seen while so many listened."""

    listeners: int
    first_bytes: list[float] = field(default_factory=list)
    utilization: list[float] = field(default_factory=list)
    lateness: list[float] = field(default_factory=list)

    @property
    def percentile_95(self) -> float:
        return statistics.quantiles(self.first_bytes, n=20)[18] if len(self.first_bytes) > 1 else 0.0


@contextmanager
def service() -> Iterator[int]:
    port = 28417
    command = [sys.executable, "-m", "hailo_piper", "serve", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=2):
                    break
            except OSError:
                time.sleep(0.1)
        # The voice may have to be prepared first.
        time.sleep(15)
        yield port
    finally:
        process.terminate()
        process.wait()


def listen(port: int, step: Step, until: float, number: int) -> None:
    """Ask for a sentence, hear it to its end, and ask for the next."""
    while time.monotonic() < until:
        number += 1000
        body = json.dumps({"input": TEXT.format(number), "response_format": "pcm"})
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        began = time.monotonic()
        connection.request("POST", "/v1/audio/speech", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        size = len(response.read(1))
        step.first_bytes.append(time.monotonic() - began)
        size += len(response.read())
        connection.close()
        time.sleep(max(0.0, began + size / BYTES_A_SECOND - time.monotonic()))


def scrape(port: int) -> dict[str, float]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return {
        line.split()[0]: float(line.split()[1]) for line in lines if line.startswith("hailo_piper_") and "{" not in line
    }


def ramp(port: int, most: int, seconds: float) -> list[Step]:
    steps: list[Step] = []
    while not steps or steps[-1].listeners < most:
        step = Step(steps[-1].listeners * 2 if steps else 1)
        until = time.monotonic() + seconds
        threads = [
            threading.Thread(target=listen, args=(port, step, until, number), daemon=True)
            for number in range(step.listeners)
        ]
        for thread in threads:
            thread.start()
            # Listeners do not come at the same moment.
            time.sleep(min(0.2, seconds / 4 / step.listeners))
        while time.monotonic() < until:
            gauges = scrape(port)
            step.utilization.append(gauges["hailo_piper_utilization"])
            step.lateness.append(gauges["hailo_piper_lateness_seconds"])
            time.sleep(1)
        for thread in threads:
            thread.join()
        steps.append(step)
        print(
            f"{step.listeners:9} {statistics.median(step.first_bytes) * 1e3:9.0f} {step.percentile_95 * 1e3:9.0f}"
            f" {step.utilization[-1]:12.2f} {max(step.lateness):9.3f}",
            flush=True,
        )
    return steps


def draw(steps: list[Step], path: str) -> None:
    from matplotlib import pyplot

    figure, axis = pyplot.subplots(figsize=(7, 4))
    listeners = [step.listeners for step in steps]
    axis.plot(listeners, [step.utilization[-1] for step in steps], "o-", color="tab:blue", label="utilization")
    axis.axhline(TARGET, color="tab:blue", linestyle=":", label="scaling target")
    axis.set_xscale("log", base=2)
    axis.set_xticks(listeners, map(str, listeners))
    axis.set_xlabel("listeners at once")
    axis.set_ylabel("utilization")
    other = axis.twinx()
    other.plot(listeners, [step.percentile_95 * 1e3 for step in steps], "s-", color="tab:red", label="first byte, p95")
    other.set_ylabel("ms")
    other.set_yscale("log")
    figure.legend(loc="upper left", bbox_to_anchor=(0.12, 0.88))
    figure.tight_layout()
    figure.savefig(path)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=12)
    parser.add_argument("--picture")
    options = parser.parse_args()
    for name, value in machine.describe().items():
        print(f"{name:14} {value}")
    print(f"\n{'listeners':>9} {'median ms':>9} {'p95 ms':>9} {'utilization':>12} {'late s':>9}")
    with service() as port:
        steps = ramp(port, options.most, options.seconds)
    if options.picture:
        draw(steps, options.picture)
    late = next((step.listeners for step in steps if step.percentile_95 > LATE_SECONDS), None)
    crossed = next((step.listeners for step in steps if step.utilization[-1] > TARGET), None)
    print(f"utilization over {TARGET} from {crossed} listeners on; first byte over {LATE_SECONDS} s from {late} on")
    return int(late is not None and (crossed is None or late < crossed))


if __name__ == "__main__":
    sys.exit(main())
