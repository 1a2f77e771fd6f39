"""Three real services, each a process that can be stopped, killed and started again on its port."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.support.client import get, wait_until
from tests.support.services import QUIET

DRAIN_SECONDS = 3
"""Longer than the slowest balancer needs to notice: HAProxy asks every second, and believes the second refusal."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def is_ready(port: int) -> bool:
    try:
        return get(port, "/ready").status_code == 200
    except OSError:
        return False


class Instance:
    """One service, and what it was configured with."""

    def __init__(self, config: Path, log: Path) -> None:
        self.port = free_port()
        self._command = [
            sys.executable, "-m", "hailo_piper", "serve",
            "--config", str(config), "--host", "127.0.0.1", "--port", str(self.port),
        ]  # fmt: skip
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)
        wait_until(lambda: is_ready(self.port), timeout_seconds=60)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Signal it, and return the code that it ends with."""
        assert self._process
        self._process.send_signal(how)
        code = self._process.wait(timeout=90)
        self._process = None
        return code

    def close(self) -> None:
        if self._process:
            self.stop(signal.SIGKILL)


def write_config(directory: Path, voice: Path, cache: Path, **performance: int) -> Path:
    """A configuration of the tone voice that drains, with these settings of `performance`."""
    config = directory / "config.json"
    values = {
        "server": {"drain_seconds": DRAIN_SECONDS, "stop_seconds": 30},
        "piper": {"model_path": str(voice), "cache_directory": str(cache), **QUIET},
        "performance": performance,
        "voices": {"directory": str(directory / "no-voices")},
        "logging": {"level": "WARNING"},
    }
    config.write_text(json.dumps(values), encoding="utf-8")
    return config


@contextmanager
def fleet(directory: Path, voice: Path, cache: Path, first: dict[str, int] | None = None) -> Iterator[list[Instance]]:
    """Three instances, running; `first` changes settings of `performance` for the first one."""
    with ExitStack() as stack:
        instances = []
        for number in range(3):
            folder = directory / str(number)
            folder.mkdir()
            performance = (first or {}) if number == 0 else {}
            instance = Instance(write_config(folder, voice, cache, **performance), folder / "log")
            stack.callback(instance.close)
            instance.start()
            instances.append(instance)
        yield instances
