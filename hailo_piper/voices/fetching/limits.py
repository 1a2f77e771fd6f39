"""Limits bound the time and slowness of a fetch, and end it at once, whatever it waits for.

A thread watches the clock and the client, and ends the fetch by shutting its connections down.
"""

import contextlib
import os
import queue
import select
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from hailo_piper.errors import FetchError

_POLL_SECONDS = 0.2
_CONNECT_SECONDS = 15.0
_SILENCE_SECONDS = 30.0
_WINDOW_SECONDS = 60.0
_LEAST_BYTES = 60_000
"""Least bytes in a window; a slower fetch would never finish."""


class FetchLimits:
    """The time limits and connections of one fetch; a context manager to be entered once."""

    def __init__(self, *, seconds: float, give_up: Callable[[], str | None] = lambda: None) -> None:
        """`give_up`: returns the reason to end the fetch, or None; it is called five times a second."""
        self._seconds = seconds
        self._give_up = give_up
        self._until = time.monotonic() + seconds
        self._window = (time.monotonic(), 0)
        """Begin of the window, in time.monotonic seconds, and the bytes received before it."""
        self._bytes = 0
        self._reason: str | None = None
        self._connections: list[socket.socket] = []
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="fetch-limits", daemon=True)

    def __enter__(self) -> Self:
        """Start the watching thread."""
        self._watcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End and close all connections."""
        self.stop("it was given up")
        self._ended.set()
        self._watcher.join()
        with self._lock:
            for connection in self._connections:
                connection.close()

    def count(self, number: int) -> None:
        """Count received bytes. Raises FetchError if the fetch was ended."""
        self._bytes += number
        if (reason := self._give_up()) is not None:
            self.stop(reason)
        self.check()

    def check(self) -> None:
        """Raise FetchError if the fetch was ended."""
        if self._reason is not None:
            raise FetchError(f"{self._reason}: not kept")

    def stop(self, reason: str) -> None:
        """End the fetch: threads that read or connect get an error."""
        with self._lock:
            self._reason = self._reason or reason
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def wait(self, seconds: float) -> None:
        """Wait this long. Raises FetchError as soon as the fetch is ended."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.check()
            time.sleep(min(_POLL_SECONDS, left))

    def connect(self, host: str, port: int, allow: Callable[[str], None]) -> socket.socket:
        """Connect to a server. `allow` may raise FetchError for an address. Raises OSError."""
        problem: OSError = OSError(f"{host} has no address")
        for family, kind, protocol, _, address in self._resolve(host, port):
            allow(str(address[0]))
            connection = socket.socket(family, kind, protocol)
            try:
                self._connect(connection, address)
                self._keep(connection)
            except OSError as error:
                connection.close()
                problem = error
            except BaseException:
                connection.close()
                raise
            else:
                connection.settimeout(_SILENCE_SECONDS)
                return connection
        raise problem

    def _resolve(self, host: str, port: int) -> list[Any]:
        """Resolve a host on a thread that may be left behind, since nothing can interrupt getaddrinfo."""
        answers: queue.SimpleQueue[list[Any] | OSError] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
            except UnicodeError as error:
                answers.put(OSError(f"{host!r} is no name of a host: {error}"))
            except OSError as error:
                answers.put(error)

        threading.Thread(target=ask, name="fetch-resolve", daemon=True).start()
        while True:
            self.check()
            with contextlib.suppress(queue.Empty):
                answer = answers.get(timeout=_POLL_SECONDS)
                if isinstance(answer, OSError):
                    raise answer
                return answer

    def _connect(self, connection: socket.socket, address: Any) -> None:
        connection.setblocking(False)  # noqa: FBT003 - socket's signature
        with contextlib.suppress(BlockingIOError):
            connection.connect(address)
        poll = select.poll()
        poll.register(connection, select.POLLOUT)
        until = time.monotonic() + _CONNECT_SECONDS
        while not poll.poll(_POLL_SECONDS * 1000):
            self.check()
            if time.monotonic() >= until:
                raise TimeoutError(f"no answer for {_CONNECT_SECONDS:g} seconds")
        if number := connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise OSError(number, os.strerror(number))

    def _keep(self, connection: socket.socket) -> None:
        """Keep a duplicate, so that the connection can be shut down even when TLS has wrapped it."""
        with self._lock:
            self.check()
            self._connections.append(connection.dup())

    def _watch(self) -> None:
        while self._reason is None and not self._ended.wait(_POLL_SECONDS):
            reason = self._give_up() or self._too_long()
            if reason is not None:
                self.stop(reason)

    def _too_long(self) -> str | None:
        now = time.monotonic()
        if now >= self._until:
            return f"it took longer than {self._seconds:g} seconds"
        began, before = self._window
        if now - began >= _WINDOW_SECONDS:
            if self._bytes - before < _LEAST_BYTES:
                return f"it came too slowly: {self._bytes - before} bytes in {_WINDOW_SECONDS:g} seconds"
            self._window = (now, self._bytes)
        return None
