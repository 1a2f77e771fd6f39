"""The listener itself: its port, its thread, and how it stops."""

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
    Told,
    connections_of_one,
    connections_within,
    listen,
    max_message_bytes,
)
from hailo_piper.listeners.service import Service
from hailo_piper.listeners.wyoming.connection import Connection
from hailo_piper.listeners.wyoming.speaking import LISTENER

logger = logging.getLogger(__name__)

_WRITE_BUFFER_BYTES = 1 << 16
"""What waits in the process for a reader, beside the kernel's buffer; then the synthesis waits too."""
_SWEEP_SECONDS = 1.0
_CLOSING_SECONDS = 5.0

Announce = Callable[[asyncio.Event], Coroutine[Any, Any, None]]
"""Tells the network of this listener until the event is set."""


class WyomingServer:
    """One listener. The port is taken when it is built; it answers from `start` to `stop`."""

    def __init__(self, service: Service, *, host: str, port: int) -> None:
        """Take the port; raises OSError where that is not possible."""
        self._socket = listen(host, port)
        self.host, self.port = self._socket.getsockname()[:2]
        self._most_connections = connections_within(WYOMING_CONNECTIONS)
        # One each: a stream that waits for text has its thread wait, and holds up nobody.
        self._threads = ThreadPoolExecutor(self._most_connections, thread_name_prefix="wyoming")
        self._service = service
        self._max_data_bytes = max_message_bytes(service.config)
        self._connections: dict[Connection, asyncio.Task[Any]] = {}
        self._told = Told()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wyoming-listener", daemon=True)

    @property
    def connections(self) -> int:
        """Open connections."""
        return len(self._connections)

    def start(self, announce: Announce | None = None) -> None:
        """Answer, on a thread of its own, and tell the network of it."""
        self._announce = announce
        self._thread.start()
        self._started.wait()

    def stop(self, *, timeout_seconds: float) -> None:
        """Accept no more, let what is being spoken finish within the bound, then close everything."""
        self._deadline = time.monotonic() + timeout_seconds
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()
        self._threads.shutdown(wait=False)

    def close(self) -> None:
        """Give the port back, where it was never started."""
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
            self._cut_off_who_overstays()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), _SWEEP_SECONDS)
        server.close()
        await self._finish()
        await self._wait_for(announcing)

    async def _finish(self) -> None:
        """Let what is being spoken finish within the bound, then close everything."""
        for connection in tuple(self._connections):
            connection.end_text(time.monotonic())
            if not connection.is_busy:
                connection.finish()
        while any(connection.is_busy for connection in self._connections) and time.monotonic() < self._deadline:
            self._cut_off_who_overstays()
            for connection in tuple(self._connections):
                connection.end_text(time.monotonic())
            await asyncio.sleep(0.02)
        if any(connection.is_busy for connection in self._connections):
            logger.warning("stopped before every answer was finished", extra={"fields": {"listener": LISTENER}})
        for connection in tuple(self._connections):
            connection.finish()
        await self._wait_for(list(self._connections.values()))
        for connection in tuple(self._connections):
            connection.cut_off("the service stops")
        await self._wait_for(list(self._connections.values()))

    def _note_trouble(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        # asyncio takes no connection for a second then, and would tell of it with a traceback every time.
        error = context.get("exception")
        if isinstance(error, OSError) and "accept" in context["message"]:
            self._told.warn(logger, "no connection can be taken: %s", error.strerror or error)
        else:
            loop.default_exception_handler(context)

    def _is_one_too_many(self, address: str) -> bool:
        taken = [connection for connection in self._connections if not connection.has_left()]
        if len(taken) >= self._most_connections:
            now = time.monotonic()
            since, useless = min(((one.useless_since(now), one) for one in taken), key=itemgetter(0))
            if since == math.inf:
                return True
            useless.cut_off("every connection is taken, and it asks for nothing or its request has no end")
        most = connections_of_one(self._most_connections)
        if len(taken) < most or is_loopback(address):
            return False
        # Who never comes near the bound does not wait for this at the start.
        from hailo_piper.listeners.rate_limits import caller_at

        return Counter(caller_at(connection.address) for connection in taken)[caller_at(address)] >= most

    async def _wait_for(self, tasks: list[asyncio.Task[Any]]) -> None:
        if tasks:
            await asyncio.wait(tasks, timeout=_CLOSING_SECONDS)

    def _cut_off_who_overstays(self) -> None:
        now = time.monotonic()
        for connection in tuple(self._connections):
            reason = connection.overstays(now)
            if reason:
                connection.cut_off(reason)
            else:
                connection.look_for_client(now)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(reader, writer, service=self._service, threads=self._threads)
        if self._is_one_too_many(connection.address) or self._stopping.is_set():
            connection.cut_off("there are too many connections")
            return
        writer.transport.set_write_buffer_limits(high=_WRITE_BUFFER_BYTES)
        running = self._connections[connection] = asyncio.create_task(connection.run())
        try:
            await running
        finally:
            del self._connections[connection]
