"""Speaks one answer to one client, as Wyoming's events."""

from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import replace
from enum import Enum, auto
from functools import partial

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.error import Error

from hailo_piper.errors import MissingVoiceError, SpeechError
from hailo_piper.listeners.service import Service
from hailo_piper.listeners.threaded_reply import Read, answer
from hailo_piper.listeners.wyoming.dialect import Choice
from hailo_piper.listeners.wyoming.link import LISTENER, Link
from hailo_piper.monitoring.tracing import Span
from hailo_piper.speech.reply import Reply
from hailo_piper.text.stream import TextStream

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


async def speak(text: str | TextStream, choice: Choice, *, link: Link, service: Service, threads: Executor) -> Outcome:
    """Answer one request, in whose context it is called, with sound or an error event. Raises ConnectionError."""
    has_begun = False

    async def send(reply: Reply, read: Read) -> None:
        nonlocal has_begun
        has_begun = True
        await _send(reply, read, link)

    try:
        await answer(
            partial(_open, text, choice, link, service),
            send,
            service=service,
            listener=LISTENER,
            threads=threads,
            is_over=link.has_left,
        )
    except SpeechError as error:
        await link.send(Error(text=error.message, code=error.code).event())
        return Outcome.BROKEN if has_begun else Outcome.REFUSED
    return Outcome.SPOKEN


async def _send(reply: Reply, read: Read, link: Link) -> None:
    """Send the reply's bytes as events, as they come."""
    rate = reply.sample_rate
    await link.send(AudioStart(rate=rate, width=_SAMPLE_BYTES, channels=1).event())
    while data := await read():
        for start in range(0, len(data), _CHUNK_BYTES):
            audio = data[start : start + _CHUNK_BYTES]
            await link.send(AudioChunk(rate=rate, width=_SAMPLE_BYTES, channels=1, audio=audio).event())
    await link.send(AudioStop().event())


def _open(text: str | TextStream, choice: Choice, link: Link, service: Service, span: Span) -> Reply:
    rate = service.config.synthesis.sample_rate
    # Of a voice that is missing, the voice that stands in has a rate.
    with suppress(MissingVoiceError):
        rate = rate or service.voices.choose(choice.voice, choice.language).voice.sample_rate
    request = replace(choice.request(text), sample_rate=rate)
    return service.speech.speak(request, listener=LISTENER, has_left=link.has_left, span=span)
