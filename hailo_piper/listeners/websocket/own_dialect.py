"""The service's own dialect: a JSON request in, chunks of sound and the times of words out.

    {"id": "a", "text": "Hello.", "voice": ..., "format": "pcm", "words": true}
    {"id": "a", "audio_chunk": BASE64, "words": [...], "sample_rate": 24000, "is_final": false}
    {"id": "a", "audio_chunk": "", "words": [], "sample_rate": 24000, "is_final": true}

The fields are those of `/v1/synthesize`. `continue: true` says that more of the text follows, as
`{"id", "text", "continue"}`; `flush: true` has what came be spoken at once. `{"cancel": id}` stops a text. What is
wrong comes as `{"id", "error": {...}}`, and the socket goes on.
"""

import asyncio
import base64
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from websockets.frames import CloseCode
from websockets.http11 import Request

from hailo_piper.errors import AuthenticationError, InvalidRequestError, RateLimitError, SpeechError
from hailo_piper.listeners.dialect import Dialect
from hailo_piper.listeners.error_object import error_body, status_of
from hailo_piper.listeners.threaded_reply import note_refusal
from hailo_piper.listeners.websocket.context import Context, Listener
from hailo_piper.listeners.websocket.contexts import Contexts
from hailo_piper.listeners.websocket.link import LISTENER, Link
from hailo_piper.listeners.websocket.messages import LONG_TEXT, fields_of, in_messages
from hailo_piper.listeners.websocket.own_messages import Asked, id_in, name_of, understood
from hailo_piper.listeners.websocket.speaking import Sound
from hailo_piper.speech.captions.formats import word_fields
from hailo_piper.speech.request import SpeechRequest

_MOST_WHOLE_BYTES = 16 << 20
"""The most sound of an answer that leaves when all is spoken."""


class OwnDialect:
    """The dialect of `/ws/synthesize`. Build it once."""

    may_prove_later = True

    def __init__(self, voice_names: Callable[[], Iterable[str]]) -> None:
        """`voice_names`: returns the names that a request may give, which a refusal lists."""
        self._fields = Dialect(
            response_format="format",
            synonyms={"input": "text", "response_format": "format"},
            without=("stream_format", "timestamps"),
            voice_names=voice_names,
        )

    def open(self, _: Request, link: Link, contexts: Contexts) -> "OwnSession":
        """Begin a session."""
        return OwnSession(link, contexts, self._fields)


class OwnSession:
    """One socket that speaks this dialect."""

    idle_seconds = 600.0
    greeting: str | None = None

    def __init__(self, link: Link, contexts: Contexts, dialect: Dialect) -> None:
        self._link = link
        self._contexts = contexts
        self._dialect = dialect
        self._ids: dict[str, Any] = {}
        """The ids of open contexts as their client sent them."""
        self._in_pieces = set[str]()
        """Contexts whose text has not ended."""

    async def receive(self, message: str) -> None:
        """Do what a message asks for, or answer what is wrong with it. Raises ConnectionError."""
        given_id, name, continues = None, "", False
        try:
            fields = await fields_of(message)
            given_id = id_in(fields)
            name, continues = name_of(given_id), fields.get("continue") is True and given_id is not None
            if self._contexts.is_given_up(name, is_last=not continues):
                return
            asked = understood(fields, given_id)
            self._contexts.caller.prove(asked.authorization)
            await self._do(asked, name, given_id)
        except (AuthenticationError, RateLimitError) as error:
            await self._send_error(given_id, error)
            if not self._contexts.caller.is_known:
                self._link.close(CloseCode.POLICY_VIOLATION, error.message)
            elif continues:
                self._contexts.give_up(name)
        except SpeechError as error:
            if continues:
                self._contexts.give_up(name)
            context = self._contexts.get(name) if name in self._in_pieces else None
            if context is None:
                note_refusal(error, LISTENER, self._contexts.speakers.service.metrics)
                await self._send_error(given_id, error)
                return
            # Its text cannot go on: a piece of it is missing.
            self._in_pieces.discard(name)
            context.cancel(error)

    async def time_out(self) -> None:
        """Close the socket: nothing came for too long."""
        self._link.close(CloseCode.GOING_AWAY, "nothing came for too long")

    async def _do(self, asked: Asked, name: str, given_id: Any) -> None:
        context = self._contexts.get(name)
        if asked.cancels:
            if context is not None:
                context.cancel()
            return
        if context is None:
            context = await self._begin(asked, name, given_id)
        else:
            self._check_rest(asked, name, given_id)
        if name not in self._in_pieces:
            return
        await context.push(asked.fields.get("text") or "")
        if asked.flush:
            await context.flush()
        if not asked.continues:
            self._in_pieces.discard(name)
            await context.finish()

    def _check_rest(self, asked: Asked, name: str, given_id: Any) -> None:
        """Check a message that goes on with an open context. Raises InvalidRequestError."""
        if name not in self._in_pieces:
            raise InvalidRequestError(
                f"Invalid 'id': {given_id!r} is still being spoken; give this text another one", param="id"
            )
        for field in asked.fields:
            if field != "text":
                raise InvalidRequestError(
                    f"Invalid {field[:60]!r}: a text that goes on has only text, flush and continue", param=field[:60]
                )

    async def _begin(self, asked: Asked, name: str, given_id: Any) -> Context:
        """Begin a context. Raises SpeechError."""
        # A first piece may be blank, or not yet there; only what stands beside it is judged now.
        fields = {**asked.fields, "text": "a"} if asked.continues else asked.fields
        read = partial(self._dialect.request, fields)
        request = await asyncio.to_thread(read) if len(str(fields.get("text"))) > LONG_TEXT else read()
        request = replace(request, words=asked.words, text="" if asked.continues else request.text)
        if asked.continues:
            self._in_pieces.add(name)
        self._ids[name] = given_id
        is_whole = fields.get("stream") is False
        answer = _Answer(self._link, given_id, request, is_whole=is_whole)
        listener = Listener(answer.take, partial(self._end, name, answer))
        try:
            return self._contexts.begin(name, request, listener, is_in_pieces=asked.continues)
        except SpeechError:
            self._in_pieces.discard(name)
            del self._ids[name]
            raise

    async def _end(self, name: str, answer: "_Answer", error: SpeechError | None) -> None:
        self._contexts.end(name)
        if error is not None and name in self._in_pieces:
            self._contexts.give_up(name)
        self._in_pieces.discard(name)
        given_id = self._ids.pop(name, None)
        if error is None:
            await answer.finish()
        else:
            await self._send_error(given_id, error)

    async def _send_error(self, given_id: Any, error: SpeechError) -> None:
        param = self._dialect.wire_name(error.param) if error.param else None
        told = error_body(error.message, status=status_of(error), code=error.code, param=param)
        await self._link.send(json.dumps({"id": given_id, **told}))


class _Answer:
    """The messages of one answer."""

    def __init__(self, link: Link, given_id: Any, request: SpeechRequest, *, is_whole: bool) -> None:
        self._link = link
        self._id = given_id
        self._whole = bytearray() if is_whole else None
        self._words: list[dict[str, Any]] = []
        self._rate = request.sample_rate

    async def take(self, sound: Sound) -> None:
        """Send a piece of sound, or keep it where all leaves at once. Raises SpeechError and ConnectionError."""
        self._rate = sound.sample_rate
        words = list(map(word_fields, sound.words))
        if self._whole is None:
            for piece in in_messages(sound.data):
                await self._send(piece, words)
                words = []
            return
        self._whole += sound.data
        self._words += words
        if len(self._whole) > _MOST_WHOLE_BYTES:
            raise InvalidRequestError("Invalid 'stream': this answer is too long to leave at once", param="stream")

    async def finish(self) -> None:
        """Send the end."""
        await self._send(bytes(self._whole or b""), self._words, is_final=True)

    async def _send(self, data: bytes, words: list[dict[str, Any]], *, is_final: bool = False) -> None:
        message = {
            "id": self._id,
            "audio_chunk": base64.b64encode(data).decode("ascii"),
            "words": words,
            "sample_rate": self._rate,
            "is_final": is_final,
        }
        await self._link.send(json.dumps(message))
