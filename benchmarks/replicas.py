"""One, two and three real instances on this machine, beside the simulation of the same arrivals.

    python benchmarks/replicas.py [--seconds 40] [--rates 0.5,1,1.5]

Each instance has one voice thread; all share the machine's processors with the listeners that this script plays. A
listener asks the instance with the fewest requests, tries others when refused, and takes sound 2 s ahead of what it
hears. The last column says how many processors other programs kept busy meanwhile: repeat a row where it is not near 0.
Needs simpy. `simulation_costs.json` must be this machine's: run `simulation_costs.py` first.
"""

import argparse
import asyncio
import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import machine
import simpy
from simulation_costs import POOL
from simulation_model import (
    BYTES_A_SECOND,
    LISTENER_AHEAD,
    Arrival,
    Balancer,
    Costs,
    Heard,
    Instance,
    Processors,
    arrivals,
    percentile,
    play,
)

PLACES, MAX_QUEUE = 16, 16
"""As the manifest of deploy/kubernetes has them."""


@contextmanager
def instance() -> Iterator[int]:
    """A service with one voice thread, on all processors: its port."""
    settings = {"PERFORMANCE__WORKER_THREADS": PLACES, "PERFORMANCE__MAX_QUEUE": MAX_QUEUE}
    environment = {**os.environ, **{f"HAILO_PIPER__{name}": str(value) for name, value in settings.items()}}
    command = [sys.executable, "-P", "-m", "hailo_piper", "serve", "--host", "127.0.0.1", "--port", "0"]
    allowed = os.sched_getaffinity(0)
    # It makes a voice thread for each processor that it may use at its start.
    command = ["taskset", "--cpu-list", str(min(allowed)), *command]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as service:
        try:
            assert service.stdout
            port = int(service.stdout.readline().split("127.0.0.1:")[1].split()[0])
            ask(port, POOL[0])
            for process in (service.pid, *children(service.pid)):
                for thread in Path(f"/proc/{process}/task").iterdir():
                    with suppress(OSError):
                        os.sched_setaffinity(int(thread.name), allowed)
            yield port
        finally:
            service.terminate()


def children(pid: int) -> list[int]:
    return [
        int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]


def ask(port: int, text: str) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request(
            "POST", "/v1/audio/speech", json.dumps({"input": text}), {"Content-Type": "application/json"}
        )
        connection.getresponse().read()


class Fleet:
    """The instances, and how many requests each has."""

    def __init__(self, ports: list[int]) -> None:
        self._requests = dict.fromkeys(ports, 0)

    async def ask(self, sentences: tuple[int, ...], heard: Heard) -> None:
        tried: list[int] = []
        while len(tried) < min(4, len(self._requests)):
            port = min((port for port in self._requests if port not in tried), key=self._requests.__getitem__)
            tried.append(port)
            self._requests[port] += 1
            try:
                if await listen(port, " ".join(POOL[number] for number in sentences), heard):
                    return
            finally:
                self._requests[port] -= 1


async def listen(port: int, text: str, heard: Heard) -> bool:
    """Hear a text at its own speed; return False where it is refused."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 16)
    try:
        body = json.dumps({"input": text, "response_format": "pcm"}).encode()
        # HTTP/1.0 has neither chunks nor lengths: what comes is sound.
        head = "POST /v1/audio/speech HTTP/1.0\r\nHost: replicas\r\nContent-Type: application/json"
        writer.write(f"{head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        status = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1]
        if status != b"200":
            return False
        dry_at = 0.0
        while size := len(await reader.read(1 << 16)):
            now = time.monotonic()
            if heard.first_audio is None:
                heard.first_audio, dry_at = now - heard.at, now
            heard.gap_seconds += max(0.0, now - dry_at)
            heard.audio_seconds += size / BYTES_A_SECOND
            dry_at = max(dry_at, now) + size / BYTES_A_SECOND
            if dry_at - now > LISTENER_AHEAD:
                await asyncio.sleep(dry_at - now - LISTENER_AHEAD)
        return True
    finally:
        writer.close()


async def real(ports: list[int], coming: list[Arrival]) -> list[Heard]:
    fleet, begun, heard, tasks = Fleet(ports), time.monotonic(), list[Heard](), []
    for arrival in coming:
        await asyncio.sleep(max(0.0, begun + arrival.at - time.monotonic()))
        heard.append(Heard(time.monotonic()))
        tasks.append(asyncio.create_task(fleet.ask(arrival.sentences, heard[-1])))
    await asyncio.gather(*tasks)
    return heard


def simulated(instances: int, cores: int, costs: Costs, coming: list[Arrival]) -> list[Heard]:
    env, balancer = simpy.Environment(), Balancer()
    processors = Processors(env, cores)
    balancer.instances = [
        Instance(env, costs, processors, threads=1, places=PLACES, max_queue=MAX_QUEUE) for _ in range(instances)
    ]
    heard = play(env, balancer, coming)
    env.run()
    return heard


def steady(rate: float) -> Callable[[float], float]:
    return lambda _: rate


def figures(heard: list[Heard]) -> str:
    first = [one.first_audio * 1e3 for one in heard if one.first_audio is not None]
    gaps = [one.gap_seconds for one in heard if one.gap_seconds > 0.02]
    median, most = percentile(first, 50), percentile(first, 95)
    return f"{median:.0f} | {most:.0f} | {len(heard) - len(first)} | {len(gaps)} | {sum(gaps):.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=40)
    parser.add_argument("--rates", default="0.5,1,1.5")
    parser.add_argument("--instances", default="1,2,3")
    options = parser.parse_args()
    for name, value in machine.describe().items():
        print(f"{name:14} {value}")
    costs, cores = Costs.load(), len(os.sched_getaffinity(0))
    print("\n| instances | arrivals a second | | median ms | p95 ms | refused of | gaps | gap seconds | others |")
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    for instances in map(int, options.instances.split(",")):
        for rate in map(float, options.rates.split(",")):
            coming = arrivals(22050, options.seconds, steady(rate), rate, len(POOL))
            with ExitStack() as stack:
                ports = [stack.enter_context(instance()) for _ in range(instances)]
                with machine.others() as busy:
                    measured = asyncio.run(real(ports, coming))
            row = f"| {instances} | {rate:g} ({len(coming)})"
            print(f"{row} | real | {figures(measured)} | {busy[0]:.1f} |")
            print(f"{row} | simulated | {figures(simulated(instances, cores, costs, coming))} | |", flush=True)


if __name__ == "__main__":
    main()
