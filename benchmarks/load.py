"""What 300 requests at once do to the service, and what it still does for everybody else.

    python benchmarks/load.py [--seconds 60] [--requests 300] [--connections 100] [--url http://...]

Starts the service (or takes the one at --url), keeps that many requests outstanding on that many connections, of mixed
lengths and formats, and asks /health ten times a second on a connection of its own. Every accepted answer is compared
with what the same request got alone. A request that is told to come back waits for as long as Retry-After says, a
quarter of a second at most, so that the load does not let up. Exits 1 over a bound: another 5xx than `busy`, a wrong
or cut answer, /health above 100 ms at the 99th percentile, memory that has grown by more than 100 MB in the second
half, or a short request afterwards that takes more than twice the time from before.
"""

import argparse
import asyncio
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

TEXTS = {
    "word": "Hello.",
    "phrase": "The kitchen light is on now, and the door is locked.",
    "sentence": "The quick brown fox jumps over the lazy dog while the rain keeps falling on the quiet village.",
    "paragraph": "Raspberry Pi is a small computer that fits in the palm of your hand. It runs many things at home, "
    "day and night. People use it for music, for lights, and for speech. This service reads text aloud.",
}
FORMATS = ("wav", "pcm")
QUIET = {"noise_scale": 0, "noise_w_scale": 0}
"""Equal requests get equal bytes."""
LONGEST_PAUSE = 0.25


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    first_byte_seconds: float
    seconds: float


class Connection:
    """One kept-alive HTTP/1.1 connection."""

    def __init__(self, host: str, port: int) -> None:
        self.address = host, port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, body: bytes = b"") -> Answer:
        started = time.perf_counter()
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(*self.address)
        reader, writer = self._reader, self._writer
        head = f"{method} {path} HTTP/1.1\r\nHost: load\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        raw = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status, *lines = raw.strip().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        first = 0.0
        if "content-length" in headers:
            content = await reader.readexactly(int(headers["content-length"]))
            first = time.perf_counter() - started
        else:
            chunks = []
            while size := int(await reader.readline(), 16):
                first = first or time.perf_counter() - started
                chunks.append(await reader.readexactly(size))
                await reader.readexactly(2)
            await reader.readexactly(2)
            content = b"".join(chunks)
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(int(status.split()[1]), headers, content, first, time.perf_counter() - started)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


@dataclass(slots=True)
class Tally:
    outcomes: Counter[str] = field(default_factory=Counter)
    first_bytes: dict[str, list[float]] = field(default_factory=dict)
    health: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    wrong: int = 0
    retry_after: list[int] = field(default_factory=list)


def request(name: str, response_format: str) -> bytes:
    return json.dumps({"input": TEXTS[name], "response_format": response_format, **QUIET}).encode()


async def speak_on(connection: Connection, number: int, right: dict[bytes, bytes], tally: Tally, until: float) -> None:
    """One of the requests that are outstanding: as soon as it is answered, the next is sent."""
    names = list(TEXTS)
    while time.perf_counter() < until:
        name, response_format = names[number % len(names)], FORMATS[number // len(names) % len(FORMATS)]
        number += 7
        body = request(name, response_format)
        try:
            answer = await connection.ask("POST", "/v1/audio/speech", body)
        except (OSError, asyncio.IncompleteReadError) as error:
            tally.outcomes[type(error).__name__] += 1
            connection.close()
            continue
        code = "ok" if answer.status == 200 else json.loads(answer.body)["error"]["code"]
        tally.outcomes[f"{answer.status} {code}"] += 1
        if answer.status == 200:
            tally.first_bytes.setdefault(name, []).append(answer.first_byte_seconds)
            tally.wrong += answer.body != right[body]
        elif code == "busy":
            tally.retry_after.append(int(answer.headers["retry-after"]))
            await asyncio.sleep(min(LONGEST_PAUSE, tally.retry_after[-1]))


async def watch(connection: Connection, pid: int | None, tally: Tally, until: float) -> None:
    while time.perf_counter() < until:
        tally.health.append((await connection.ask("GET", "/health")).seconds)
        if pid is not None:
            tally.memory.append(megabytes(pid))
        await asyncio.sleep(0.1)


async def short(connection: Connection) -> float:
    """Median time to the first byte of a short request, of nine."""
    times = [
        (await connection.ask("POST", "/v1/audio/speech", request("word", "wav"))).first_byte_seconds for _ in range(9)
    ]
    return statistics.median(times)


async def load(url: str, pid: int | None, options: argparse.Namespace) -> bool:
    parts = urlsplit(url)
    host, port = parts.hostname or "127.0.0.1", parts.port or 5003
    own = Connection(host, port)
    right = {}
    for name in TEXTS:
        for response_format in FORMATS:
            body = request(name, response_format)
            right[body] = (await own.ask("POST", "/v1/audio/speech", body)).body
    before = await short(own)
    tally, until = Tally(), time.perf_counter() + options.seconds
    pool = [Connection(host, port) for _ in range(options.connections)]
    locks = [asyncio.Lock() for _ in pool]

    async def outstanding(number: int) -> None:
        # More requests than connections: those of one connection take turns, as with any client that keeps a pool.
        slot = number % len(pool)
        while time.perf_counter() < until:
            async with locks[slot]:
                await speak_on(pool[slot], number, right, tally, min(until, time.perf_counter() + 0.001))

    health = Connection(host, port)
    await asyncio.gather(watch(health, pid, tally, until), *(outstanding(number) for number in range(options.requests)))
    first_after = (await own.ask("POST", "/v1/audio/speech", request("word", "wav"))).first_byte_seconds
    after = await short(own)
    for connection in (own, health, *pool):
        connection.close()
    return report(tally, options, before, first_after, after)


def report(tally: Tally, options: argparse.Namespace, before: float, first_after: float, after: float) -> bool:
    print(f"{options.requests} requests on {options.connections} connections for {options.seconds:g} s")
    for outcome, count in tally.outcomes.most_common():
        print(f"  {outcome:24} {count:6}")
    print(f"  wrong or cut             {tally.wrong:6}")
    for name, times in tally.first_bytes.items():
        print(
            f"first byte, {name:10} median {statistics.median(times) * 1e3:6.0f} ms, p95 {p(times, 95) * 1e3:6.0f} ms"
        )
    if tally.retry_after:
        middle = statistics.median(tally.retry_after)
        print(f"Retry-After              median {middle:.0f} s, {max(tally.retry_after)} s at most")
    health = p(tally.health, 99)
    print(
        f"/health, {len(tally.health)} times     median {statistics.median(tally.health) * 1e3:.1f} ms, "
        f"p99 {health * 1e3:.1f} ms, slowest {max(tally.health) * 1e3:.1f} ms"
    )
    growth = 0.0
    if tally.memory:
        half = len(tally.memory) // 2
        growth = max(tally.memory[half:]) - max(tally.memory[:half])
        marks = [tally.memory[round(i * (len(tally.memory) - 1) / 4)] for i in range(5)]
        print(f"memory, MB               {' '.join(f'{mark:.0f}' for mark in marks)}, peak {max(tally.memory):.0f}")
    print(f"short request            {before * 1e3:.0f} ms before, {first_after * 1e3:.0f} ms first after, "
          f"{after * 1e3:.0f} ms median after")  # fmt: skip
    unexpected = [outcome for outcome in tally.outcomes if outcome not in ("200 ok", "503 busy")]
    held = not unexpected and not tally.wrong and health < 0.1 and growth < 100 and after < 2 * before + 0.01
    print("bounds hold" if held else "over the bounds; see the top of benchmarks/load.py")
    return held


def p(values: list[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def megabytes(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) / 1024


@contextmanager
def serving(**sections: dict[str, object]) -> Iterator[tuple[str, int]]:
    """The service in a process of its own, with these sections of the configuration: its address and process id."""
    with tempfile.TemporaryDirectory() as directory:
        config = Path(directory, "config.json")
        config.write_text(json.dumps({"server": {"host": "127.0.0.1", "port": 0}, **sections}))
        prepare = [sys.executable, "-m", "hailo_piper", "prepare", "--config", str(config)]
        subprocess.run(prepare, check=True, stderr=subprocess.DEVNULL)
        command = [sys.executable, "-m", "hailo_piper", "serve", "--config", str(config)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
            try:
                assert server.stdout
                yield server.stdout.readline().split(" speaks on ")[1].split()[0], server.pid
            finally:
                server.terminate()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--connections", type=int, default=100)
    parser.add_argument("--url", help="a running service, on this machine or another")
    options = parser.parse_args()
    if options.url:
        return 0 if asyncio.run(load(options.url, None, options)) else 1
    with serving() as (url, pid):
        return 0 if asyncio.run(load(url, pid, options)) else 1


if __name__ == "__main__":
    sys.exit(main())
