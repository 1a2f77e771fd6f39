"""Playback turns a time within a stream into a deadline, and holds back work far ahead of the reader.

Thanks to that a reader that is slow, or stalled, costs neither processor nor memory (backpressure).
"""

import heapq
import itertools
import time
from collections.abc import Callable, Iterator

from hailo_piper.engine.scheduler import Task

LOOK_AHEAD_SECONDS = 10.0
ENCODE_LEAD_SECONDS, FLOW_LEAD_SECONDS = 0.25, 0.1
"""How much earlier than its sound a task is due, since decoding must follow it."""
_WAY_SECONDS = 30.0
"""How much later work is due whose sound nobody hears before its end. It never starves: by then it is due as well."""


class Playback:
    """Real-time playback of one stream, which starts with the first byte. Not thread-safe.

    Offsets are seconds of sound from the beginning of the stream; leads are seconds by which a task is due earlier.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, gives_way: bool = False) -> None:
        """Start now, by a clock in seconds. `gives_way`: whether nobody hears the sound before its end."""
        self._clock = clock
        self._delay = _WAY_SECONDS if gives_way else 0.0
        self._started = clock()
        self._seconds_read = 0.0
        self._held: list[tuple[float, int, float, Task]] = []
        self._numbers = itertools.count()

    def deadline(self, offset: float, lead: float) -> float:
        """Return when a task for the sound at `offset` is due, in seconds of the clock."""
        return self._started + offset - lead + self._delay

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
