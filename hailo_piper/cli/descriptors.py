"""A name may lead to a descriptor that a process has open: -, /dev/stdout, /proc/5/fd/1."""

import contextlib
import errno
import os
import re
import sys

from hailo_piper.cli import standard_streams

STANDARD_OUTPUT = 1
_DESCRIPTORS = re.compile(r"//?proc/(\d+)(?:/task/\d+)?/fd")
"""The directory of a process's open descriptors, without links."""
_LARGEST_DESCRIPTOR = 2**31 - 1
_MOST_LINKS = 40


def descriptor_of(name: str) -> int | None:
    """Return the number of this process's descriptor that a name leads to: `-`, /dev/stdout, a link to it; else None.

    Raises OSError if it is closed.
    """
    if name == "-":
        number: int | None = STANDARD_OUTPUT
    else:
        process, number = open_descriptor(name)
        # A child inherits its parent's files under the same numbers; another process's file must be opened again.
        if number is not None and process != os.path.realpath("/proc/self") and not _is_same(name, number):
            return None
    if number is not None and (number > _LARGEST_DESCRIPTOR or number in standard_streams.closed):
        shown = "standard output" if name == "-" else name
        raise OSError(errno.EBADF, "Is closed" if name == "-" else os.strerror(errno.EBADF), shown)
    if number == STANDARD_OUTPUT:
        sys.stdout.flush()
    return number


def open_descriptor(name: str) -> tuple[str, int | None]:
    """Return the process, as /proc/5, and the number of the descriptor that a name leads to; ("", None) without one."""
    for _ in range(_MOST_LINKS):
        directory, leaf = os.path.split(name)
        directory = os.path.realpath(directory or ".")
        found = _DESCRIPTORS.fullmatch(directory)
        if found and leaf.isascii() and leaf.isdigit():
            return f"/proc/{found[1]}", int(leaf[:20])
        try:
            name = os.path.join(directory, os.readlink(os.path.join(directory, leaf)))  # noqa: PTH115, PTH118
        except (OSError, ValueError):
            break
    return "", None


def _is_same(name: str, number: int) -> bool:
    with contextlib.suppress(OSError, OverflowError):
        return os.path.samestat(os.stat(name), os.fstat(number))  # noqa: PTH116 - Path would change the name
    return False
