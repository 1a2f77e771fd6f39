"""The cache on disk survives restarts, and switches itself off while the disk fails.

One thread of its own holds the only connection, so that no request waits for a write. A failure costs a warning and,
at worst, the cache, which is retried every minute.
"""

import logging
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from hailo_piper.cache import database as speech_database
from hailo_piper.cache.database import DamagedEntryError, MovedError, SpeechDatabase
from hailo_piper.cache.former import remove_former
from hailo_piper.cache.store import CachedSpeech, CacheStatistics

logger = logging.getLogger(__name__)

_T = TypeVar("_T")
_MOST_WRITES_WAITING = 32
_MOST_DROPS = 3
"""After this many corruptions within an hour, the next one turns the cache off."""
_DROPS_SECONDS = 3600.0
_IN_USE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
"""Errors while another process has the database: this operation is skipped."""
_OUT_OF_REACH = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM,
                 sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM}  # fmt: skip
"""Errors of the disk. Any other is one of the file, which is then replaced by an empty one."""


class DiskCache:
    """A cache of the most recently used sentences, bounded in bytes and age, that survives restarts."""

    retry_seconds = 60.0
    """Seconds for which a failing disk is left alone."""

    def __init__(
        self,
        directory: Path,
        *,
        max_bytes: int,
        ttl_seconds: float,
        patience_seconds: float = 5.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`patience_seconds`: how long to wait for the disk; speaking a sentence again takes less.

        `clock`: the time of day, for the age of entries.
        """
        self._patience_seconds = patience_seconds
        self._directory = directory
        self._open_database: Callable[[], SpeechDatabase] = partial(
            SpeechDatabase, directory, max_bytes=max_bytes, ttl_seconds=ttl_seconds, clock=clock
        )
        self._database: SpeechDatabase | None = None
        self._closed = False
        self._drops = deque[float](maxlen=_MOST_DROPS)
        self._writes = threading.BoundedSemaphore(_MOST_WRITES_WAITING)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="cache")
        self._is_usable = True
        self._is_reported = False
        """Whether the present failure has been logged."""
        self._retry_at = 0.0
        self._retrying = threading.Lock()
        """Held while a retry is queued or running."""
        self._statistics = CacheStatistics(enabled=True, max_bytes=max_bytes)
        self._ask(lambda _: None, None)
        self._thread.submit(self._remove_former)

    @property
    def statistics(self) -> CacheStatistics:
        """Its statistics as of its last operation; never blocks."""
        return (
            self._statistics if self._is_usable else replace(self._statistics, enabled=False, entries=0, size_bytes=0)
        )

    def has(self, keys: Sequence[str]) -> list[bool]:
        """Return whether each key has an entry."""
        return self._ask(lambda database: self._has(database, keys), [False] * len(keys))

    def find(self, keys: Sequence[str]) -> tuple[list[bool], CachedSpeech | None]:
        """Return whether each key has an entry, and the first key's entry."""
        none: tuple[list[bool], CachedSpeech | None] = ([False] * len(keys), None)
        return self._ask(lambda database: self._find(database, keys), none)

    def get(self, key: str) -> CachedSpeech | None:
        """Return the entry of a key, or None."""
        return self._ask(lambda database: self._read(database, key), None)

    def put(self, key: str, speech: CachedSpeech) -> None:
        """Keep an entry; if the disk is too slow and too many writes wait, it is dropped instead (backpressure)."""
        if self._is_open() and self._writes.acquire(blocking=False):
            self._thread.submit(
                self._guarded, lambda database: self._write(database, key, speech), None
            ).add_done_callback(lambda _: self._writes.release())

    def clear(self) -> int:
        """Remove all entries; return how many there were."""
        return self._ask(self._clear, 0)

    def close(self) -> None:
        """Finish pending writes and close the file; may be called again."""
        if not self._closed:
            self._closed = True
            self._thread.submit(self._close)
            self._thread.shutdown(wait=self._is_usable)

    def _ask(self, action: Callable[[SpeechDatabase], _T], otherwise: _T) -> _T:
        if not self._is_open():
            return otherwise
        try:
            return self._thread.submit(self._guarded, action, otherwise).result(self._patience_seconds)
        except TimeoutError:
            self._turn_off("it does not answer")
            return otherwise

    def _is_open(self) -> bool:
        """Return whether the cache is usable; if it is off, its own thread retries the disk now and then."""
        if self._closed or self._is_usable:
            return not self._closed
        if time.monotonic() >= self._retry_at and self._retrying.acquire(blocking=False):
            self._thread.submit(self._retry).add_done_callback(lambda _: self._retrying.release())
        return False

    def _turn_off(self, reason: object) -> None:
        if not self._is_reported:
            logger.warning(
                "the speech cache in %s cannot be used and is off; it is tried again every %.0f seconds: %s",
                self._directory,
                self.retry_seconds,
                reason,
            )
        self._is_reported = True
        self._retry_at = time.monotonic() + self.retry_seconds
        self._is_usable = False

    # The methods below run on the cache's own thread.

    def _guarded(self, action: Callable[[SpeechDatabase], _T], otherwise: _T) -> _T:
        """Return the action's result, or `otherwise` if the disk is full or the file damaged or out of reach."""
        try:
            if not self._is_usable:
                return otherwise
            return action(self._opened())
        except (sqlite3.Error, OSError) as error:
            self._recover(error)
            return otherwise

    def _opened(self) -> SpeechDatabase:
        """Return the database, opened again if its file was moved."""
        if self._database is not None:
            try:
                self._database.check_place()
            except MovedError as error:
                logger.warning("the speech cache in %s begins anew: %s", self._directory, error)
                self._close()
        if self._database is None:
            self._database = self._open_database()
            self._count(self._database)
        return self._database

    def _recover(self, error: Exception) -> None:
        """Leave a busy database alone, replace a damaged one, and turn the cache off if the disk is at fault."""
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
        if isinstance(error, sqlite3.Error) and code & 0xFF in _IN_USE:
            return
        self._close()
        if code == sqlite3.SQLITE_READONLY_DBMOVED:
            # The file was moved between the check and the write; the next operation opens a new one.
            logger.warning("the speech cache in %s begins anew: it was removed or replaced", self._directory)
            return
        is_of_disk = isinstance(error, OSError) or code & 0xFF in _OUT_OF_REACH
        if is_of_disk and code != sqlite3.SQLITE_IOERR_SHORT_READ:
            self._turn_off(error)
            return
        now = time.monotonic()
        if len(self._drops) == _MOST_DROPS and now - self._drops[0] < _DROPS_SECONDS:
            self._turn_off(f"it is damaged again and again: {error}")
            return
        self._drops.append(now)
        logger.warning("the speech cache in %s is damaged and begins anew: %s", self._directory, error)
        try:
            speech_database.remove(self._directory)
            self._opened()
        except (sqlite3.Error, OSError) as again:
            self._close()
            self._turn_off(again)

    def _retry(self) -> None:
        """Turn the cache on again if the disk works; a failure that goes on has been logged already."""
        if not self._closed:
            try:
                self._opened()
            except (sqlite3.Error, OSError) as error:
                self._recover(error)
            self._is_usable = self._database is not None

    def _has(self, database: SpeechDatabase, keys: Sequence[str]) -> list[bool]:
        found = [database.has(key) for key in keys]
        now = self._statistics
        self._statistics = replace(now, hits=now.hits + sum(found), misses=now.misses + len(found) - sum(found))
        return found

    def _find(self, database: SpeechDatabase, keys: Sequence[str]) -> tuple[list[bool], CachedSpeech | None]:
        found = self._has(database, keys)
        return found, self._read(database, keys[0]) if found[:1] == [True] else None

    def _read(self, database: SpeechDatabase, key: str) -> CachedSpeech | None:
        try:
            return database.read(key)
        except DamagedEntryError:
            logger.warning("an entry of the speech cache in %s is damaged and dropped", self._directory)
            self._count(database)
            return None

    def _write(self, database: SpeechDatabase, key: str, speech: CachedSpeech) -> None:
        database.write(key, speech)
        if self._is_reported:
            logger.info("the speech cache in %s is used again", self._directory)
        self._is_reported = False
        self._count(database)

    def _clear(self, database: SpeechDatabase) -> int:
        count = len(database)
        self._close()
        # SQLite would keep the file at its size; a new one is small.
        speech_database.remove(self._directory)
        self._opened()
        return count

    def _count(self, database: SpeechDatabase) -> None:
        self._statistics = replace(self._statistics, entries=len(database), size_bytes=database.size_bytes)

    def _close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None

    def _remove_former(self) -> None:
        with suppress(OSError):
            remove_former(self._directory)
