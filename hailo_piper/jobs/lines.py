"""Lines are ids and fields of requests, from JSON lines, CSV, a folder of texts or standard input.

JSON lines are those of OpenAI's Batch API, `{"custom_id", "method", "url", "body"}`, or plain: `{"id", "input", ...}`.
Source: https://platform.openai.com/docs/guides/batch
"""

import csv
import io
import json
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from hailo_piper.errors import InvalidRequestError

MOST_BYTES = 8_000_000
"""Of one line or text; a book is for `read`."""
URLS = ("/v1/audio/speech", "/v1/synthesize")
"""The endpoints whose requests a line can have."""
_TEXTS = ("id", "custom_id", "input", "text", "voice", "language")
"""Columns whose numbers stay texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the input, in order or not."""

    number: int
    """As an editor counts it, from 1; of a folder, the text's place."""

    identifier: str | None
    fields: Mapping[str, Any] = field(default_factory=dict)
    error: InvalidRequestError | None = None
    """None where the fields can be read."""


class Source:
    """The lines of one input, to be read once, then closed. `share` tells how far that is."""

    def __init__(
        self,
        lines: Iterator[Line],
        position: Callable[[], int],
        size: int | None,
        close: Callable[[], object] = lambda: None,
    ) -> None:
        """`position`: how much of `size` was read; a size of None is unknown."""
        self._lines = lines
        self._position = position
        self._size = size
        self.close = close
        """Closes the input."""

    def __iter__(self) -> Iterator[Line]:
        return self._lines

    @property
    def share(self) -> float | None:
        """The fraction of the input that was read, 0 to 1; None where its size is unknown."""
        return None if not self._size else min(1.0, self._position() / self._size)


def read_lines(path: Path | None, standard_input: BinaryIO) -> Source:
    """Return the lines of a folder, a .csv file, or JSON lines; None: of standard input. Raises OSError."""
    if path is not None and path.is_dir():
        return _folder(path)
    file = standard_input if path is None else path.open("rb")
    status = os.fstat(file.fileno())
    size = status.st_size if stat.S_ISREG(status.st_mode) else None
    is_csv = path is not None and path.suffix.lower() == ".csv"
    # A wrapper that is collected closes what it wraps, so it is closed here, with the rest.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="") if is_csv else None
    lines = _json_lines(file) if text is None else _csv(text)
    return Source(lines, file.tell if size else int, size, (file if text is None else text).close)


def parse_line(number: int, value: object) -> Line:
    """Return the line of a JSON value, or of a row of a table; a wrong one has its error."""
    if not isinstance(value, Mapping):
        return _wrong(number, "A line must be a JSON object")
    named = {name: entry for name, entry in value.items() if entry is not None}
    identifier = named.pop("custom_id", named.pop("id", None))
    if identifier is None:
        identifier = f"line-{number:06}"
    if isinstance(identifier, int) and not isinstance(identifier, bool):
        identifier = str(identifier)
    if not isinstance(identifier, str) or not identifier.strip():
        return _wrong(number, "The id must be a text that is not empty, or a whole number", param="id")
    body = named
    if "body" in named:
        body = named["body"]
        method, url = named.get("method", "POST"), named.get("url", URLS[0])
        if method != "POST" or url not in URLS:
            allowed = " or ".join(URLS)
            return _wrong(number, f"Only POST to {allowed} can be spoken", identifier=identifier, param="url")
        if not isinstance(body, Mapping):
            return _wrong(number, "The body must be an object", identifier=identifier, param="body")
    return Line(number=number, identifier=identifier, fields=body)


def _wrong(number: int, message: str, *, identifier: str | None = None, param: str | None = None) -> Line:
    return Line(number=number, identifier=identifier, error=InvalidRequestError(message, param=param))


def _json_lines(file: BinaryIO) -> Iterator[Line]:
    number = 0
    while piece := file.readline(MOST_BYTES + 1):
        number += 1
        if len(piece) > MOST_BYTES:
            while piece and not piece.endswith(b"\n"):
                piece = file.readline(MOST_BYTES)
            yield _wrong(number, f"The line is longer than {MOST_BYTES} bytes")
        elif piece.strip():
            yield parse_json(number, piece)


def parse_json(number: int, piece: bytes) -> Line:
    """Return the line of a JSON object; a wrong one has its error."""
    try:
        return parse_line(number, json.loads(piece.decode("utf-8-sig" if number == 1 else "utf-8")))
    except UnicodeDecodeError:
        return _wrong(number, "The line is not UTF-8")
    except RecursionError:
        return _wrong(number, "The line is nested too deeply")
    except ValueError as error:
        return _wrong(number, f"The line is not valid JSON: {error}")


def _csv(text: TextIO) -> Iterator[Line]:
    csv.field_size_limit(MOST_BYTES)
    rows = csv.reader(text)
    names = [name.strip() for name in next(rows, [])]
    if not {"input", "text"} & set(names):
        yield _wrong(1, "The first line of a CSV file names its columns: it needs one called input")
        return
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield _wrong(rows.line_num, f"The line is not valid CSV: {error}")
            continue
        if any(row):
            yield _row(rows.line_num, names, row)


def _row(number: int, names: list[str], row: list[str]) -> Line:
    if len(row) > len(names):
        return _wrong(number, f"The line has {len(row)} columns; the first line names {len(names)}")
    if not all(map(_is_unicode, row)):
        return _wrong(number, "The line is not UTF-8")
    return parse_line(number, {name: _cell(name, value) for name, value in zip(names, row, strict=False) if value})


def _cell(name: str, value: str) -> object:
    """Return a number or a truth value where the cell is one."""
    if name in _TEXTS or len(value) > 20:
        return value
    try:
        read = json.loads(value.strip())
    except ValueError:
        return value
    return read if isinstance(read, int | float) else value


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _folder(folder: Path) -> Source:
    paths = sorted(path for path in folder.rglob("*.txt") if path.is_file())
    numbers = list[int]()
    return Source(_texts(folder, paths, numbers), lambda: len(numbers), len(paths))


def _texts(folder: Path, paths: list[Path], begun: list[int]) -> Iterator[Line]:
    for number, path in enumerate(paths, 1):
        begun.append(number)
        identifier = path.relative_to(folder).with_suffix("").as_posix()
        try:
            with path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            yield _wrong(number, f"{path.name} is not UTF-8", identifier=identifier)
        except OSError as error:
            yield _wrong(number, f"{path.name}: {error.strerror}", identifier=identifier)
        else:
            if len(content) > MOST_BYTES:
                yield _wrong(number, f"{path.name} is longer than {MOST_BYTES} bytes", identifier=identifier)
            else:
                yield Line(number=number, identifier=identifier, fields={"input": text})
