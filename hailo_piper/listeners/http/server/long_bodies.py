"""Paths that take long bodies have bounds of their own, and a body goes to the disk as it comes."""

import copy
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from waitress.buffers import OverflowableBuffer, TempfileBasedBuffer

SLOWEST_BYTES_A_SECOND = 50_000
"""What a client has to send of a long body, beside the patience that every request has."""


class LongBody(NamedTuple):
    """How a request's body is taken."""

    most_bytes: int
    is_known: bool
    """Whether its client has a right key; if not, a body over the usual bound is dropped, and the app refuses it."""
    directory: Path | None
    """Where it is kept meanwhile; None: where the system keeps temporary files."""

    def adjusted(self, adjustments: Any) -> Any:
        """Return waitress's adjustments with this bound."""
        own = copy.copy(adjustments)
        own.max_request_body_size = self.most_bytes + 1
        return own


LongBodies = Callable[[str, str, Callable[[str], str | None]], LongBody | None]
"""Returns how the body at a method and path is taken, once it is told how to ask for a header; None: as any other."""


class DiskBuffer(OverflowableBuffer):  # type: ignore[misc]
    """A body of which little is in memory: the rest is in a file without a name."""

    buf: Any
    overflowed: bool

    def __init__(self, overflow: int, directory: Path | None) -> None:
        super().__init__(overflow)
        self._directory = directory

    def _set_large_buffer(self) -> None:
        before = self.buf
        self.buf = _FileBuffer(self._directory, before)
        if hasattr(before, "close"):
            before.close()
        self.overflowed = True


class _FileBuffer(TempfileBasedBuffer):  # type: ignore[misc]
    def __init__(self, directory: Path | None, before: Any) -> None:
        self._directory = directory if directory is not None and directory.is_dir() else None
        try:
            super().__init__(before)
        except OSError:
            self.close()
            raise

    def newfile(self) -> Any:
        return tempfile.TemporaryFile(dir=self._directory)
