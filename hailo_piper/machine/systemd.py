"""The service notifies systemd (sd_notify) that it is ready, alive or stopping."""

import logging
import os
import socket
import threading
from collections.abc import Callable, Mapping
from typing import Self

logger = logging.getLogger(__name__)


class ServiceManager:
    """systemd at its notification socket; without a socket, notifications go nowhere."""

    def __init__(self, address: str | None, *, watchdog_seconds: float | None) -> None:
        """`address`: the socket's path, or @NAME for an abstract one. `watchdog_seconds`: None without a watchdog."""
        self._address = f"\0{address[1:]}" if address and address.startswith("@") else address
        self.watchdog_seconds = watchdog_seconds if address else None
        """Longest time between two watchdog notifications; None without a watchdog."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self:
        """Return the service manager that an environment names, as systemd sets it for its processes."""
        # WATCHDOG_PID may name another process: a wrapper's environment is inherited.
        mine = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        microseconds = int(environment.get("WATCHDOG_USEC", "0")) if mine else 0
        return cls(environment.get("NOTIFY_SOCKET"), watchdog_seconds=microseconds / 1e6 or None)

    def notify(self, **states: object) -> None:
        """Send states by sd_notify's names: READY=1, STOPPING=1, WATCHDOG=1, STATUS="for people"."""
        if self._address is None:
            return
        message = "\n".join(f"{name}={value}" for name, value in states.items())
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as connection:
                connection.sendto(message.encode(), self._address)
        except OSError as error:
            logger.warning("systemd could not be told %s: %s", ", ".join(states), error)


class Watchdog:
    """A thread that notifies systemd while the engine is alive; without notifications systemd restarts the service."""

    def __init__(self, manager: ServiceManager, is_alive: Callable[[float], bool]) -> None:
        """`is_alive(patience_seconds)` may itself hang, when the engine does."""
        self._manager = manager
        self._is_alive = is_alive
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Start the thread, if systemd has a watchdog for this service."""
        if self._manager.watchdog_seconds is not None:
            self._thread.start()

    def stop(self) -> None:
        """Stop watching. A thread that hangs in `is_alive` ends with the process."""
        self._stopping.set()

    def _watch(self) -> None:
        seconds = self._manager.watchdog_seconds or 0.0
        while not self._stopping.wait(seconds / 4):
            # A slow inference on a busy machine is not a hang, so it may take three quarters of the time.
            if self._is_alive(seconds * 3 / 4):
                self._manager.notify(WATCHDOG=1)
            elif not self._stopping.is_set():
                logger.error("the engine hangs: the watchdog will start the service anew")
