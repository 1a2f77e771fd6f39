"""The service manager: tells systemd that the service is ready, alive or stopping."""

import logging
import os
import socket
import threading
from collections.abc import Callable, Mapping
from typing import Self

logger = logging.getLogger(__name__)


class ServiceManager:
    """systemd, at its notification socket; where there is none, nobody is told anything."""

    def __init__(self, address: str | None, *, watchdog_seconds: float | None) -> None:
        """`address`: the socket's path, or @NAME for an abstract one. `watchdog_seconds`: None without a watchdog."""
        self._address = f"\0{address[1:]}" if address and address.startswith("@") else address
        self.watchdog_seconds = watchdog_seconds if address else None
        """Longest time between two signs of life."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self:
        """As systemd describes itself to the processes it starts."""
        # A watchdog that is meant for another process (a wrapper's, inherited) is none of ours.
        mine = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        microseconds = int(environment.get("WATCHDOG_USEC", "0")) if mine else 0
        return cls(environment.get("NOTIFY_SOCKET"), watchdog_seconds=microseconds / 1e6 or None)

    def tell(self, **states: object) -> None:
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
    """Gives systemd its signs of life, for as long as there is life; once they end, systemd starts the service anew."""

    def __init__(self, manager: ServiceManager, is_alive: Callable[[float], bool]) -> None:
        """`is_alive(patience_seconds)` may hang where what it asks does."""
        self._manager = manager
        self._is_alive = is_alive
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Watch, on a thread of its own; does nothing where systemd has no watchdog for this service."""
        if self._manager.watchdog_seconds is not None:
            self._thread.start()

    def stop(self) -> None:
        """Watch no more. A thread that hangs in `is_alive` goes with the process."""
        self._stopping.set()

    def _watch(self) -> None:
        seconds = self._manager.watchdog_seconds or 0.0
        while not self._stopping.wait(seconds / 4):
            # One slow inference on a busy machine is no hang: three quarters of the time are its own.
            if self._is_alive(seconds * 3 / 4):
                self._manager.tell(WATCHDOG=1)
            elif not self._stopping.is_set():
                logger.error("the engine hangs: the watchdog will start the service anew")
