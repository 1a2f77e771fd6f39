"""One process at a time makes entries; what a killed one left behind goes."""

import contextlib
import errno
import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from hailo_piper.engine.piper.prepared.child import POLL_SECONDS, Progress

MAKING = ".making-"
ABANDONED_SECONDS = 3600


@contextlib.contextmanager
def alone_in(directory: Path, on_progress: Progress) -> Iterator[bool]:
    """Let one process at a time make entries here; yields whether it is so: some network file systems have no locks.

    The lock goes with the process, so it is never stale.
    """
    handle = os.open(directory, os.O_RDONLY)
    try:
        yield _lock(handle, on_progress)
    finally:
        os.close(handle)


def _lock(handle: int, on_progress: Progress) -> bool:
    while True:
        on_progress(None)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno != errno.EWOULDBLOCK:
                return False
            time.sleep(POLL_SECONDS)
        else:
            return True


def remove_abandoned(cache_directory: Path, *, is_alone: bool) -> None:
    """Delete what a killed process left behind; where there are no locks, what seems to be that."""
    for path in cache_directory.glob(f"{MAKING}*"):
        with contextlib.suppress(OSError):
            if is_alone or time.time() - path.stat().st_mtime > ABANDONED_SECONDS:
                shutil.rmtree(path, ignore_errors=True)
