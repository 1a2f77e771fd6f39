"""Drives LiveKit's and Pipecat's services for ElevenLabs, and returns sound and words as each of them tells them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from livekit.agents.tts import TTS
from livekit.plugins import elevenlabs
from pipecat.frames.frames import (
    ErrorFrame,
    Frame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    LLMTextFrame,
    TTSAudioRawFrame,
    TTSStoppedFrame,
    TTSTextFrame,
)
from pipecat.pipeline.worker import PipelineParams
from pipecat.services.elevenlabs.tts import ElevenLabsTTSService
from pipecat.services.tts_service import TTSService
from pipecat.tests.utils import SleepFrame, run_test

from tests.clients.conftest import Service
from tests.support.client import events_of, post

SECONDS = 60
"""What any client may take."""
TIME_OFF = 0.01
"""Seconds by which a word's start may differ from the service's own."""
RATE = 24000
"""Hz, of all sound here."""

Words = list[tuple[str, float]]
"""Each word, and the second at which it starts."""


@dataclass
class Spoken:
    """What a client heard of one text."""

    pcm: bytes = b""
    """16-bit mono."""
    words: Words = field(default_factory=list)
    seconds: float = 0.0


def own_words(service: Service, text: str, *, speed: float = 1.0) -> Words:
    """The words of a text and when each starts, as the service tells over HTTP."""
    body = {"input": text, "speed": speed, "response_format": "pcm", "stream_format": "sse", "timestamps": ["word"]}
    events = events_of(post(service.port, "/v1/audio/speech", body).data)
    return [(word["word"], word["start"]) for event in events for word in event.get("words", ())]


def own_pcm(service: Service, text: str, *, speed: float = 1.0) -> bytes:
    """The sound of a text, as the service gives it over HTTP."""
    return post(service.port, "/v1/audio/speech", {"input": text, "speed": speed, "response_format": "pcm"}).data


def assert_same_words(words: Words, expected: Words) -> None:
    """The words of a client are the service's own, and begin with them."""
    assert [word.strip(" .") for word, _ in words] == [word for word, _ in expected]
    for (word, start), (_, right) in zip(words, expected, strict=True):
        assert start == pytest.approx(right, abs=TIME_OFF), word


async def heard_by_livekit(tts: TTS, text: str) -> Spoken:
    """What LiveKit hears of a text that comes in pieces, and its aligned transcript."""
    spoken = Spoken()
    async with tts.stream() as stream:
        for start in range(0, len(text), 5):
            stream.push_text(text[start : start + 5])
        stream.end_input()
        async for event in stream:
            spoken.pcm += bytes(event.frame.data)
            spoken.seconds += event.frame.duration
            timed = event.frame.userdata.get("lk.timed_transcripts") or ()
            spoken.words += [(str(word).strip(), word.start_time) for word in timed if word.strip()]
    return spoken


async def livekit_speaks(service: Service, text: str, *, speed: float = 1.0) -> Spoken:
    """What LiveKit hears of a text over ElevenLabs' WebSocket."""
    async with aiohttp.ClientSession() as session:
        tts = elevenlabs.TTS(
            base_url=f"{service.url}/v1",
            api_key="none",
            voice_id="default",
            encoding="pcm_24000",
            voice_settings=elevenlabs.VoiceSettings(stability=0.5, similarity_boost=0.5, speed=speed),
            http_session=session,
        )
        try:
            return await asyncio.wait_for(heard_by_livekit(tts, text), SECONDS)
        finally:
            await tts.aclose()


def pipecat_for(
    service: Service, *, speed: float = 1.0, of: type[ElevenLabsTTSService] = ElevenLabsTTSService, **options: Any
) -> Any:
    """Pipecat's service for ElevenLabs' WebSocket, of this class."""
    settings = ElevenLabsTTSService.Settings(voice="default", stability=0.5, similarity_boost=0.5, speed=speed)
    url = f"ws://127.0.0.1:{service.port}"
    return of(api_key="none", url=url, sample_rate=RATE, settings=settings, **options)


def reply_of(text: str, seconds: float) -> list[Frame]:
    """The frames of a language model's reply, word by word, and the time that its sound takes."""
    words = [LLMTextFrame(f"{word} ") for word in text.split()]
    return [LLMFullResponseStartFrame(), *words, LLMFullResponseEndFrame(), SleepFrame(sleep=seconds)]


async def frames_of(speaker: TTSService, frames: Sequence[Frame]) -> list[Frame]:
    """All frames that come out of a pipeline of this service, in order; an error among them fails."""
    down, up = await run_test(
        speaker,
        frames_to_send=frames,
        pipeline_params=PipelineParams(audio_out_sample_rate=RATE),
        start_timeout=30,
    )
    assert not [frame for frame in [*down, *up] if isinstance(frame, ErrorFrame)]
    return list(down)


async def pipecat_speaks(service: Service, text: str, *, speed: float = 1.0, **options: Any) -> Spoken:
    """What Pipecat hears of a text, and when it says each word begins, since the first sound."""
    expected = own_words(service, text, speed=speed)
    seconds = len(own_pcm(service, text, speed=speed)) / 2 / RATE
    down = await frames_of(pipecat_for(service, speed=speed, **options), reply_of(text, seconds + 3))
    assert [frame for frame in down if isinstance(frame, TTSStoppedFrame)]
    audio = b"".join(frame.audio for frame in down if isinstance(frame, TTSAudioRawFrame))
    frames = [frame for frame in down if isinstance(frame, TTSTextFrame)]
    # Pipecat's times count from when its pipeline began.
    began = frames[0].pts / 1e9 - expected[0][1]
    words = [(frame.text.strip(), frame.pts / 1e9 - began) for frame in frames]
    return Spoken(audio, words, len(audio) / 2 / RATE)
