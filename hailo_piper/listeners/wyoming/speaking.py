"""One answer on its way to one client: the pipeline's work on threads, its bytes through the event loop."""

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from contextvars import copy_context
from enum import Enum, auto
from typing import Any, Protocol

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.event import Event

from hailo_piper.errors import SpeechError, SynthesisError
from hailo_piper.listeners.service import Service
from hailo_piper.listeners.wyoming.dialect import Wanted
from hailo_piper.monitoring import logs
from hailo_piper.speech.reply import Reply
from hailo_piper.speech.request import SpeechRequest
from hailo_piper.text.stream import TextStream

logger = logging.getLogger(__name__)

LISTENER = "wyoming"
_CHUNK_BYTES = 8192
"""Of one audio-chunk at most: 0.19 s at 22 050 Hz."""
_SAMPLE_BYTES = 2


class Outcome(Enum):
    """How an answer ended, as its client sees it."""

    SPOKEN = auto()
    REFUSED = auto()
    """An error event, and no sound before it."""
    BROKEN = auto()
    """An error event, and a part of the sound before it."""


class Client(Protocol):
    """Who is spoken to."""

    def has_left(self) -> bool:
        """Whether nobody listens any more; asked on any thread."""

    async def send(self, event: Event) -> None:
        """Send one event, as soon as the client takes it. Raises ConnectionError."""


async def speak(
    text: str | TextStream, wanted: Wanted, *, client: Client, service: Service, threads: Executor
) -> Outcome:
    """Answer one request; what is wrong is told as an error event. Raises ConnectionError."""
    context = copy_context()
    context.run(logs.request_id.set, uuid.uuid4().hex)
    loop = asyncio.get_running_loop()

    async def work(task: Callable[[], Any]) -> Any:
        # One after the other, so that a reply is never closed while it is being made.
        return await loop.run_in_executor(threads, context.run, task)

    reply: Reply | None = None
    try:
        reply = await work(lambda: _open(text, wanted, client=client, service=service))
        try:
            await _send(reply, client, work)
        finally:
            await work(reply.close)
    except SpeechError as error:
        if reply is None:
            context.run(note_refusal, error, service)
        await client.send(Error(text=error.message, code=error.code).event())
    except ConnectionError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the client is told and the connection goes on
        context.run(logger.error, "request failed", exc_info=error)
        await client.send(Error(text="Internal error; the log has the details", code="internal_error").event())
    else:
        return Outcome.SPOKEN
    return Outcome.BROKEN if reply else Outcome.REFUSED


def note_refusal(error: SpeechError, service: Service) -> None:
    """Count and log a request that got an error and no sound."""
    service.metrics.refused(LISTENER, error.code)
    failure = error if isinstance(error, SynthesisError) else None
    fields = {"listener": LISTENER, "outcome": error.code}
    logger.log(logging.ERROR if failure else logging.INFO, "refused", extra={"fields": fields}, exc_info=failure)


async def _send(reply: Reply, client: Client, work: Callable[[Callable[[], bytes]], Awaitable[bytes]]) -> None:
    """The reply's bytes as events, as they come."""
    rate, pieces = reply.sample_rate, iter(reply)
    await client.send(AudioStart(rate=rate, width=_SAMPLE_BYTES, channels=1).event())
    while not client.has_left() and (data := await work(lambda: next(pieces, b""))):
        for start in range(0, len(data), _CHUNK_BYTES):
            audio = data[start : start + _CHUNK_BYTES]
            await client.send(AudioChunk(rate=rate, width=_SAMPLE_BYTES, channels=1, audio=audio).event())
    await client.send(AudioStop().event())


def _open(text: str | TextStream, wanted: Wanted, *, client: Client, service: Service) -> Reply:
    voice = service.voices.choose(wanted.voice, wanted.language).voice
    request = SpeechRequest(
        text=text,
        voice=wanted.voice,
        language=wanted.language,
        speaker=wanted.speaker,
        response_format="pcm",
        sample_rate=service.config.synthesis.sample_rate or voice.sample_rate,
    )
    return service.speech.speak(request, listener=LISTENER, has_left=client.has_left)
