"""2,000 lines through ten kills at random moments and a full disk; run by `make test-batch`."""

import os
import random
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.jobs.batches import assert_whole, command, config_of, digests, records, run, undisturbed_digests, write_lines
from tests.support.client import wait_until

NUMBER = 2000
KILLS = 10


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory, tone_path: Path) -> Path:
    return config_of(tmp_path_factory.mktemp("batch"), tone_path)


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_lines(tmp_path_factory.mktemp("lines") / "lines.jsonl", NUMBER)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, config: Path, lines: Path) -> dict[str, str]:
    return undisturbed_digests(tmp_path_factory.mktemp("undisturbed"), config, lines, NUMBER)


def test_ten_kills_cost_no_line(tmp_path: Path, config: Path, lines: Path, undisturbed: dict[str, str]) -> None:
    results = tmp_path / "results.jsonl"
    chance = random.Random(20)
    for until in sorted(chance.sample(range(NUMBER), KILLS)):
        with subprocess.Popen(command(config, lines, "--out", tmp_path), stderr=subprocess.DEVNULL) as process:
            wait_until(lambda: results.exists() and results.read_bytes().count(b"\n") >= until, timeout_seconds=300)  # noqa: B023
            process.kill()
    assert run(config, lines, "--out", tmp_path).returncode == 0
    found = records(results)
    assert digests(found) == undisturbed
    assert_whole(tmp_path, found)


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("unshare"), reason="a small disk wants root and unshare")
def test_a_full_disk_stops_it_until_there_is_room(
    tmp_path: Path, config: Path, lines: Path, undisturbed: dict[str, str]
) -> None:
    disk, kept = tmp_path / "disk", tmp_path / "kept"
    disk.mkdir()
    batch = shlex.join(command(config, lines, "--out", disk))
    steps = f"""
        mount -t tmpfs -o size=8m tmpfs {disk}
        {batch}; test $? = 74 || exit 1
        mount -o remount,size=1g {disk}
        {batch} || exit 2
        cp -r {disk} {kept}
    """
    done = subprocess.run(["unshare", "--mount", "sh", "-c", steps], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "No space left on device" in done.stderr
    found = records(kept / "results.jsonl")
    assert digests(found) == undisturbed
    assert_whole(kept, found)


def test_the_union_of_four_shards_is_one_run(
    tmp_path: Path, config: Path, lines: Path, undisturbed: dict[str, str]
) -> None:
    shards = [
        subprocess.Popen(command(config, lines, "--out", tmp_path, "--shard", f"{number}/4", "--threads", "1"))
        for number in range(4)
    ]
    assert [shard.wait(600) for shard in shards] == [0] * 4
    found = [record for number in range(4) for record in records(tmp_path / f"results-{number}-of-4.jsonl")]
    assert digests(found) == undisturbed
    assert_whole(tmp_path, found)
