"""Standard input, output and error are opened on /dev/null if the caller closed them."""

import os
import stat
import sys
from typing import TextIO

closed: set[int] = set()
"""Descriptor numbers of the streams that the caller closed."""


def prepare() -> None:
    """Open closed streams, so that no other file gets their numbers; escape characters that cannot be encoded."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            # open() returns the lowest free number: this one. Children inherit it, as they would the caller's stream.
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # noqa: FBT003 - os's signature
            closed.add(number)
    sys.stdout = sys.stdout or _writer(1)
    sys.stderr = sys.stderr or _writer(2)
    for stream in (sys.stdout, sys.stderr):
        if getattr(stream, "errors", "") == "strict" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def drop_output() -> None:
    """Send the rest of standard output to /dev/null: at exit, Python would fail to flush it once more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def read_input(size: int) -> bytes:
    """Return at most so many bytes of standard input; none at its end. Raises OSError, which names it."""
    try:
        return os.read(sys.stdin.fileno(), size)
    except OSError as error:
        raise OSError(error.errno, error.strerror, "standard input") from error


def size_of_input() -> int | None:
    """Return the size of standard input in bytes if it is a file, else None."""
    try:
        status = os.fstat(sys.stdin.fileno())
    except (OSError, ValueError):
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def _writer(number: int) -> TextIO:
    return open(number, "w", encoding="utf-8", closefd=False)
