"""A worker is our own `batch` command as a child process, at the lowest priority."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from hailo_piper.config.settings import Config
from hailo_piper.machine import cpus

_STOP_SECONDS = 5.0
"""How long a worker may take to stop before it is killed; what it has done is kept either way."""
_LOG_BYTES = 2000
_OF_SERVICES = ("NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC", "LISTEN_PID", "LISTEN_FDS")
"""Variables by which systemd means the service alone."""


class Worker:
    """One worker, from its start to its end; for the thread that started it, since it ends with that."""

    manner: ClassVar[Sequence[str]] = ("--idle",)
    """The options that say how it shares the machine."""

    def __init__(self, folder: Path, config: Config, arguments: Sequence[str]) -> None:
        """Start it on `folder`/lines.jsonl, to write into `folder`/out. Raises OSError."""
        settings = folder / "config.json"
        settings.write_text(json.dumps(config.as_values()), encoding="utf-8")
        settings.chmod(0o600)
        self._log = folder / "log"
        command = [sys.executable, "-m", "hailo_piper", "batch", str(folder / "lines.jsonl"), "--out",
                   str(folder / "out"), "--config", str(settings), *self.manner, "--ends-with", str(os.getpid()),
                   "--threads", str(cpus.synthesis_threads(config.performance.synthesis_threads)),
                   *arguments]  # fmt: skip
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log, env=_environment()
            )
        self._is_paused = False

    def exit_code(self) -> int | None:
        """Return how it ended; None while it runs. Negative: the number of a signal."""
        return self._process.poll()

    def pause(self, *, pauses: bool) -> None:
        """Stop it, or let it go on."""
        if pauses != self._is_paused:
            self._is_paused = pauses
            self._signal(signal.SIGSTOP if pauses else signal.SIGCONT)

    def stop(self) -> None:
        """End it, and wait for that."""
        self._signal(signal.SIGTERM)
        self.pause(pauses=False)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self._process.wait()

    @property
    def last_words(self) -> str:
        """The last lines that it wrote for a person."""
        with suppress(OSError), self._log.open("rb") as log:
            log.seek(max(0, self._log.stat().st_size - _LOG_BYTES))
            return " / ".join(list(filter(None, log.read().decode(errors="replace").splitlines()))[-2:])
        return ""

    def _signal(self, number: int) -> None:
        with suppress(OSError):
            self._process.send_signal(number)


StartWorker = Callable[[Path, Config, Sequence[str]], Worker]


def _environment() -> dict[str, str]:
    """Return the environment of a worker: the file has the settings already, those of the environment too."""
    given = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith("HAILO_PIPER__") and name not in _OF_SERVICES
    }
    package_root = str(Path(__file__).resolve().parents[3])
    search_path = os.pathsep.join(filter(None, (package_root, os.environ.get("PYTHONPATH"))))
    return {**given, "PYTHONPATH": search_path}


def for_work(config: Config, **performance: Any) -> Config:
    """Return the configuration for a worker, with settings of `performance` changed."""
    return config._replace(performance=config.performance._replace(**performance))
