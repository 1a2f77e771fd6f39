"""A CPU quota for one process: by a cgroup where one can be written, else by stopping and continuing it.

A cgroup is what systemd's CPUQuota= is, so the server meets the very limit that it meets in service, from its first
instruction on, and can read it. The duty cycle is for machines where no cgroup can be written: 20 times a second the
time that the server's threads have run is compared with what the quota gives, and a server that is ahead of it is
stopped (SIGSTOP) until it is not (SIGCONT). That holds the average, but the server cannot know its quota beforehand.
"""

import os
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

_V1 = Path("/sys/fs/cgroup/cpu")
_V2 = Path("/sys/fs/cgroup")
_PERIOD_MICROSECONDS = 100_000
"""As systemd sets it."""
_DUTY_PERIOD_SECONDS = 0.05
_DUTY_POLL_SECONDS = 0.002
_LEAVE_TRIES = 50


@dataclass(slots=True)
class Limit:
    """A quota that is in force."""

    how: str
    wrap: list[str] = field(default_factory=list)
    """Goes before the command line of a server that is to start inside the limit."""
    watched: list[int] = field(default_factory=list)
    """Process ids, where the limit has to be told them: by `watch`."""

    def watch(self, pid: int) -> None:
        self.watched.append(pid)


@contextmanager
def limited(percent: int, *, duty_cycle: bool = False) -> Iterator[Limit]:
    """A quota in systemd's terms: 80 is 0.8 of one processor. `duty_cycle`: without a cgroup in any case."""
    folder = None if duty_cycle else _make_cgroup(percent)
    if folder is None:
        with _duty_cycle(percent) as limit:
            yield limit
        return
    kind = "v2" if (folder / "cpu.max").exists() else "v1"
    # The shell joins the group, then becomes the server: nothing of the server ever runs outside.
    join = ["/bin/sh", "-c", f'echo $$ > "{folder}/cgroup.procs" && exec "$@"', "sh"]
    try:
        yield Limit(f"cgroup {kind}", join)
    finally:
        _remove(folder)


def _make_cgroup(percent: int) -> Path | None:
    """A group with the quota; None where there is no cpu controller that we may write to."""
    v2_controllers = _V2 / "cgroup.subtree_control"
    if v2_controllers.is_file() and "cpu" in v2_controllers.read_text().split():
        parent, values = _V2, {"cpu.max": f"{percent * _PERIOD_MICROSECONDS // 100} {_PERIOD_MICROSECONDS}"}
    else:
        quota = str(percent * _PERIOD_MICROSECONDS // 100)
        parent, values = _V1, {"cpu.cfs_period_us": str(_PERIOD_MICROSECONDS), "cpu.cfs_quota_us": quota}
    if not (parent / "cgroup.procs").is_file():
        return None
    try:
        folder = Path(tempfile.mkdtemp(prefix="hailo-piper-bench-", dir=parent))
    except OSError:
        return None
    try:
        for name, value in values.items():
            (folder / name).write_text(value)
    except OSError:
        _remove(folder)
        return None
    return folder


def _remove(folder: Path) -> None:
    """Empty it into its parent, so that a process that is slow to end keeps no group behind."""
    with suppress(OSError):
        for pid in (folder / "cgroup.procs").read_text().split():
            (folder.parent / "cgroup.procs").write_text(pid)
    for _ in range(_LEAVE_TRIES):
        try:
            folder.rmdir()
        except OSError:
            time.sleep(0.05)
        else:
            return


@contextmanager
def _duty_cycle(percent: int) -> Iterator[Limit]:
    limit = Limit("a duty cycle of SIGSTOP and SIGCONT")
    done = threading.Event()

    def keep() -> None:
        while not done.wait(_DUTY_POLL_SECONDS):
            for pid in limit.watched:
                _hold_to(percent / 100, pid, done)

    thread = threading.Thread(target=keep, daemon=True)
    thread.start()
    try:
        yield limit
    finally:
        done.set()
        thread.join()


def _hold_to(processors: float, pid: int, done: threading.Event) -> None:
    """One period of one process: let it run until it has used its share, then stop it until the period is over."""
    began, used = time.monotonic(), _run_seconds(pid)
    try:
        while time.monotonic() - began < _DUTY_PERIOD_SECONDS and not done.is_set():
            if _run_seconds(pid) - used >= processors * _DUTY_PERIOD_SECONDS:
                os.kill(pid, signal.SIGSTOP)
                # What it ran beyond its share, since we look only now and then, it waits for longer.
                over = (_run_seconds(pid) - used) / processors
                done.wait(max(0.0, over - (time.monotonic() - began)))
                break
            time.sleep(_DUTY_POLL_SECONDS)
    except ProcessLookupError:
        return
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def _run_seconds(pid: int) -> float:
    """What all threads of a process have run, to the nanosecond: the clock ticks of /proc/PID/stat are too coarse."""
    total = 0
    for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with suppress(OSError):
            total += int(thread.read_text().split()[0])
    return total / 1e9
