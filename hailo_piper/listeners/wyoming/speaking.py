"""Speaks one answer to one client: the pipeline works on threads, the event loop moves the bytes.

Each piece is made once the client has taken the piece before it (backpressure).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from contextvars import copy_context
from dataclasses import replace
from enum import Enum, auto
from typing import Any

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.error import Error

from hailo_piper.errors import AbandonedError, InvalidRequestError, SpeechError, SynthesisError
from hailo_piper.listeners.service import Service
from hailo_piper.listeners.wyoming.dialect import Choice
from hailo_piper.listeners.wyoming.link import LISTENER, Link
from hailo_piper.monitoring import logs
from hailo_piper.monitoring.tracing import Span
from hailo_piper.speech.plan import reading_of
from hailo_piper.speech.reply import Reply
from hailo_piper.text.stream import TextStream

logger = logging.getLogger(__name__)

_CHUNK_BYTES = 8192
"""The most audio in one audio-chunk event: 0.19 s at 22 050 Hz."""
_SAMPLE_BYTES = 2


class Outcome(Enum):
    """The ending of an answer, as its client sees it."""

    SPOKEN = auto()
    REFUSED = auto()
    """By an error event, without any sound before it."""
    BROKEN = auto()
    """By an error event, after a part of the sound."""


def new_stream(choice: Choice, *, service: Service, patience_seconds: float) -> TextStream:
    """Return a text that arrives in pieces, read as a request asks. It may have to import what reads SSML."""
    synthesis = service.config.synthesis
    try:
        language = service.voices.choose(choice.voice, choice.language).voice.language
    except SpeechError:
        # A voice that is unknown is refused when it is to speak.
        language = ""
    return TextStream(
        max_text_length=synthesis.max_text_length,
        patience_seconds=patience_seconds,
        reading=reading_of(choice.request(""), language, synthesis),
    )


async def speak(text: str | TextStream, choice: Choice, *, link: Link, service: Service, threads: Executor) -> Outcome:
    """Answer one request, in whose context it is called, with sound or an error event. Raises ConnectionError."""
    context = copy_context()
    loop = asyncio.get_running_loop()

    async def work(task: Callable[[], Any]) -> Any:
        # One task at a time, so that a reply is never closed while a thread makes its next piece.
        return await loop.run_in_executor(threads, context.run, task)

    reply: Reply | None = None
    span = service.tracer.begin("wyoming synthesize", {})
    span.note({"speech.request_id": logs.request_id.get()})
    context.run(logs.trace_id.set, span.traceparent[3:35] or None)
    try:
        reply = await work(lambda: _open(text, choice, link=link, service=service, span=span))
        try:
            await _send(reply, link, work)
        finally:
            await work(reply.close)
    except SpeechError as error:
        if isinstance(error, InvalidRequestError | AbandonedError):
            # Its client's doing, no failure of the service.
            span.note({"error.type": error.code})
        else:
            span.fail(error.code)
        if reply is None:
            span.note({"speech.outcome": error.code})
            note_refusal(error, service)
        await link.send(Error(text=error.message, code=error.code).event())
    except ConnectionError:
        raise
    except Exception:
        # Whatever it is, the client gets an error, and the connection goes on.
        logger.exception("request failed")
        span.fail("internal_error")
        await link.send(Error(text="Internal error; the log has the details", code="internal_error").event())
    else:
        return Outcome.SPOKEN
    finally:
        span.end()
    return Outcome.BROKEN if reply else Outcome.REFUSED


def note_refusal(error: SpeechError, service: Service) -> None:
    """Count and log a request that got an error and no sound."""
    service.metrics.refused(LISTENER, error.code)
    failure = error if isinstance(error, SynthesisError) else None
    fields = {"listener": LISTENER, "outcome": error.code}
    logger.log(logging.ERROR if failure else logging.INFO, "refused", extra={"fields": fields}, exc_info=failure)


async def _send(reply: Reply, link: Link, work: Callable[[Callable[[], bytes]], Awaitable[bytes]]) -> None:
    """Send the reply's bytes as events, as they come."""
    rate, pieces = reply.sample_rate, iter(reply)
    await link.send(AudioStart(rate=rate, width=_SAMPLE_BYTES, channels=1).event())
    while not link.has_left() and (data := await work(lambda: next(pieces, b""))):
        for start in range(0, len(data), _CHUNK_BYTES):
            audio = data[start : start + _CHUNK_BYTES]
            await link.send(AudioChunk(rate=rate, width=_SAMPLE_BYTES, channels=1, audio=audio).event())
    await link.send(AudioStop().event())


def _open(text: str | TextStream, choice: Choice, *, link: Link, service: Service, span: Span) -> Reply:
    voice = service.voices.choose(choice.voice, choice.language).voice
    rate = service.config.synthesis.sample_rate or voice.sample_rate
    request = replace(choice.request(text), sample_rate=rate)
    return service.speech.speak(request, listener=LISTENER, has_left=link.has_left, span=span)
