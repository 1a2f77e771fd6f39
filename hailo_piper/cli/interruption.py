"""A signal unwinds a command, so that nothing is left behind; a second one ends it at once."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

leftovers: set[Path] = set()
"""Files to remove, however the command is stopped."""


class Interrupted(BaseException):
    """A signal to stop; a BaseException, so that no `except Exception` takes it for a failure."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number
        """The exit code that a shell shows for a program ended by the signal."""


class Stop:
    """The choice whether a signal unwinds the command or ends it at once."""

    unwinds = False
    """Set it once there is something to unwind. While packages are imported it must be False, since some of their code
    takes any exception for a failure of its own."""


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Raise Interrupted in the main thread on the first SIGINT, SIGTERM or SIGHUP; end at once on the second.

    A thread inside native code while Python ends would abort the program, so an engine must be closed first. A signal
    that is ignored, as under nohup, stays ignored.
    """
    stop = Stop()

    def on_signal(number: int, frame: object) -> None:  # noqa: ARG001 - signal's signature
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
        signal.signal(number, on_signal)
    try:
        yield stop
    finally:
        for number in caught:
            signal.signal(number, before[number])
