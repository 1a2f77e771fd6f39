"""Worker threads run the task whose real-time playback would underrun first.

One heap holds the tasks of all requests and of all voices, so that a word does not wait for a chapter, and no worker is
idle while there is work.
"""

import heapq
import itertools
import logging
import threading
import time
from collections import deque
from collections.abc import Callable

logger = logging.getLogger(__name__)

Task = Callable[[], None]

WINDOW_SECONDS = 10.0
"""The time over which utilization is measured."""


class Scheduler:
    """A heap of tasks, ordered by deadline (earliest deadline first), and the threads that empty it.

    A new request is due soon, one that is far ahead of its playback later; see `stream`.
    """

    def __init__(self, workers: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Start `workers` threads; 0 for tests, which call `run_next` themselves."""
        self._clock = clock
        self._running: dict[int, float] = {}
        """Start of each task under way, in seconds of the clock, by the task's number."""
        self._heap: list[tuple[float, int, Task]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self.workers = max(workers, 1)
        """Threads that share the work, 1 at least."""
        self._busy_seconds = 0.0
        """Worker time that tasks have taken, without those under way."""
        self._marks: deque[tuple[float, float]] = deque([(clock(), 0.0)])
        """Times, and the busy seconds until then, at most one a second: the first is older than the window."""
        self._streams = 0
        self._closed = False
        self._threads = [
            threading.Thread(target=self._work, name=f"voice-{number}", daemon=True) for number in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def streams(self) -> int:
        """Requests being served: more of their tasks may come."""
        return self._streams

    @property
    def is_idle(self) -> bool:
        """Whether no task waits and none is under way, as far as can be seen without the lock."""
        return not self._heap and not self._running

    @property
    def is_closed(self) -> bool:
        """Whether the scheduler was closed, and runs nothing any more."""
        return self._closed

    def count_streams(self, change: int) -> None:
        """Add to the number of requests being served: 1 for one that begins, -1 for one that ends."""
        with self._changed:
            self._streams += change

    def submit(self, due: float, task: Task) -> None:
        """Queue a task behind all that are due earlier. `due` is in seconds, of the same clock for all tasks."""
        with self._changed:
            heapq.heappush(self._heap, (due, next(self._numbers), task))
            self._changed.notify()

    def run_next(self) -> bool:
        """Run the task that is due first in the calling thread; return False where there is none."""
        with self._changed:
            if not self._heap:
                return False
            number, task = self._begin()
        try:
            task()
        finally:
            self._end(number)
        return True

    def stalled_seconds(self) -> float | None:
        """Return for how long the oldest task under way has been running; None where no worker has one."""
        with self._changed:
            return self._clock() - min(self._running.values()) if self._running else None

    def busy_seconds(self) -> float:
        """Return the worker time that tasks have taken so far."""
        with self._changed:
            return self._busy_until(self._clock())

    def utilization(self) -> float:
        """Return which share of the workers' time was busy over the last WINDOW_SECONDS, 0 to 1."""
        with self._changed:
            now = self._clock()
            since = max(now - WINDOW_SECONDS, self._marks[0][0])
            # Between two marks of more than a second no worker was busy.
            before = next((busy for when, busy in reversed(self._marks) if when <= since), 0.0)
            return min(1.0, (self._busy_until(now) - before) / self.workers / max(now - since, 1e-9))

    def lateness_seconds(self) -> float:
        """Return for how long the most urgent task has been due and waits for a worker; 0.0 where none is late."""
        with self._changed:
            return max(0.0, self._clock() - self._heap[0][0]) if self._heap else 0.0

    def close(self) -> None:
        """Drop what is queued, and stop each thread after its task under way."""
        with self._changed:
            self._closed = True
            self._heap.clear()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._heap and not self._closed:
                    self._changed.wait()
                if self._closed:
                    return
                number, task = self._begin()
            try:
                task()
            except Exception:
                # A task reports its own errors to its request; one that escapes must not end the worker.
                logger.exception("a task of the voice failed")
            finally:
                self._end(number)
                # The task holds its request's model, which would stay in memory until this thread has its next task.
                del task

    def _begin(self) -> tuple[int, Task]:
        _, number, task = heapq.heappop(self._heap)
        self._running[number] = self._clock()
        return number, task

    def _end(self, number: int) -> None:
        with self._changed:
            now = self._clock()
            self._busy_seconds += now - self._running.pop(number)
            if now - self._marks[-1][0] >= 1.0:
                self._marks.append((now, self._busy_until(now)))
            while len(self._marks) > 1 and self._marks[1][0] <= now - WINDOW_SECONDS:
                self._marks.popleft()

    def _busy_until(self, now: float) -> float:
        return self._busy_seconds + sum(now - started for started in self._running.values())
