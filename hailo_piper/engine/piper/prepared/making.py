"""Entries are made in directories of their own, by one process at a time, and renamed when they are whole."""

import contextlib
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from hailo_piper.engine.piper.prepared.child import POLL_SECONDS, Progress
from hailo_piper.machine.file_lock import directory_lock

MAKING = ".making-"
ABANDONED_SECONDS = 3600


@contextlib.contextmanager
def sole_maker(cache_directory: Path, on_progress: Progress) -> Iterator[bool]:
    """Wait until no other process makes entries here; yield whether that is certain, which it is not without locks."""

    def pause() -> None:
        on_progress(None)
        time.sleep(POLL_SECONDS)

    on_progress(None)
    with directory_lock(cache_directory, pause=pause) as is_locked:
        yield is_locked


def remove_abandoned(cache_directory: Path, *, is_sole_maker: bool) -> None:
    """Delete what killed processes left behind; without locks, only what is an hour old."""
    for path in cache_directory.glob(f"{MAKING}*"):
        with contextlib.suppress(OSError):
            if is_sole_maker or time.time() - path.stat().st_mtime > ABANDONED_SECONDS:
                shutil.rmtree(path, ignore_errors=True)


def publish(making: Path, directory: Path) -> None:
    """Rename a whole entry to its key, and delete the entry that had the name before."""
    old = making.with_name(f"{making.name}-old")
    with contextlib.suppress(FileNotFoundError):
        directory.rename(old)
    with contextlib.suppress(OSError):  # without a lock, another process may just have been faster
        making.rename(directory)
    shutil.rmtree(old, ignore_errors=True)
