"""Lines from each kind of input, the wrong ones told and counted."""

import io
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hailo_piper.jobs import lines
from hailo_piper.jobs.lines import Line, read_lines

PLAIN = {"id": "a", "input": "Hello.", "speed": 1.5}
OPENAI = {"custom_id": "a", "method": "POST", "url": "/v1/audio/speech", "body": {"input": "Hello.", "speed": 1.5}}


def of_stdin(content: bytes) -> list[Line]:
    class Pipe(io.BytesIO):
        def fileno(self) -> int:
            return 0

    return list(read_lines(None, Pipe(content)))


def of_file(path: Path, content: bytes) -> list[Line]:
    path.write_bytes(content)
    with closing(read_lines(path, io.BytesIO())) as source:
        return list(source)


@pytest.mark.parametrize("line", [PLAIN, OPENAI, {**PLAIN, "voice": None}])
def test_a_line_has_an_id_and_the_fields_of_a_request(line: dict[str, Any]) -> None:
    (read,) = of_stdin(json.dumps(line).encode())
    assert (read.number, read.identifier, read.fields, read.error) == (1, "a", {"input": "Hello.", "speed": 1.5}, None)


def test_a_line_without_an_id_is_called_by_its_number() -> None:
    assert [line.identifier for line in of_stdin(b'{"input": "A."}\n\n{"input": "B."}\n')] == [
        "line-000001",
        "line-000003",
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"nonsense", "not valid JSON"),
        (b"[1]", "must be a JSON object"),
        (b"\xff", "not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"id": "", "input": "A."}', "id must be"),
        (b'{"id": true, "input": "A."}', "id must be"),
        (b'{"custom_id": "a", "body": 1}', "body must be"),
        (b'{"custom_id": "a", "method": "GET", "url": "/v1/audio/speech", "body": {}}', "Only POST to"),
        (b'{"custom_id": "a", "method": "POST", "url": "/v1/embeddings", "body": {}}', "Only POST to"),
        (b'{"id": "' + b"a" * lines.MOST_BYTES + b'"}', "longer than"),
    ],
)
def test_a_wrong_line_has_an_error_and_the_next_is_read(line: bytes, words: str) -> None:
    wrong, right = of_stdin(line + b'\n{"id": "next", "input": "B."}\n')
    assert wrong.error is not None
    assert words in wrong.error.message
    assert (right.number, right.identifier, right.error) == (2, "next", None)


def test_a_byte_order_mark_is_no_part_of_the_first_line() -> None:
    assert of_stdin(b'\xef\xbb\xbf{"id": "a", "input": "A."}')[0].error is None


def test_a_csv_file_has_a_column_for_each_field(tmp_path: Path) -> None:
    rows = b'id,input,speed,voice,pitch\n7,"Two\nlines.",1.5,12,+2st\nb,"Say ""no"".",,,\n'
    first, second = of_file(tmp_path / "lines.csv", rows)
    assert first.identifier == "7"
    assert first.fields == {"input": "Two\nlines.", "speed": 1.5, "voice": "12", "pitch": "+2st"}
    assert (second.identifier, second.fields) == ("b", {"input": 'Say "no".'})


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (b"name,speed\na,1\n", "one called input"),
        (b"input\na,b\n", "has 2 columns"),
        (b"input\n\xff\n", "not UTF-8"),
        (b'input\n"' + b"a" * (lines.MOST_BYTES + 1) + b'"\n', "not valid CSV"),
    ],
)
def test_a_wrong_row_has_an_error(tmp_path: Path, rows: bytes, words: str) -> None:
    line = of_file(tmp_path / "lines.csv", rows)[0]
    assert line.error is not None
    assert words in line.error.message


def test_a_folder_has_a_line_for_each_text(tmp_path: Path) -> None:
    (tmp_path / "part").mkdir()
    (tmp_path / "b.txt").write_text("Bee.")
    (tmp_path / "part" / "a.txt").write_text("Eh.")
    (tmp_path / "wrong.txt").write_bytes(b"\xff")
    (tmp_path / "notes.md").write_text("No.")
    source = read_lines(tmp_path, io.BytesIO())
    read = list(source)
    assert [(line.identifier, line.fields.get("input")) for line in read if line.error is None] == [
        ("b", "Bee."),
        ("part/a", "Eh."),
    ]
    assert [line.identifier for line in read if line.error] == ["wrong"]
    assert source.share == 1.0


def test_a_file_tells_how_far_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text('{"input": "A."}\n' * 4)
    with closing(read_lines(path, io.BytesIO())) as source:
        shares = [source.share for _ in source]
    assert shares == [0.25, 0.5, 0.75, 1.0]
