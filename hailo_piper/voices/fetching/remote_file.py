"""One file on a server: what it must be when it is here, and how it is received, or taken up again where it was cut."""

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
"""Told how many bytes more there are; fewer (a negative number) where a file begins anew. From several threads."""

Pause = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFile:
    """A file on a server, and what it must be when it is here."""

    url: str
    name: str
    """What it is called here; no path."""

    size_bytes: int
    md5: str
    """In hex."""


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


def fetch_small(url: str, *, max_bytes: int, limits: FetchLimits | None = None) -> bytes:
    """The content of a file whose size and digest nobody has told. Raises FetchError."""
    content = bytearray()
    with within(limits, _SMALL_SECONDS) as these, _told(url, these), HttpClient(these).open(url) as response:
        while len(content) <= max_bytes and (block := response.read1(min(_BLOCK_BYTES, max_bytes + 1 - len(content)))):
            content += block
            these.came(len(block))
        # A connection that was ended looks as if it were all, where no length is promised.
        these.check()
        promised = response.headers["Content-Length"]
        if len(content) > max_bytes or (promised is not None and int(promised) != len(content)):
            raise FetchError(f"{url}: {len(content)} bytes came; {promised} were promised, {max_bytes} are allowed")
    return bytes(content)


def fetch_file(file: RemoteFile, part: Path, on_bytes: Progress, limits: FetchLimits, pause: Pause) -> None:
    """Have the file at a place of its own, whole and right, on the disk. Raises FetchError."""
    with _told(file.url, limits, part.parent), part.open("wb") as target:
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
    digest = _md5(part)
    if digest != file.md5:
        raise FetchError(f"{file.url}: its md5 is {digest}, the catalogue says {file.md5}: not kept")
    part.chmod(0o644)


def within(limits: FetchLimits | None, seconds: float) -> AbstractContextManager[FetchLimits]:
    """The limits that were given, or some of its own."""
    return FetchLimits(seconds=seconds) if limits is None else contextlib.nullcontext(limits)


def _receive(file: RemoteFile, target: BinaryIO, on_bytes: Progress, limits: FetchLimits) -> None:
    """Append what is missing, as far as it comes."""
    start = target.tell()
    with HttpClient(limits).open(file.url, start=start) as response:
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
            limits.came(len(block))
            on_bytes(len(block))


@contextlib.contextmanager
def _told(url: str, limits: FetchLimits, directory: Path | None = None) -> Iterator[None]:
    """Every way to fail, as a FetchError with a line for a person."""
    try:
        with _ended_by(limits):
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
def _ended_by(limits: FetchLimits) -> Iterator[None]:
    """Whatever an ended connection raises, the reason why it was ended is what to tell."""
    try:
        yield
    except Exception:
        limits.check()
        raise


def _md5(path: Path) -> str:
    # The catalogue has no better digest; it finds damage, it is no signature.
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
