"""One client's connection: its events in their order, and the bounds that it is held to."""

import asyncio
import logging
import socket
import struct
import time
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from typing import Any

from wyoming.error import Error
from wyoming.event import Event, async_write_event
from wyoming.ping import Pong
from wyoming.tts import SynthesizeStopped

from hailo_piper.errors import InvalidRequestError, NotReadyError
from hailo_piper.listeners.port import is_reset, max_message_bytes
from hailo_piper.listeners.service import Service
from hailo_piper.listeners.wyoming.dialect import Wanted, describe, text_of, wanted
from hailo_piper.listeners.wyoming.patience import Patience
from hailo_piper.listeners.wyoming.speaking import LISTENER, Outcome, note_refusal, speak
from hailo_piper.listeners.wyoming.wire import WireError, read_event, writable
from hailo_piper.text.stream import TextStream

logger = logging.getLogger(__name__)

_IDLE_SECONDS = 120
"""A connection that asks for nothing more is closed, as one of HTTP is."""
_PROBE_SECONDS = 1
_PROBE = b'{"type": "pong"}\n'

_LAST_WORDS_SECONDS = 0.5
"""What a stream may wait for its next piece of text while the service stops."""

_SHORT_PIECE = 500
"""Characters that are looked through on the event loop: 2 ms."""


class Connection:
    """Reads one client's events, one answer at a time, until either of them has enough."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, service: Service, threads: Executor
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._service = service
        self._threads = threads
        self._max_data_bytes = max_message_bytes(service.config)
        self._patience_seconds = service.config.performance.request_timeout
        self._patience = Patience(self._patience_seconds)
        self.address: str = (writer.get_extra_info("peername") or ("",))[0]
        self._sending = asyncio.Lock()
        self._speaking: asyncio.Task[None] | None = None
        self._text: TextStream | None = None
        """What is between a synthesize-start and its synthesize-stop."""
        self._wanted: Wanted | None = None
        self._has_left = False
        self._ended_since: float | None = None
        """When the client ended its half of the connection."""
        self._sent_at = 0.0
        self._is_stopping = False
        self._is_ended = False
        """Whether nothing more is sent, since an answer broke off."""
        self._answers: Mapping[str, Callable[[Mapping[str, Any]], Coroutine[Any, Any, None]]] = {
            "describe": self._describe,
            "ping": self._pong,
            "synthesize": self._synthesize,
            "synthesize-start": self._start_stream,
            "synthesize-chunk": self._continue_stream,
            "synthesize-stop": self._stop_stream,
        }

    @property
    def is_busy(self) -> bool:
        """Whether something is being spoken."""
        return self._speaking is not None and not self._speaking.done()

    def useless_since(self, now: float) -> float:
        """Since when its place is of no use, on the monotonic clock; infinity where something is being done in it."""
        return self._patience.useless_since(now, is_busy=self.is_busy or self._text is not None)

    def has_left(self) -> bool:
        """Whether nobody listens any more; asked on any thread."""
        return self._has_left or self._writer.is_closing()

    async def run(self) -> None:
        """Answer until the client leaves, or says what is no event."""
        try:
            while begun := await self._reader.read(1):
                self._patience.event_since = time.monotonic()
                event = await read_event(self._reader, begun, self._max_data_bytes)
                self._patience.event_since = None
                self._patience.be_quiet(_IDLE_SECONDS)
                await self._answer(event)
            # It sends no more; what it has asked for in full it still gets.
            self._ended_since = time.monotonic()
            self._abandon_text()
            await self._silence()
        except WireError as error:
            self._log_end(str(error))
        except OSError:
            logger.debug("the client has left")
        finally:
            self._has_left = True
            self._patience.event_since = None
            self._abandon_text()
            await self._silence()
            if self._is_stopping or self._ended_since is not None:
                self._patience.be_quiet(self._patience_seconds)
                self._writer.close()
            else:
                self._writer.transport.abort()
            with suppress(OSError):
                await self._writer.wait_closed()

    def overstays(self, now: float) -> str | None:
        """Why this connection is to be cut off, if it is; to be asked every second."""
        return self._patience.is_over(now, is_busy=self.is_busy)

    def cut_off(self, reason: str) -> None:
        """Close it at once, whatever is on its way."""
        if not self._patience.was_refused:
            self._log_end(reason)
        self._has_left = True
        if reason != "it is idle":
            # The kernel, too, drops what the client has not taken.
            raw = self._writer.get_extra_info("socket")
            with suppress(OSError):
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    def finish(self) -> None:
        """Close it once the client has what was sent."""
        self._is_stopping = True
        self._has_left = self._has_left or self.is_busy
        self._reader.feed_eof()

    def end_text(self, now: float) -> None:
        """End the text of a stream that only waits for more, since the service stops: what came of it is spoken."""
        text = self._text
        if text and (self._speaking is None or (text.waits_since and now - text.waits_since > _LAST_WORDS_SECONDS)):
            text.cut_short(NotReadyError("draining"))
            self._begin_stream()

    def look_for_client(self, now: float) -> None:
        """Note where a client that ended its half has left; to be asked every second.

        Whoever has left refuses what it is sent: sound, or, while there is none yet, a pong that nobody asked for.
        """
        if self._ended_since is None or self._writer.is_closing():
            return
        if is_reset(self._writer.get_extra_info("socket")):
            self._has_left = True
            return
        is_quiet = now - max(self._ended_since, self._sent_at) > _PROBE_SECONDS and not self._sending.locked()
        if is_quiet and self.is_busy:
            self._writer.write(_PROBE)

    async def send(self, event: Event) -> None:
        """Send one event, as soon as the client takes it. Raises ConnectionError."""
        async with self._sending:
            if self._is_ended:
                raise ConnectionResetError("an answer broke off")
            self._patience.send_since = time.monotonic()
            try:
                await async_write_event(writable(event), self._writer)
            except OSError as error:
                raise ConnectionResetError(str(error)) from error
            self._patience.send_since = None
            self._sent_at = time.monotonic()

    async def _answer(self, event: Event) -> None:
        answer = self._answers.get(event.type)
        if answer is None:
            return
        try:
            await answer(event.data)
        except InvalidRequestError as error:
            note_refusal(error, self._service)
            self._patience.let_go()
            await self.send(Error(text=error.message, code=error.code).event())

    async def _describe(self, _: Mapping[str, Any]) -> None:
        await self.send(describe(await asyncio.to_thread(self._service.voices.all)).event())

    async def _pong(self, data: Mapping[str, Any]) -> None:
        text = data.get("text")
        await self.send(Pong(text=text if isinstance(text, str) else None).event())

    async def _synthesize(self, data: Mapping[str, Any]) -> None:
        if self._text is not None:
            # It repeats what the stream says, for servers that know no streams.
            return
        text, who = text_of(data), wanted(data)
        await self._silence()
        self._speaking = asyncio.create_task(self._speak(text, who))

    async def _start_stream(self, data: Mapping[str, Any]) -> None:
        who = wanted(data)
        self._abandon_text()
        await self._silence()
        config = self._service.config
        self._wanted = who
        self._text = TextStream(
            max_text_length=config.synthesis.max_text_length, patience_seconds=self._patience_seconds
        )

    async def _continue_stream(self, data: Mapping[str, Any]) -> None:
        if self._text is not None:
            piece = text_of(data)
            # To find the sentences of a long one takes milliseconds, in which everybody's bytes would wait.
            if len(piece) > _SHORT_PIECE:
                await asyncio.to_thread(self._text.push, piece)
            else:
                self._text.push(piece)
            self._begin_stream()

    async def _stop_stream(self, _: Mapping[str, Any]) -> None:
        if self._text is None:
            return
        self._text.finish()
        self._begin_stream()
        self._text = None
        if self._speaking is not None:
            self._speaking = asyncio.create_task(self._end_stream(self._speaking))

    def _begin_stream(self) -> None:
        """Begin to speak once there is a sentence, or something to say about the text."""
        if self._speaking is None and self._text is not None and self._wanted is not None and self._text.is_ready:
            self._speaking = asyncio.create_task(self._speak(self._text, self._wanted))

    async def _end_stream(self, speaking: asyncio.Task[None]) -> None:
        await speaking
        with suppress(ConnectionError):
            await self.send(SynthesizeStopped().event())

    async def _speak(self, text: str | TextStream, who: Wanted) -> None:
        with suppress(ConnectionError):
            outcome = await speak(text, who, client=self, service=self._service, threads=self._threads)
            is_over = outcome is Outcome.BROKEN or (outcome is Outcome.REFUSED and isinstance(text, str))
            self._patience.be_quiet(_IDLE_SECONDS)
            if is_over:
                self._patience.let_go()
            if outcome is Outcome.BROKEN:
                # No client is to take a part for the whole.
                self._is_ended = True
                self._writer.write_eof()

    def _abandon_text(self) -> None:
        if self._text is not None:
            self._text.abandon()

    async def _silence(self) -> None:
        """Wait until nothing is being spoken."""
        if self._speaking is not None:
            await self._speaking
            self._speaking = None

    def _log_end(self, reason: str) -> None:
        logger.info("cut off", extra={"fields": {"client": self.address, "listener": LISTENER, "because": reason}})
