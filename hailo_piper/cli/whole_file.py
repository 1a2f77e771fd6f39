"""A file is written beside its place and renamed once it is whole, so that no reader sees a part."""

import contextlib
import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO

from hailo_piper.cli import interruption

NOT_BESIDE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.EXDEV}
"""Errors of a rename for a file that can be written all the same: its directory or a mount forbids a new one."""


class PartialFile:
    """A file under a temporary name, which takes its own name once it is whole."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.is_whole = False

    def write(self, data: bytes) -> None:
        """Write all of the data. Raises OSError."""
        self._file.write(data)

    def finish(self, header: bytes) -> None:
        """Overwrite the first bytes with the final header; the file is whole then. Raises OSError."""
        self._file.seek(0)
        self._file.write(header)
        self._file.flush()
        self.is_whole = True


def whole_file(path: Path, status: os.stat_result | None = None) -> AbstractContextManager[PartialFile]:
    """Create a file that replaces `path` at the end if it is whole. Raises OSError.

    `status`: of the present file, whose mode and owner stay.
    """
    part = path.with_name(f".hailo-piper-{secrets.token_hex(6)}.part")
    interruption.leftovers.add(part)
    try:
        file = part.open("xb")
    except OSError as error:
        interruption.leftovers.discard(part)
        raise OSError(error.errno, error.strerror, str(path)) from error
    return _whole_or_not(file, part, path, status)


@contextmanager
def _whole_or_not(file: BinaryIO, part: Path, path: Path, status: os.stat_result | None) -> Iterator[PartialFile]:
    try:
        with file:
            if status is not None:
                # Only a member of a group may give a file to it.
                with contextlib.suppress(PermissionError):
                    os.fchown(file.fileno(), status.st_uid, status.st_gid)
                os.fchmod(file.fileno(), stat.S_IMODE(status.st_mode))
            output = PartialFile(file)
            yield output
        if output.is_whole:
            _replace(part, path)
    finally:
        part.unlink(missing_ok=True)
        interruption.leftovers.discard(part)


def _replace(part: Path, path: Path) -> None:
    try:
        part.replace(path)
    except OSError as error:
        if error.errno not in NOT_BESIDE:
            raise
        with part.open("rb") as source, path.open("wb") as target:
            shutil.copyfileobj(source, target)
