"""All threads share a few malloc arenas; freed memory returns to the system once 16 MB are idle.

By default glibc gives every thread an arena and keeps freed memory in it, so many threads that each see a little of
every request would hold several times what they use. Large blocks, however, glibc maps and unmaps each time, and every
new page costs 2 to 5 us: up to a quarter of an inference. So freed memory is kept for reuse.
"""

import ctypes
import mmap
from collections.abc import Callable
from pathlib import Path

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_LARGEST_KEPT_BYTES = 32 << 20
"""Bytes: the largest mmap threshold that glibc accepts."""
_WORTH_BYTES = 16 << 20
"""Bytes: less idle memory is not worth returning; two or three long sentences leave as much."""


def share_heaps(heaps: int) -> None:
    """Make all threads share this many arenas, which keep freed memory until `return_freed_memory`.

    Call it before the threads start. Without glibc it does nothing.
    """
    if mallopt := _function("mallopt"):
        mallopt(_M_ARENA_MAX, heaps)
        mallopt(_M_MMAP_THRESHOLD, _LARGEST_KEPT_BYTES)
        mallopt(_M_TRIM_THRESHOLD, (1 << 31) - 1)


def return_freed_memory() -> None:
    """Return free pages to the system; takes some milliseconds. Without glibc it does nothing."""
    if trim := _function("malloc_trim"):
        trim(0)


class FreedMemory:
    """Freed memory, kept for the next request and returned to the system only once it is much."""

    def __init__(self) -> None:
        self._left = 0

    def give_back(self, *, free_idle: Callable[[], None] = lambda: None) -> None:
        """Return it if 16 MB more are resident than after the last time; `free_idle` first frees what idles."""
        if _own_bytes() - self._left >= _WORTH_BYTES:
            free_idle()
            return_freed_memory()
            self._left = _own_bytes()


def _own_bytes() -> int:
    """Return resident bytes that are not a mapped file's."""
    _, resident, shared, *_ = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return (int(resident) - int(shared)) * mmap.PAGESIZE


def _function(name: str) -> Callable[..., int] | None:
    return getattr(ctypes.CDLL(None), name, None)
