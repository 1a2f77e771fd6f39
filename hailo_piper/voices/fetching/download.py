"""Files are fetched over HTTP whole, checked and moved into place, or not at all."""

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from hailo_piper.errors import FetchError
from hailo_piper.machine.file_lock import directory_lock
from hailo_piper.voices.fetching.limits import FetchLimits
from hailo_piper.voices.fetching.remote_file import Pause, Progress, RemoteFile, fetch_file, mismatch, within

FETCHING = ".fetching-"
"""Prefix of the directory for unfinished files, beside their target: on its file system, and not seen as voices."""

_LONGEST_SECONDS = 24 * 3600.0
_POLL_SECONDS = 0.2
_AT_ONCE = 4


def is_here(file: RemoteFile, directory: Path) -> bool:
    """Return whether the directory already has this very file."""
    return mismatch(file, directory) is None


def fetch_files(
    files: Sequence[RemoteFile],
    directory: Path,
    *,
    on_progress: Progress = lambda _: None,
    limits: FetchLimits | None = None,
    pause: Pause | None = None,
) -> None:
    """Fetch files into a directory, as `fetch_groups` does with one group. Raises FetchError."""
    for failure in fetch_groups([files], directory, on_progress=on_progress, limits=limits, pause=pause):
        if failure is not None:
            raise failure


def fetch_groups(
    groups: Sequence[Sequence[RemoteFile]],
    directory: Path,
    *,
    on_progress: Progress = lambda _: None,
    limits: FetchLimits | None = None,
    pause: Pause | None = None,
) -> list[FetchError | None]:
    """Fetch groups of files into a directory, several files at once; return each group's failure, or None.

    The files of a group appear in their order once all of them are whole and right; of a failed group none appears.
    A download that is cut off is resumed. Without `limits` it may take a day, as long as bytes keep coming.
    Raises FetchError if nothing can be fetched at all.
    """
    with within(limits, _LONGEST_SECONDS) as these, _locked(directory, these):
        # Another process may have fetched some while this one waited for the lock.
        groups = [[file for file in group if not is_here(file, directory)] for group in groups]
        with (
            _room_for([file for group in groups for file in group], directory) as parts,
            ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="fetch") as pool,
        ):
            given_up = set[int]()

            def fetch(number: int, file: RemoteFile) -> None:
                def on_bytes(count: int) -> None:
                    if number in given_up:
                        raise FetchError(f"{file.name}: stopped")
                    on_progress(count)

                fetch_file(file, parts / file.name, on_bytes, these, pause or these.wait)

            failures = []
            try:
                tasks = [[pool.submit(fetch, number, file) for file in group] for number, group in enumerate(groups)]
                for number, group in enumerate(groups):
                    failures.append(_finished(tasks[number], group, parts, directory))
                    given_up.add(number)
            except BaseException:
                # After Ctrl-C, while tasks are submitted or later, the pool must not wait for bytes that never come.
                these.stop("it was given up")
                raise
            finally:
                # After a failure the remaining downloads stop.
                given_up.update(range(len(groups)))
                pool.shutdown(cancel_futures=True)
        return failures


def _finished(
    tasks: Sequence["Future[None]"], group: Sequence[RemoteFile], parts: Path, directory: Path
) -> FetchError | None:
    """Wait for a group and move it into place; return its failure, or None."""
    try:
        for task in tasks:
            task.result()
    except FetchError as error:
        return error
    for file in group:
        (parts / file.name).replace(directory / file.name)
    return None


@contextlib.contextmanager
def _locked(directory: Path, limits: FetchLimits) -> Iterator[None]:
    """Let one process at a time fetch into a directory, so that what another left there is known to be abandoned."""
    with contextlib.ExitStack() as stack:
        try:
            directory.mkdir(parents=True, exist_ok=True)
            stack.enter_context(directory_lock(directory, pause=lambda: limits.wait(_POLL_SECONDS)))
        except OSError as error:
            raise FetchError(f"{directory}: {error.strerror}") from error
        yield


@contextlib.contextmanager
def _room_for(files: Sequence[RemoteFile], directory: Path) -> Iterator[Path]:
    """Make a directory for unfinished files, and remove it at the end; those of killed processes are removed now."""
    for abandoned in directory.glob(f"{FETCHING}*"):
        shutil.rmtree(abandoned, ignore_errors=True)
    needed, free = sum(file.size_bytes for file in files), shutil.disk_usage(directory).free
    if needed > free:
        raise FetchError(f"{directory}: {os.strerror(errno.ENOSPC)}: {needed} bytes are needed, {free} are free")
    try:
        with tempfile.TemporaryDirectory(prefix=FETCHING, dir=directory) as parts:
            yield Path(parts)
    except OSError as error:
        raise FetchError(f"{directory}: {error.strerror}") from error
