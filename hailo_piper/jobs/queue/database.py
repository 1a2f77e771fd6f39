"""One SQLite file holds the rows of files, batches, jobs and deliveries, and survives whatever ends the process.

Its journal is not a WAL, as in `cache.database`: a mapped file that shrinks ends the process. Every transaction is
synced, since a row is the promise that its files are there.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

NAME = "jobs.db"
_VERSION = 1
_SCHEMA = (
    """CREATE TABLE files (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, owner TEXT NOT NULL,
       place TEXT NOT NULL, bytes INTEGER NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL,
       filename TEXT NOT NULL, purpose TEXT NOT NULL, content_type TEXT NOT NULL, work TEXT NOT NULL)""",
    "CREATE INDEX files_by_work ON files (work)",
    "CREATE INDEX files_by_expiry ON files (expires)",
    """CREATE TABLE works (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
       owner TEXT NOT NULL, status TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL,
       content TEXT NOT NULL)""",
    "CREATE INDEX works_by_status ON works (status)",
    """CREATE TABLE answers (owner TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL, content TEXT NOT NULL,
       created INTEGER NOT NULL, PRIMARY KEY (owner, key))""",
    """CREATE TABLE deliveries (number INTEGER PRIMARY KEY AUTOINCREMENT, target TEXT NOT NULL, event TEXT NOT NULL,
       body BLOB NOT NULL, attempts INTEGER NOT NULL, due REAL NOT NULL)""",
)
_SETTINGS = ("journal_mode=TRUNCATE", "synchronous=FULL", "mmap_size=0", "cache_size=-2048", "trusted_schema=OFF",
             "cell_size_check=ON", "temp_store=MEMORY")  # fmt: skip

Row = tuple[Any, ...]


class Database:
    """A connection that threads share, one at a time. Every method may raise sqlite3.Error."""

    def __init__(self, directory: Path) -> None:
        """Open or create the file. Raises OSError, and sqlite3.DatabaseError if it is not ours or is damaged."""
        path = directory / NAME
        # Other users must not read what is to be spoken.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
        try:
            self._begin()
        except BaseException:
            self._connection.close()
            raise

    def _begin(self) -> None:
        for setting in _SETTINGS:
            self._connection.execute(f"PRAGMA {setting}")
        ((version,),) = self.rows("PRAGMA user_version")
        if version == 0 and not self.rows("SELECT name FROM sqlite_schema"):
            with self.changing():
                for statement in _SCHEMA:
                    self._connection.execute(statement)
                self._connection.execute(f"PRAGMA user_version={_VERSION}")
        elif version != _VERSION:
            raise sqlite3.DatabaseError("it was written by another version")

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Run one transaction; no other thread reads or writes meanwhile. One within another is a part of it."""
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise

    def rows(self, statement: str, *values: object) -> list[Row]:
        """Return the rows of a query, or those that a change returns."""
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def change(self, statement: str, *values: object) -> int:
        """Change rows; return how many."""
        with self.changing():
            return self._connection.execute(statement, values).rowcount

    def insert(self, table: str, fields: dict[str, object]) -> None:
        """Insert a row; `table` and the fields' names are ours, never a client's."""
        places = ", ".join("?" * len(fields))
        statement = f"INSERT INTO {table} ({', '.join(fields)}) VALUES ({places})"  # noqa: S608 - names of our own
        self.change(statement, *fields.values())

    def close(self) -> None:
        """Close the file."""
        with self._lock, suppress(sqlite3.Error):
            self._connection.close()
