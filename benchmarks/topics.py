"""One function per topic: what is done to every server, round after round, and which figures that gives.

Within a round the servers take turns (A B A B ...): noise on the machine meets all of them, and each round's ratio is
taken from neighbours in time.
"""

import compileall
import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean

import clients
import results as figures
import texts
from clients import AnswerError, Timing
from contestants import Contestant, UnavailableError, cache_environment
from results import Metric, Results
from servers import Running, running, warm_cache
from targets import AFTER_CLIENTS, AFTER_START, nostop_after, nostop_peak

import hailo_piper

_CLIENT_COUNTS = (1, 4, 8, 16)
_PLAYING_CLIENTS = 16
_SETTLE_SECONDS = 0.3
"""Thread pools that spin burn CPU for a while after an answer: that CPU belongs to the answer that is over, and must
not slow down the next server's turn."""
_IDLE_SECONDS = 5


@dataclass(slots=True, kw_only=True)
class Bench:
    results: Results
    contestants: list[Contestant]
    """Ours first."""
    rounds: int
    quick: bool
    servers: dict[str, Running] = field(default_factory=dict)
    """Those that run throughout, one of each kind; an idle server costs nothing."""

    @property
    def heavy_rounds(self) -> int:
        """Of topics whose single round takes a minute."""
        return max(1, self.rounds // 3)

    def add(self, metric: Metric, contestant: Contestant, number: int, value: float) -> None:
        self.results.add(metric, contestant.name, number, value)

    @contextmanager
    def attempt(self, topic: str, contestant: Contestant) -> Iterator[None]:
        """A failure is a line of the report; it ends neither the run nor the round."""
        try:
            yield
        except (AnswerError, OSError, UnavailableError, http.client.HTTPException) as error:
            server = self.servers.get(contestant.name)
            ended = server is not None and not server.is_alive()
            reason = "its process ended" if ended else f"{type(error).__name__}: {error}"
            self.results.fail(topic, contestant.name, reason)

    def live_turns(self, topic: str, rounds: int) -> Iterator[tuple[int, Running]]:
        """Every round, every running server that has not failed in this topic."""
        for number in range(rounds):
            for server in self.servers.values():
                if server.contestant.name not in self.results.failures.get(topic, {}):
                    time.sleep(_SETTLE_SECONDS)
                    yield number, server

    def fresh_turns(self, topic: str, rounds: int) -> Iterator[tuple[int, Contestant]]:
        """Every round, every contestant that has not failed in this topic."""
        for number in range(rounds):
            for contestant in self.contestants:
                if contestant.name not in self.results.failures.get(topic, {}):
                    yield number, contestant


def warm_up(bench: Bench) -> None:
    """Let every running server speak every text once; what fails here is found again by its topic."""
    for _, server in bench.live_turns("start", 1):
        with bench.attempt("start", server.contestant):
            for text in texts.SHORT.values():
                _speak(server, text)


def latency(bench: Bench) -> None:
    for number, server in bench.live_turns("latency", bench.rounds):
        who = server.contestant
        with bench.attempt("latency", who):
            for name, text in texts.SHORT.items():
                time.sleep(_SETTLE_SECONDS)
                timing = _speak(server, text)
                bench.add(figures.first_byte(name), who, number, timing.first_audio_seconds * 1000)
                bench.add(figures.last_byte(name), who, number, timing.last_audio_seconds * 1000)
                bench.add(figures.audio_length(name), who, number, timing.audio_seconds)


def long(bench: Bench) -> None:
    text = texts.article()
    for number, server in bench.live_turns("long", bench.heavy_rounds):
        who = server.contestant
        with bench.attempt("long", who):
            timing = _speak(server, text)
            speed = timing.audio_seconds / timing.last_audio_seconds
            bench.add(figures.long_text("first audio byte", "ms"), who, number, timing.first_audio_seconds * 1000)
            bench.add(figures.long_text("last audio byte", "ms"), who, number, timing.last_audio_seconds * 1000)
            bench.add(figures.long_text("throughput", "audio s/s", "higher"), who, number, speed)
            bench.add(figures.long_text("audio", "s", ""), who, number, timing.audio_seconds)


def concurrency(bench: Bench) -> None:
    requests = 1 if bench.quick else 3
    bench.results.note("concurrency", f"every client asks for the 4-sentence text, {requests} time(s) in a row")
    for count in _CLIENT_COUNTS:
        for number, server in bench.live_turns("concurrency", bench.heavy_rounds):
            who = server.contestant
            with bench.attempt("concurrency", who):
                timings, seconds = _load(server, count, requests)
                first = [timing.first_audio_seconds * 1000 for timing in timings]
                bench.add(figures.mean_first_byte(count), who, number, mean(first))
                bench.add(figures.worst_first_byte(count), who, number, max(first))
                bench.add(figures.throughput(count), who, number, _audio_seconds(timings) / seconds)


def cpu(bench: Bench) -> None:
    bench.results.note("cpu", "user and system time of the server and its children, over the audio it made")
    requests = 1 if bench.quick else 2

    def one_client(server: Running) -> list[Timing]:
        return [_speak(server, texts.SHORT[name]) for _ in range(requests) for name in ("12", "130", "para")]

    def eight_clients(server: Running) -> list[Timing]:
        return _load(server, 8, requests)[0]

    loads: dict[str, Callable[[Running], list[Timing]]] = {"1 client": one_client, "8 clients": eight_clients}
    for name, load in loads.items():
        for number, server in bench.live_turns("cpu", bench.heavy_rounds):
            with bench.attempt("cpu", server.contestant):
                before = server.cpu_seconds()
                audio_seconds = _audio_seconds(load(server))
                time.sleep(_SETTLE_SECONDS)
                used = server.cpu_seconds() - before
                bench.add(figures.cpu_per_audio_second(name), server.contestant, number, used / audio_seconds * 1000)


def playback(bench: Bench) -> None:
    bench.results.note("playback", "a server that sends everything at once, late, never underruns")
    count = _PLAYING_CLIENTS
    for number, server in bench.live_turns("playback", bench.heavy_rounds):
        who = server.contestant
        with bench.attempt("playback", who):
            play = lambda server=server: clients.play(server.contestant, server.port, texts.SHORT["para"])  # noqa: E731
            heard, _ = clients.together(count, play)
            worst = max(one.worst_lateness_seconds for one in heard)
            first = [one.first_audio_seconds * 1000 for one in heard]
            bench.add(figures.playback(count, "underruns", ""), who, number, sum(one.underruns for one in heard))
            bench.add(figures.playback(count, "worst lateness", "ms"), who, number, worst * 1000)
            bench.add(figures.playback(count, "first audio byte mean", "ms"), who, number, mean(first))


def memory(bench: Bench) -> None:
    characters = 1000 if bench.quick else 5000
    nostop_first = Metric(topic="memory", name=f"first audio byte, {characters} characters without a stop", unit="ms")
    bench.results.note("memory", "a fresh process each; resident memory counts mapped files, and adds up children")
    for number, contestant in bench.fresh_turns("memory", bench.heavy_rounds):
        with bench.attempt("memory", contestant), running(contestant) as server:
            # Some open their port before they load the voice; after an answer everybody has it.
            _speak(server, texts.SHORT["12"])
            time.sleep(1)
            bench.add(figures.memory(AFTER_START), contestant, number, server.resident_mb())
            _load(server, 8, 1 if bench.quick else 2)
            bench.add(figures.memory(AFTER_CLIENTS), contestant, number, server.resident_mb())
            bench.add(figures.memory("peak over 8 clients"), contestant, number, server.peak_mb())
            was_reset = server.reset_peak()
            with server.memory_guard() as samples:
                try:
                    timing = _speak(server, texts.without_stops(characters))
                except (OSError, AnswerError, http.client.HTTPException) as error:
                    ended = "" if server.is_alive() else "; ended, to leave the machine some memory, or by itself"
                    reason = f"no answer to {characters} characters, at {max(samples):.0f} MB{ended}"
                    raise AnswerError(reason) from error
            peak = server.peak_mb() if was_reset else max(samples)
            bench.add(nostop_peak(characters), contestant, number, peak)
            bench.add(nostop_first, contestant, number, timing.first_audio_seconds * 1000)
            time.sleep(_IDLE_SECONDS)
            bench.add(nostop_after(characters), contestant, number, server.resident_mb())


def startup(bench: Bench) -> None:
    bench.results.note("startup", "files are in the page cache; a peer's one start stands in both rows")
    bench.results.note("startup", "our modules are compiled beforehand, as pip compiles what it installs")
    compileall.compile_dir(Path(hailo_piper.__file__).parent, quiet=1)
    ours, *peers = bench.contestants
    with bench.attempt("startup", ours):
        prepare = [sys.executable, "-m", "hailo_piper", "prepare"]
        subprocess.run(prepare, env=os.environ | cache_environment(warm_cache()), stderr=subprocess.DEVNULL, check=True)
    for number in range(bench.rounds):
        for contestant in (ours, *peers):
            if contestant.name in bench.results.failures.get("startup", {}):
                continue
            with bench.attempt("startup", contestant):
                warm = _start(contestant, None)
                with tempfile.TemporaryDirectory() as empty:
                    cold = _start(contestant, Path(empty)) if contestant is ours else warm
                for cache, seconds in (("warm", warm), ("cold", cold)):
                    bench.add(figures.startup("ready", cache), contestant, number, seconds[0] * 1000)
                    bench.add(figures.startup("first answer", cache), contestant, number, seconds[1] * 1000)


LIVE_TOPICS = {"latency": latency, "long": long, "concurrency": concurrency, "cpu": cpu, "playback": playback}
FRESH_TOPICS = {"memory": memory, "startup": startup}


def _speak(server: Running, text: str) -> Timing:
    return clients.speak(server.contestant, server.port, text)


def _load(server: Running, count: int, requests: int) -> tuple[list[Timing], float]:
    """`count` clients that each ask `requests` times; and the seconds it took."""
    answers, seconds = clients.together(count, lambda: [_speak(server, texts.SHORT["para"]) for _ in range(requests)])
    return [timing for timings in answers for timing in timings], seconds


def _audio_seconds(timings: list[Timing]) -> float:
    return sum(timing.audio_seconds for timing in timings)


def _start(contestant: Contestant, cache: Path | None) -> tuple[float, float]:
    """Seconds from the start of a process until it accepts connections, and until its first answer is complete."""
    with running(contestant, cache=cache) as server:
        _speak(server, texts.SHORT["12"])
        return server.ready_seconds, time.perf_counter() - server.started
