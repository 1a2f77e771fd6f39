"""A lock on a directory lets one process at a time work there."""

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path


@contextlib.contextmanager
def directory_lock(directory: Path, *, pause: Callable[[], None]) -> Iterator[bool]:
    """Hold the directory's lock; yield False where there are no locks, as on some network file systems.

    The lock ends with the process, so it is never stale. `pause` is called after each attempt that finds the lock
    taken; what it raises ends the wait. Raises OSError where the directory cannot be opened.
    """
    handle = os.open(directory, os.O_RDONLY)
    try:
        while (is_locked := _try_to_lock(handle)) is None:
            pause()
        yield is_locked
    finally:
        os.close(handle)


def _try_to_lock(handle: int) -> bool | None:
    """Return whether this process holds the lock now; None where another does."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None
    except OSError:
        return False
    return True
