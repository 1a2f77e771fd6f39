"""The cache on disk: survives restarts, drops the least recently used, and gives way to any trouble with the disk.

diskcache keeps small values in an SQLite database and large ones in files beside it. All of it happens on one thread
of the cache's own: it has one connection, whoever asks, and nobody who speaks waits for a write. Whatever goes wrong
costs a warning and, at worst, the cache.
"""

import logging
import sqlite3
import struct
import threading
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import diskcache
import numpy as np

from hailo_piper.cache import CachedSpeech, CacheStatistics

logger = logging.getLogger(__name__)

_T = TypeVar("_T")
_HEADER = struct.Struct("<4sI?")
"""mark, checksum of the samples, length_announced"""
_MARK = b"hp-1"
_MODE_RAW, _MODE_BINARY = 1, 2
"""diskcache's numbers for a value that stands in the database as it is, and for one that is a file."""
_MOST_WRITES_WAITING = 32
_MOST_DROPS = 3
"""A disk that damages the cache more often than this is no place for one."""


class DiskCache:
    """Keeps the most recently used within a number of bytes and seconds, over restarts."""

    def __init__(self, directory: Path, *, max_bytes: int, ttl_seconds: float, patience_seconds: float = 5.0) -> None:
        """`patience_seconds`: how long to wait for the disk; speaking a sentence anew takes less."""
        self._patience_seconds = patience_seconds
        self._directory = directory
        self._max_bytes = max_bytes
        self._ttl_seconds = ttl_seconds
        self._closed = False
        self._drops = 0
        self._store: Any = None
        self._writes = threading.BoundedSemaphore(_MOST_WRITES_WAITING)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="cache")
        self._is_usable = True
        self._statistics = CacheStatistics(enabled=True, max_bytes=max_bytes)
        self._ask(self._open, None)

    @property
    def statistics(self) -> CacheStatistics:
        """What it holds, as of its last operation; never waits."""
        return (
            self._statistics if self._is_usable else replace(self._statistics, enabled=False, entries=0, size_bytes=0)
        )

    def has(self, keys: Sequence[str]) -> list[bool]:
        """Which of the keys there is something under."""
        return self._ask(lambda: self._look_for(keys), [False] * len(keys))

    def get(self, key: str) -> CachedSpeech | None:
        """What is kept under the key, or None."""
        return self._ask(lambda: self._read(key), None)

    def put(self, key: str, speech: CachedSpeech) -> None:
        """Keep it; on a disk that is too slow for all there is to keep, some is forgotten instead."""
        if self._is_open() and self._writes.acquire(blocking=False):
            self._thread.submit(self._guarded, lambda: self._write(key, speech), None).add_done_callback(
                lambda _: self._writes.release()
            )

    def clear(self) -> int:
        """Forget everything; returns how many entries that were."""
        return self._ask(lambda: int(self._store.clear(retry=True)), 0)

    def close(self) -> None:
        """Finish what is being written, and let go of the files; may be called again."""
        if not self._closed:
            self._closed = True
            self._thread.submit(self._close)
            self._thread.shutdown(wait=self._is_usable)

    def _ask(self, action: Callable[[], _T], otherwise: _T) -> _T:
        if not self._is_open():
            return otherwise
        try:
            return self._thread.submit(self._guarded, action, otherwise).result(self._patience_seconds)
        except TimeoutError:
            self._turn_off("it does not answer")
            return otherwise

    def _is_open(self) -> bool:
        return self._is_usable and not self._closed

    # What follows runs on the cache's own thread.

    def _guarded(self, action: Callable[[], _T], otherwise: _T) -> _T:
        """The action's result, or `otherwise` where the disk is full or the cache damaged or out of reach."""
        try:
            if not self._is_usable:
                return otherwise
            result = action()
            self._statistics = replace(self._statistics, entries=len(self._store), size_bytes=self._store.volume())
        except (sqlite3.Error, diskcache.Timeout, OSError, KeyError, TypeError, ValueError) as error:
            # diskcache reads its settings from the file: a garbled one can be any of the last three.
            self._recover(error)
            return otherwise
        return result

    def _recover(self, error: Exception) -> None:
        self._drops += 1
        is_damage = isinstance(error, sqlite3.DatabaseError | KeyError | TypeError | ValueError)
        if is_damage and "full" not in str(error) and "readonly" not in str(error) and self._drops <= _MOST_DROPS:
            logger.warning("the speech cache in %s is damaged and begins anew: %s", self._directory, error)
            try:
                self._close()
                self._wipe()
                self._open()
            except (sqlite3.Error, diskcache.Timeout, OSError) as again:
                error = again
            else:
                return
        self._turn_off(error)
        self._close()

    def _turn_off(self, reason: object) -> None:
        logger.warning("the speech cache in %s cannot be used and is off: %s", self._directory, reason)
        self._is_usable = False

    def _open(self) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        # Every setting that matters: it would believe what it finds in the file.
        self._store = _Store(
            str(self._directory),
            timeout=1,
            disk=_Bytes,
            size_limit=self._max_bytes,
            eviction_policy="least-recently-used",
            # One comes, two go, while it is over its bound.
            cull_limit=2,
            statistics=0,
            tag_index=0,
            sqlite_cache_size=256,
            sqlite_mmap_size=0,
            # No wal: its shared memory is mapped, and a file that shrinks under a mapping ends the process. No sync:
            # a power cut may cost the cache, which is cheaper than a wait for the disk with every hit.
            sqlite_journal_mode="truncate",
            sqlite_synchronous=0,
            disk_min_file_size=1 << 15,
        )
        self._store.cull()

    def _look_for(self, keys: Sequence[str]) -> list[bool]:
        found = [key in self._store for key in keys]
        now = self._statistics
        self._statistics = replace(now, hits=now.hits + sum(found), misses=now.misses + len(found) - sum(found))
        return found

    def _read(self, key: str) -> CachedSpeech | None:
        entry = self._store.get(key)
        if entry is None:
            return None
        if len(entry) >= _HEADER.size:
            mark, checksum, length_announced = _HEADER.unpack_from(entry)
            pcm = memoryview(entry)[_HEADER.size :]
            if mark == _MARK and len(pcm) % 4 == 0 and zlib.crc32(pcm) == checksum:
                return CachedSpeech(np.frombuffer(pcm, "<f4"), length_announced)
        logger.warning("an entry of the speech cache in %s is damaged and dropped", self._directory)
        self._store.delete(key)
        return None

    def _write(self, key: str, speech: CachedSpeech) -> None:
        pcm = speech.samples.astype("<f4", copy=False).tobytes()
        entry = _HEADER.pack(_MARK, zlib.crc32(pcm), speech.length_announced) + pcm
        self._store.set(key, entry, expire=self._ttl_seconds)

    def _close(self) -> None:
        if self._store is not None:
            with suppress(sqlite3.Error):
                self._store.close()
            self._store = None

    def _wipe(self) -> None:
        """Remove what diskcache makes, and nothing else that an operator may keep in this directory."""
        for pattern in ("cache.db*", "[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*.val"):
            for path in self._directory.glob(pattern):
                path.unlink(missing_ok=True)


class _Store(diskcache.Cache):  # type: ignore[misc]
    """Leaves no connection behind where it does not open."""

    def __init__(self, directory: str, **settings: Any) -> None:
        try:
            super().__init__(directory, **settings)
        except BaseException:
            self.close()
            raise


class _Bytes(diskcache.Disk):  # type: ignore[misc]
    """Keys are text and values bytes: nothing is ever pickled or unpickled, whatever stands in the database."""

    def put(self, key: str) -> tuple[str, bool]:
        """Text stands in the database as it is."""
        return key, True

    def store(self, value: bytes, read: bool, key: str) -> Any:  # noqa: FBT001 - diskcache's signature
        """Bytes, in the database or as a file."""
        return super().store(bytes(value), read, key)

    def fetch(self, mode: int, filename: str | None, value: object, read: bool) -> bytes:  # noqa: ARG002, FBT001
        """The bytes as they were stored. Raises DatabaseError for anything else."""
        if mode == _MODE_RAW and isinstance(value, bytes):
            return value
        if mode == _MODE_BINARY and isinstance(filename, str):
            path = Path(self._directory, filename).resolve()
            if path.is_relative_to(Path(self._directory).resolve()):
                return path.read_bytes()
        raise sqlite3.DatabaseError("an entry holds no bytes")
