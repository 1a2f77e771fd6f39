"""Standard input, output and error, opened on /dev/null where the caller closed them."""

import os
import sys
from typing import TextIO

closed: set[int] = set()
"""Numbers of those that the caller closed."""


def prepare() -> None:
    """Open what is closed, lest the next file get its number; have text that no encoding knows escaped."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            # The lowest free number is this one. Children take it over, as they would the caller's.
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # noqa: FBT003 - os's signature
            closed.add(number)
    sys.stdout = sys.stdout or _writer(1)
    sys.stderr = sys.stderr or _writer(2)
    for stream in (sys.stdout, sys.stderr):
        if getattr(stream, "errors", "") == "strict" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def drop_output() -> None:
    """Have what is still to be written to standard output go nowhere: Python would fail at it once more at the end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def _writer(number: int) -> TextIO:
    return open(number, "w", encoding="utf-8", closefd=False)
