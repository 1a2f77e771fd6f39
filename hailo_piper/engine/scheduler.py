"""Worker threads that take the task whose listener would run dry first."""

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable

logger = logging.getLogger(__name__)

Task = Callable[[], None]


class Scheduler:
    """One heap of tasks, ordered by the moment each is due, and the threads that empty it.

    Earliest deadline first: a new request is due soon, one that is ahead of its playback later, so a word never waits
    for a chapter, and nobody waits while a worker is idle.
    """

    def __init__(self, workers: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        """`workers` threads; 0 for tests, which call `run_next` themselves."""
        self._clock = clock
        self._running: dict[int, float] = {}
        """When each task under way was begun, by its number."""
        self._heap: list[tuple[float, int, Task]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._streams = 0
        self._closed = False
        self._threads = [
            threading.Thread(target=self._work, name=f"voice-{number}", daemon=True) for number in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def streams(self) -> int:
        """Requests whose tasks may come."""
        return self._streams

    @property
    def is_closed(self) -> bool:
        """Whether nothing will be run any more."""
        return self._closed

    def count_streams(self, change: int) -> None:
        """So many requests begin (1), or end (-1)."""
        with self._changed:
            self._streams += change

    def submit(self, due: float, task: Task) -> None:
        """Have a task run, after all that are due earlier. `due` is in seconds of any one clock."""
        with self._changed:
            heapq.heappush(self._heap, (due, next(self._numbers), task))
            self._changed.notify()

    def run_next(self) -> bool:
        """Run the task that is due first, here; False where there is none."""
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
        """For how long the oldest task under way has not ended; None where no worker has one."""
        with self._changed:
            return self._clock() - min(self._running.values()) if self._running else None

    def close(self) -> None:
        """Stop the threads, each after the task under way; what is still queued is dropped."""
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
                # A task delivers its own errors to its request; one that escapes must not take the worker with it.
                logger.exception("a task of the voice failed")
            finally:
                self._end(number)
                # It holds its request's voice, which may be put away before this thread has something else to do.
                del task

    def _begin(self) -> tuple[int, Task]:
        _, number, task = heapq.heappop(self._heap)
        self._running[number] = self._clock()
        return number, task

    def _end(self, number: int) -> None:
        with self._changed:
            del self._running[number]
