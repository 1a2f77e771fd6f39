"""Spoken sentences in one SQLite file: bounded in bytes and age, the least recently used dropped first.

Sentences are blobs: a hit costs as much as from a file of its own (70 against 50 µs for three seconds of speech), and
one file has no orphans, no paths to believe and no entry without its sound. Pages that a dropped sentence leaves are
the next one's, so the file stays as large as its bound. No WAL: its shared memory is mapped, and a file that shrinks
under a mapping ends the process. No sync: a power cut may cost the cache, which is less than a wait with every write.
"""

import os
import sqlite3
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

from hailo_piper.cache.store import CachedSpeech

NAME = "speech.db"
_PAGE_BYTES = 8192
_SCHEMA = {
    "entries": "CREATE TABLE entries (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, stored REAL, used INTEGER)",
    "by_use": "CREATE INDEX by_use ON entries (used)",
    "speech": "CREATE TABLE speech (id INTEGER PRIMARY KEY, content BLOB NOT NULL)",
}
_SETTINGS = ("journal_mode=TRUNCATE", "synchronous=OFF", "mmap_size=0", "cache_size=-2048", "trusted_schema=OFF",
             "cell_size_check=ON", "temp_store=MEMORY")  # fmt: skip
_HEADER = struct.Struct("<4sI?")
"""mark, checksum of the samples, length_announced"""
_MARK = b"hp-1"
_ROLLBACK_JOURNAL = b"\1\1"
"""What stands at the eighteenth byte of a database whose journal is no WAL."""
_STALE_AT_ONCE = 8


class DamagedEntryError(Exception):
    """An entry was not what had been stored; it is gone."""


class MovedError(OSError):
    """The file was removed or replaced while it was open."""


class SpeechDatabase:
    """One connection to the file, for the thread that opened it. Everything may raise sqlite3.Error or OSError."""

    def __init__(self, directory: Path, *, max_bytes: int, ttl_seconds: float, clock: Callable[[], float] = time.time):
        """Open the file, or make it; raises sqlite3.DatabaseError for one that is not ours or is damaged.

        `clock`: the time of day, in seconds: an entry's age goes on over restarts. One that seems to be of the future
        is kept, since a machine without a battery begins in the past.
        """
        self._path = directory / NAME
        self._max_bytes = max_bytes
        self._ttl_seconds = ttl_seconds
        self._clock = clock
        self._pending: dict[int, int] = {}
        """When entries were used since the last write, in uses."""
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        # What people have said is nobody else's.
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        with self._path.open("rb") as file:
            header = file.read(20)
        if header and header[18:] != _ROLLBACK_JOURNAL:
            raise sqlite3.DatabaseError("it is no database of spoken sentences")
        self._connection = sqlite3.connect(self._path, timeout=1, isolation_level=None)
        try:
            self._begin(is_new=not header)
            self._identity = self._look()
            (self._uses,) = self._row("SELECT coalesce(max(used), 0) FROM entries")
            self._shrink()
        except BaseException:
            self._connection.close()
            raise

    @property
    def size_bytes(self) -> int:
        """What is in use of the file."""
        (pages,), (free,) = self._row("PRAGMA page_count"), self._row("PRAGMA freelist_count")
        return (int(pages) - int(free)) * _PAGE_BYTES

    def __len__(self) -> int:
        """How many sentences there are."""
        return int(self._row("SELECT count(*) FROM entries")[0])

    def check_place(self) -> None:
        """Raise MovedError where the file is not at its place any more: SQLite would go on with one that is gone."""
        try:
            is_moved = self._look() != self._identity
        except (FileNotFoundError, NotADirectoryError):
            is_moved = True
        if is_moved:
            raise MovedError("it was removed or replaced")

    def has(self, key: str) -> bool:
        """Whether there is something under the key that is not too old."""
        return self._connection.execute(
            "SELECT 1 FROM entries WHERE key = ? AND stored >= ?", (key, self._oldest())
        ).fetchone() is not None  # fmt: skip

    def read(self, key: str) -> CachedSpeech | None:
        """What is under the key. Raises DamagedEntryError where it is not what was stored."""
        row = self._connection.execute(
            "SELECT id, content FROM entries LEFT JOIN speech USING (id) WHERE key = ? AND stored >= ?",
            (key, self._oldest()),
        ).fetchone()
        if row is None:
            return None
        number, content = row
        speech = _parse(content)
        if speech is None:
            with self._changing():
                self._delete([number])
            raise DamagedEntryError
        self._uses += 1
        self._pending[number] = self._uses
        return speech

    def write(self, key: str, speech: CachedSpeech) -> None:
        """Keep it, and drop for it what is too old or unused for longest; what would fill half the file is not kept."""
        pcm = speech.samples.astype("<f4", copy=False).tobytes()
        content = _HEADER.pack(_MARK, zlib.crc32(pcm), speech.length_announced) + pcm
        if len(content) > self._max_bytes // 2:
            return
        # In a change of its own: pages that are free before a change need not go through the journal.
        self._make_room(len(content) + 2 * _PAGE_BYTES)
        with self._changing():
            self._delete([number for (number,) in self._rows("SELECT id FROM entries WHERE key = ?", key)])
            self._uses += 1
            values = (key, self._clock(), self._uses)
            number = self._connection.execute(
                "INSERT INTO entries (key, stored, used) VALUES (?, ?, ?)", values
            ).lastrowid
            self._connection.execute("INSERT INTO speech VALUES (?, ?)", (number, content))

    def close(self) -> None:
        """Note what was used, and let go of the file."""
        with suppress(sqlite3.Error), self._changing():
            pass
        with suppress(sqlite3.Error):
            self._connection.close()

    def _begin(self, *, is_new: bool) -> None:
        if is_new:
            self._connection.execute(f"PRAGMA page_size={_PAGE_BYTES}")
            self._connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
        for setting in _SETTINGS:
            self._connection.execute(f"PRAGMA {setting}")
        if is_new:
            with self._changing():
                # Another process may have made it meanwhile.
                if not self._rows("SELECT name FROM sqlite_schema"):
                    for statement in _SCHEMA.values():
                        self._connection.execute(statement)
        made = dict(self._rows("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"))
        if made != _SCHEMA or self._row("PRAGMA page_size") != (_PAGE_BYTES,):
            raise sqlite3.DatabaseError("its tables are others")

    def _look(self) -> tuple[int, int]:
        state = self._path.stat()
        return state.st_dev, state.st_ino

    def _oldest(self) -> float:
        return self._clock() - self._ttl_seconds

    def _make_room(self, size_bytes: int) -> None:
        """Drop what is too old, some of it with each write, and the least recently used until there is room."""
        # The first to come are the first to be too old.
        first = "SELECT id, stored FROM entries ORDER BY id LIMIT ?"
        stale = [number for number, stored in self._rows(first, _STALE_AT_ONCE) if stored < self._oldest()]
        if not stale and self.size_bytes + size_bytes <= self._max_bytes:
            return
        with self._changing():
            self._delete(stale)
            while self.size_bytes + size_bytes > self._max_bytes:
                oldest = self._rows("SELECT id FROM entries ORDER BY used LIMIT 1")
                if not oldest:
                    break
                self._delete([oldest[0][0]])

    def _shrink(self) -> None:
        """Hold a bound that was larger when the file grew."""
        self._make_room(0)
        if self._path.stat().st_size > self._max_bytes:
            # Each step frees a page, and only a script is stepped to its end where there are no rows.
            self._connection.executescript("PRAGMA incremental_vacuum")

    def _delete(self, numbers: list[int]) -> None:
        for number in numbers:
            self._connection.execute("DELETE FROM entries WHERE id = ?", (number,))
            self._connection.execute("DELETE FROM speech WHERE id = ?", (number,))
            self._pending.pop(number, None)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """One change, whole or not at all; what was used meanwhile is noted with it, so that a hit need not write."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            if self._pending:
                used = [(use, number) for number, use in self._pending.items()]
                self._connection.executemany("UPDATE entries SET used = ? WHERE id = ?", used)
                self._pending.clear()
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise

    def _row(self, statement: str) -> tuple[int, ...]:
        row: tuple[int, ...] = self._connection.execute(statement).fetchone()
        return row

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement, values).fetchall()


def remove(directory: Path) -> None:
    """Delete the file, and nothing else that an operator may keep in this directory. Raises OSError."""
    for name in (f"{NAME}-journal", f"{NAME}-wal", f"{NAME}-shm", NAME):
        (directory / name).unlink(missing_ok=True)


def _parse(content: object) -> CachedSpeech | None:
    """What was stored, or None where this is something else: nothing is ever unpickled or believed."""
    if not isinstance(content, bytes) or len(content) < _HEADER.size:
        return None
    mark, checksum, length_announced = _HEADER.unpack_from(content)
    pcm = memoryview(content)[_HEADER.size :]
    if mark != _MARK or len(pcm) % 4 or zlib.crc32(pcm) != checksum:
        return None
    return CachedSpeech(np.frombuffer(pcm, "<f4"), length_announced)
