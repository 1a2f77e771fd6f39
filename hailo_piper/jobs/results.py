"""Results are JSON lines, appended while a run goes on, and put in the input's order at its end."""

import errno
import fcntl
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from hailo_piper.jobs.output_files import WrittenFile, digest_of, writing

_STEP = 65536
"""Bytes to look for the end of a line in at once."""

Record = Mapping[str, Any]
"""A line of the file: `line`, `id`, and `file`, `sha256`, `bytes`, `seconds`, ..., or `error`."""


class _Place(NamedTuple):
    file: BinaryIO
    offset: int


class Results:
    """The results of one run, and those of earlier runs in the same directory. Not thread-safe.

    Opened files are kept, so that records can be read again: of a million lines only their places are in memory.
    """

    def __init__(self, directory: Path, name: str) -> None:
        """`name`: of this run's own file. Raises OutputError where the directory cannot be used."""
        self._directory = directory
        self.path = directory / name
        self._earlier: dict[str, _Place] = {}
        self._of_this_run: list[tuple[int, _Place]] = []
        with writing(directory):
            directory.mkdir(parents=True, exist_ok=True)
            self._files = [path.open("rb") for path in sorted(directory.glob("results*.jsonl"))]
            for file in self._files:
                self._note(file)
            # In binary and without a buffer: a record is one write, whole or torn, and never between two others.
            self._own: BinaryIO = self.path.open("a+b", buffering=0)
            try:
                _lock(self._own)
                self._cut_torn_line()
            except OSError:
                self.close()
                raise

    def whole(self, identifier: str, request: str) -> Record | None:
        """Return the record of an earlier run, if it was for this request and its files are as they were written."""
        place = self._earlier.get(identifier)
        record = None if place is None else _read(place)
        if record is None or record.get("request") != request:
            return None
        return record if is_whole(self._directory, record) else None

    def keep(self, number: int, identifier: str) -> None:
        """Take an earlier record for line `number` of this run's input."""
        self._of_this_run.append((number, self._earlier[identifier]))

    def add(self, number: int, record: Record) -> None:
        """Append a record. Raises OutputError."""
        line = json.dumps(record, ensure_ascii=False).encode(errors="backslashreplace") + b"\n"
        with writing(self.path):
            offset = self._own.seek(0, 2)
            if self._own.write(line) != len(line):
                self._own.truncate(offset)
                raise OSError(errno.ENOSPC, "No space left on device")
        self._of_this_run.append((number, _Place(self._own, offset)))

    def finish(self) -> None:
        """Put the records of this run's lines in order, each once, in place of what was appended. Raises OutputError.

        Earlier files stay behind them, unless they are empty: a run over some of the lines forgets no others.
        """
        mine = sorted(self._of_this_run, key=lambda entry: entry[0])
        told = set[str]()
        file = WrittenFile(self.path)
        try:
            for _, place in mine:
                line = _line(place)
                file.write(line)
                told.add(str(json.loads(line).get("id")))
            for identifier, place in self._earlier.items():
                if identifier not in told and _is_of(place.file, self.path):
                    file.write(_line(place))
            file.finish(b"")
        finally:
            file.close()

    def close(self) -> None:
        """Close the files; what was appended stays."""
        for file in (*self._files, self._own):
            file.close()

    def _note(self, file: BinaryIO) -> None:
        """Note the places of all records that are whole and tell of a file."""
        offset = 0
        for line in file:
            for identifier, _ in told_records([line]):
                self._earlier[identifier] = _Place(file, offset)
            offset += len(line)

    def _cut_torn_line(self) -> None:
        """Cut off the line that a killed run began."""
        end = size = self._own.seek(0, 2)
        while end:
            begin = max(0, end - _STEP)
            self._own.seek(begin)
            found = (self._own.read(end - begin) or b"").rfind(b"\n")
            if found >= 0:
                end = begin + found + 1
                break
            end = begin
        if end < size:
            self._own.truncate(end)


def told_records(lines: Iterable[bytes]) -> Iterator[tuple[str, Record]]:
    """Yield the records that tell of a file, by their ids; a torn line is none."""
    for line in lines:
        with suppress(ValueError):
            record = json.loads(line) if line.endswith(b"\n") else None
            if isinstance(record, dict) and {"id", "file", "sha256", "bytes", "request"} <= record.keys():
                yield str(record["id"]), record


def is_whole(directory: Path, record: Record) -> bool:
    """Return whether the files of a record are as they were written."""
    captions = record.get("captions")
    with suppress(OSError):
        path = directory / record["file"]
        is_there = path.stat().st_size == record["bytes"] and digest_of(path) == record["sha256"]
        return is_there and (captions is None or (directory / captions).is_file())
    return False


def _lock(file: BinaryIO) -> None:
    """Hold the file until it is closed. Raises OSError where another process does."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise OSError(error.errno, "another run writes to it") from error
    except OSError:
        # Some network file systems have no locks.
        return


def _line(place: _Place) -> bytes:
    place.file.seek(place.offset)
    return place.file.readline()


def _read(place: _Place) -> Record | None:
    with suppress(ValueError):
        record: Record = json.loads(_line(place))
        return record
    return None


def _is_of(file: BinaryIO, path: Path) -> bool:
    return Path(file.name) == path
