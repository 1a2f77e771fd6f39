"""A local Ray cluster of two nodes speaks what one process speaks, and outlives its actors; run by `make test-ray`."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.jobs.batches import assert_whole, command, config_of, digests, records, run, write_lines
from tests.support.client import wait_until
from tests.support.tone_voice import make_tone_voice

NUMBER = 400


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return config_of(tmp_path_factory.mktemp("ray"), make_tone_voice(tmp_path_factory.mktemp("voice")))


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_lines(tmp_path_factory.mktemp("lines") / "lines.jsonl", NUMBER)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory, config: Path, lines: Path) -> dict[str, str]:
    out = tmp_path_factory.mktemp("plain")
    assert run(config, lines, "--out", out).returncode == 0
    return digests(records(out / "results.jsonl"))


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    utilities = pytest.importorskip("ray.cluster_utils", reason="pip install 'hailo-piper[ray]', or: make test-ray")
    nodes = utilities.Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    nodes.add_node(num_cpus=1)
    yield nodes
    nodes.shutdown()


def actors() -> list[int]:
    """The processes that speak lines."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if b"LineActor" in path.read_bytes():
                found.append(int(path.parent.name))
    return found


def test_an_actor_that_is_killed_costs_no_line(
    tmp_path: Path, cluster: Any, config: Path, lines: Path, plain: dict[str, str]
) -> None:
    results = tmp_path / "results.jsonl"
    arguments = (lines, "--out", tmp_path, "--engine", "ray", "--address", cluster.address)
    with subprocess.Popen(command(config, *arguments)) as process:
        wait_until(lambda: results.exists() and results.read_bytes().count(b"\n") >= 16, timeout_seconds=120)
        os.kill(actors()[0], signal.SIGKILL)
        assert process.wait(300) == 0
    found = records(results)
    assert digests(found) == plain
    assert_whole(tmp_path, found)


def test_what_is_there_is_passed_over(tmp_path: Path, cluster: Any, config: Path) -> None:
    lines = write_lines(tmp_path / "lines.jsonl", 8)
    arguments = (lines, "--out", tmp_path / "out", "--engine", "ray", "--address", cluster.address)
    assert run(config, *arguments).returncode == 0
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*.wav")}
    again = run(config, *arguments)
    assert "0 spoken, 8 there already" in again.stderr
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*.wav")} == before


def test_parquet_and_an_object_store_hold_lines_and_results(tmp_path: Path, cluster: Any, config: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = {"id": ["a", "b", "c"], "input": ["One.", "Two.", "..."], "speed": [1.0, None, 1.0]}
    parquet.write_table(pyarrow.table(rows), tmp_path / "lines.parquet")
    # A store that pyarrow reaches by a URI: no temporary names, no appending.
    out = f"file://{tmp_path}/out"
    arguments = (tmp_path / "lines.parquet", "--out", out, "--engine", "ray", "--address", cluster.address)
    done = run(config, *arguments)
    assert done.returncode == 65, done.stderr
    found = {record["id"]: record for record in records(tmp_path / "out" / "results.jsonl")}
    spoken = [record for record in found.values() if "file" in record]
    told = parquet.read_table(tmp_path / "out" / "results.parquet").to_pylist()
    assert {row["id"]: row["sha256"] for row in told if row["sha256"]} == digests(spoken)
    assert [json.loads(row["error"])["code"] for row in told if row["error"]] == ["invalid_request"]
    assert "1 there already" not in done.stderr
    assert "2 there already" in run(config, *arguments).stderr


def test_ray_is_told_to_send_nothing(cluster: Any) -> None:  # noqa: ARG001 - it sets the environment
    from hailo_piper.jobs.with_ray.actors import QUIET

    usage = pytest.importorskip("ray._common.usage.usage_lib")
    os.environ.update(QUIET)
    assert not usage.usage_stats_enabled()
