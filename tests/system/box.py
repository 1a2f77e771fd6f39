"""A booted systemd in a box: systemd-nspawn over throwaway layers, on a machine whose own PID 1 need not be systemd."""

import contextlib
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.system import trees

_BOOT_SECONDS = 60
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

# nspawn mounts cgroup v1 controllers read-only, and systemd then drops every limit without a word. They show the box's
# own part alone, so the box's first program may make them writable before it becomes systemd.
_INIT = """
for mount in $(awk '$3 == "cgroup" {print $2}' /proc/mounts); do mount -o remount,bind,rw "$mount"; done
exec /lib/systemd/systemd SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1
"""


@dataclass(frozen=True)
class Done:
    """What a command in the box ended with."""

    status: int
    output: str
    """Standard output and standard error as they came."""


class Box:
    """A running system: its layers, lowest first, are only read; what it writes is in `upper`."""

    def __init__(self, layers: Sequence[Path], *, upper: Path | None = None, binds: Sequence[str] = ()) -> None:
        """`upper`: where to keep what the box writes; thrown away if None. `binds`: HOST:BOX, read only."""
        self._layers = layers
        self._binds = binds
        self._directory = Path(tempfile.mkdtemp(prefix="hailo-piper-box-", dir=trees.workplace()))
        self._upper = upper or self._directory / "upper"
        self._name = self._directory.name.replace("_", "")
        self._groups: list[Path] = []
        self._leader = 0

    def __enter__(self) -> Self:
        for name in ("root", "work"):
            (self._directory / name).mkdir()
        self._upper.mkdir(exist_ok=True)
        # The overlay's work directory has to be on the file system of what is written.
        work = self._upper.with_name(f"{self._upper.name}.work")
        work.mkdir(exist_ok=True)
        self._groups = list(_make_groups(self._name))
        lower = ":".join(map(str, reversed(self._layers)))
        overlay = f"lowerdir={lower},upperdir={self._upper},workdir={work}"
        mount = ["mount", "-t", "overlay", "overlay", "-o", overlay, str(self._directory / "root")]
        shell = f"{shlex.join(mount)} && exec {shlex.join(self._nspawn())}"
        notify = self._directory / "notify"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener, self._log.open("wb") as log:
            listener.bind(str(notify))
            listener.settimeout(0.5)
            self._process = subprocess.Popen(
                ["unshare", "--mount", "--propagation=private", "sh", "-c", shell],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={"PATH": _PATH, "NOTIFY_SOCKET": str(notify), "LANG": "C.UTF-8", "TERM": "dumb"},
                preexec_fn=self._enter_groups,
            )
            self._wait_for_boot(listener)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._leader, signal.SIGKILL)
            self._process.kill()
            self._process.wait()
        for group in self._groups:
            _remove_group(group)
        shutil.rmtree(self._upper.with_name(f"{self._upper.name}.work"), ignore_errors=True)
        shutil.rmtree(self._directory, ignore_errors=True)

    def run(self, command: str, *, timeout_seconds: float = 300) -> Done:
        """A shell command in the box, to its end."""
        done = subprocess.run(
            self._entered(command),
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=timeout_seconds,
        )
        return Done(done.returncode, done.stdout.decode(errors="replace"))

    def get(self, command: str) -> str:
        """What a command that has to succeed prints, without the last line's end."""
        done = self.run(command)
        assert done.status == 0, f"{command}: {done.status}\n{done.output}"
        return done.output.rstrip("\n")

    @contextlib.contextmanager
    def running(self, command: str) -> Iterator["subprocess.Popen[bytes]"]:
        """A shell command in the box, while the test goes on; killed at the end."""
        with subprocess.Popen(
            self._entered(command), env=_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
        ) as process:
            try:
                yield process
            finally:
                # nsenter waits for a child, which is the command: it would outlive nsenter.
                children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
                with contextlib.suppress(OSError):
                    for child in children.read_text().split():
                        os.kill(int(child), signal.SIGKILL)

    def write(self, path: str, text: str) -> None:
        """Write a file in the box."""
        subprocess.run(
            self._entered(f"mkdir -p $(dirname {path}) && cat > {path}"),
            env=_environment(),
            input=text.encode(),
            check=True,
        )

    def wait_until(self, command: str, *, seconds: float = 30) -> float:
        """Wait for a command to succeed; returns how long that took."""
        started = time.monotonic()
        never = threading.Event()
        while self.run(command).status:
            assert time.monotonic() < started + seconds, f"not within {seconds} s: {command}\n{self.journal()}"
            never.wait(0.1)
        return time.monotonic() - started

    def journal(self, unit: str = "hailo-piper") -> str:
        """All that a unit has logged, and systemd of it."""
        return self.run(f"journalctl --no-pager --output=cat --unit={unit}").output

    @property
    def _log(self) -> Path:
        return self._directory / "log"

    def _nspawn(self) -> list[str]:
        return [
            "systemd-nspawn", "--quiet", f"--directory={self._directory / 'root'}", "--register=no", "--keep-unit",
            f"--machine={self._name}", "--console=read-only", "--notify-ready=yes", "--kill-signal=SIGRTMIN+3",
            "--resolv-conf=off", "--timezone=off", "--link-journal=no", "--private-network",
            *(f"--bind-ro={bind}" for bind in self._binds), "--", "/bin/sh", "-c", _INIT,
        ]  # fmt: skip

    def _entered(self, command: str) -> list[str]:
        namespaces = ["--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--root", "--wd"]
        return ["nsenter", f"--target={self._leader}", *namespaces, "--", "bash", "-c", command]

    def _enter_groups(self) -> None:
        os.setsid()
        for group in self._groups:
            (group / "cgroup.procs").write_text(str(os.getpid()))

    def _wait_for_boot(self, listener: socket.socket) -> None:
        ready = False
        deadline = time.monotonic() + _BOOT_SECONDS
        while not (ready and self._leader):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the box does not boot: {self._log.read_text()}")
            with contextlib.suppress(TimeoutError):
                message = listener.recv(4096).decode()
                if found := re.search(r"^X_NSPAWN_LEADER_PID=(\d+)", message, flags=re.MULTILINE):
                    self._leader = int(found[1])
                ready = ready or "READY=1" in message.splitlines()


def _environment() -> dict[str, str]:
    return {"PATH": _PATH, "HOME": "/root", "LANG": "C.UTF-8", "SYSTEMD_COLORS": "0"}


def _make_groups(name: str) -> Iterator[Path]:
    """A cgroup for the box in every hierarchy, below this process's own."""
    mounts = {}
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        place, _, kind = line.partition(" - ")
        system, _, options = kind.split()[:3]
        if system in ("cgroup", "cgroup2"):
            for controller in options.split(",") if system == "cgroup" else [""]:
                mounts[controller] = Path(place.split()[4])
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        mount = mounts.get(controllers.split(",")[0])
        if mount is None:
            continue
        group = mount / path.lstrip("/") / name
        group.mkdir(exist_ok=True)
        if controllers == "cpuset":
            for setting in ("cpuset.cpus", "cpuset.mems"):
                (group / setting).write_text((group.parent / setting).read_text())
        yield group


def _remove_group(group: Path) -> None:
    deadline = time.monotonic() + 5
    while group.is_dir() and time.monotonic() < deadline:
        for path, _, _ in os.walk(group, topdown=False):
            with contextlib.suppress(OSError):
                Path(path).rmdir()
