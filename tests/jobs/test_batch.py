"""`batch` as a process: every line once, whatever ends it on the way."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.jobs.batches import assert_whole, command, config_of, digests, records, run, undisturbed_digests, write_lines
from tests.support.client import wait_until

NUMBER = 24


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory, tone_path: Path) -> Path:
    return config_of(tmp_path_factory.mktemp("batch"), tone_path)


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_lines(tmp_path_factory.mktemp("lines") / "lines.jsonl", NUMBER)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, config: Path, lines: Path) -> dict[str, str]:
    return undisturbed_digests(tmp_path_factory.mktemp("undisturbed"), config, lines, NUMBER)


def test_a_run_that_is_killed_goes_on_where_it_was(
    tmp_path: Path, config: Path, lines: Path, undisturbed: dict[str, str]
) -> None:
    results = tmp_path / "out" / "results.jsonl"
    for until in (1, 7, 15):
        with subprocess.Popen(command(config, lines, "--out", results.parent), stderr=subprocess.DEVNULL) as process:
            wait_until(lambda: results.exists() and results.read_bytes().count(b"\n") >= until)  # noqa: B023
            process.kill()
    done = run(config, lines, "--out", results.parent)
    assert done.returncode == 0, done.stderr
    assert "there already" in done.stderr
    assert digests(records(results)) == undisturbed
    assert_whole(results.parent, records(results))


def test_a_signal_stops_it_and_leaves_no_part(tmp_path: Path, config: Path, lines: Path) -> None:
    results = tmp_path / "results.jsonl"
    with subprocess.Popen(command(config, lines, "--out", tmp_path), stderr=subprocess.DEVNULL) as process:
        wait_until(lambda: results.exists() and results.read_bytes().count(b"\n") >= 2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 128 + signal.SIGTERM
    assert not list(tmp_path.glob(".*.part"))


def test_a_file_that_cannot_be_written_stops_it_and_the_next_run_goes_on(
    tmp_path: Path, config: Path, lines: Path, undisturbed: dict[str, str]
) -> None:
    # A file system that is full for long lines alone: no file may be over 50 kB.
    line = f"ulimit -f 50; exec {' '.join(command(config, lines, '--out', tmp_path))}"
    full = subprocess.run(["bash", "-c", line], check=False, capture_output=True, text=True, timeout=120)
    assert full.returncode == 74, full.stderr
    assert "the same command goes on from here" in full.stderr
    assert run(config, lines, "--out", tmp_path).returncode == 0
    assert digests(records(tmp_path / "results.jsonl")) == undisturbed
    assert_whole(tmp_path, records(tmp_path / "results.jsonl"))


def test_the_union_of_four_shards_is_one_run(
    tmp_path: Path, config: Path, lines: Path, undisturbed: dict[str, str]
) -> None:
    for number in range(4):
        done = run(config, lines, "--out", tmp_path, "--shard", f"{number}/4", "--threads", "1")
        assert done.returncode == 0, done.stderr
    found = [record for path in sorted(tmp_path.glob("results-?-of-4.jsonl")) for record in records(path)]
    assert digests(found) == undisturbed
    assert_whole(tmp_path, found)
    assert "0 spoken, 24 there already" in run(config, lines, "--out", tmp_path).stderr
    assert digests(records(tmp_path / "results.jsonl")) == undisturbed


def test_wrong_lines_are_told_and_the_others_are_spoken(tmp_path: Path, config: Path) -> None:
    lines = [
        '{"id": "good", "input": "One.", "response_format": "mp3", "timestamps": ["word"]}',
        "nonsense",
        '{"id": "empty", "input": "..."}',
        '{"id": "good", "input": "Again."}',
        '{"id": "other", "input": "Two.", "format": "flac"}',
        '{"id": "slip", "inptu": "Three."}',
    ]
    done = run(config, "-", "--out", tmp_path, "--format", "wav", "--captions", "vtt", input="\n".join(lines))
    assert done.returncode == 65
    found = {record["line"]: record for record in records(tmp_path / "results.jsonl")}
    assert sorted(found) == [1, 2, 3, 4, 5, 6]
    assert {number for number, record in found.items() if "error" in record} == {2, 3, 4, 6}
    assert (found[1]["file"], found[5]["file"]) == ("good.mp3", "other.flac")
    assert [word["word"] for word in found[1]["words"]] == ["One"]
    assert "words" not in found[5]
    assert (tmp_path / "good.vtt").read_text().startswith("WEBVTT")
    assert "line 4, good: The id stands in line 1, too" in done.stderr
    assert "2 spoken, 4 bad" in done.stderr


def test_a_line_that_changes_is_spoken_anew(tmp_path: Path, config: Path) -> None:
    for text in ("Before.", "After all of it."):
        run(config, "-", "--out", tmp_path, input=json.dumps({"id": "a", "input": text}))
    (record,) = records(tmp_path / "results.jsonl")
    assert record["characters"] == len("After all of it.")
    assert_whole(tmp_path, [record])


def test_a_dry_run_counts_and_writes_nothing(tmp_path: Path, config: Path, lines: Path) -> None:
    done = run(config, lines, "--out", tmp_path / "out", "--dry-run")
    assert done.returncode == 0
    assert f"{NUMBER} lines to speak, 0 bad" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "exit_code", "words"),
    [
        (["missing.jsonl"], 1, "missing.jsonl: No such file or directory"),
        (["-", "--shard", "4/4"], 2, "from 0 to N-1"),
        (["-", "--threads", "0"], 2, "a number from 1 to 256"),
    ],
)
def test_a_wrong_call_is_told(tmp_path: Path, config: Path, arguments: list[str], exit_code: int, words: str) -> None:
    done = run(config, *arguments, "--out", tmp_path, cwd=tmp_path, stdin=subprocess.DEVNULL)
    assert done.returncode == exit_code
    assert words in done.stderr


def test_a_directory_that_cannot_be_made_is_told(tmp_path: Path, config: Path, lines: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run(config, lines, "--out", tmp_path / "file")
    assert done.returncode == 74
    assert f"{tmp_path}{os.sep}file" in done.stderr
