"""One SQLite file keeps spoken sentences, bounded in bytes and age; the least recently used go first (LRU).

Sentences are blobs: a hit costs about as much as from a file of its own (70 against 50 µs for three seconds of
speech), and one file has no orphans, no paths to trust and no entry without its sound. Pages of a dropped sentence
are reused, so the file does not outgrow its bound. The journal is not a WAL: a WAL's shared memory is mapped, and a
mapped file that shrinks ends the process (SIGBUS). Writes are not synced: a power cut may cost the cache, which is
less than a wait with every write.
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
_HEADER = struct.Struct("<4sI??I")
"""Of a blob: mark, CRC-32 of the rest, length_announced, knows_durations, the number of phoneme ids."""
_MARK = b"hp-2"
_ROLLBACK_JOURNAL = b"\1\1"
"""File format versions, at offset 18, of a database whose journal is not a WAL."""
_STALE_AT_ONCE = 8
"""Entries that a write checks for their age."""


class DamagedEntryError(Exception):
    """A damaged entry, which was dropped."""


class MovedError(OSError):
    """A file that was removed or replaced while it was open."""


class SpeechDatabase:
    """A connection to the file, for the thread that opened it. Every method may raise sqlite3.Error or OSError."""

    def __init__(self, directory: Path, *, max_bytes: int, ttl_seconds: float, clock: Callable[[], float] = time.time):
        """Open or create the file. Raises sqlite3.DatabaseError if it is not ours or is damaged.

        `clock`: the time of day in seconds, since ages count across restarts. An entry from the future is kept, since
        a machine without a battery-backed clock boots in the past.
        """
        self._path = directory / NAME
        self._max_bytes = max_bytes
        self._ttl_seconds = ttl_seconds
        self._clock = clock
        self._pending: dict[int, int] = {}
        """Entries used since the last write, by id: the number of the use."""
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Other users must not read what was spoken.
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        with self._path.open("rb") as file:
            header = file.read(20)
        if header and header[18:] != _ROLLBACK_JOURNAL:
            raise sqlite3.DatabaseError("it is no database of spoken sentences")
        self._connection = sqlite3.connect(self._path, timeout=1, isolation_level=None)
        try:
            self._begin(is_new=not header)
            self._identity = self._file_identity()
            (self._uses,) = self._row("SELECT coalesce(max(used), 0) FROM entries")
            self._shrink()
        except BaseException:
            self._connection.close()
            raise

    @property
    def size_bytes(self) -> int:
        """Bytes of the file that are in use."""
        (pages,), (free,) = self._row("PRAGMA page_count"), self._row("PRAGMA freelist_count")
        return (int(pages) - int(free)) * _PAGE_BYTES

    def __len__(self) -> int:
        """Return the number of sentences."""
        return int(self._row("SELECT count(*) FROM entries")[0])

    def check_place(self) -> None:
        """Raise MovedError if the file was moved or replaced: SQLite would keep using the old one."""
        try:
            is_moved = self._file_identity() != self._identity
        except (FileNotFoundError, NotADirectoryError):
            is_moved = True
        if is_moved:
            raise MovedError("it was removed or replaced")

    def has(self, key: str) -> bool:
        """Return whether the key has an entry that is not too old."""
        return self._connection.execute(
            "SELECT 1 FROM entries WHERE key = ? AND stored >= ?", (key, self._oldest())
        ).fetchone() is not None  # fmt: skip

    def read(self, key: str) -> CachedSpeech | None:
        """Return the entry of a key, or None. Raises DamagedEntryError if it differs from what was stored."""
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
        """Keep an entry; drop old and least recently used ones for it. One of half the bound's size is not kept."""
        rest = speech.id_ends.astype("<u4").tobytes() + speech.samples.astype("<f4", copy=False).tobytes()
        flags = speech.length_announced, speech.knows_durations
        content = _HEADER.pack(_MARK, zlib.crc32(rest), *flags, len(speech.id_ends)) + rest
        if len(content) > self._max_bytes // 2:
            return
        # A transaction of its own: pages that were free before a transaction need not go through the journal.
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
        """Write pending uses and close the file."""
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
                # Another process may have created the tables meanwhile.
                if not self._rows("SELECT name FROM sqlite_schema"):
                    for statement in _SCHEMA.values():
                        self._connection.execute(statement)
        made = dict(self._rows("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"))
        if made != _SCHEMA or self._row("PRAGMA page_size") != (_PAGE_BYTES,):
            raise sqlite3.DatabaseError("its tables are others")

    def _file_identity(self) -> tuple[int, int]:
        state = self._path.stat()
        return state.st_dev, state.st_ino

    def _oldest(self) -> float:
        return self._clock() - self._ttl_seconds

    def _make_room(self, size_bytes: int) -> None:
        """Drop some entries that are too old, and the least recently used until there is room."""
        # Entries with the lowest ids were stored first, so they are the first to be too old.
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
        """Shrink a file that grew under a larger bound."""
        self._make_room(0)
        if self._path.stat().st_size > self._max_bytes:
            # Each step frees one page, and only executescript steps a statement without rows to its end.
            self._connection.executescript("PRAGMA incremental_vacuum")

    def _delete(self, numbers: list[int]) -> None:
        for number in numbers:
            self._connection.execute("DELETE FROM entries WHERE id = ?", (number,))
            self._connection.execute("DELETE FROM speech WHERE id = ?", (number,))
            self._pending.pop(number, None)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Run one transaction, which also writes pending uses, so that a hit need not write."""
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
    """Delete the database from a directory, and nothing else that an operator keeps there. Raises OSError."""
    for name in (f"{NAME}-journal", f"{NAME}-wal", f"{NAME}-shm", NAME):
        (directory / name).unlink(missing_ok=True)


def _parse(content: object) -> CachedSpeech | None:
    """Return the speech in a blob, or None if it is damaged: nothing is unpickled or trusted."""
    if not isinstance(content, bytes) or len(content) < _HEADER.size:
        return None
    mark, checksum, length_announced, knows_durations, ids = _HEADER.unpack_from(content)
    rest = memoryview(content)[_HEADER.size :]
    if mark != _MARK or len(rest) % 4 or 4 * ids > len(rest) or zlib.crc32(rest) != checksum:
        return None
    id_ends = np.frombuffer(rest[: 4 * ids], "<u4").astype(np.int64)
    return CachedSpeech(np.frombuffer(rest[4 * ids :], "<f4"), length_announced, id_ends, knows_durations)
