"""Fetches files over HTTP: whole, checked and moved into place, or not at all."""

import contextlib
import errno
import fcntl
import hashlib
import http.client
import os
import shutil
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from hailo_piper import __version__
from hailo_piper.errors import FetchError

FETCHING = ".fetching-"
"""Files under way are in such a directory beside their target: on the same file system, and no voice to anyone."""

_TIMEOUT_SECONDS = 30
_ATTEMPTS = 5
_AT_ONCE = 4
_BLOCK_BYTES = 1 << 18

Progress = Callable[[int], None]
"""Told how many bytes more there are; fewer (a negative number) where a file begins anew. From several threads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFile:
    """A file on a server, and what it must be when it is here."""

    url: str
    name: str
    """What it is called here; no path."""

    size_bytes: int
    md5: str
    """In hex."""


def is_here(file: RemoteFile, directory: Path) -> bool:
    """Whether the directory has this very file already."""
    return what_is_wrong(file, directory) is None


def what_is_wrong(file: RemoteFile, directory: Path) -> str | None:
    """How the file of this name in the directory differs from what it must be; None where it does not."""
    path = directory / file.name
    if not path.is_file():
        return f"{path} is missing"
    if (size := path.stat().st_size) != file.size_bytes:
        return f"{path} is {size} bytes, the catalogue says {file.size_bytes}"
    if (digest := _md5(path)) != file.md5:
        return f"{path}: its md5 is {digest}, the catalogue says {file.md5}"
    return None


def fetch_files(
    files: Sequence[RemoteFile],
    directory: Path,
    *,
    on_progress: Progress = lambda _: None,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Fetch files into a directory, as `fetch_groups` does with one group. Raises FetchError."""
    for failure in fetch_groups([files], directory, on_progress=on_progress, pause=pause):
        if failure is not None:
            raise failure


def fetch_groups(
    groups: Sequence[Sequence[RemoteFile]],
    directory: Path,
    *,
    on_progress: Progress = lambda _: None,
    pause: Callable[[float], None] = time.sleep,
) -> list[FetchError | None]:
    """Fetch groups of files into a directory, several files at once; returns why a group failed, if it did.

    The files of a group appear in their order, when all of them are whole and right; of one that failed, none does.
    A connection that is cut is taken up again where it ended. Raises FetchError where nothing can be fetched at all.
    """
    failures = list[FetchError | None]()
    with _alone_in(directory):
        # Another process may have fetched some while this one waited.
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

                _fetch(file, parts / file.name, on_bytes, pause)

            tasks = [[pool.submit(fetch, number, file) for file in group] for number, group in enumerate(groups)]
            try:
                for number, group in enumerate(groups):
                    try:
                        for task in tasks[number]:
                            task.result()
                    except FetchError as error:
                        failures.append(error)
                        given_up.add(number)
                        continue
                    failures.append(None)
                    for file in group:
                        (parts / file.name).replace(directory / file.name)
            finally:
                # After a failure or Ctrl-C the others need not go on.
                given_up.update(range(len(groups)))
                pool.shutdown(cancel_futures=True)
    return failures


def fetch_small(url: str, *, max_bytes: int) -> bytes:
    """The content of a file whose size and digest nobody has told. Raises FetchError."""
    with _told(url), _open(url, start=0) as response:
        content: bytes = response.read(max_bytes + 1)
        promised = response.headers["Content-Length"]
        if len(content) > max_bytes or (promised is not None and int(promised) != len(content)):
            raise FetchError(f"{url}: {len(content)} bytes came; {promised} were promised, {max_bytes} are allowed")
        return content


def _fetch(file: RemoteFile, part: Path, on_bytes: Progress, pause: Callable[[float], None]) -> None:
    with _told(file.url, part.parent), part.open("wb") as target:
        for attempt in range(_ATTEMPTS):
            before = target.tell()
            try:
                _receive(file, target, on_bytes)
            except (TimeoutError, ConnectionError, http.client.HTTPException, urllib.error.URLError) as error:
                if isinstance(error, urllib.error.HTTPError) or attempt + 1 == _ATTEMPTS:
                    raise
            if target.tell() == file.size_bytes:
                break
            if target.tell() == before:
                pause(2.0**attempt)
        else:
            raise FetchError(
                f"{file.url}: cut off {_ATTEMPTS} times; {target.tell()} of {file.size_bytes} bytes came: not kept"
            )
        target.flush()
        os.fsync(target.fileno())
    digest = _md5(part)
    if digest != file.md5:
        raise FetchError(f"{file.url}: its md5 is {digest}, the catalogue says {file.md5}: not kept")
    part.chmod(0o644)


def _receive(file: RemoteFile, target: BinaryIO, on_bytes: Progress) -> None:
    """Append what is missing, as far as it comes."""
    start = target.tell()
    with _open(file.url, start=start) as response:
        if start and response.status != http.client.PARTIAL_CONTENT:
            # This server does not continue: from the beginning.
            on_bytes(-start)
            start = 0
            target.seek(0)
            target.truncate()
        promised = response.headers["Content-Length"]
        if promised is not None and start + int(promised) != file.size_bytes:
            raise FetchError(
                f"{file.url}: is {start + int(promised)} bytes there, the catalogue says {file.size_bytes}: not kept"
            )
        while block := response.read1(min(_BLOCK_BYTES, file.size_bytes - target.tell())):
            target.write(block)
            on_bytes(len(block))


def _open(url: str, *, start: int) -> Any:
    if not url.startswith(("http://", "https://")):
        raise FetchError(f"{url}: not an http or https address")
    headers = {"User-Agent": f"hailo-piper/{__version__}", **({"Range": f"bytes={start}-"} if start else {})}
    return urllib.request.urlopen(  # noqa: S310 - the scheme is checked above
        urllib.request.Request(url, headers=headers),  # noqa: S310
        timeout=_TIMEOUT_SECONDS,
    )


@contextlib.contextmanager
def _told(url: str, directory: Path | None = None) -> Iterator[None]:
    """Every way to fail, as a FetchError with a line for a person."""
    try:
        yield
    except urllib.error.HTTPError as error:
        error.close()
        raise FetchError(f"{url}: the server answers {error.code} {error.reason}") from error
    except urllib.error.URLError as error:
        raise FetchError(f"{url}: {error.reason}") from error
    except TimeoutError as error:
        raise FetchError(f"{url}: nothing came for {_TIMEOUT_SECONDS} seconds") from error
    except (ConnectionError, http.client.HTTPException, ValueError) as error:
        raise FetchError(f"{url}: {error!r}") from error
    except OSError as error:
        raise FetchError(f"{directory or url}: {error.strerror}") from error


@contextlib.contextmanager
def _alone_in(directory: Path) -> Iterator[None]:
    """Let one process at a time fetch into a directory, so that what another left there is known to be abandoned."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        handle = os.open(directory, os.O_RDONLY)
    except OSError as error:
        raise FetchError(f"{directory}: {error.strerror}") from error
    try:
        with contextlib.suppress(OSError):  # some network file systems have no locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def _room_for(files: Sequence[RemoteFile], directory: Path) -> Iterator[Path]:
    """A directory for files under way, gone at the end; and what a killed process left of one goes now."""
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


def _md5(path: Path) -> str:
    # The catalogue has no better digest; it finds damage, it is no signature.
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
