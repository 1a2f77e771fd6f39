"""Bytes into what a name stands for: a file replaced as a whole, a pipe, a device, a socket, a descriptor."""

import contextlib
import errno
import fcntl
import os
import re
import secrets
import shutil
import socket
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from hailo_piper.cli import interruption, standard_streams

STANDARD_OUTPUT = 1
_DESCRIPTORS = re.compile(r"//?proc/(\d+)(?:/task/\d+)?/fd")
"""The directory of a process's open descriptors, without links."""
_LARGEST_DESCRIPTOR = 2**31 - 1
_MOST_LINKS = 40
_NOT_BESIDE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.EXDEV}
"""Why a file may not be replaced by another one and yet be written: its directory, or what is mounted over it."""


class TerminalError(Exception):
    """Sound would go to a terminal's screen."""


class Output(Protocol):
    """Where bytes go."""

    def write(self, data: bytes) -> None:
        """Write all of it. Raises OSError."""

    def finish(self, header: bytes) -> None:
        """All is written: put the final header over the first bytes, where that is possible. Raises OSError."""


@contextmanager
def opened(name: str) -> Iterator[Output]:
    """What to write to; - is standard output. A file is there as a whole after `finish`, or it stays as it was.

    Raises TerminalError, and OSError, whose message says what is wrong with the name.
    """
    with _opened(name) as output:
        yield output


def check(name: str) -> None:
    """Look, before the work, whether there can be an output of this name. Raises as `opened` does."""
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
            # As a directory, so that a file in its place is one of the things that can be wrong.
            os.stat(f"{Path(name).parent}/")  # noqa: PTH116
        except OSError as error:
            raise OSError(error.errno, error.strerror, name) from error


def _opened(name: str) -> contextlib.AbstractContextManager[Output]:
    # After `=` the shell leaves a home directory as it is.
    name = os.path.expanduser(name)  # noqa: PTH111
    check(name)
    number = descriptor_of(name)
    if number is not None:
        return _descriptor(os.dup(number))
    try:
        status = os.stat(name)  # noqa: PTH116 - a name may not be what Path makes of it
    except FileNotFoundError:
        # Perhaps a link to what is not there yet.
        return _new_file(Path(os.path.realpath(name)))
    if stat.S_ISBLK(status.st_mode):
        raise OSError(errno.EINVAL, "Is a disk, name a file", name)
    if stat.S_ISSOCK(status.st_mode):
        return _socket(name)
    if not stat.S_ISREG(status.st_mode):
        return _descriptor(os.open(name, os.O_WRONLY | os.O_NOCTTY))
    if _open_elsewhere(name)[1] is not None:
        # Another process writes there: nothing of its own is to be lost.
        return _descriptor(os.open(name, os.O_WRONLY | os.O_APPEND))
    if not os.access(name, os.W_OK):
        raise PermissionError(errno.EACCES, "Permission denied", name)
    path = Path(os.path.realpath(name))
    may_give_away = os.geteuid() in (0, status.st_uid)
    return _file(path, status) if status.st_nlink == 1 and may_give_away else _file_in_place(path)


def descriptor_of(name: str) -> int | None:
    """The number of this process's open descriptor that a name means or leads to, as `-`, /dev/stdout, a link to it.

    Raises OSError where it is closed.
    """
    if name == "-":
        number: int | None = STANDARD_OUTPUT
    else:
        process, number = _open_elsewhere(name)
        # A child has what its parent has under the same number; what is another's is opened anew.
        if number is not None and process != os.path.realpath("/proc/self") and not _is_same(name, number):
            return None
    if number is not None and (number > _LARGEST_DESCRIPTOR or number in standard_streams.closed):
        shown = "standard output" if name == "-" else name
        raise OSError(errno.EBADF, "Is closed" if name == "-" else os.strerror(errno.EBADF), shown)
    if number == STANDARD_OUTPUT:
        sys.stdout.flush()
    return number


def _open_elsewhere(name: str) -> tuple[str, int | None]:
    """The process, as /proc/5, and the number of the open descriptor that a name leads to; None where to none."""
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
        return os.path.samestat(os.stat(name), os.fstat(number))  # noqa: PTH116 - as in `_opened`
    return False


class _Raw:
    """A descriptor that is written as it comes."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._start = _place(descriptor)

    def write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]

    def finish(self, header: bytes) -> None:
        # `> speech.wav` can be gone back to; a pipe and `>> log` cannot.
        if self._start is not None:
            os.pwrite(self._descriptor, header, self._start)


def _place(descriptor: int) -> int | None:
    """Where in a file the next byte goes; None where that is no file, or one that is appended to."""
    appends = fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_APPEND
    if appends or not stat.S_ISREG(os.fstat(descriptor).st_mode):
        return None
    return os.lseek(descriptor, 0, os.SEEK_CUR)


@contextmanager
def _descriptor(descriptor: int) -> Iterator[Output]:
    try:
        if os.isatty(descriptor):
            raise TerminalError
        yield _Raw(descriptor)
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
    """A file that must stay the same one: it has other names, another owner, or a directory that takes no new file."""
    with _descriptor(os.open(path, os.O_WRONLY | os.O_TRUNC)) as output:
        yield output


class _Part:
    """A file under another name, which takes its own once it is whole."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.is_whole = False

    def write(self, data: bytes) -> None:
        self._file.write(data)

    def finish(self, header: bytes) -> None:
        self._file.seek(0)
        self._file.write(header)
        self._file.flush()
        self.is_whole = True


def _file(path: Path, status: os.stat_result) -> contextlib.AbstractContextManager[Output]:
    try:
        return _new_file(path, status)
    except OSError as error:
        if error.errno in _NOT_BESIDE:
            return _file_in_place(path)
        raise


def _new_file(path: Path, status: os.stat_result | None = None) -> contextlib.AbstractContextManager[Output]:
    """A file beside its place. `status`: of the file there, whose mode and owner stay."""
    part = path.with_name(f".hailo-piper-{secrets.token_hex(6)}.part")
    interruption.leftovers.add(part)
    try:
        file = part.open("xb")
    except OSError as error:
        interruption.leftovers.discard(part)
        raise OSError(error.errno, error.strerror, str(path)) from error
    return _whole_or_not(file, part, path, status)


@contextmanager
def _whole_or_not(file: BinaryIO, part: Path, path: Path, status: os.stat_result | None) -> Iterator[Output]:
    try:
        with file:
            if status is not None:
                # A group that its owner is not in cannot be given.
                with contextlib.suppress(PermissionError):
                    os.fchown(file.fileno(), status.st_uid, status.st_gid)
                os.fchmod(file.fileno(), stat.S_IMODE(status.st_mode))
            output = _Part(file)
            yield output
        if output.is_whole:
            _put(part, path)
    finally:
        part.unlink(missing_ok=True)
        interruption.leftovers.discard(part)


def _put(part: Path, path: Path) -> None:
    try:
        part.replace(path)
    except OSError as error:
        if error.errno not in _NOT_BESIDE:
            raise
        with part.open("rb") as source, path.open("wb") as target:
            shutil.copyfileobj(source, target)
