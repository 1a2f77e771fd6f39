"""A context is one text on its way to sound: text goes in by pieces, sound and words come out.

Its socket's event loop pushes text, and one thread of the pool makes the answer. Each context is a request of its own
for admission, log lines and metrics.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from dataclasses import replace
from typing import NamedTuple

from hailo_piper.errors import NotReadyError, SpeechError
from hailo_piper.listeners.text_streams import new_stream
from hailo_piper.listeners.websocket.speakers import Speakers
from hailo_piper.listeners.websocket.speaking import OnSound, speak
from hailo_piper.monitoring import logs
from hailo_piper.speech.request import SpeechRequest, given
from hailo_piper.text.stream import TextStream

logger = logging.getLogger(__name__)

_SHORT_PIECE = 500
"""Characters of text that are split on the event loop: 2 ms."""
_LAST_WORDS_SECONDS = 0.5
"""How long a context may wait for its next piece of text while the service stops."""
_FOR_GOOD_SECONDS = 24 * 3600
"""A text may wait: it is its socket that is held to an idle time."""


class Listener(NamedTuple):
    """Whoever takes what a context makes, on the event loop."""

    on_sound: OnSound
    on_end: Callable[[SpeechError | None], Awaitable[None]]
    """Called once, after the last sound; with what went wrong, if anything did. Raises ConnectionError."""


class Context:
    """One text and its answer. All of it belongs to the event loop."""

    def __init__(self, request: SpeechRequest, speakers: Speakers, listener: Listener, *, is_in_pieces: bool) -> None:
        """`is_in_pieces`: whether text will be pushed, in place of the request's own."""
        self._is_in_pieces = is_in_pieces
        self._request = request
        self._speakers = speakers
        self._listener = listener
        self._is_cancelled = False
        self._error: SpeechError | None = None
        """Why it was cancelled, if its client is to know."""
        self._speaking: asyncio.Task[None] | None = None
        self._text: TextStream | None = None
        self._is_marked = False
        """Whether the text is SSML, or may have tags of it; then reading it takes longer."""
        self._since = time.monotonic()
        self._context = copy_context()
        self._context.run(logs.request_id.set, logs.choose_request_id())
        self.is_over = False
        """Whether its end was told."""
        self.has_text = False
        """Whether text came since the last flush."""

    @property
    def is_idle(self) -> bool:
        """Whether it only waits for text, and is owed nothing."""
        text = self._text
        return text is not None and not self.is_over and (self._speaking is None or text.waits_since is not None)

    def begin(self) -> None:
        """Begin: a whole text is spoken, and one in pieces is expected."""
        if not self._is_in_pieces:
            self._speak(self._request)
            return
        request, config = self._request, self._speakers.service.config
        self._is_marked = request.text_format == "ssml" or given(
            request.enable_ssml_parsing, config.synthesis.enable_ssml_parsing
        )
        self._text = new_stream(request, self._speakers.service, patience_seconds=_FOR_GOOD_SECONDS)

    async def push(self, piece: str) -> None:
        """Add text; what of it ends a sentence is spoken."""
        if self._text is None or self._is_cancelled or not piece:
            return
        self.has_text = True
        await self._push(self._text, piece)

    async def flush(self) -> None:
        """Speak what came without waiting for the end of its sentence; a tag of SSML that is open stays so."""
        if self._text is None or not self.has_text or self._is_cancelled:
            return
        self.has_text = False
        await self._read(self._text.flush)
        await self._begin_to_speak()

    async def finish(self) -> None:
        """End the text; what came is spoken."""
        if self._text is not None and not self._is_cancelled:
            self.has_text = False
            await self._read(self._text.finish)
            await self._begin_to_speak()

    def cancel(self, error: SpeechError | None = None) -> None:
        """Stop the work, at the latest after the inference under way; nothing of it is sent but its end.

        `error`: what its end tells.
        """
        if self._is_cancelled:
            return
        self._is_cancelled, self._error = True, error
        if self._text is not None:
            self._text.abandon()
        if self._speaking is None:
            self._speaking = asyncio.create_task(self._tell_end(error), context=self._context)

    def end_text(self, now: float) -> None:
        """End a text that only waits for more, since the service stops; the pieces that came are spoken."""
        if self._text is None:
            return
        waits_since = self._since if self._speaking is None else self._text.waits_since
        if waits_since is not None and now - waits_since > _LAST_WORDS_SECONDS:
            self._text.cut_short(NotReadyError("draining"))
            self._speak(replace(self._request, text=self._text))

    async def wait(self) -> None:
        """Wait until nothing of it is being spoken."""
        if self._speaking is not None:
            await asyncio.wait([self._speaking])

    async def _push(self, text: TextStream, piece: str) -> None:
        # Splitting a long piece takes milliseconds, in which the event loop would move nobody's bytes; SSML longer.
        if len(piece) > _SHORT_PIECE or self._is_marked:
            await asyncio.to_thread(text.push, piece)
        else:
            text.push(piece)
        self._since = time.monotonic()
        await self._begin_to_speak()

    async def _read(self, rest: Callable[[], None]) -> None:
        """Read what is held back; SSML takes longer than the event loop may."""
        if self._is_marked:
            await asyncio.to_thread(rest)
        else:
            rest()

    async def _begin_to_speak(self) -> None:
        """Begin to speak once the text has a sentence, or an error to report."""
        if self._text is not None and self._text.is_ready:
            self._speak(replace(self._request, text=self._text))

    def _speak(self, request: SpeechRequest) -> None:
        if self._speaking is None:
            self._speaking = asyncio.create_task(self._run(request), context=self._context)

    async def _run(self, request: SpeechRequest) -> None:
        error: SpeechError | None = None
        try:
            await speak(
                request,
                speakers=self._speakers,
                on_sound=self._listener.on_sound,
                is_cancelled=lambda: self._is_cancelled,
            )
        except ConnectionError:
            self._is_cancelled = True
        except SpeechError as failure:
            error = failure
        await self._tell_end(self._error if self._is_cancelled else error)

    async def _tell_end(self, error: SpeechError | None) -> None:
        self.is_over = True
        try:
            await self._listener.on_end(error)
        except ConnectionError:
            logger.debug("the client has left")
