"""Idle memory goes back to the system a moment after the last stream of an engine has ended."""

import math
import threading
from collections.abc import Callable

from hailo_piper.engine.scheduler import Scheduler
from hailo_piper.machine.heap import FreedMemory

_AFTER_SECONDS = 1.0
"""Sooner would slow the next request."""


class IdleMemory:
    """The memory of one engine. Not thread-safe: the engine's lock covers it."""

    def __init__(self, scheduler: Scheduler, *, is_idle: Callable[[], bool], shrink: Callable[[], None]) -> None:
        """`is_idle`: whether nobody needs the memory now. `shrink` releases what the model keeps for more requests."""
        self._scheduler = scheduler
        self._is_idle = is_idle
        self._shrink = shrink
        self._timer = threading.Timer(0, self._submit)
        self._freed = FreedMemory()

    def return_soon(self) -> None:
        """Return it after a while, unless that is under way."""
        if not self._timer.is_alive():
            self._timer = threading.Timer(_AFTER_SECONDS, self._submit)
            self._timer.daemon = True
            self._timer.start()

    def keep(self) -> None:
        """Return nothing any more."""
        self._timer.cancel()

    def _submit(self) -> None:
        # Due last of all: an idle worker takes it.
        self._scheduler.submit(math.inf, self._give_back)

    def _give_back(self) -> None:
        if self._is_idle():
            self._freed.give_back(free_idle=self._shrink)
