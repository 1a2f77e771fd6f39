"""The C heap: few for all threads, kept while there is work, given back when there is none.

glibc gives every thread a heap of its own and keeps what is freed there. A service with many threads that each see a
little of every request would hold several times what it uses. What is large, on the other hand, glibc takes from the
system and gives back each time, and every page that comes new costs 2 to 5 us: up to a quarter of an inference.
"""

import ctypes
from collections.abc import Callable

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_LARGEST_KEPT_BYTES = 32 << 20
"""The most that glibc takes."""


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


def _function(name: str) -> Callable[..., int] | None:
    return getattr(ctypes.CDLL(None), name, None)
