"""2,000 lines of a batch over HTTP, through ten kills of the whole service and a full disk; `make test-batch`."""

import hashlib
import json
import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openai
import pytest

from tests.jobs.batches import config_of, undisturbed_digests, write_lines
from tests.support.client import wait_until
from tests.support.raw_http import AT_ONCE, serving

NUMBER = 2000
KILLS = 10
PATIENCE_SECONDS = 900


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_lines(tmp_path_factory.mktemp("lines") / "lines.jsonl", NUMBER)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, tone_path: Path, lines: Path) -> dict[str, str]:
    """The digests of the command, which no service runs."""
    config = config_of(tmp_path_factory.mktemp("config"), tone_path)
    return undisturbed_digests(tmp_path_factory.mktemp("undisturbed"), config, lines, NUMBER)


@pytest.fixture
def config(tmp_path: Path, tone_path: Path) -> Path:
    path = config_of(tmp_path, tone_path)
    with path.open("a") as file:
        # Nobody reads the pipe of its log.
        file.write(f"jobs: {{directory: {tmp_path / 'jobs'}}}\nlogging: {{level: ERROR}}\n")
    return path


@contextmanager
def serves(config: Path, within: tuple[str, ...] = ()) -> Iterator[tuple["subprocess.Popen[str]", openai.OpenAI]]:
    """A service as a process, and a client of it that does not try again by itself."""
    started = serving("--config", str(config), program=AT_ONCE, within=within)
    with started as (process, port), client_of(port) as client:
        yield process, client


def client_of(port: int) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key="none", max_retries=0)


def begin(client: openai.OpenAI, lines: Path) -> str:
    sent = client.files.create(file=lines, purpose="batch")
    endpoint: Any = "/v1/audio/speech"
    return client.batches.create(input_file_id=sent.id, endpoint=endpoint, completion_window="24h").id


def completed(client: openai.OpenAI, batch: str) -> int:
    counts = client.batches.retrieve(batch).request_counts
    assert counts
    return counts.completed


def assert_each_once(client: openai.OpenAI, batch: str, undisturbed: dict[str, str]) -> None:
    """Every line has one answer, with the sound that an undisturbed run makes, and no other file is there."""
    told = client.batches.retrieve(batch)
    assert (told.status, told.error_file_id) == ("completed", None), told.errors
    assert told.output_file_id
    answers = [json.loads(line) for line in client.files.content(told.output_file_id).text.splitlines()]
    sounds = {answer["custom_id"]: answer["response"]["body"]["file_id"] for answer in answers}
    assert len(answers) == len(sounds) == NUMBER
    found = {name: hashlib.sha256(client.files.content(sound).read()).hexdigest() for name, sound in sounds.items()}
    assert found == undisturbed
    kept = {file.id for file in client.files.list()}
    assert kept == {told.input_file_id, told.output_file_id, *sounds.values()}


def test_ten_kills_of_the_service_cost_no_line(config: Path, lines: Path, undisturbed: dict[str, str]) -> None:
    chance = random.Random(20)
    batch = ""
    for until in sorted(chance.sample(range(NUMBER), KILLS)):
        with serves(config) as (process, client):
            batch = batch or begin(client, lines)
            wait_until(lambda: completed(client, batch) >= until, PATIENCE_SECONDS)  # noqa: B023
            process.kill()
    with serves(config) as (_, client):
        wait_until(lambda: client.batches.retrieve(batch).status == "completed", PATIENCE_SECONDS)
        assert_each_once(client, batch, undisturbed)


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("unshare"), reason="a small disk wants root and unshare")
def test_a_disk_that_is_full_once_costs_no_line(
    tmp_path: Path, config: Path, lines: Path, undisturbed: dict[str, str]
) -> None:
    disk = tmp_path / "jobs"
    disk.mkdir()
    # exec keeps the process id, so that the service itself is what the test ends.
    small = f'mount -t tmpfs -o size=8m tmpfs {disk} && exec "$@"'
    with serves(config, ("unshare", "--mount", "sh", "-c", small, "sh")) as (process, client):
        seen = Path(f"/proc/{process.pid}/root{disk}")
        batch = begin(client, lines)
        wait_until(lambda: is_told(seen), PATIENCE_SECONDS)
        assert client.batches.retrieve(batch).status == "in_progress"
        with pytest.raises(openai.APIStatusError) as refusal:
            client.files.create(file=("more.jsonl", bytes(9_000_000)), purpose="batch")
        assert (refusal.value.status_code, refusal.value.code) == (507, "insufficient_storage")
        inside = ["nsenter", "--mount", "--target", str(process.pid)]
        subprocess.run([*inside, "mount", "-o", "remount,size=1g", str(disk)], check=True)
        wait_until(lambda: client.batches.retrieve(batch).status == "completed", PATIENCE_SECONDS)
        assert_each_once(client, batch, undisturbed)


def is_told(disk: Path) -> bool:
    """Whether a worker has told that its disk is full."""
    return any("No space left on device" in log.read_text() for log in disk.glob("works/*/log"))
