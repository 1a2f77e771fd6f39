"""A batch as a process of its own, and what it leaves in its directory."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hailo_piper.jobs.output_files import digest_of

BATCH = [sys.executable, "-m", "hailo_piper", "batch"]


def config_of(directory: Path, voice: Path) -> Path:
    """Write the configuration of a voice without noise, with a cache of its own."""
    path = directory / "config.yaml"
    own = f"model_path: {voice}, cache_directory: {directory / 'prepared'}"
    path.write_text(f"piper: {{{own}, noise_scale: 0, noise_w_scale: 0}}\n")
    return path


def write_lines(path: Path, number: int) -> Path:
    """Write lines of different lengths, each with an id."""
    with path.open("w") as file:
        for at in range(number):
            text = f"This is line number {at}." + " It has more to say." * (at % 4)
            file.write(json.dumps({"id": f"line {at}", "input": text}) + "\n")
    return path


def command(config: Path, *arguments: str | Path) -> list[str]:
    return [*BATCH, "--config", str(config), *map(str, arguments)]


def run(config: Path, *arguments: str | Path, **settings: Any) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command(config, *arguments), check=False, capture_output=True, text=True, timeout=600, **settings
    )


def undisturbed_digests(out: Path, config: Path, lines: Path, number: int) -> dict[str, str]:
    """The digest of each file of a run that nothing disturbs, which leaves so many lines in order and whole."""
    done = run(config, lines, "--out", out)
    assert done.returncode == 0, done.stderr
    found = records(out / "results.jsonl")
    assert [record["line"] for record in found] == list(range(1, number + 1))
    assert_whole(out, found)
    return digests(found)


def records(path: Path) -> list[dict[str, Any]]:
    """The lines of a file of results."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def digests(found: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The digest of each file, by its id; every id once."""
    told = [(record["id"], record["sha256"]) for record in found]
    assert len(dict(told)) == len(told)
    return dict(told)


def assert_whole(directory: Path, found: Sequence[Mapping[str, Any]]) -> None:
    """Every file is as its record says, and there is no other one."""
    for record in found:
        assert digest_of(directory / record["file"]) == record["sha256"], record
    there = {path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file()}
    assert {name for name in there if not name.startswith("results")} == {record["file"] for record in found}
