"""The WebSocket listener takes sockets from the HTTP listener, and stops.

Its thread, and the import of what reads WebSockets, come with the first of them.
"""

import logging
import queue
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from hailo_piper.listeners.upgrade import Upgrade
from hailo_piper.listeners.websocket.paths import dialect_at

if TYPE_CHECKING:
    from hailo_piper.listeners.service import Service
    from hailo_piper.listeners.websocket.loop import Loop

logger = logging.getLogger(__name__)

_BODY = b'{"error": {"message": "Not ready: draining", "type": "server_error", "param": null, "code": "draining"}}'
_DRAINING = b"\r\n".join(
    [
        b"HTTP/1.1 503 Service Unavailable",
        b"Connection: close",
        b"Content-Type: application/json",
        b"Content-Length: %d" % len(_BODY),
        b"",
        _BODY,
    ]
)
"""The answer to a socket that comes once there is no loop."""


class WebSocketServer:
    """A listener without a port of its own."""

    def __init__(self, service: "Service") -> None:
        self._service = service
        self._newcomers: queue.SimpleQueue[Upgrade] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._loop: Loop | None = None
        """None until it runs, and once it has ended."""
        self._started = threading.Event()
        self._has_stopped = False

    def knows(self, path: str) -> bool:
        """Return whether there is a WebSocket at this path of a request."""
        return dialect_at(path) is not None

    def take(self, upgrade: Upgrade) -> None:
        """Take a socket, and answer its request."""
        with self._lock:
            self._newcomers.put(upgrade)
            if self._has_stopped:
                self._drop_newcomers()
            elif self._thread is None:
                self._thread = threading.Thread(target=self._run, name="websocket-listener", daemon=True)
                self._thread.start()
            elif self._loop is not None:
                self._loop.wake()

    @property
    def connections(self) -> int:
        """The number of open sockets."""
        loop = self._loop
        return 0 if loop is None else loop.connections

    def stop(self, *, timeout_seconds: float) -> None:
        """Take no more sockets, let what is under way finish within the bound, then close every socket."""
        deadline = time.monotonic() + timeout_seconds
        with self._lock:
            self._has_stopped = True
            thread = self._thread
        if thread is None:
            return
        self._started.wait()
        with self._lock:
            if self._loop is not None:
                self._loop.stop(deadline)
        thread.join()

    def _run(self) -> None:
        try:
            import asyncio

            from hailo_piper.listeners.websocket.loop import Loop

            loop = Loop(self._service, self._newcomers)
            asyncio.run(loop.serve(lambda: self._note_start(loop)))
        except Exception:
            logger.exception("WebSockets cannot be answered")
        finally:
            with self._lock:
                self._loop, self._has_stopped = None, True
                self._drop_newcomers()
            self._started.set()

    def _note_start(self, loop: "Loop") -> None:
        with self._lock:
            self._loop = loop
        self._started.set()

    def _drop_newcomers(self) -> None:
        while not self._newcomers.empty():
            upgrade = self._newcomers.get()
            # It does not block, and so short an answer fits the kernel's buffer.
            with suppress(OSError):
                upgrade.connection.send(_DRAINING)
            upgrade.connection.close()
            upgrade.on_end()
