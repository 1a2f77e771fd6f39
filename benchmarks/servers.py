"""A server's process: started on a free port, measured from /proc, ended by its own handle whatever happens."""

import os
import re
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from contestants import HOME, Contestant, UnavailableError, cache_environment

_READY_TIMEOUT_SECONDS = 120
_STOP_TIMEOUT_SECONDS = 10
_POLL_SECONDS = 0.005
_CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
_LEAST_AVAILABLE_MB = 1500
"""A server that leaves the machine less memory is ended: the machine has other work than to be measured."""


class Running:
    """A started server."""

    def __init__(self, contestant: Contestant, port: int, process: subprocess.Popen[bytes], started: float) -> None:
        self.contestant = contestant
        self.port = port
        self.started = started
        self.ready_seconds = 0.0
        """From the start of the process until its port accepted a connection."""
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        self._process.kill()

    def resident_mb(self) -> float:
        return sum(_status_mb(pid, "VmRSS") for pid in _tree(self.pid))

    def peak_mb(self) -> float:
        """Of each process of the tree, added: an upper bound where there are children."""
        return sum(_status_mb(pid, "VmHWM") for pid in _tree(self.pid))

    def reset_peak(self) -> bool:
        """Begin a new peak; False where the kernel does not let us."""
        try:
            for pid in _tree(self.pid):
                Path(f"/proc/{pid}/clear_refs").write_text("5")
        except OSError:
            return False
        return True

    def cpu_seconds(self) -> float:
        return cpu_seconds(self.pid)

    @contextmanager
    def memory_guard(self) -> Iterator[list[float]]:
        """Watch the server's memory: yields samples in MB, and ends the server rather than exhaust the machine."""
        samples = [self.resident_mb()]
        done = threading.Event()

        def watch() -> None:
            while not done.wait(0.05):
                samples.append(self.resident_mb())
                if available_mb() < _LEAST_AVAILABLE_MB:
                    self.kill()
                    return

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield samples
        finally:
            done.set()
            thread.join()


@contextmanager
def running(contestant: Contestant, *, cache: Path | None = None, wrap: Sequence[str] = ()) -> Iterator[Running]:
    """A server that accepts connections; `wrap` goes before its command line. Raises UnavailableError."""
    port = _free_port()
    log_path = HOME / "logs" / f"{contestant.name}.log"
    log_path.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", **contestant.environment}
    if not contestant.requirements:
        environment |= cache_environment(cache or warm_cache())
    command = [*wrap, *contestant.command(port)]
    with log_path.open("wb") as log:
        started = time.perf_counter()
        # A session of its own: Ctrl-C is for the benchmark, which then ends its servers itself.
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, cwd=HOME, start_new_session=True
        )
        server = Running(contestant, port, process, started)
        try:
            _wait_ready(server, log_path)
            yield server
        finally:
            _stop(process)


def warm_cache() -> Path:
    """The cache directory that stays: what our server finds there makes its start a warm one."""
    path = HOME / "warm-cache"
    path.mkdir(parents=True, exist_ok=True)
    return path


def available_mb() -> float:
    return _megabytes(Path("/proc/meminfo").read_text(), "MemAvailable")


def cpu_seconds(root: int) -> float:
    """User and system time of a process, of its children that have ended, and of those that live."""
    return sum(sum(map(int, _stat(pid)[11:15])) for pid in _tree(root)) / _CLOCK_TICKS


def _wait_ready(server: Running, log_path: Path) -> None:
    while time.perf_counter() - server.started < _READY_TIMEOUT_SECONDS:
        if not server.is_alive():
            lines = log_path.read_text(errors="replace").strip().splitlines() or ["it ended without a message"]
            raise UnavailableError(f"does not start: {lines[-1]}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", server.port)) == 0:
                server.ready_seconds = time.perf_counter() - server.started
                return
        time.sleep(_POLL_SECONDS)
    raise UnavailableError(f"not ready after {_READY_TIMEOUT_SECONDS} s; see {log_path}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        with suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_TIMEOUT_SECONDS)
    finally:
        # Also where a second Ctrl-C cuts the wait short; an ended process is left alone.
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _tree(root: int) -> list[int]:
    """A process and its living descendants."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and (stat := _stat(int(folder.name))):
            parents[int(folder.name)] = int(stat[1])
    found = [root] if root in parents else []
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name, which may hold anything; none where the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _status_mb(pid: int, field: str) -> float:
    try:
        return _megabytes(Path(f"/proc/{pid}/status").read_text(), field)
    except OSError:
        return 0.0


def _megabytes(text: str, field: str) -> float:
    found = re.search(rf"{field}:\s+(\d+) kB", text)
    return int(found[1]) / 1024 if found else 0.0
