"""The records that a worker appends tell how far it is."""

import json
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from hailo_piper.jobs.results import Record

RESULTS = "out/results.jsonl"
"""Of a folder of work."""


class Counts(NamedTuple):
    """How many lines there are, and what came of them so far."""

    total: int
    completed: int
    failed: int
    num_bytes: int
    """Of their files."""


class Progress:
    """What a worker has done, read again and again while it runs. Not thread-safe."""

    def __init__(self, folder: Path, total: int) -> None:
        """`total`: of the lines."""
        self._path = folder / RESULTS
        self._total = total
        self._file_number = 0
        self._offset = 0
        self._lines: dict[int, int | None] = {}
        """The bytes of each line's file, by the line's number; None for an error."""

    def read(self) -> Counts:
        """Read what was appended since the last time."""
        try:
            with self._path.open("rb") as file:
                state = self._path.stat()
                # A run that ends puts another file in its place.
                if state.st_ino != self._file_number or state.st_size < self._offset:
                    self._file_number, self._offset = state.st_ino, 0
                file.seek(self._offset)
                for line in file:
                    if not line.endswith(b"\n"):
                        break
                    self._offset += len(line)
                    self._note(line)
        except OSError:
            pass
        done = [size for size in self._lines.values() if size is not None]
        return Counts(self._total, len(done), len(self._lines) - len(done), sum(done))

    def _note(self, line: bytes) -> None:
        record: Any = json.loads(line)
        self._lines[record["line"]] = record.get("bytes")


def records(folder: Path) -> list[Record]:
    """Return the records of a run, each line's last one, in the input's order. Raises OSError."""
    found: dict[int, Record] = {}
    path = folder / RESULTS
    if path.exists():
        with path.open("rb") as file:
            for line in file:
                if line.endswith(b"\n"):
                    record = json.loads(line)
                    found[record["line"]] = record
    return [found[number] for number in sorted(found)]


class ShareFile:
    """A file with a number from 0 to 1, for whoever started this process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._told_at = 0.0

    def tell(self, share: float) -> None:
        """Write how much is spoken, at most once a second."""
        now = time.monotonic()
        if now - self._told_at >= 1:
            self._told_at = now
            part = self._path.with_name(f".{self._path.name}.part")
            # A full disk must not end the work for what is only shown.
            with suppress(OSError):
                part.write_text(f"{share:.4f}")
                part.replace(self._path)
