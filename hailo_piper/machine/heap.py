"""The C heap: few for all threads; what is freed is kept for the next, and given back when it has become much.

glibc gives every thread a heap of its own and keeps what is freed there. A service with many threads that each see a
little of every request would hold several times what it uses. What is large, on the other hand, glibc takes from the
system and gives back each time, and every page that comes new costs 2 to 5 us: up to a quarter of an inference.
"""

import ctypes
import mmap
from collections.abc import Callable
from pathlib import Path

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_LARGEST_KEPT_BYTES = 32 << 20
"""The most that glibc takes."""
_WORTH_BYTES = 16 << 20
"""What two or three long sentences leave."""


def share_heaps(heaps: int) -> None:
    """Have all threads share so many heaps, which keep what is freed until `return_freed_memory`.

    Call it before they start. Without glibc, nothing happens.
    """
    if mallopt := _function("mallopt"):
        mallopt(_M_ARENA_MAX, heaps)
        mallopt(_M_MMAP_THRESHOLD, _LARGEST_KEPT_BYTES)
        mallopt(_M_TRIM_THRESHOLD, (1 << 31) - 1)


def return_freed_memory() -> None:
    """Give pages that hold nothing back to the system; some milliseconds. Without glibc, nothing happens."""
    if trim := _function("malloc_trim"):
        trim(0)


class FreedMemory:
    """What was freed, and is given back only when it has become much: whoever speaks next can use it."""

    def __init__(self) -> None:
        self._left = 0

    def give_back(self, *, let_go: Callable[[], None] = lambda: None) -> None:
        """Give it back if there is much more than there was after the last time; `let_go` frees what is kept idle."""
        if _own_bytes() - self._left >= _WORTH_BYTES:
            let_go()
            return_freed_memory()
            self._left = _own_bytes()


def _own_bytes() -> int:
    """Resident memory that is no file's."""
    _, resident, shared, *_ = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return (int(resident) - int(shared)) * mmap.PAGESIZE


def _function(name: str) -> Callable[..., int] | None:
    return getattr(ctypes.CDLL(None), name, None)
