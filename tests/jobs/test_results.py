"""Results that survive a kill: torn lines, files that are not whole, another run beside."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from hailo_piper.jobs.output_files import OutputError, WrittenFile, write_whole
from hailo_piper.jobs.results import Results
from tests.jobs.batches import records

DIGEST = "9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0"
"""SHA-256 of aaa."""


@pytest.fixture
def record(tmp_path: Path) -> dict[str, object]:
    write_whole(tmp_path / "a.wav", b"aaa")
    return {"line": 1, "id": "a", "file": "a.wav", "sha256": DIGEST, "bytes": 3, "request": "r"}


def test_a_torn_line_is_cut_off(tmp_path: Path, record: dict[str, object]) -> None:
    path = tmp_path / "results.jsonl"
    path.write_text(json.dumps(record) + '\n{"line": 2, "id": "b", "fi')
    with closing(Results(tmp_path, path.name)) as results:
        assert results.whole("a", "r") == record
        assert results.whole("b", "r") is None
        results.add(2, {"id": "b", "error": {}})
    assert [found["id"] for found in records(path)] == ["a", "b"]


@pytest.mark.parametrize("damage", [b"aab", b"aa", None])
def test_a_file_that_is_not_as_it_was_written_is_not_whole(
    tmp_path: Path, record: dict[str, object], damage: bytes | None
) -> None:
    (tmp_path / "results.jsonl").write_text(json.dumps(record) + "\n")
    if damage is None:
        (tmp_path / "a.wav").unlink()
    else:
        (tmp_path / "a.wav").write_bytes(damage)
    with closing(Results(tmp_path, "results.jsonl")) as results:
        assert results.whole("a", "r") is None


def test_a_file_of_another_request_is_spoken_anew(tmp_path: Path, record: dict[str, object]) -> None:
    (tmp_path / "results-0-of-2.jsonl").write_text(json.dumps(record) + "\n")
    with closing(Results(tmp_path, "results.jsonl")) as results:
        assert results.whole("a", "other") is None
        assert results.whole("a", "r") == record


def test_the_end_puts_the_records_in_order_and_keeps_those_of_other_lines(
    tmp_path: Path, record: dict[str, object]
) -> None:
    before = [{**record, "id": name, "line": 7} for name in ("a", "other")]
    path = tmp_path / "results.jsonl"
    path.write_text("".join(json.dumps(found) + "\n" for found in before))
    with closing(Results(tmp_path, path.name)) as results:
        results.add(3, {"line": 3, "id": "c", "error": {}})
        results.add(1, {"line": 1, "id": "b", "error": {}})
        results.keep(2, "a")
        results.finish()
    assert [found["id"] for found in records(path)] == ["b", "a", "c", "other"]


def test_two_runs_do_not_write_one_file(tmp_path: Path) -> None:
    with closing(Results(tmp_path, "results.jsonl")):
        with pytest.raises(OutputError, match="another run"):
            Results(tmp_path, "results.jsonl")
        Results(tmp_path, "results-1-of-2.jsonl").close()


def test_a_file_has_its_name_once_it_is_whole(tmp_path: Path) -> None:
    with closing(WrittenFile(tmp_path / "deep" / "a.wav")) as file:
        file.write(b"??a")
        assert not file.path.exists()
        assert file.finish(b"aa") == DIGEST
    assert file.path.read_bytes() == b"aaa"
    assert [path.name for path in file.path.parent.iterdir()] == ["a.wav"]


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"file/a\.wav: "):
        WrittenFile(tmp_path / "file" / "a.wav")
