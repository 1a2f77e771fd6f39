"""One holder of a directory's lock at a time, until its process ends."""

import fcntl
import subprocess
import sys
from pathlib import Path

import pytest

from hailo_piper.machine.file_lock import directory_lock
from tests.support import ROOT
from tests.support.client import wait_until


def never() -> None:
    raise AssertionError("nobody else has the lock")


def test_a_lock_is_free_again_when_its_holder_is_done(tmp_path: Path) -> None:
    for _ in range(2):
        with directory_lock(tmp_path, pause=never) as is_locked:
            assert is_locked


def test_what_the_pause_raises_ends_the_wait(tmp_path: Path) -> None:
    def pause() -> None:
        raise TimeoutError

    with directory_lock(tmp_path, pause=never), pytest.raises(TimeoutError), directory_lock(tmp_path, pause=pause):
        raise AssertionError("two have the lock")


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    program = (
        "import pathlib, sys, time\n"
        "from hailo_piper.machine.file_lock import directory_lock\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "with directory_lock(path, pause=lambda: None):\n"
        "    (path / 'locked').touch()\n"
        "    time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], cwd=ROOT) as holder:
        wait_until((tmp_path / "locked").exists, timeout_seconds=60)
        waits = []

        def pause() -> None:
            waits.append(1)
            holder.kill()
            holder.wait()

        with directory_lock(tmp_path, pause=pause) as is_locked:
            assert is_locked
        assert waits == [1]


def test_a_file_system_without_locks_lets_everyone_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_handle: int, _operation: int) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with directory_lock(tmp_path, pause=never) as is_locked:
        assert not is_locked


def test_a_directory_that_is_not_there_cannot_be_locked(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), directory_lock(tmp_path / "absent", pause=never):
        raise AssertionError("there is nothing to lock")
