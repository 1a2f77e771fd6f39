"""The C heap: keeps glibc from hoarding what threads have freed.

glibc gives every thread a heap of its own and keeps what is freed there. A service with many threads that each see a
little of every request would hold several times what it uses.
"""

import ctypes
from collections.abc import Callable

_M_ARENA_MAX = -8


def share_heaps(heaps: int) -> None:
    """Have all threads share so many heaps; call it before they start. Without glibc, nothing happens."""
    if mallopt := _function("mallopt"):
        mallopt(_M_ARENA_MAX, heaps)


def return_freed_memory() -> None:
    """Give pages that hold nothing back to the system; some milliseconds. Without glibc, nothing happens."""
    if trim := _function("malloc_trim"):
        trim(0)


def _function(name: str) -> Callable[..., int] | None:
    return getattr(ctypes.CDLL(None), name, None)
