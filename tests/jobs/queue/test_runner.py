"""The runner: every line once, whatever ends the service or its worker on the way, and at the lowest priority."""

import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hailo_piper.config.loading import parse_config
from hailo_piper.config.settings import Config
from hailo_piper.jobs.output_files import digest_of
from hailo_piper.jobs.queue import batches, texts
from hailo_piper.jobs.queue.kept import (
    BATCH,
    CANCELLING,
    COMPLETED,
    EXPIRED,
    FAILED,
    IN_PROGRESS,
    JOB,
    QUEUED,
    VALIDATING,
    Work,
)
from hailo_piper.jobs.queue.runner import Runner
from hailo_piper.jobs.queue.store import Store
from hailo_piper.jobs.queue.worker import Worker
from hailo_piper.listeners.batch_lines import answered_line
from tests.jobs.batches import write_lines
from tests.support.client import get, wait_until
from tests.support.raw_http import AT_ONCE, serving

NUMBER = 30


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "jobs", max_bytes=100_000_000, max_age_seconds=100_000)
    yield store
    store.close()


def add_batch(store: Store, number: int = 3, status: str = VALIDATING, **content: Any) -> Work:
    asked = {"endpoint": "/v1/audio/speech", "input_file_id": "file-0", "completion_window": "1h", "metadata": None}
    content = {**asked, "output": "files", "deadline": store.now() + 1000, **content}
    work = Work("batch_1", BATCH, "", status, store.now(), store.expiry(), content)
    store.directory.work(work.id).mkdir()
    write_lines(store.directory.work(work.id) / "lines.jsonl", number)
    store.works.add(work)
    return work


@contextmanager
def running(store: Store, config: Config, **parts: Any) -> Iterator[Runner]:
    runner = Runner(store, config, answered_line, **parts)
    runner.wake()
    try:
        yield runner
    finally:
        runner.stop()


def state(store: Store, identifier: str = "batch_1") -> str | None:
    work = store.works.get(identifier)
    return work.status if work else None


def wait_for(store: Store, status: str, identifier: str = "batch_1") -> Work:
    wait_until(lambda: state(store, identifier) == status, timeout_seconds=120)
    work = store.works.get(identifier)
    assert work
    return work


class FakeWorker(Worker):
    """A process of a few words in place of a worker."""

    script = "pass"

    def __init__(self, folder: Path, *_: object) -> None:
        self._log = folder / "log"
        self._log.write_text("all went wrong\n")
        self._process = subprocess.Popen([sys.executable, "-c", self.script, folder])
        self._is_paused = False


def fake(script: str) -> type[FakeWorker]:
    return type("One", (FakeWorker,), {"script": script})


@pytest.mark.parametrize("output", ["files", "zip", "joined"])
def test_outputs_that_are_made_again_are_the_same(store: Store, tone_config: Config, output: str) -> None:
    work = add_batch(store, output=output, format="wav")
    folder = store.directory.work(work.id)
    worker = Worker(folder, *batches.worker(work, tone_config, folder))
    wait_until(lambda: worker.exit_code() is not None, timeout_seconds=120)
    assert worker.exit_code() == 0, worker.last_words
    first, again = (batches.outputs(work, store, answered_line) for _ in range(2))
    assert first == again
    assert len(first.files) == (4 if output == "files" else 2)
    assert all(store.directory.path(file.place).stat().st_size == file.bytes > 0 for file in first.files)


def test_work_that_is_over_keeps_its_files_alone(store: Store, tone_config: Config) -> None:
    add_batch(store)
    with running(store, tone_config):
        wait_for(store, COMPLETED)
        folder = store.directory.work("batch_1")
        kept = {file.place for file in store.files("", purpose=None, after=None, limit=99, is_ascending=True)[0]}
        wait_until(lambda: len([path for path in folder.rglob("*") if path.is_file()]) == len(kept))
    assert {path.relative_to(store.directory.root).as_posix() for path in folder.rglob("*") if path.is_file()} == kept


def test_a_worker_that_is_killed_again_and_again_loses_no_line(store: Store, tone_config: Config) -> None:
    killed: list[int] = []
    folder = store.directory.root / "works" / "batch_1"

    class Mortal(Worker):
        def exit_code(self) -> int | None:
            results = folder / "out" / "results.jsonl"
            lines = results.read_bytes().count(b"\n") if results.exists() else 0
            if len(killed) < 3 and lines > 7 * len(killed) and self._process.poll() is None:
                killed.append(lines)
                self._process.kill()
                self._process.wait()
            return super().exit_code()

    add_batch(store, NUMBER)
    with running(store, tone_config, start_worker=Mortal):
        work = wait_for(store, COMPLETED)
    assert len(killed) == 3
    assert (work.content["total"], work.content["completed"], work.content["failed"]) == (NUMBER, NUMBER, 0)


def test_a_job_goes_on_at_the_sentence(store: Store, tone_config: Config) -> None:
    text = " ".join(f"This is sentence number {at} of a long text." for at in range(300))
    killed: list[bool] = []

    class Mortal(Worker):
        def exit_code(self) -> int | None:
            if not killed and texts.share(store.directory.work("job_1")) > 0.3:
                killed.append(True)
                self._process.kill()
                self._process.wait()
            return super().exit_code()

    sounds = []
    for identifier, kind in (("job_0", Worker), ("job_1", Mortal)):
        content = {"characters": len(text), "captions": None, "deadline": store.now() + 1000}
        store.directory.work(identifier).mkdir()
        line = {"custom_id": "speech", "body": {"input": text}}
        (store.directory.work(identifier) / "lines.jsonl").write_text(json.dumps(line))
        store.works.add(Work(identifier, JOB, "", QUEUED, store.now(), store.expiry(), content))
        with running(store, tone_config, start_worker=kind):
            wait_for(store, COMPLETED, identifier)
        work = store.works.get(identifier)
        assert work
        file = store.file(work.content["result"]["file_id"], "")
        sounds.append(digest_of(store.directory.path(file.place)))
        wait_until(lambda: not (store.directory.work(identifier) / "sentences").exists())  # noqa: B023
    assert killed
    assert sounds[0] == sounds[1]


def test_workers_that_do_nothing_but_end_fail_the_work(
    store: Store, tone_config: Config, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Runner, "_rest", lambda *_: None)
    add_batch(store)
    ended: list[Work] = []
    with running(store, tone_config, start_worker=fake("raise SystemExit(3)"), on_end=ended.append):
        work = wait_for(store, FAILED)
    assert work.content["errors"][0]["code"] == "worker_failed"
    assert "ended with 3: all went wrong" in caplog.text
    assert [(one.id, one.status) for one in ended] == [("batch_1", FAILED)]


def test_work_over_the_bound_of_bytes_fails(store: Store, tone_config: Config) -> None:
    script = """if True:
        import sys, json, pathlib, time
        out = pathlib.Path(sys.argv[1]) / "out"
        out.mkdir()
        (out / "results.jsonl").write_text(json.dumps({"line": 1, "bytes": 10**9}) + chr(10))
        time.sleep(60)
    """
    add_batch(store)
    with running(store, tone_config, start_worker=fake(script)):
        assert wait_for(store, FAILED).content["errors"][0]["code"] == "storage_full"


def test_a_disk_that_takes_nothing_for_a_while_costs_no_line(
    store: Store, tone_config: Config, caplog: pytest.LogCaptureFixture
) -> None:
    started: list[Worker] = []

    class Cramped(Worker):
        """The first one may write no file of more than so many bytes, as little as some lines need."""

        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            if not started:
                resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (30_000, 30_000))
            started.append(self)

    add_batch(store, NUMBER)
    with running(store, tone_config, start_worker=Cramped):
        work = wait_for(store, COMPLETED)
    assert started[0].exit_code() == 74
    assert len(started) == 2
    assert (work.content["total"], work.content["completed"], work.content["failed"]) == (NUMBER, NUMBER, 0)
    assert "batch_1 waits 1 s: something cannot be written" in caplog.text


def test_lines_that_no_record_tells_of_are_not_taken_for_spoken(
    store: Store, tone_config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Runner, "_rest", lambda *_: None)
    add_batch(store)
    with running(store, tone_config, start_worker=fake("raise SystemExit(1)")):
        assert wait_for(store, FAILED).content["errors"][0]["code"] == "worker_failed"


@pytest.mark.parametrize("error", [OSError("no room"), sqlite3.OperationalError("database or disk is full")])
def test_work_that_meets_no_room_until_its_window_ends_fails(
    store: Store, tone_config: Config, error: Exception
) -> None:
    def start(*_: object) -> Worker:
        raise error

    add_batch(store, deadline=store.now() + 2)
    with running(store, tone_config, start_worker=start):
        (problem,) = wait_for(store, FAILED).content["errors"]
    assert (problem["code"], str(error) in problem["message"]) == ("storage_failed", True)


def test_work_past_its_window_is_over_with_what_was_spoken(store: Store, tone_config: Config) -> None:
    add_batch(store, deadline=store.now())
    with running(store, tone_config, start_worker=fake("import time; time.sleep(60)")):
        work = wait_for(store, EXPIRED)
    assert work.content["expired_at"] >= work.content["in_progress_at"]


def test_work_that_is_cancelled_before_it_begins_has_nothing(store: Store, tone_config: Config) -> None:
    add_batch(store, status=CANCELLING)
    with running(store, tone_config, start_worker=fake("import time; time.sleep(60)")):
        assert wait_for(store, "cancelled").content["completed"] == 0


def test_a_stop_ends_the_worker_and_leaves_the_work(store: Store, tone_config: Config) -> None:
    add_batch(store)
    started: list[Worker] = []

    class Told(FakeWorker):
        script = "import time; time.sleep(60)"

        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            started.append(self)

    with running(store, tone_config, start_worker=Told):
        wait_until(lambda: bool(started))
    assert started[0].exit_code() == -signal.SIGTERM
    assert state(store) == IN_PROGRESS


def test_a_worker_rests_while_somebody_listens(store: Store, tone_config: Config) -> None:
    add_batch(store)
    started: list[FakeWorker] = []
    listens = [True]

    class Told(FakeWorker):
        script = "import time; time.sleep(60)"

        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            started.append(self)

    def letter() -> str:
        stat = Path(f"/proc/{started[0]._process.pid}/stat").read_text()
        return stat.rpartition(")")[2].split()[0]

    with running(store, tone_config, start_worker=Told, somebody_listens=lambda: listens[0]):
        wait_until(lambda: bool(started) and letter() == "T")
        listens[0] = False
        wait_until(lambda: letter() != "T")


def test_nothing_kept_needs_no_thread(store: Store, tone_config: Config) -> None:
    with running(store, tone_config) as runner:
        wait_until(lambda: runner._thread is None)


def test_a_worker_has_the_lowest_priority(tmp_path: Path, tone_config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Worker, "manner", ("--idle",))
    write_lines(tmp_path / "lines.jsonl", 4000)
    worker = Worker(tmp_path, tone_config, ())
    pid = worker._process.pid
    try:
        wait_until(lambda: os.sched_getscheduler(pid) == os.SCHED_IDLE, timeout_seconds=120)
        wait_until((tmp_path / "out" / "results.jsonl").exists, timeout_seconds=600)
        assert {os.sched_getscheduler(int(task)) for task in os.listdir(f"/proc/{pid}/task")} == {os.SCHED_IDLE}  # noqa: PTH208
        assert Path(f"/proc/{pid}/oom_score_adj").read_text() == "1000\n"
    finally:
        worker.stop()
    # A stop that comes too late for its patience is a kill, as on a busy machine.
    assert worker.exit_code() in {128 + signal.SIGTERM, -signal.SIGKILL}


# ---- the whole service, killed


@pytest.fixture
def config_file(tmp_path: Path, tone_config: Config) -> Path:
    values: dict[str, Any] = tone_config.as_values()
    values["jobs"]["directory"] = str(tmp_path / "kept")
    path = tmp_path / "config.json"
    path.write_text(json.dumps(values))
    assert parse_config(values)
    return path


def entry(port: int) -> dict[str, Any]:
    answer: dict[str, Any] = get(port, "/v1/batches/batch_1").get_json()
    return answer


def done(port: int, number: int) -> Callable[[], bool]:
    def reached() -> bool:
        told = entry(port)
        return bool(told["request_counts"]["completed"] >= number or told["status"] == "completed")

    return reached


def test_a_service_that_is_killed_goes_on_to_the_same_files(
    tmp_path: Path, config_file: Path, store: Store, tone_config: Config
) -> None:
    add_batch(store, NUMBER)
    with running(store, tone_config):
        wait_for(store, COMPLETED)
    out = "works/batch_1/out"
    undisturbed = {path.name: digest_of(path) for path in (store.directory.root / out).glob("*.wav")}
    assert len(undisturbed) == NUMBER

    begun = Store(tmp_path / "kept", max_bytes=100_000_000, max_age_seconds=100_000)
    add_batch(begun, NUMBER)
    begun.close()
    chance = random.Random(7)
    for until in sorted(chance.sample(range(1, NUMBER), 3)):
        with serving("--config", str(config_file), program=AT_ONCE) as (process, port):
            wait_until(done(port, until), timeout_seconds=120)
            process.kill()
    with serving("--config", str(config_file), program=AT_ONCE) as (process, port):
        wait_until(lambda: entry(port)["status"] == "completed", timeout_seconds=120)
        assert entry(port)["request_counts"] == {"total": NUMBER, "completed": NUMBER, "failed": 0}
        process.terminate()
        process.wait(30)
    assert {path.name: digest_of(path) for path in (tmp_path / "kept" / out).glob("*.wav")} == undisturbed
