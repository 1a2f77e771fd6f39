"""How a command is stopped: the first signal unwinds it, so that nothing is left behind; the second ends it at once."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

leftovers: set[Path] = set()
"""Files that are removed however the command is stopped."""


class Interrupted(BaseException):
    """A signal came; no `except Exception` is to take it for a failure."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number
        """As a shell tells of a program that the signal ended."""


class Stop:
    """Whether a signal unwinds or ends at once."""

    unwinds = False
    """Set it once there is something to unwind. Before, while packages are imported, their own code takes what is
    raised in it for a failure of its own."""


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Have a signal to stop raise Interrupted in the main thread; a second one waits for nothing.

    A thread that is inside native code while Python ends would abort the whole program: whoever speaks must be
    unwound. A signal that is ignored, as under nohup, stays so.
    """
    stop = Stop()

    def take(number: int, frame: object) -> None:  # noqa: ARG001 - signal's signature
        if not stop.unwinds:
            for path in tuple(leftovers):
                with suppress(OSError):
                    path.unlink()
            os._exit(128 + number)
        stop.unwinds = False
        raise Interrupted(number)

    before = {number: signal.getsignal(number) for number in _SIGNALS}
    caught = [number for number in _SIGNALS if before[number] in (signal.SIG_DFL, signal.default_int_handler)]
    for number in caught:
        signal.signal(number, take)
    try:
        yield stop
    finally:
        for number in caught:
            signal.signal(number, before[number])
