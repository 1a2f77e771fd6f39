"""The Wyoming listener takes a port, runs one event loop on a thread of its own, and stops.

It is off by default: a second port, without keys and announced to the network, is for the operator to open, and a
service without it does not import it. The event loop only moves bytes; answers are made on `wyoming_N` threads. A
refusal keeps the connection open, and ends it if nothing follows for 2 s: Home Assistant reads on until sound or the
end.
"""

import asyncio
import logging
import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from operator import itemgetter
from typing import Any

from hailo_piper.listeners.keys import is_loopback
from hailo_piper.listeners.port import (
    BACKLOG,
    WYOMING_CONNECTIONS,
    CutOff,
    ThrottledWarnings,
    connections_of_one,
    connections_within,
    listen,
    max_message_bytes,
)
from hailo_piper.listeners.service import Service
from hailo_piper.listeners.wyoming.connection import Connection
from hailo_piper.listeners.wyoming.link import LISTENER

logger = logging.getLogger(__name__)

_WRITE_BUFFER_BYTES = 1 << 16
"""The bytes that wait in this process for a slow reader, beside the kernel's buffer; beyond them synthesis waits."""
_SWEEP_SECONDS = 1.0
_CLOSING_SECONDS = 5.0

Announce = Callable[[asyncio.Event], Coroutine[Any, Any, None]]
"""A coroutine that announces this listener to the network until the event is set."""


class WyomingServer:
    """A listener that takes its port when it is built, and answers from `start` to `stop`."""

    def __init__(self, service: Service, *, host: str, port: int) -> None:
        """Take the port. Raises OSError."""
        self._socket = listen(host, port)
        self.host, self.port = self._socket.getsockname()[:2]
        self._most_connections = connections_within(WYOMING_CONNECTIONS)
        # One thread for each connection: the thread of a stream that waits for text waits with it.
        self._threads = ThreadPoolExecutor(self._most_connections, thread_name_prefix="wyoming")
        self._service = service
        self._max_data_bytes = max_message_bytes(service.config)
        self._connections: dict[Connection, asyncio.Task[Any]] = {}
        self._warnings = ThrottledWarnings()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wyoming-listener", daemon=True)

    @property
    def connections(self) -> int:
        """The number of open connections."""
        return len(self._connections)

    def start(self, announce: Announce | None = None) -> None:
        """Answer, on a thread of its own, and announce the listener to the network."""
        self._announce = announce
        self._thread.start()
        self._started.wait()

    def stop(self, *, timeout_seconds: float) -> None:
        """Accept no more connections, let answers finish within the bound, then close everything."""
        self._deadline = time.monotonic() + timeout_seconds
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()
        self._threads.shutdown(wait=False)

    def close(self) -> None:
        """Release the port of a listener that was never started."""
        self._socket.close()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._started.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(self._note_trouble)
        self._stopping = asyncio.Event()
        limit = self._max_data_bytes
        server = await asyncio.start_server(self._accept, sock=self._socket, limit=limit, backlog=BACKLOG)
        self._started.set()
        announcing = [asyncio.create_task(self._announce(self._stopping))] if self._announce else []
        while not self._stopping.is_set():
            self._sweep()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), _SWEEP_SECONDS)
        server.close()
        await self._finish()
        await self._wait_for(announcing)

    async def _finish(self) -> None:
        """Let answers finish within the bound, then close every connection."""
        for connection in tuple(self._connections):
            connection.end_text(time.monotonic())
            if not connection.is_busy:
                connection.finish()
        while any(connection.is_busy for connection in self._connections) and time.monotonic() < self._deadline:
            self._sweep()
            for connection in tuple(self._connections):
                connection.end_text(time.monotonic())
            await asyncio.sleep(0.02)
        if any(connection.is_busy for connection in self._connections):
            logger.warning("stopped before every answer was finished", extra={"fields": {"listener": LISTENER}})
        for connection in tuple(self._connections):
            connection.finish()
        await self._wait_for(list(self._connections.values()))
        for connection in tuple(self._connections):
            connection.cut_off(CutOff.SERVICE_STOPS)
        await self._wait_for(list(self._connections.values()))

    def _note_trouble(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        # asyncio then accepts no connection for a second, and would log a traceback every time.
        error = context.get("exception")
        if isinstance(error, OSError) and "accept" in context["message"]:
            self._warnings.warn(logger, "no connection can be taken: %s", error.strerror or error)
        else:
            loop.default_exception_handler(context)

    def _is_one_too_many(self, address: str) -> bool:
        taken = [connection for connection in self._connections if not connection.has_left()]
        if len(taken) >= self._most_connections:
            now = time.monotonic()
            since, useless = min(((one.useless_since(now), one) for one in taken), key=itemgetter(0))
            if since == math.inf:
                return True
            useless.cut_off(CutOff.GIVES_WAY)
        most = connections_of_one(self._most_connections)
        if len(taken) < most or is_loopback(address):
            return False
        # Only a service near the bound needs this import, so the start does not wait for it.
        from hailo_piper.listeners.rate_limits import caller_at

        return Counter(caller_at(connection.address) for connection in taken)[caller_at(address)] >= most

    async def _wait_for(self, tasks: list[asyncio.Task[Any]]) -> None:
        if tasks:
            await asyncio.wait(tasks, timeout=_CLOSING_SECONDS)

    def _sweep(self) -> None:
        now = time.monotonic()
        for connection in tuple(self._connections):
            connection.sweep(now)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(reader, writer, service=self._service, threads=self._threads)
        if self._is_one_too_many(connection.address) or self._stopping.is_set():
            connection.cut_off(CutOff.TOO_MANY)
            return
        writer.transport.set_write_buffer_limits(high=_WRITE_BUFFER_BYTES)
        running = self._connections[connection] = asyncio.create_task(connection.run())
        try:
            await running
        finally:
            del self._connections[connection]
