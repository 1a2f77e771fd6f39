"""Deepgram's WebSocket speaks one text at a time: words come in, bare samples go out, a flush ends a segment.

Sound has no names here, so segments are spoken one after the other. Each is a context of its own; what comes while the
one before is still being spoken waits for its end.
"""

import json
from collections import deque
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import NAMESPACE_DNS, uuid5

from websockets.frames import CloseCode
from websockets.http11 import Request

from hailo_piper import __version__
from hailo_piper.errors import BusyError, EmptyTextError, InvalidRequestError, SpeechError
from hailo_piper.listeners.deepgram import Deepgram
from hailo_piper.listeners.threaded_reply import note_refusal
from hailo_piper.listeners.websocket.context import Context, Listener
from hailo_piper.listeners.websocket.contexts import Contexts
from hailo_piper.listeners.websocket.link import LISTENER, Link
from hailo_piper.listeners.websocket.messages import fields_of, in_messages
from hailo_piper.listeners.websocket.speaking import Sound
from hailo_piper.monitoring import logs
from hailo_piper.speech.request import SpeechRequest
from hailo_piper.voices.names import Voices

_MOST_WAITING = 4
"""Texts of the largest length that may wait for the one that is spoken."""


class DeepgramSockets:
    """The dialect of `/v1/speak`."""

    may_prove_later = False

    def __init__(self, voices: Voices) -> None:
        self._voices = voices
        self._dialect = Deepgram(voices.names)

    def open(self, request: Request, link: Link, contexts: Contexts) -> "DeepgramSession":
        """Begin a session. Raises InvalidRequestError, and VoiceNotFoundError for the model."""
        asked = self._dialect.opening(dict(parse_qsl(urlsplit(request.path).query, max_num_fields=100)))
        return DeepgramSession(link, contexts, asked, self._voices.choose(asked.voice, None).voice.id)


class DeepgramSession:
    """One socket that speaks this dialect."""

    idle_seconds = 3600.0

    def __init__(self, link: Link, contexts: Contexts, request: SpeechRequest, voice_id: str) -> None:
        self._link = link
        self._contexts = contexts
        self._request = request
        self._segment = 0
        """The number of the segment that is spoken, or comes next."""
        self._context: Context | None = None
        self._is_ending = False
        """Whether the segment was flushed."""
        self._waiting: deque[str | None] = deque()
        """Pieces of text, and None for a flush, that came after that."""
        self._waiting_characters = 0
        self._most_waiting = _MOST_WAITING * contexts.speakers.service.config.synthesis.max_text_length
        self._is_closing = False
        self.greeting: str | None = json.dumps(
            {
                "type": "Metadata",
                "request_id": logs.request_id.get(),
                "model_name": voice_id,
                "model_version": __version__,
                "model_uuid": str(uuid5(NAMESPACE_DNS, voice_id)),
            }
        )

    async def receive(self, message: str) -> None:
        """Do what a message asks for, or answer what is wrong with it. Raises ConnectionError."""
        try:
            fields = await fields_of(message)
            await self._do(fields)
        except SpeechError as error:
            note_refusal(error, LISTENER, self._contexts.speakers.service.metrics)
            await self._fail(error)

    async def time_out(self) -> None:
        """Close the socket: nothing came for too long."""
        self._link.close(CloseCode.GOING_AWAY, "nothing came for too long")

    async def _do(self, fields: Mapping[str, Any]) -> None:
        match fields.get("type"):
            case "Speak":
                text = fields.get("text")
                if not isinstance(text, str):
                    raise InvalidRequestError("Missing 'text' field, or no string", param="text")
                await self._take(text)
            case "Flush":
                await self._take(None)
            case "Clear":
                self._waiting.clear()
                self._waiting_characters = 0
                if self._context is not None:
                    self._context.cancel()
                await self._send("Cleared")
            case "Close":
                self._is_closing = True
                if self._context is not None and not self._is_ending:
                    await self._take(None)
                self._close_if_done()
            case other:
                raise InvalidRequestError(
                    f"Unsupported type: {repr(other)[:60]}. Allowed: Speak, Flush, Clear, Close", param="type"
                )

    async def _take(self, piece: str | None) -> None:
        """Take a piece of text, or a flush where it is None."""
        if not self._is_ending:
            await self._go_on(piece)
            return
        self._waiting_characters += len(piece or " ")
        if self._waiting_characters > self._most_waiting:
            raise InvalidRequestError(f"More than {self._most_waiting} characters wait to be spoken", param="text")
        self._waiting.append(piece)

    async def _go_on(self, piece: str | None) -> None:
        if piece is None:
            if self._context is None:
                await self._send("Flushed")
            else:
                self._is_ending = True
                await self._context.finish()
            return
        if self._context is None:
            # Blanks alone are no segment: there would be nothing to say.
            if not piece.strip():
                return
            self._context = self._contexts.begin(
                "", self._request, Listener(self._on_sound, self._on_end), is_in_pieces=True
            )
        await self._context.push(piece)

    async def _on_sound(self, sound: Sound) -> None:
        for piece in in_messages(sound.data):
            await self._link.send(piece)

    async def _on_end(self, error: SpeechError | None) -> None:
        self._contexts.end("")
        is_flushed, self._context, self._is_ending = self._is_ending, None, False
        # Dots or an emoji alone are a segment without sound.
        if error is not None and not isinstance(error, EmptyTextError):
            await self._fail(error)
            return
        if is_flushed:
            await self._send("Flushed")
        while self._waiting and not self._is_ending:
            piece = self._waiting.popleft()
            self._waiting_characters -= len(piece or " ")
            await self._go_on(piece)
        if self._is_closing and self._context is not None and not self._is_ending:
            await self._go_on(None)
        self._close_if_done()

    def _close_if_done(self) -> None:
        if self._is_closing and self._context is None:
            self._link.close(CloseCode.NORMAL_CLOSURE)

    async def _send(self, kind: str) -> None:
        await self._link.send(json.dumps({"type": kind, "sequence_id": self._segment}))
        self._segment += 1

    async def _fail(self, error: SpeechError) -> None:
        """Tell what went wrong, and close: without names, a client cannot tell which text is missing."""
        await self._link.send(json.dumps({"type": "Error", "description": error.message, "code": error.code}))
        if isinstance(error, BusyError):
            code = CloseCode.TRY_AGAIN_LATER
        elif isinstance(error, InvalidRequestError):
            code = CloseCode.POLICY_VIOLATION
        else:
            code = CloseCode.INTERNAL_ERROR
        self._link.close(code, error.message)
