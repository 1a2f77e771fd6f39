"""The very commands of deploy/ speak all lines, each once, as several processes at once."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.jobs.batches import BATCH, assert_whole, config_of, digests, records, write_lines
from tests.support import ROOT

SCRIPTS = ROOT / "deploy" / "batch"
NUMBER = 12


@pytest.fixture
def environment(tmp_path: Path, tone_path: Path) -> dict[str, str]:
    """An environment in which `hailo-piper` is this checkout's, with the tone voice."""
    programs = tmp_path / "bin"
    programs.mkdir()
    command = f'#!/bin/sh\nexec "{sys.executable}" -m hailo_piper "$@"\n'
    (programs / "hailo-piper").write_text(command)
    (programs / "hailo-piper").chmod(0o755)
    config = yaml.safe_load(config_of(tmp_path, tone_path).read_text())["piper"]
    settings = {f"HAILO_PIPER__PIPER__{name.upper()}": str(value) for name, value in config.items()}
    return {**os.environ, **settings, "PATH": f"{programs}:{os.environ['PATH']}"}


def assert_spoken(out: Path, shards: int) -> None:
    found = [record for path in sorted(out.glob(f"results-*-of-{shards}.jsonl")) for record in records(path)]
    assert len(digests(found)) == NUMBER
    assert_whole(out, found)


def test_the_indexed_job_speaks_all_lines(tmp_path: Path, environment: dict[str, str]) -> None:
    job = yaml.safe_load((ROOT / "deploy/kubernetes/batch/job.yaml").read_text())["spec"]
    (container,) = job["template"]["spec"]["containers"]
    shard = container["args"][container["args"].index("--shard") + 1]
    assert shard == f"$(SHARD)/{job['completions']}"
    places = {
        "/lines/lines.jsonl": str(write_lines(tmp_path / "lines.jsonl", NUMBER)),
        "/speech": str(tmp_path / "out"),
    }
    arguments = [places.get(argument, argument) for argument in container["args"]]

    def pod(number: int) -> "subprocess.Popen[bytes]":
        # Two pods instead of eight: each process takes a second to start.
        filled = [argument.replace(shard, f"{number}/2") for argument in arguments]
        return subprocess.Popen([*BATCH[:-1], *filled], env=environment)

    with pod(0) as first, pod(1) as second:
        assert (first.wait(120), second.wait(120)) == (0, 0)
    assert_spoken(tmp_path / "out", 2)


def test_the_slurm_array_speaks_all_lines(tmp_path: Path, environment: dict[str, str]) -> None:
    lines, out = write_lines(tmp_path / "my lines.jsonl", NUMBER), tmp_path / "the speech"
    for number in range(2):
        task = {"SLURM_ARRAY_TASK_ID": str(number), "SLURM_ARRAY_TASK_COUNT": "2", "SLURM_CPUS_PER_TASK": "1"}
        subprocess.run([SCRIPTS / "slurm.sh", lines, out], check=True, env={**environment, **task}, timeout=120)
    assert_spoken(out, 2)


@pytest.mark.skipif(not shutil.which("parallel"), reason="GNU parallel is missing: sudo apt install parallel")
def test_gnu_parallel_speaks_all_lines(tmp_path: Path, environment: dict[str, str]) -> None:
    lines, out = write_lines(tmp_path / "my lines.jsonl", NUMBER), tmp_path / "the speech"
    command: list[str | Path] = [SCRIPTS / "parallel.sh", "2", lines, out, "--format", "flac"]
    subprocess.run(command, check=True, env={**environment, "HOME": str(tmp_path)}, timeout=120)
    assert_spoken(out, 2)
