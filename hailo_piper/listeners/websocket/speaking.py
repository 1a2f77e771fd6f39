"""Speaks one text for one client, as sound with the words and marks that became known with it."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from hailo_piper.audio.word import Mark, Word
from hailo_piper.errors import BusyError
from hailo_piper.listeners.threaded_reply import Read, answer, note_refusal
from hailo_piper.listeners.websocket.link import LISTENER
from hailo_piper.listeners.websocket.speakers import Speakers
from hailo_piper.monitoring.tracing import Span
from hailo_piper.speech.reply import Reply
from hailo_piper.speech.request import SpeechRequest


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

    def begin(span: Span) -> Reply:
        return service.speech.speak(request, listener=LISTENER, has_left=is_cancelled, span=span)

    async def send(reply: Reply, read: Read) -> None:
        while data := await read():
            if not is_cancelled():
                await on_sound(_sound(reply, data))

    try:
        speakers.enter()
    except BusyError as error:
        note_refusal(error, LISTENER, service.metrics)
        raise
    try:
        await answer(begin, send, service=service, listener=LISTENER, threads=speakers.threads, is_over=is_cancelled)
    finally:
        speakers.leave()


def _sound(reply: Reply, data: bytes) -> Sound:
    return Sound(data, reply.take_words(), reply.take_marks(), reply.sample_rate, reply.audio_seconds)
