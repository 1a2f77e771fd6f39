"""ElevenLabs' WebSockets: multi-stream-input speaks contexts side by side, stream-input one text.

Clients differ where the protocol leaves room, and each rule here serves one. LiveKit flushes each sentence and closes a
context that is to be spoken to its end. Pipecat closes one that it has not flushed when somebody interrupts. Both split
words at spaces, so text ends with one; and Pipecat's clock is the sum of what the alignments span, so no sound leaves
that they do not cover.
"""

import json
from dataclasses import replace
from functools import partial
from typing import Any

from websockets.frames import CloseCode
from websockets.http11 import Request

from hailo_piper.errors import AuthenticationError, EmptyTextError, InvalidRequestError, SpeechError
from hailo_piper.listeners.elevenlabs import ElevenLabs
from hailo_piper.listeners.threaded_reply import note_refusal
from hailo_piper.listeners.websocket.context import Context, Listener
from hailo_piper.listeners.websocket.contexts import Contexts
from hailo_piper.listeners.websocket.elevenlabs_answer import Answer
from hailo_piper.listeners.websocket.elevenlabs_wire import Message, Opening, context_id_in, message_of, opening_of
from hailo_piper.listeners.websocket.link import LISTENER, Link
from hailo_piper.listeners.websocket.messages import fields_of
from hailo_piper.voices.names import Voices

_CLOSE = Message(None, flush=False, closes_context=True, closes_socket=False, speed=None, authorization=None)
"""The end of a context, as its client would send it."""


class ElevenLabsSockets:
    """The dialect of both paths."""

    may_prove_later = True

    def __init__(self, voices: Voices) -> None:
        self._voices = voices
        self._dialect = ElevenLabs()

    def open(self, request: Request, link: Link, contexts: Contexts) -> "ElevenLabsSession":
        """Begin a session. Raises InvalidRequestError, and VoiceNotFoundError for the voice in the path."""
        opening = opening_of(request.path, self._dialect)
        self._voices.choose(opening.request.voice, opening.request.language)
        return ElevenLabsSession(link, contexts, opening, self._dialect)


class ElevenLabsSession:
    """One socket that speaks this dialect."""

    greeting: str | None = None

    def __init__(self, link: Link, contexts: Contexts, opening: Opening, dialect: ElevenLabs) -> None:
        self._link = link
        self._contexts = contexts
        self._opening = opening
        self._dialect = dialect
        self._answers: dict[str, Answer] = {}
        self._is_closing = False
        self._waiting: dict[str, list[Message]] = {}
        """Messages for the next context of a name, whose closed one is still spoken."""
        self._most_waiting = contexts.speakers.service.config.synthesis.max_text_length
        self.idle_seconds = opening.idle_seconds

    async def receive(self, message: str) -> None:
        """Do what a message asks for, or answer what is wrong with it. Raises ConnectionError."""
        name: str | None = None
        try:
            fields = await fields_of(message)
            name = (context_id_in(fields) or "") if self._opening.has_contexts else None
            if self._contexts.is_given_up(name or "", is_last=fields.get("close_context") is True):
                return
            asked = message_of(fields, self._dialect)
            self._contexts.caller.prove(asked.authorization)
            if self._is_closing:
                return
            if asked.closes_socket:
                await self._close_socket()
            else:
                await self._do(asked, name or "")
        except SpeechError as error:
            await self._fail(error, name)

    async def time_out(self) -> None:
        """Say that nothing came for too long, and close."""
        error = InvalidRequestError(f"Nothing came for {self.idle_seconds:g} seconds")
        error.code = "input_timeout_exceeded"
        for name in self._contexts.names or ("",):
            await self._send_error(error, name if name in self._answers else None)
        self._link.close(CloseCode.POLICY_VIOLATION, error.code)

    async def _fail(self, error: SpeechError, name: str | None) -> None:
        context = self._contexts.get(name or "")
        if context is not None:
            context.cancel(error)
            return
        note_refusal(error, LISTENER, self._contexts.speakers.service.metrics)
        if name is not None:
            self._contexts.give_up(name)
        await self._send_error(error, name)
        if not self._contexts.caller.is_known or not self._opening.has_contexts:
            self._link.close(CloseCode.POLICY_VIOLATION, error.message)

    async def _do(self, asked: Message, name: str) -> None:
        context = self._contexts.get(name)
        if context is not None and self._must_wait(asked, name):
            return
        if context is None:
            # A keepalive, or a flush of what has ended, opens nothing.
            if not asked.text or asked.closes_context:
                return
            context = self._begin(asked, name)
        answer = self._answers[name]
        if asked.text:
            await self._push(context, answer, asked.text)
        if asked.flush and not answer.is_ending:
            answer.is_flushed = True
            await self._end_word(context, answer)
            await context.flush()
        if asked.closes_context or (asked.text == "" and not self._opening.has_contexts):
            await self._close(context, answer, is_end=not self._opening.has_contexts)

    def _must_wait(self, asked: Message, name: str) -> bool:
        """Keep a message for the next context of a name, while the one that was closed is spoken to its end."""
        waiting = self._waiting.get(name)
        if waiting is None and not (self._answers[name].is_ending and self._opening.has_contexts and asked.text):
            return False
        waiting = self._waiting.setdefault(name, [])
        if sum(len(one.text or " ") for one in (*waiting, asked)) > self._most_waiting:
            raise InvalidRequestError(f"More than {self._most_waiting} characters wait for this context", param="text")
        waiting.append(asked)
        return True

    def _begin(self, asked: Message, name: str) -> Context:
        request = replace(self._opening.request, speed=asked.speed)
        answer = self._answers[name] = Answer(self._send, name, is_absolute=self._opening.sync_alignment)
        try:
            return self._contexts.begin(
                name, request, Listener(answer.take, partial(self._end, name)), is_in_pieces=True
            )
        except SpeechError:
            del self._answers[name]
            raise

    async def _push(self, context: Context, answer: "Answer", text: str) -> None:
        if answer.is_ending:
            return
        answer.is_flushed = False
        if self._opening.auto_mode and not text[-1].isspace():
            text += " "
        answer.push(text)
        await context.push(text)
        if self._opening.auto_mode:
            await context.flush()

    async def _end_word(self, context: Context, answer: "Answer") -> None:
        """End the last word with a space, since clients hold it back until there is one."""
        if answer.needs_space:
            answer.push(" ")
            await context.push(" ")

    async def _close(self, context: Context, answer: "Answer", *, is_end: bool) -> None:
        """End a context: what was flushed is spoken; what was not stops at once, and so does all at a second close."""
        if answer.is_ending or not answer.has_text or not (is_end or answer.is_flushed):
            answer.is_cancelled = True
            context.cancel()
            return
        answer.is_ending = True
        await self._end_word(context, answer)
        await context.finish()

    async def _close_socket(self) -> None:
        self._is_closing = True
        for name, answer in tuple(self._answers.items()):
            context = self._contexts.get(name)
            waiting = self._waiting.get(name)
            if waiting:
                # A second close would stop it.
                waiting += [] if waiting[-1].closes_context else [_CLOSE]
            elif context is not None and not answer.is_ending:
                await self._close(context, answer, is_end=False)
        self._close_if_done()

    async def _end(self, name: str, error: SpeechError | None) -> None:
        self._contexts.end(name)
        answer = self._answers.pop(name)
        if isinstance(error, EmptyTextError):
            # Dots or an emoji alone are a context without sound.
            error = None
        if error is not None:
            if not answer.is_ending:
                self._contexts.give_up(name)
            await self._send_error(error, name)
        else:
            await answer.finish()
            final = {"isFinal": True} if self._opening.has_contexts else {"audio": None, "isFinal": True}
            await self._send(name, final)
        if not self._opening.has_contexts:
            self._link.close(CloseCode.NORMAL_CLOSURE if error is None else CloseCode.POLICY_VIOLATION)
        for asked in self._waiting.pop(name, ()):
            try:
                await self._do(asked, name)
            except SpeechError as failure:
                await self._fail(failure, name)
        self._close_if_done()

    def _close_if_done(self) -> None:
        if self._is_closing and not self._answers:
            self._link.close(CloseCode.NORMAL_CLOSURE)

    async def _send_error(self, error: SpeechError, name: str | None) -> None:
        code = "invalid_api_key" if isinstance(error, AuthenticationError) else error.code
        await self._send(name, {"message": error.message, "error": code, "code": int(CloseCode.POLICY_VIOLATION)})

    async def _send(self, name: str | None, fields: dict[str, Any]) -> None:
        ids = {"contextId": name, "context_id": name} if self._opening.has_contexts and name is not None else {}
        await self._link.send(json.dumps({**fields, **ids}))
