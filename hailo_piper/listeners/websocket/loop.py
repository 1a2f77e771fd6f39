"""One event loop moves the bytes of all WebSockets; it begins with the first of them."""

import asyncio
import logging
import math
import queue
import time
from collections.abc import Callable
from operator import itemgetter
from typing import Any
from urllib.parse import unquote

from hailo_piper.errors import NotReadyError, SpeechError
from hailo_piper.listeners.port import CutOff, max_message_bytes
from hailo_piper.listeners.service import Service
from hailo_piper.listeners.upgrade import Upgrade
from hailo_piper.listeners.websocket.caller import Caller
from hailo_piper.listeners.websocket.connection import Connection, Dialect
from hailo_piper.listeners.websocket.deepgram import DeepgramSockets
from hailo_piper.listeners.websocket.elevenlabs import ElevenLabsSockets
from hailo_piper.listeners.websocket.link import LISTENER, Link
from hailo_piper.listeners.websocket.own_dialect import OwnDialect
from hailo_piper.listeners.websocket.paths import DEEPGRAM, ELEVENLABS, OWN, dialect_at
from hailo_piper.listeners.websocket.speakers import Speakers

logger = logging.getLogger(__name__)

MOST_SOCKETS = 256
_SWEEP_SECONDS = 1.0
_CLOSING_SECONDS = 5.0


class Loop:
    """The sockets, and what they share. All of it belongs to the loop's thread, but `wake` and `stop`."""

    def __init__(self, service: Service, newcomers: "queue.SimpleQueue[Upgrade]") -> None:
        """`newcomers`: the sockets that were handed over."""
        self._service = service
        self._newcomers = newcomers
        self._speakers = Speakers(service)
        self._callers = service.callers
        self._origins = frozenset(service.config.server.cors_origins)
        self._dialects: dict[str, Dialect] = {
            OWN: OwnDialect(service.voices.names),
            ELEVENLABS: ElevenLabsSockets(service.voices),
            DEEPGRAM: DeepgramSockets(service.voices),
        }
        self._connections: dict[Connection, asyncio.Task[None]] = {}
        self._welcoming = set[asyncio.Task[None]]()
        self._deadline = math.inf

    @property
    def connections(self) -> int:
        """The number of open sockets."""
        return len(self._connections)

    async def serve(self, on_started: Callable[[], None]) -> None:
        """Answer until `stop`."""
        self._asyncio = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        on_started()
        self._welcome()
        while not self._stopping.is_set():
            self._sweep()
            try:
                await asyncio.wait_for(self._stopping.wait(), _SWEEP_SECONDS)
            except TimeoutError:
                continue
        await self._finish()
        self._speakers.close()

    def wake(self) -> None:
        """Have the newcomers taken; may be called on any thread."""
        self._asyncio.call_soon_threadsafe(self._welcome)

    def stop(self, deadline: float) -> None:
        """Let what is under way finish until a time of the monotonic clock; may be called on any thread."""
        self._deadline = deadline
        self._asyncio.call_soon_threadsafe(self._stopping.set)

    def _welcome(self) -> None:
        while True:
            try:
                upgrade = self._newcomers.get_nowait()
            except queue.Empty:
                return
            task = asyncio.create_task(self._run(upgrade))
            self._welcoming.add(task)
            task.add_done_callback(self._welcoming.discard)

    async def _run(self, upgrade: Upgrade) -> None:
        config = self._service.config
        path = unquote(upgrade.head.split(b" ", 2)[1].decode("latin-1").partition("?")[0], encoding="latin-1")
        dialect = self._dialects[dialect_at(path) or OWN]
        refusal = self._refusal()
        link = Link(
            upgrade,
            max_message_bytes=max_message_bytes(config),
            patience_seconds=config.performance.request_timeout,
        )
        caller = Caller(self._callers, upgrade.address)
        connection = Connection(link, caller, self._speakers, dialect, self._origins)
        try:
            await self._asyncio.connect_accepted_socket(lambda: link, upgrade.connection)
        except OSError:
            upgrade.connection.close()
            upgrade.on_end()
            return
        running = self._connections[connection] = asyncio.create_task(connection.run(refusal))
        try:
            await running
        finally:
            del self._connections[connection]

    def _refusal(self) -> SpeechError | None:
        """Return why the next socket is refused; one that does nothing gives way to it if all are taken."""
        if self._stopping.is_set():
            return NotReadyError("draining")
        if len(self._connections) < MOST_SOCKETS:
            return None
        now = time.monotonic()
        since, useless = min(((one.useless_since(now), one) for one in self._connections), key=itemgetter(0))
        if since == math.inf:
            return self._service.admission.busy(f"all {MOST_SOCKETS} WebSockets are taken")
        useless.link.cut_off(CutOff.GIVES_WAY)
        return None

    def _sweep(self) -> None:
        now = time.monotonic()
        for connection in tuple(self._connections):
            connection.sweep(now)

    async def _finish(self) -> None:
        """Let contexts finish within the bound, then close every socket."""
        for connection in tuple(self._connections):
            connection.stop_taking()
        while any(one.is_busy for one in self._connections) and time.monotonic() < self._deadline:
            self._sweep()
            self._end_texts()
            await asyncio.sleep(0.02)
        if any(one.is_busy for one in self._connections):
            logger.warning("stopped before every answer was finished", extra={"fields": {"listener": LISTENER}})
            for connection in tuple(self._connections):
                connection.link.cut_off(CutOff.SERVICE_STOPS)
        self._end_texts()
        await self._wait_for(list(self._connections.values()))
        for connection in tuple(self._connections):
            connection.link.cut_off(CutOff.SERVICE_STOPS)
        await self._wait_for(list(self._connections.values()))

    def _end_texts(self) -> None:
        now = time.monotonic()
        for connection in tuple(self._connections):
            connection.end_texts(now)

    async def _wait_for(self, tasks: list[asyncio.Task[Any]]) -> None:
        if tasks:
            await asyncio.wait(tasks, timeout=_CLOSING_SECONDS)
