"""A service in simulated time: processors, the scheduler's order, admission, and a listener who hears.

The windows, the blocks, the deadlines and who is let in are the service's own code, played with costs instead of work.
One instance has so many voice threads; the threads of all instances of a machine share its processors evenly.
"""

import heapq
import itertools
import json
import math
import random
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import simpy

from hailo_piper.engine.planned_unit import PlannedUnit
from hailo_piper.engine.playback import ENCODE_LEAD_SECONDS, FLOW_LEAD_SECONDS, Playback
from hailo_piper.engine.speaking_costs import SpeakingCost
from hailo_piper.engine.windows import FIRST_WINDOW, LARGEST_WINDOW, windows
from hailo_piper.speech.ticket import Ticket, has_room

Steps = Generator[simpy.Event, Any, None]

LOOK_SECONDS, POLL_SECONDS = 0.05, 0.5
"""How often the line is looked at, while sound is made and while none is, as `speech.admission` has it."""
BYTES_A_SECOND = 48_000
BUFFER_SECONDS = ((1 << 20) + (1 << 18)) / BYTES_A_SECOND
"""Sound that fits between the request's thread and its listener: waitress's watermark, and the socket's buffer."""
LISTENER_AHEAD = 2.0
"""Seconds that a listener takes ahead of what it hears."""


@dataclass(slots=True)
class Costs:
    """Seconds of processor time for each step; `slower` is how much slower than the measured machine."""

    measured: dict[str, Any]
    slower: float = 1.0
    _known: dict[tuple[str, int], float] = field(default_factory=dict)

    @classmethod
    def load(cls, slower: float = 1.0) -> "Costs":
        return cls(json.loads(Path(__file__).with_name("simulation_costs.json").read_text(encoding="utf-8")), slower)

    def of(self, step: str, size: int) -> float:
        """Seconds of encode_ms, flow_ms or decode_ms for so many ids or frames: straight lines between the measured."""
        known = self._known.get((step, size))
        if known is None:
            rows = self.measured[step]
            right = min(max(1, bisect_left([row[0] for row in rows], size)), len(rows) - 1)
            (low, low_ms), (high, high_ms) = rows[right - 1], rows[right]
            ms = low_ms + (high_ms - low_ms) * (size - low) / (high - low)
            known = self._known[step, size] = max(ms, 0.1) / 1e3 * self.slower
        return known

    @property
    def phonemize(self) -> float:
        return float(self.measured["phonemize_ms"]) / 1e3 * self.slower

    def units(self, sentences: tuple[int, ...]) -> list[tuple[int, int]]:
        """Ids and frames of each unit of a text."""
        return [(ids, frames) for number in sentences for ids, frames in self.measured["sentences"][number]]

    def speaking(self, sentences: tuple[int, ...]) -> float:
        """Worker seconds of a whole text."""
        total = 0.0
        for number, (ids, frames) in enumerate(self.units(sentences)):
            unit = plan(number, 0.0, frames, int(self.measured["overlap_frames"]))
            total += self.phonemize + self.of("encode_ms", ids)
            while unit.decodable < len(unit.windows):
                end, unit.decodable = unit.next_block()
                total += self.of("flow_ms", end - unit.flowed)
                unit.flowed = end
            total += sum(self.of("decode_ms", end - start) for start, end in unit.windows)
        return total

    def around(self) -> tuple[float, float]:
        """Seconds of a request and of a second of its speech beyond the workers': HTTP, level, rate, encoding.

        A line through the processor time of a whole service for a short and for a longer answer.
        """
        found = self.measured
        last = len(found["sentences"]) - 1
        short = found["lone_cpu_ms"] / 1e3 - self.speaking((last,)) / self.slower
        long = found["six_cpu_ms"] / 1e3 - self.speaking(tuple(range(6))) / self.slower
        second = max(0.0, (long - short) / (found["six_audio_seconds"] - found["lone_audio_seconds"]))
        request = max(0.001, short - second * found["lone_audio_seconds"])
        return request * self.slower, second * self.slower


@dataclass(slots=True)
class _Encoded:
    """What a planned unit asks of an encoded one."""

    frames: int
    overlap: int


def plan(number: int, begin: float, frames: int, overlap: int) -> PlannedUnit:
    return PlannedUnit(
        number=number,
        sentence=number,
        begin_seconds=begin,
        encoded=_Encoded(frames, overlap),  # type: ignore[arg-type]
        windows=windows(frames, LARGEST_WINDOW if number else FIRST_WINDOW),
        starts_reply=number == 0,
    )


class Processors:
    """So many processors, which all that is runnable shares evenly."""

    def __init__(self, env: simpy.Environment, cores: float) -> None:
        self._env, self._cores = env, cores
        self._jobs: list[tuple[float, int, simpy.Event]] = []
        self._numbers = itertools.count()
        self._virtual = self._since = 0.0
        """Work that each job has had so far, and when that was noted."""
        self._alarm = 0
        self.busy_seconds = 0.0

    def run(self, seconds: float) -> simpy.Event:
        """Return the event of so much processor time having been had."""
        self._note()
        done = self._env.event()
        heapq.heappush(self._jobs, (self._virtual + seconds, next(self._numbers), done))
        self._set_alarm()
        return done

    def busy_until_now(self) -> float:
        self._note()
        return self.busy_seconds

    def _rate(self) -> float:
        return min(1.0, self._cores / len(self._jobs)) if self._jobs else 0.0

    def _note(self) -> None:
        passed = self._env.now - self._since
        self._virtual += passed * self._rate()
        self.busy_seconds += passed * self._rate() * len(self._jobs)
        self._since = self._env.now

    def _set_alarm(self) -> None:
        self._alarm += 1
        if self._jobs:
            alarm = self._alarm
            wait = self._env.timeout(max(0.0, self._jobs[0][0] - self._virtual) / self._rate())
            assert wait.callbacks is not None
            wait.callbacks.append(lambda _: self._ring(alarm))

    def _ring(self, alarm: int) -> None:
        if alarm != self._alarm:
            return
        self._note()
        while self._jobs and self._jobs[0][0] <= self._virtual + 1e-9:
            heapq.heappop(self._jobs)[2].succeed()
        self._set_alarm()


class Workers:
    """Voice threads, which run the task that is due first."""

    def __init__(self, env: simpy.Environment, threads: int) -> None:
        self._env = env
        self._heap: list[tuple[float, int, Steps]] = []
        self._numbers = itertools.count()
        self._idle: list[simpy.Event] = []
        self.streams = 0
        for _ in range(threads):
            env.process(self._work())

    def submit(self, due: float, task: Steps) -> None:
        heapq.heappush(self._heap, (due, next(self._numbers), task))
        if self._idle:
            self._idle.pop().succeed()

    def _work(self) -> Steps:
        while True:
            if self._heap:
                yield from heapq.heappop(self._heap)[2]
            else:
                self._idle.append(self._env.event())
                yield self._idle[-1]


class SimulatedStream:
    """One answer's tasks, as `engine.stream` submits them."""

    def __init__(self, instance: "Instance", units: list[tuple[int, int]]) -> None:
        self._instance, self._units = instance, units
        self._playback = Playback(lambda: float(instance.env.now))
        self._made: dict[tuple[int, int], simpy.Event] = {}
        self._encoded: dict[int, simpy.Event] = {}
        self._plan: dict[int, PlannedUnit] = {}
        self._begin = 0.0
        self._frame = float(instance.costs.measured["seconds_a_frame"])
        self.is_closed = False
        instance.workers.streams += 1
        delay = instance.cost.start_delay(instance.workers.streams - 1, instance.threads)
        self._submit(0.0, -delay, self._encode(0))

    def close(self) -> None:
        self.is_closed = True
        self._instance.workers.streams -= 1

    def windows(self, number: int) -> list[float]:
        """Seconds of each window of an encoded unit."""
        return [(end - start) * self._frame for start, end in self._plan[number].windows]

    def encoded(self, number: int) -> simpy.Event:
        return self._encoded.setdefault(number, self._instance.env.event())

    def made(self, number: int, window: int) -> simpy.Event:
        return self._made.setdefault((number, window), self._instance.env.event())

    def advance(self, seconds: float) -> None:
        for due, task in self._playback.advance(seconds):
            self._instance.workers.submit(due, task)  # type: ignore[arg-type]

    def _submit(self, offset: float, lead: float, task: Steps) -> None:
        guarded = self._guarded(task)
        if not self._playback.hold_back(offset, lead, guarded):  # type: ignore[arg-type]
            self._instance.workers.submit(self._playback.deadline(offset, lead), guarded)

    def _guarded(self, task: Steps) -> Steps:
        if not self.is_closed:
            yield from task

    def _run(self, step: str, size: int) -> Steps:
        began = self._instance.env.now
        yield self._instance.processors.run(self._instance.costs.of(step, size))
        self._instance.cost.note(self._instance.env.now - began)

    def _encode(self, number: int) -> Steps:
        ids, frames = self._units[number]
        yield from self._run("encode_ms", ids)
        unit = plan(number, self._begin, frames, int(self._instance.costs.measured["overlap_frames"]))
        self._plan[number] = unit
        self._begin += frames * self._frame
        self.encoded(number).succeed()
        if number == 0:
            yield from self._flow(unit)
            yield from self._fetch(number)
        else:
            yield from self._fetch(number)
            yield from self._flow(unit)

    def _fetch(self, number: int) -> Steps:
        if number + 1 < len(self._units):
            yield self._instance.processors.run(self._instance.costs.phonemize)
            self._submit(self._begin, ENCODE_LEAD_SECONDS, self._encode(number + 1))

    def _flow(self, unit: PlannedUnit) -> Steps:
        first, is_first_sound = unit.decodable, unit.is_first_sound
        end, decodable = unit.next_block()
        yield from self._run("flow_ms", end - unit.flowed)
        unit.flowed, unit.decodable = end, decodable
        if is_first_sound:
            yield from self._decode(unit, first)
        for window in range(first + 1, decodable):
            self._submit(self._offset(unit, window), 0.0, self._decode(unit, window))
        if decodable < len(unit.windows):
            self._submit(self._offset(unit, decodable), FLOW_LEAD_SECONDS, self._flow(unit))
        if not is_first_sound:
            yield from self._decode(unit, first)

    def _offset(self, unit: PlannedUnit, window: int) -> float:
        return unit.begin_seconds + unit.windows[window][0] * self._frame

    def _decode(self, unit: PlannedUnit, window: int) -> Steps:
        start, end = unit.windows[window]
        yield from self._run("decode_ms", end - start)
        self._instance.cost.note(0.0, (end - start) * self._frame)
        self.made(unit.number, window).succeed()


@dataclass(slots=True)
class Heard:
    """What became of one request."""

    at: float
    first_audio: float | None = None
    """Seconds; None: refused."""
    gap_seconds: float = 0.0
    audio_seconds: float = 0.0


class Instance:
    """One service: processors, voice threads, places and a line."""

    def __init__(  # noqa: PLR0913 - each is a setting of the service
        self,
        env: simpy.Environment,
        costs: Costs,
        processors: Processors,
        *,
        threads: int,
        places: int = 16,
        max_queue: int = 16,
        timeout: float = 30.0,
    ) -> None:
        self.env, self.costs, self.processors, self.threads = env, costs, processors, threads
        self.workers = Workers(env, threads)
        self.cost = SpeakingCost()
        self._places, self._most, self._timeout = places, places + max_queue, timeout
        self._speaking: set[Ticket] = set()
        self._line: deque[tuple[Ticket, simpy.Event]] = deque()
        self._looked_at = -1.0
        self._around = costs.around()
        self.requests = 0
        """Under way, as a balancer counts them."""

    def _fill(self) -> None:
        self._looked_at = self.env.now
        # A ticket's characters are the seconds of its sound here.
        while self._line and has_room(self._line[0][0], self._speaking, self._places, self.threads, 1.0):
            ticket, turn = self._line.popleft()
            self._speaking.add(ticket)
            turn.succeed()

    def answer(self, sentences: tuple[int, ...], heard: Heard) -> Generator[simpy.Event, Any, bool]:
        """Speak a text, and note what its listener hears; return False where it is refused."""
        self.requests += 1
        try:
            return (yield from self._answer(sentences, heard))
        finally:
            self.requests -= 1

    def _answer(self, sentences: tuple[int, ...], heard: Heard) -> Generator[simpy.Event, Any, bool]:
        deadline = self.env.timeout(self._timeout)
        yield self.processors.run(self._around[0])
        if len(self._speaking) + len(self._line) >= self._most:
            return False
        units = self.costs.units(sentences)
        seconds = sum(frames for _, frames in units) * float(self.costs.measured["seconds_a_frame"])
        ticket = Ticket(round(seconds), lambda: float(self.env.now), cost=self.cost)
        turn = self.env.event()
        self._line.append((ticket, turn))
        self._fill()
        while not turn.triggered and not deadline.triggered:
            yield turn | deadline | self.env.timeout(POLL_SECONDS)
            self._fill()
        if not turn.triggered:
            self._line.remove((ticket, turn))
            return False
        yield self.processors.run(self.costs.phonemize)
        stream = SimulatedStream(self, units)
        try:
            return (yield from self._deliver(stream, len(units), heard, ticket, deadline))
        finally:
            stream.close()
            self._speaking.discard(ticket)
            self._fill()

    def _deliver(
        self, stream: SimulatedStream, units: int, heard: Heard, ticket: Ticket, deadline: simpy.Event
    ) -> Generator[simpy.Event, Any, bool]:
        dry_at = 0.0
        for number in range(units):
            if not (yield from self._in_time(stream.encoded(number), heard, deadline)):
                return False
            if number == 0 and self.workers.streams > 1:
                yield self._lasting(stream) | deadline
            for window, seconds in enumerate(stream.windows(number)):
                if not (yield from self._in_time(stream.made(number, window), heard, deadline)):
                    return False
                stream.advance(seconds)
                yield self.processors.run(self._around[1] * seconds)
                now = self.env.now
                if heard.first_audio is None:
                    heard.first_audio, dry_at = now - heard.at, now
                heard.gap_seconds += max(0.0, now - dry_at)
                heard.audio_seconds += seconds
                dry_at = max(dry_at, now) + seconds
                yield from self._handed_on(ticket, heard, dry_at - now - BUFFER_SECONDS - LISTENER_AHEAD)
        return True

    def _handed_on(self, ticket: Ticket, heard: Heard, wait: float) -> Steps:
        """Note what the listener has, and wait for it to take so many seconds of sound."""
        ticket.note_sound(heard.audio_seconds)
        if self._line and self.env.now - self._looked_at > LOOK_SECONDS:
            self._fill()
        if wait > 0:
            with ticket.set_aside():
                yield self.env.timeout(wait)

    def _in_time(self, done: simpy.Event, heard: Heard, deadline: simpy.Event) -> Generator[simpy.Event, Any, bool]:
        """Wait for something; until there was sound, at most to the deadline. Return whether it is done."""
        if not done.triggered:
            yield done | deadline if heard.first_audio is None else done
        return done.triggered

    def _lasting(self, stream: SimulatedStream) -> simpy.Event:
        """Wait until the first sound lasts as long as another's longest task, or is all of its unit."""
        needed, seconds = list[simpy.Event](), 0.0
        for window, length in enumerate(stream.windows(0)):
            needed.append(stream.made(0, window))
            seconds += length
            if seconds >= self.cost.longest_task_seconds:
                break
        return self.env.all_of(needed)


class Balancer:
    """Sends a request to the instance with the fewest, and, refused there, to others."""

    def __init__(self, tries: int = 4) -> None:
        self.instances: list[Instance] = []
        self._tries = tries

    def ask(self, sentences: tuple[int, ...], heard: Heard) -> Steps:
        tried: list[Instance] = []
        while len(tried) < self._tries:
            others = [instance for instance in self.instances if instance not in tried]
            if not others:
                return
            tried.append(min(others, key=lambda instance: instance.requests))
            if (yield from tried[-1].answer(sentences, heard)):
                return


@dataclass(frozen=True, slots=True)
class Arrival:
    at: float
    sentences: tuple[int, ...]


def draw_text(draw: random.Random, pool: int, announcements: int) -> tuple[int, ...]:
    """A chat's reply (half of all), an announcement of five words (a third), or a paragraph of an audiobook."""
    kind = draw.random()
    if kind < 1 / 3:
        return (draw.randrange(pool - announcements, pool),)
    sentences = draw.randint(1, 4) if kind < 5 / 6 else draw.randint(5, 8)
    return tuple(draw.randrange(pool - announcements) for _ in range(sentences))


def arrivals(seed: int, seconds: float, rate: Callable[[float], float], most: float, pool: int) -> list[Arrival]:
    """People who come independently of each other, `rate(at)` a second, which never exceeds `most`."""
    draw = random.Random(seed)
    found, at = list[Arrival](), 0.0
    while (at := at + draw.expovariate(most)) < seconds:
        if draw.random() < rate(at) / most:
            found.append(Arrival(at, draw_text(draw, pool, 5)))
    return found


def play(env: simpy.Environment, balancer: Balancer, coming: list[Arrival]) -> list[Heard]:
    """Have the arrivals come; the list fills while the environment runs."""
    heard: list[Heard] = []

    def come() -> Steps:
        for arrival in coming:
            yield env.timeout(max(0.0, arrival.at - env.now))
            heard.append(Heard(env.now))
            env.process(balancer.ask(arrival.sentences, heard[-1]))

    env.process(come())
    return heard


def percentile(values: list[float], percent: float) -> float:
    """The nearest rank; nan of nothing."""
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)] if values else math.nan
