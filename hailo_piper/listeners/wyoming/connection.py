"""A connection reads one client's events and answers them in order, one speech at a time."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from contextvars import Context, copy_context
from functools import partial
from typing import Any

from wyoming.error import Error
from wyoming.event import Event
from wyoming.ping import Pong
from wyoming.tts import SynthesizeStopped

from hailo_piper.errors import InvalidRequestError, NotReadyError
from hailo_piper.listeners.port import CutOff, max_message_bytes
from hailo_piper.listeners.service import Service
from hailo_piper.listeners.text_streams import new_stream
from hailo_piper.listeners.threaded_reply import note_refusal
from hailo_piper.listeners.wyoming.dialect import Choice, choice_of, describe, text_of
from hailo_piper.listeners.wyoming.link import LISTENER, Link
from hailo_piper.listeners.wyoming.patience import Patience
from hailo_piper.listeners.wyoming.speaking import Outcome, speak
from hailo_piper.listeners.wyoming.wire import WireError, read_event
from hailo_piper.monitoring import logs
from hailo_piper.text.stream import TextStream

logger = logging.getLogger(__name__)

_IDLE_SECONDS = 120
"""The idle limit of a connection between requests, as over HTTP."""

_LAST_WORDS_SECONDS = 0.5
"""How long a stream may wait for its next piece of text while the service stops."""

_SHORT_PIECE = 500
"""Characters of text that are split on the event loop: 2 ms."""


class Connection:
    """One client's connection, from its first event until either side ends it."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, service: Service, threads: Executor
    ) -> None:
        """`threads`: where answers are made."""
        self._reader = reader
        self._service = service
        self._threads = threads
        self._max_data_bytes = max_message_bytes(service.config)
        self._patience_seconds = service.config.performance.request_timeout
        self._patience = Patience(self._patience_seconds)
        self._link = Link(writer, self._patience)
        self._speaking: asyncio.Task[None] | None = None
        self._text: TextStream | None = None
        """The text of a stream, from its synthesize-start to its synthesize-stop."""
        self._choice: Choice | None = None
        """What that stream asks for beside its text."""
        self._is_marked = False
        """Whether that text is SSML, or may have tags of it."""
        self._context: Context | None = None
        """The context of the request that began last: its id."""
        self._is_stopping = False
        self._answers: Mapping[str, Callable[[Mapping[str, Any]], Coroutine[Any, Any, None]]] = {
            "describe": self._describe,
            "ping": self._pong,
            "synthesize": self._synthesize,
            "synthesize-start": self._start_stream,
            "synthesize-chunk": self._continue_stream,
            "synthesize-stop": self._stop_stream,
        }

    @property
    def address(self) -> str:
        """The client's IP address."""
        return self._link.address

    @property
    def is_busy(self) -> bool:
        """Whether something is being spoken."""
        return self._speaking is not None and not self._speaking.done()

    def useless_since(self, now: float) -> float:
        """Return since when this connection does nothing, on the monotonic clock; infinity if it does something."""
        return self._patience.useless_since(now, is_busy=self.is_busy or self._text is not None)

    def has_left(self) -> bool:
        """Return whether the client no longer reads."""
        return self._link.has_left()

    async def run(self) -> None:
        """Answer until the client leaves, or sends what is not an event."""
        try:
            while first_byte := await self._reader.read(1):
                self._patience.event_since = time.monotonic()
                event = await read_event(self._reader, first_byte, self._max_data_bytes)
                self._patience.event_since = None
                self._patience.restart_idle_timer(_IDLE_SECONDS)
                await self._answer(event)
            # The client sends no more; every request that is complete is still answered.
            self._link.note_half_close()
            self._abandon_text()
            await self._finish_speaking()
        except WireError as error:
            self._link.log_end(str(error))
        except OSError:
            logger.debug("the client has left")
        finally:
            self._link.abandon()
            self._patience.event_since = None
            self._abandon_text()
            await self._finish_speaking()
            gracefully = self._is_stopping or self._link.is_half_closed
            if gracefully:
                self._patience.restart_idle_timer(self._patience_seconds)
            await self._link.close(gracefully=gracefully)

    def sweep(self, now: float) -> None:
        """Cut off a client that exceeds a time limit, and notice one that has left; call it every second."""
        reason = self._patience.exceeded(now, is_busy=self.is_busy)
        if reason is not None:
            self.cut_off(reason)
        else:
            self._link.probe(now, is_busy=self.is_busy)

    def cut_off(self, reason: CutOff) -> None:
        """Close the connection at once, whatever is still being sent."""
        self._link.cut_off(reason)

    def finish(self) -> None:
        """Close the connection once the client has read what was sent."""
        self._is_stopping = True
        if self.is_busy:
            self._link.abandon()
        self._reader.feed_eof()

    def end_text(self, now: float) -> None:
        """End a text that only waits for more, since the service stops; the pieces that came are spoken."""
        text = self._text
        if text and (self._speaking is None or (text.waits_since and now - text.waits_since > _LAST_WORDS_SECONDS)):
            text.cut_short(NotReadyError("draining"))
            self._begin_stream()

    async def _answer(self, event: Event) -> None:
        if self._text is None:
            # Only requests have an id; a describe or a ping has none.
            logs.request_id.set(None)
        answer = self._answers.get(event.type)
        if answer is None:
            return
        try:
            await answer(event.data)
        except InvalidRequestError as error:
            note_refusal(error, LISTENER, self._service.metrics)
            self._patience.close_soon()
            await self._link.send(Error(text=error.message, code=error.code).event())

    async def _describe(self, _: Mapping[str, Any]) -> None:
        await self._link.send(describe(await asyncio.to_thread(self._service.voices.all)).event())

    async def _pong(self, data: Mapping[str, Any]) -> None:
        text = data.get("text")
        await self._link.send(Pong(text=text if isinstance(text, str) else None).event())

    async def _synthesize(self, data: Mapping[str, Any]) -> None:
        if self._text is not None:
            # Home Assistant repeats the text of a stream, for servers that know no streams.
            return
        self._begin_request()
        text, choice = text_of(data), choice_of(data)
        await self._finish_speaking()
        self._speaking = asyncio.create_task(self._speak(text, choice))

    async def _start_stream(self, data: Mapping[str, Any]) -> None:
        self._begin_request()
        choice = choice_of(data)
        self._abandon_text()
        await self._finish_speaking()
        self._choice = choice
        self._is_marked = choice.text_format == "ssml" or self._service.config.synthesis.enable_ssml_parsing
        new_text = partial(new_stream, choice.request(""), self._service, patience_seconds=self._patience_seconds)
        self._text = await asyncio.to_thread(new_text) if self._is_marked else new_text()

    async def _continue_stream(self, data: Mapping[str, Any]) -> None:
        if self._text is not None:
            piece = text_of(data)
            # Splitting a long piece takes milliseconds, in which the event loop would move nobody's bytes; SSML longer.
            if len(piece) > _SHORT_PIECE or self._is_marked:
                await asyncio.to_thread(self._text.push, piece)
            else:
                self._text.push(piece)
            self._begin_stream()

    async def _stop_stream(self, _: Mapping[str, Any]) -> None:
        if self._text is None:
            return
        if self._is_marked:
            await asyncio.to_thread(self._text.finish)
        else:
            self._text.finish()
        self._begin_stream()
        self._text = None
        if self._speaking is not None:
            self._speaking = asyncio.create_task(self._end_stream(self._speaking))

    def _begin_request(self) -> None:
        """Choose the id of the request that begins, which every log line of it has."""
        logs.request_id.set(logs.choose_request_id())
        self._context = copy_context()

    def _begin_stream(self) -> None:
        """Begin to speak a stream once it has a sentence, or an error to report."""
        if self._speaking is None and self._text is not None and self._choice is not None and self._text.is_ready:
            speaking = self._speak(self._text, self._choice)
            # Its lines have the id of this request, though the listener may begin it when it stops.
            self._speaking = asyncio.create_task(speaking, context=self._context)

    async def _end_stream(self, speaking: asyncio.Task[None]) -> None:
        await speaking
        with suppress(ConnectionError):
            await self._link.send(SynthesizeStopped().event())

    async def _speak(self, text: str | TextStream, choice: Choice) -> None:
        with suppress(ConnectionError):
            outcome = await speak(text, choice, link=self._link, service=self._service, threads=self._threads)
            is_over = outcome is Outcome.BROKEN or (outcome is Outcome.REFUSED and isinstance(text, str))
            self._patience.restart_idle_timer(_IDLE_SECONDS)
            if is_over:
                self._patience.close_soon()
            if outcome is Outcome.BROKEN:
                self._link.break_off()

    def _abandon_text(self) -> None:
        if self._text is not None:
            self._text.abandon()

    async def _finish_speaking(self) -> None:
        """Wait until nothing is being spoken."""
        if self._speaking is not None:
            await self._speaking
            self._speaking = None
