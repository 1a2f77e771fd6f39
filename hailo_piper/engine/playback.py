"""Playback turns a time within a stream into a deadline, and holds back work far ahead of the reader."""

import heapq
import itertools
from collections.abc import Callable, Iterator

from hailo_piper.engine.scheduler import Task

LOOK_AHEAD_SECONDS = 10.0


class Playback:
    """Real-time playback of one stream, which starts with the first byte. Not thread-safe.

    Offsets are seconds of sound from the beginning of the stream; leads are seconds by which a task is due earlier.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        """Start now, by a clock in seconds."""
        self._clock = clock
        self._started = clock()
        self._seconds_read = 0.0
        self._held: list[tuple[float, int, float, Task]] = []
        self._numbers = itertools.count()

    def deadline(self, offset: float, lead: float) -> float:
        """Return when a task for the sound at `offset` is due, in seconds of the clock."""
        return self._started + offset - lead

    def hold_back(self, offset: float, lead: float, task: Task) -> bool:
        """Keep the task if it is more than LOOK_AHEAD_SECONDS ahead of the reader; return whether it was kept."""
        is_far = offset > self._seconds_read + LOOK_AHEAD_SECONDS
        if is_far:
            heapq.heappush(self._held, (offset, next(self._numbers), lead, task))
        return is_far

    def advance(self, seconds: float) -> Iterator[tuple[float, Task]]:
        """Note that so many seconds more were read; yield each held task that is now near enough, and its deadline."""
        self._seconds_read += seconds
        # If the reader paused, its playback moved by that pause, and so do the deadlines of what follows.
        self._started = max(self._started, self._clock() - self._seconds_read)
        while self._held and self._held[0][0] <= self._seconds_read + LOOK_AHEAD_SECONDS:
            offset, _, lead, task = heapq.heappop(self._held)
            yield self.deadline(offset, lead), task

    def clear(self) -> None:
        """Drop all held tasks."""
        self._held.clear()
