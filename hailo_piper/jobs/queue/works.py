"""Rows of work change by transitions, each one transaction, so a state is never half written."""

import json
from collections.abc import Mapping
from typing import Any

from hailo_piper.jobs.queue.database import Database, Row
from hailo_piper.jobs.queue.kept import UNDER_WAY, Work

_COLUMNS = "id, kind, owner, status, created, expires, content"


class Works:
    """The batches and jobs in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, work: Work) -> None:
        """Add a piece of work."""
        self._database.insert("works", {**work._asdict(), "content": json.dumps(work.content)})

    def get(self, identifier: str) -> Work | None:
        """Return a piece of work, whoever's it is."""
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM works WHERE id = ?", identifier)  # noqa: S608
        return _work(rows[0]) if rows else None

    def change(self, identifier: str, status: str, **content: Any) -> Work | None:
        """Give it a state and change parts of its content, unless it is over or gone; return what it is then."""
        with self._database.changing():
            work = self.get(identifier)
            if work is None or work.is_over:
                return work
            changed = work._replace(status=status, content={**work.content, **content})
            self._write(changed)
            return changed

    def note(self, identifier: str, **content: Any) -> None:
        """Change parts of its content, and not its state."""
        with self._database.changing():
            work = self.get(identifier)
            if work is not None and not work.is_over:
                self._write(work._replace(content={**work.content, **content}))

    def next(self) -> Work | None:
        """Return the piece of work that is not over and came first."""
        marks = ", ".join("?" * len(UNDER_WAY))
        statement = f"SELECT {_COLUMNS} FROM works WHERE status IN ({marks}) ORDER BY number LIMIT 1"  # noqa: S608
        rows = self._database.rows(statement, *UNDER_WAY)
        return _work(rows[0]) if rows else None

    def page(self, kind: str, owner: str, after: str | None, limit: int) -> tuple[list[Work], bool]:
        """Return the newest works of an owner, those after `after` in the list, and whether there are more."""
        before = self._number(after) if after else 1 << 62
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM works WHERE kind = ? AND owner = ? AND number < ? "  # noqa: S608
            "ORDER BY number DESC LIMIT ?",
            *(kind, owner, before, limit + 1),
        )
        return list(map(_work, rows[:limit])), len(rows) > limit

    def counts(self) -> Mapping[tuple[str, str], int]:
        """Return how many works there are, by kind and state."""
        rows = self._database.rows("SELECT kind, status, count(*) FROM works GROUP BY kind, status")
        return {(kind, status): number for kind, status, number in rows}

    def remove(self, identifier: str) -> None:
        """Forget a piece of work."""
        self._database.change("DELETE FROM works WHERE id = ?", identifier)

    def _number(self, identifier: str) -> int:
        rows = self._database.rows("SELECT number FROM works WHERE id = ?", identifier)
        return int(rows[0][0]) if rows else 0

    def _write(self, work: Work) -> None:
        statement = "UPDATE works SET status = ?, content = ? WHERE id = ?"
        self._database.change(statement, work.status, json.dumps(work.content), work.id)


def _work(row: Row) -> Work:
    *facts, content = row
    return Work._make((*facts, json.loads(content)))
