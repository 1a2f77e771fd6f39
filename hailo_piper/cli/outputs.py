"""`say` writes its bytes to a file, replaced as a whole, or to a pipe, device, socket or descriptor."""

import contextlib
import errno
import fcntl
import os
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from hailo_piper.cli.descriptors import descriptor_of, open_descriptor
from hailo_piper.cli.whole_file import NOT_BESIDE, whole_file


class TerminalError(Exception):
    """A terminal as the target, whose screen would show the sound's bytes."""


class Output(Protocol):
    """An opened target of bytes."""

    def write(self, data: bytes) -> None:
        """Write all of the data. Raises OSError."""

    def finish(self, header: bytes) -> None:
        """Overwrite the first bytes with the final header, where the target can seek. Raises OSError."""


@contextmanager
def opened(name: str) -> Iterator[Output]:
    """Open the output of a name; - is standard output. A file is replaced after `finish`, or stays as it was.

    Raises TerminalError, and OSError, whose message explains the problem with the name.
    """
    with _opened(name) as output:
        yield output


def check(name: str) -> None:
    """Check, before any work, that an output of this name can be opened. Raises as `opened` does."""
    name = os.path.expanduser(name)  # noqa: PTH111
    number = descriptor_of(name)
    if number is not None:
        if os.isatty(number):
            raise TerminalError
        return
    if not name:
        raise OSError(errno.EINVAL, "It names no file", "-o")
    if name.endswith("/") or Path(name).is_dir():
        raise IsADirectoryError(errno.EISDIR, "Is a directory, name a file", name)
    if not os.path.lexists(name):
        try:
            # The slash makes a file in the directory's place an error, too.
            os.stat(f"{Path(name).parent}/")  # noqa: PTH116
        except OSError as error:
            raise OSError(error.errno, error.strerror, name) from error


def _opened(name: str) -> contextlib.AbstractContextManager[Output]:
    # After `=` the shell does not expand `~`.
    name = os.path.expanduser(name)  # noqa: PTH111
    check(name)
    number = descriptor_of(name)
    if number is not None:
        return _descriptor(os.dup(number))
    try:
        status = os.stat(name)  # noqa: PTH116 - Path would change the name
    except FileNotFoundError:
        # The name may be a link to a file that does not exist yet.
        return whole_file(Path(os.path.realpath(name)))
    if stat.S_ISBLK(status.st_mode):
        raise OSError(errno.EINVAL, "Is a disk, name a file", name)
    if stat.S_ISSOCK(status.st_mode):
        return _socket(name)
    if not stat.S_ISREG(status.st_mode):
        return _descriptor(os.open(name, os.O_WRONLY | os.O_NOCTTY))
    if open_descriptor(name)[1] is not None:
        # Another process writes to this file, and must lose nothing.
        return _descriptor(os.open(name, os.O_WRONLY | os.O_APPEND))
    if not os.access(name, os.W_OK):
        raise PermissionError(errno.EACCES, "Permission denied", name)
    path = Path(os.path.realpath(name))
    may_give_away = os.geteuid() in (0, status.st_uid)
    return _replaced(path, status) if status.st_nlink == 1 and may_give_away else _file_in_place(path)


class _Direct:
    """A descriptor that is written directly."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._start = _offset(descriptor)

    def write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]

    def finish(self, header: bytes) -> None:
        # `> speech.wav` can seek back; a pipe and `>> log` cannot.
        if self._start is not None:
            os.pwrite(self._descriptor, header, self._start)


def _offset(descriptor: int) -> int | None:
    """Return the offset of the next byte in a file; None if it is not a file, or one that is appended to."""
    appends = fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_APPEND
    if appends or not stat.S_ISREG(os.fstat(descriptor).st_mode):
        return None
    return os.lseek(descriptor, 0, os.SEEK_CUR)


@contextmanager
def _descriptor(descriptor: int) -> Iterator[Output]:
    try:
        if os.isatty(descriptor):
            raise TerminalError
        yield _Direct(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _socket(name: str) -> Iterator[Output]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.connect(name)
        except OSError as error:
            raise OSError(error.errno, error.strerror, name) from error
        with _descriptor(os.dup(connection.fileno())) as output:
            yield output


@contextmanager
def _file_in_place(path: Path) -> Iterator[Output]:
    """Write into the existing file, since it has other names or another owner, or its directory takes no new file."""
    with _descriptor(os.open(path, os.O_WRONLY | os.O_TRUNC)) as output:
        yield output


def _replaced(path: Path, status: os.stat_result) -> contextlib.AbstractContextManager[Output]:
    try:
        return whole_file(path, status)
    except OSError as error:
        if error.errno in NOT_BESIDE:
            return _file_in_place(path)
        raise
