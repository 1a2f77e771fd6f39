"""The store keeps files and work: rows in the database, contents in the directory, bounded in bytes and age."""

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hailo_piper.errors import InvalidRequestError, KeyReusedError, NotFoundError, StillRunningError, StorageFullError
from hailo_piper.jobs.queue.database import Database, Row
from hailo_piper.jobs.queue.directory import Directory, Upload
from hailo_piper.jobs.queue.kept import UNDER_WAY, KeptFile, Work, new_id
from hailo_piper.jobs.queue.works import Works

_COLUMNS = ", ".join(KeptFile._fields)
_ANSWERS_SECONDS = 24 * 3600
"""How long a key of idempotency stands for its request."""


class Store:
    """Everything that is kept. Thread-safe; every method may raise sqlite3.Error or OSError."""

    def __init__(
        self, root: Path, *, max_bytes: int, max_age_seconds: int, clock: Callable[[], float] = time.time
    ) -> None:
        """Open it, and remove what no row names. `clock`: the time of day, since ages count across restarts.

        Raises OSError, sqlite3.Error and DirectoryInUseError.
        """
        self.max_bytes = max_bytes
        self.max_age_seconds = max_age_seconds
        self.clock = clock
        self.directory = Directory(root)
        try:
            self.database = Database(root)
            self.works = Works(self.database)
            self.expire()
            self.directory.sweep(
                (place for (place,) in self.database.rows("SELECT place FROM files")),
                (row[0] for row in self.database.rows("SELECT id FROM works UNION SELECT work FROM files")),
            )
        except (OSError, sqlite3.Error):
            self.directory.close()
            raise
        self._running: set[tuple[str, str]] = set()
        """Keys of idempotency whose requests are being answered; with the process they end, too."""
        self._lock = threading.Lock()

    def now(self) -> int:
        """Return the time of day in whole seconds since 1970."""
        return int(self.clock())

    def expiry(self, seconds: int | None = None) -> int:
        """Return when something that is made now is deleted, after `seconds` or the configured age."""
        return self.now() + min(seconds or self.max_age_seconds, self.max_age_seconds)

    @property
    def used_bytes(self) -> int:
        """Bytes of all files that have a row, and of the lines of work that is not over."""
        marks = ", ".join("?" * len(UNDER_WAY))
        lines = f"SELECT json_extract(content, '$.input_bytes') FROM works WHERE status IN ({marks})"  # noqa: S608
        rows = self.database.rows(f"SELECT sum(bytes) FROM (SELECT bytes FROM files UNION ALL {lines})", *UNDER_WAY)  # noqa: S608
        return int(rows[0][0] or 0)

    def check_room(self, num_bytes: int) -> None:
        """Raise StorageFullError where so many more bytes are over the bound."""
        if self.used_bytes + num_bytes > self.max_bytes:
            raise StorageFullError(f"There is no room: jobs.max_bytes is {self.max_bytes}; delete files of yours")

    def keep(self, upload: Upload, file: KeptFile) -> None:
        """Keep an upload that is whole, once its room is checked."""
        with self.database.changing():
            self.check_room(file.bytes)
            self.database.insert("files", file._replace(place=self.directory.keep(upload, file.id))._asdict())

    def add_files(self, files: Sequence[KeptFile]) -> None:
        """Add rows for files that are in their places; those that have one stay as they are."""
        with self.database.changing():
            for file in files:
                if not self.database.rows("SELECT 1 FROM files WHERE id = ?", file.id):
                    self.database.insert("files", file._asdict())

    def file(self, identifier: str, owner: str) -> KeptFile:
        """Return a file of this owner. Raises NotFoundError."""
        self.expire()
        rows = self.database.rows(
            f"SELECT {_COLUMNS} FROM files WHERE id = ? AND owner = ?",  # noqa: S608
            *(identifier, owner),
        )
        if not rows:
            raise NotFoundError(f"There is no file {identifier[:60]!r}", param="file_id")
        return KeptFile(*rows[0])

    def files(
        self, owner: str, *, purpose: str | None, after: str | None, limit: int, is_ascending: bool
    ) -> tuple[list[KeptFile], bool]:
        """Return files of an owner, those after `after` in the list, and whether there are more."""
        self.expire()
        start = self._number(after, owner) if after else (0 if is_ascending else 1 << 62)
        order, beyond = ("ASC", ">") if is_ascending else ("DESC", "<")
        rows = self.database.rows(
            f"SELECT {_COLUMNS} FROM files WHERE owner = ? AND (purpose = ? OR ? IS NULL) "  # noqa: S608
            f"AND number {beyond} ? ORDER BY number {order} LIMIT ?",
            *(owner, purpose, purpose, start, limit + 1),
        )
        return [KeptFile(*row) for row in rows[:limit]], len(rows) > limit

    def remove_file(self, identifier: str, owner: str) -> None:
        """Delete a file of this owner. Raises NotFoundError."""
        file = self.file(identifier, owner)
        with self.database.changing():
            self.database.change("DELETE FROM files WHERE id = ?", file.id)
            self._forget_answer(file.id)
        self.directory.remove(file.place)

    def work(self, identifier: str, kind: str, owner: str) -> Work:
        """Return work of this owner. Raises NotFoundError."""
        self.expire()
        work = self.works.get(identifier)
        if work is None or (work.kind, work.owner) != (kind, owner):
            raise NotFoundError(f"There is no {kind} {identifier[:60]!r}", param=f"{kind}_id")
        return work

    def add_work(self, work: Work) -> None:
        """Add work whose lines are in its folder. Raises StorageFullError where there is no room for them."""
        size = (self.directory.work(work.id) / "lines.jsonl").stat().st_size
        with self.database.changing():
            self.check_room(size)
            self.works.add(work._replace(content={**work.content, "input_bytes": size}))

    def tidy(self, work: Work) -> None:
        """Remove what work that is over needed to be spoken, and all of it where it left no file."""
        if self.database.rows("SELECT 1 FROM files WHERE work = ? LIMIT 1", work.id):
            self.directory.tidy_work(work.id)
        else:
            self.directory.remove_work(work.id)

    def remove_work(self, work: Work) -> None:
        """Delete work that is over, with all that came of it. Raises InvalidRequestError for other work."""
        if not work.is_over:
            raise InvalidRequestError(f"The {work.kind} is {work.status}; cancel it first", param=f"{work.kind}_id")
        with self.database.changing():
            self.database.change("DELETE FROM files WHERE work = ?", work.id)
            self.works.remove(work.id)
            self._forget_answer(work.id)
        self.directory.remove_work(work.id)

    def expire(self) -> None:
        """Delete what is too old."""
        now = self.now()
        stale = self.database.rows("SELECT id, place, work FROM files WHERE expires <= ?", now)
        over = self.database.rows("SELECT id FROM works WHERE expires <= ?", now)
        if not stale and not over:
            return
        with self.database.changing():
            self.database.change("DELETE FROM files WHERE expires <= ?", now)
            self.database.change("DELETE FROM works WHERE expires <= ?", now)
            self.database.change("DELETE FROM answers WHERE created <= ?", now - _ANSWERS_SECONDS)
        for _, place, _ in stale:
            self.directory.remove(place)
        kept = {row[0] for row in self.database.rows("SELECT id FROM works UNION SELECT work FROM files")}
        for identifier in {row[0] for row in over} | {work for _, _, work in stale if work}:
            if identifier not in kept:
                self.directory.remove_work(identifier)

    @property
    def next_expiry(self) -> int | None:
        """When the next file or work is too old; None where nothing is kept."""
        ((when,),) = self.database.rows(
            "SELECT min(expires) FROM (SELECT min(expires) AS expires FROM files UNION ALL "
            "SELECT min(expires) FROM works)"
        )
        return None if when is None else int(when)

    @contextmanager
    def once(self, owner: str, key: str | None, digest: Callable[[], str]) -> Iterator["Once"]:
        """Have a key of idempotency stand for one request; a key of None stands for nothing.

        `digest`: of the request. Raises StillRunningError while the first one is being answered, and KeyReusedError
        where it was another one.
        """
        if key is None:
            yield Once(None, lambda _: None)
            return
        name = (owner, key)
        with self._lock:
            if name in self._running:
                raise StillRunningError("A request with this Idempotency-Key is being answered; ask again")
            self._running.add(name)
        try:
            rows = self.database.rows(
                "SELECT digest, content FROM answers WHERE owner = ? AND key = ? AND created > ?",
                *(*name, self.now() - _ANSWERS_SECONDS),
            )
            if rows and rows[0][0] != digest():
                raise KeyReusedError("This Idempotency-Key was sent with another request", param="Idempotency-Key")
            answer = json.loads(rows[0][1]) if rows else None
            yield Once(answer, lambda content: self._note_answer(name, digest(), content))
        finally:
            with self._lock:
                self._running.discard(name)

    def _forget_answer(self, identifier: str) -> None:
        """Let a key of idempotency make again what was made with it, and is deleted."""
        self.database.change("DELETE FROM answers WHERE json_extract(content, '$.id') = ?", identifier)

    def _note_answer(self, name: tuple[str, str], digest: str, content: Any) -> None:
        with self.database.changing():
            self.database.change("DELETE FROM answers WHERE owner = ? AND key = ?", *name)
            fields = {"digest": digest, "content": json.dumps(content), "created": self.now()}
            self.database.insert("answers", {"owner": name[0], "key": name[1], **fields})

    def _number(self, identifier: str, owner: str) -> int:
        rows: list[Row] = self.database.rows(
            "SELECT number FROM files WHERE id = ? AND owner = ?", *(identifier, owner)
        )
        if not rows:
            raise InvalidRequestError(f"There is no file {identifier[:60]!r} to list from", param="after")
        return int(rows[0][0])

    def close(self) -> None:
        """Close the database, and give the directory back."""
        self.database.close()
        self.directory.close()


class Once:
    """The answer that a request had before, or the note of the one that it gets."""

    def __init__(self, answer: Any, note: Callable[[Any], None]) -> None:
        self.answer = answer
        """None where it is the first."""
        self.note = note
        """Keeps the answer; call it in the transaction that makes what it tells of."""


def new_file(store: Store, owner: str, *, filename: str, num_bytes: int, seconds: int | None) -> KeptFile:
    """Return the row of an upload, which has no place yet."""
    identifier = new_id("file-")
    return KeptFile(
        *(identifier, owner, "", num_bytes, store.now(), store.expiry(seconds), filename, "batch"),
        "application/octet-stream",
        "",
    )
