"""A process that gives way, and that ends with the one that started it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hailo_piper.machine import priority
from tests.support.client import wait_until

CHILD = "import os, time; from hailo_piper.machine.priority import end_with; end_with({parent}); print(os.getpid(), flush=True); time.sleep(60)"  # noqa: E501
PARENT = f"""if True:
    import os, subprocess, sys, time
    child = subprocess.Popen([sys.executable, "-c", {CHILD!r}.format(parent=os.getpid())])
    time.sleep(60)
"""


def is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_child_ends_with_its_parent_even_while_it_is_stopped() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        os.kill(child, signal.SIGSTOP)
        parent.kill()
    wait_until(lambda: not is_there(child))


def test_a_child_that_lost_its_parent_already_ends_at_once() -> None:
    done = subprocess.run([sys.executable, "-c", CHILD.format(parent=1)], check=False, timeout=30)
    assert done.returncode == 1


@pytest.mark.parametrize("error", [PermissionError, None])
def test_a_process_gives_way_as_far_as_it_may(monkeypatch: pytest.MonkeyPatch, error: type[OSError] | None) -> None:
    asked: list[object] = []

    def schedule(pid: int, policy: int, _: object) -> None:
        asked.append((pid, policy))
        if error:
            raise error

    monkeypatch.setattr("os.sched_setscheduler", schedule)
    monkeypatch.setattr("os.nice", asked.append)
    monkeypatch.setattr(Path, "write_text", lambda path, text: asked.append((str(path), text)))
    priority.give_way()
    nice = [19] if error else []
    assert asked == [(0, os.SCHED_IDLE), *nice, ("/proc/self/oom_score_adj", "1000")]
