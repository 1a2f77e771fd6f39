"""A standing line on a terminal shows how far a long command is; elsewhere it is a plain line now and then."""

import sys
import time
from collections.abc import Callable

_OFTEN_SECONDS, _SELDOM_SECONDS = 0.2, 30.0
"""How often the line is drawn on a terminal, and how often it is written elsewhere."""


class Standing:
    """The last line of standard error. Not thread-safe."""

    def __init__(self, line: Callable[[], str], clock: Callable[[], float] = time.monotonic) -> None:
        """`line` returns what to show."""
        self._line = line
        self._clock = clock
        self._is_terminal = sys.stderr.isatty()
        self._shown = clock()
        self._width = 0

    def show(self) -> None:
        """Show the line, unless it was shown just now."""
        if self._clock() - self._shown >= (_OFTEN_SECONDS if self._is_terminal else _SELDOM_SECONDS):
            self._write()

    def clear(self) -> None:
        """Make room for another line."""
        if self._is_terminal and self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            self._width = 0

    def end(self) -> None:
        """Show the line for the last time."""
        self._write()
        if self._is_terminal:
            sys.stderr.write("\n")
        sys.stderr.flush()

    def _write(self) -> None:
        self._shown = self._clock()
        line = self._line()
        self.clear()
        sys.stderr.write(line if self._is_terminal else line + "\n")
        sys.stderr.flush()
        self._width = len(line)
