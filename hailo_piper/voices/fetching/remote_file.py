"""A remote file is received, resumed where it was cut off, and checked by size and digest."""

import contextlib
import hashlib
import http.client
import os
import urllib.error
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from hailo_piper.errors import FetchError
from hailo_piper.voices.fetching.http_client import HttpClient
from hailo_piper.voices.fetching.limits import FetchLimits

_SMALL_SECONDS = 300.0
_ATTEMPTS = 5
_BLOCK_BYTES = 1 << 18

Progress = Callable[[int], None]
"""Called with the number of bytes received, from several threads; negative where a file restarts from zero."""

Pause = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFile:
    """A file on a server, with the size and digest that it must have."""

    url: str
    name: str
    """The file's name here, without a path."""

    size_bytes: int
    md5: str = ""
    sha256: str = ""
    """Digests in lower-case hex; one of the two is there."""


def mismatch(file: RemoteFile, directory: Path) -> str | None:
    """Return how the file of this name in the directory differs from the remote one, or None."""
    path = directory / file.name
    if not path.is_file():
        return f"{path} is missing"
    if (size := path.stat().st_size) != file.size_bytes:
        return f"{path} is {size} bytes, the catalogue says {file.size_bytes}"
    return f"{path}: {problem}" if (problem := _wrong_digest(file, path)) else None


def fetch_small(url: str, *, max_bytes: int, limits: FetchLimits | None = None) -> bytes:
    """Fetch the content of a file whose size and digest are unknown. Raises FetchError."""
    content = bytearray()
    with within(limits, _SMALL_SECONDS) as these, _as_fetch_errors(url, these), HttpClient(these).open(url) as response:
        while len(content) <= max_bytes and (block := response.read1(min(_BLOCK_BYTES, max_bytes + 1 - len(content)))):
            content += block
            these.count(len(block))
        # Without a Content-Length, a connection that was shut down looks like the end of the file.
        these.check()
        promised = response.headers["Content-Length"]
        if len(content) > max_bytes or (promised is not None and int(promised) != len(content)):
            raise FetchError(f"{url}: {len(content)} bytes came; {promised} were promised, {max_bytes} are allowed")
    return bytes(content)


def fetch_file(file: RemoteFile, part: Path, on_bytes: Progress, limits: FetchLimits, pause: Pause) -> None:
    """Fetch a file to the path `part`, whole, checked and synced to disk. Raises FetchError."""
    with _as_fetch_errors(file.url, limits, part.parent), part.open("wb") as target:
        for attempt in range(_ATTEMPTS):
            before = target.tell()
            try:
                _receive(file, target, on_bytes, limits)
            except (TimeoutError, ConnectionError, http.client.HTTPException, urllib.error.URLError) as error:
                if isinstance(error, urllib.error.HTTPError) or attempt + 1 == _ATTEMPTS:
                    raise
            if target.tell() == file.size_bytes:
                break
            limits.check()
            if target.tell() == before:
                pause(2.0**attempt)
        else:
            raise FetchError(
                f"{file.url}: cut off {_ATTEMPTS} times; {target.tell()} of {file.size_bytes} bytes came: not kept"
            )
        target.flush()
        os.fsync(target.fileno())
    if problem := _wrong_digest(file, part):
        raise FetchError(f"{file.url}: {problem}: not kept")
    part.chmod(0o644)


def within(limits: FetchLimits | None, seconds: float) -> AbstractContextManager[FetchLimits]:
    """Return the given limits, or new ones of this many seconds."""
    return FetchLimits(seconds=seconds) if limits is None else contextlib.nullcontext(limits)


def _receive(file: RemoteFile, target: BinaryIO, on_bytes: Progress, limits: FetchLimits) -> None:
    """Append the missing bytes, as many as come."""
    start = target.tell()
    with HttpClient(limits).open(file.url, start=start) as response:
        if start and response.status != http.client.PARTIAL_CONTENT:
            # This server does not support ranges, so the file restarts from the beginning.
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
            limits.count(len(block))
            on_bytes(len(block))


@contextlib.contextmanager
def _as_fetch_errors(url: str, limits: FetchLimits, directory: Path | None = None) -> Iterator[None]:
    """Turn every failure into a FetchError with a line for a person."""
    try:
        with _as_reason_of(limits):
            yield
    except urllib.error.HTTPError as error:
        error.close()
        raise FetchError(f"{url}: the server answers {error.code} {error.reason}") from error
    except urllib.error.URLError as error:
        raise FetchError(f"{url}: {error.reason}") from error
    except TimeoutError as error:
        raise FetchError(f"{url}: nothing came for too long: {error}") from error
    except (ConnectionError, http.client.HTTPException, ValueError) as error:
        raise FetchError(f"{url}: {error!r}") from error
    except OSError as error:
        raise FetchError(f"{directory or url}: {error.strerror}") from error


@contextlib.contextmanager
def _as_reason_of(limits: FetchLimits) -> Iterator[None]:
    """Replace the errors of a connection that the limits ended by the reason for its end."""
    try:
        yield
    except Exception:
        limits.check()
        raise


def _wrong_digest(file: RemoteFile, path: Path) -> str | None:
    """Return how the digest of the file at a path differs from what it must be, or None."""
    # A hub's catalogue has md5 alone: it finds damage, but does not prove who made the file.
    kind, wanted = ("sha256", file.sha256) if file.sha256 else ("md5", file.md5)
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, lambda: hashlib.new(kind, usedforsecurity=False)).hexdigest()
    return None if digest == wanted else f"its {kind} is {digest}, the catalogue says {wanted}"
