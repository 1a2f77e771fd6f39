"""Speaks one text for one client: the pipeline works on a thread, the event loop moves the bytes.

Each piece is made once the client has taken the piece before it (backpressure).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from typing import Any, NamedTuple

from hailo_piper.audio.word import Mark, Word
from hailo_piper.errors import AbandonedError, InvalidRequestError, SpeechError, SynthesisError
from hailo_piper.listeners.websocket.link import LISTENER
from hailo_piper.listeners.websocket.speakers import Speakers
from hailo_piper.monitoring import logs
from hailo_piper.monitoring.metrics import Metrics
from hailo_piper.monitoring.tracing import Span
from hailo_piper.speech.reply import Reply
from hailo_piper.speech.request import SpeechRequest

logger = logging.getLogger(__name__)


class Sound(NamedTuple):
    """A piece of an answer."""

    data: bytes
    """Encoded as the request asks."""
    words: tuple[Word, ...]
    """Those that became known with it; none if the request does not ask."""
    marks: tuple[Mark, ...]
    sample_rate: int
    """Hz."""
    seconds: float
    """Of sound encoded so far, with this piece."""


OnSound = Callable[[Sound], Awaitable[None]]
"""Takes a piece, and returns once the client has it. Raises ConnectionError."""


async def speak(
    request: SpeechRequest, *, speakers: Speakers, on_sound: OnSound, is_cancelled: Callable[[], bool]
) -> None:
    """Answer a request, in whose context it is called, until its end or until it is cancelled.

    Raises SpeechError where it cannot be answered or fails, and ConnectionError where the client has left.
    """
    service = speakers.service
    span = service.tracer.begin("websocket synthesize", {})
    span.note({"speech.request_id": logs.request_id.get()})
    logs.trace_id.set(span.traceparent[3:35] or None)
    try:
        speakers.enter()
        try:
            await _speak(request, speakers, on_sound, is_cancelled, span)
        finally:
            speakers.leave()
    except (SpeechError, ConnectionError):
        raise
    except Exception as error:
        # Whatever it is, the client gets an error, and the socket goes on.
        logger.exception("request failed")
        span.fail("internal_error")
        raise SynthesisError("Internal error; the log has the details") from error
    finally:
        span.end()


async def _speak(
    request: SpeechRequest, speakers: Speakers, on_sound: OnSound, is_cancelled: Callable[[], bool], span: Span
) -> None:
    context, loop, service = copy_context(), asyncio.get_running_loop(), speakers.service

    async def work(task: Callable[[], Any]) -> Any:
        # One task at a time, so that a reply is never closed while a thread makes its next piece.
        return await loop.run_in_executor(speakers.threads, context.run, task)

    def begin() -> Reply:
        return service.speech.speak(request, listener=LISTENER, has_left=is_cancelled, span=span)

    reply: Reply | None = None
    try:
        reply = await work(begin)
        try:
            pieces = iter(reply)
            while not is_cancelled() and (data := await work(lambda: next(pieces, b""))):
                if not is_cancelled():
                    await on_sound(_sound(reply, data))
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
            note_refusal(error, service.metrics)
        raise


def note_refusal(error: SpeechError, metrics: Metrics) -> None:
    """Count and log a request that got an error and no sound."""
    metrics.refused(LISTENER, error.code)
    failure = error if isinstance(error, SynthesisError) else None
    fields = {"listener": LISTENER, "outcome": error.code}
    logger.log(logging.ERROR if failure else logging.INFO, "refused", extra={"fields": fields}, exc_info=failure)


def _sound(reply: Reply, data: bytes) -> Sound:
    return Sound(data, reply.take_words(), reply.take_marks(), reply.sample_rate, reply.audio_seconds)
