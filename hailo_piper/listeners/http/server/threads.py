"""The thread pool of the HTTP listener makes a thread when there is work for it, up to a bound."""

import logging
from typing import Any

from waitress.task import ThreadedTaskDispatcher

logger = logging.getLogger(__name__)


class Threads(ThreadedTaskDispatcher):  # type: ignore[misc]
    """Waitress's thread pool, but its threads are made on demand: a start does not wait for forty."""

    def __init__(self, most: int) -> None:
        """`most`: the largest number of threads."""
        super().__init__()
        self._most = most

    def add_task(self, task: Any) -> None:
        """Queue a task for an idle thread, a new one, or the first that becomes idle."""
        with self.lock:
            self.queue.append(task)
            idle = len(self.threads) - self.stop_count - self.active_count
            if len(self.queue) > idle and len(self.threads) < self._most:
                self._add_thread()
            self.queue_cv.notify()

    def _add_thread(self) -> None:
        number = len(self.threads)
        self.threads.add(number)
        self.active_count += 1
        try:
            self.start_new_thread(self.handler_thread, number)
        except RuntimeError:
            self.threads.discard(number)
            self.active_count -= 1
            if not self.threads:
                self.queue.pop()
                raise
            logger.warning("the system gives no more threads; requests wait for the %d there are", number)
