"""LiveKit's and Pipecat's clients of ElevenLabs and Deepgram over HTTP, and Deepgram's own package."""

import asyncio
from collections.abc import Iterator
from typing import Any

import aiohttp
import httpx
import numpy as np
import pytest
from deepgram import DeepgramClient
from deepgram.core.api_error import ApiError
from deepgram.environment import DeepgramClientEnvironment
from livekit.agents import APIStatusError
from livekit.plugins import elevenlabs
from pipecat.frames.frames import (
    ErrorFrame,
    Frame,
    TTSAudioRawFrame,
    TTSSpeakFrame,
    TTSStoppedFrame,
    TTSTextFrame,
)
from pipecat.pipeline.worker import PipelineParams
from pipecat.services.deepgram.tts import DeepgramHttpTTSService
from pipecat.services.elevenlabs.tts import ElevenLabsHttpTTSService
from pipecat.services.tts_service import TTSService
from pipecat.tests.utils import run_test

from tests.clients.conftest import SECONDS_OFF, TEXT, Service, seconds_of
from tests.support.client import post

RATE = 24000


async def _frames(speaker: TTSService) -> list[Frame]:
    said = TTSSpeakFrame(TEXT)
    parameters = PipelineParams(audio_out_sample_rate=RATE)
    down, up = await run_test(speaker, frames_to_send=[said], pipeline_params=parameters, start_timeout=30)
    return [*down, *up]


async def _elevenlabs(service: Service, voice: str = "default") -> list[Frame]:
    async with aiohttp.ClientSession() as session:
        settings = ElevenLabsHttpTTSService.Settings(voice=voice)
        speaker = ElevenLabsHttpTTSService(
            api_key="none", base_url=service.url, aiohttp_session=session, settings=settings
        )
        return await _frames(speaker)


async def _deepgram(service: Service) -> list[Frame]:
    async with aiohttp.ClientSession() as session:
        speaker = DeepgramHttpTTSService(api_key="none", base_url=service.url, aiohttp_session=session)
        return await _frames(speaker)


@pytest.mark.parametrize("speak", [_elevenlabs, _deepgram])
def test_pipecats_frames_last_as_long(service: Service, speak: Any) -> None:
    frames = asyncio.run(speak(service))
    assert not [frame for frame in frames if isinstance(frame, ErrorFrame)]
    assert [frame for frame in frames if isinstance(frame, TTSStoppedFrame)]
    audio = b"".join(frame.audio for frame in frames if isinstance(frame, TTSAudioRawFrame))
    assert len(audio) / 2 / RATE == pytest.approx(service.seconds, abs=SECONDS_OFF)
    samples = np.frombuffer(audio, np.int16)
    assert np.abs(samples[: RATE // 100]).max() < 500 < np.abs(samples).max()


def test_pipecat_knows_when_each_word_begins(service: Service) -> None:
    frames = asyncio.run(_elevenlabs(service))
    words = [frame for frame in frames if isinstance(frame, TTSTextFrame)]
    assert " ".join(frame.text for frame in words) == TEXT
    body = {"input": TEXT, "response_format": "pcm", "stream": False}
    told = post(service.port, "/dev/captioned_speech", body).get_json()["timestamps"]
    assert len(told) == len(words)
    first = words[0].pts
    for frame, word in zip(words, told, strict=True):
        since = word["start_time"] - told[0]["start_time"]
        assert (frame.pts - first) / 1e9 == pytest.approx(since, abs=0.01)


def test_pipecat_shows_what_was_refused(service: Service) -> None:
    error, *_ = [frame for frame in asyncio.run(_elevenlabs(service, "nobody")) if isinstance(frame, ErrorFrame)]
    assert "voice_not_found" in error.error


async def _livekit(service: Service, **options: Any) -> list[Any]:
    async with aiohttp.ClientSession() as session:
        tts = elevenlabs.TTS(base_url=f"{service.url}/elevenlabs/v1", api_key="none", http_session=session, **options)
        assert [voice.id for voice in await tts.list_voices()] == ["en_US-joe-medium"]
        try:
            async with tts.synthesize(TEXT) as stream:
                return [event.frame async for event in stream]
        finally:
            await tts.aclose()


@pytest.mark.parametrize("encoding", ["mp3_22050_32", "pcm_24000", "opus_48000_32"])
def test_livekits_frames_last_as_long(service: Service, encoding: str) -> None:
    frames = asyncio.run(_livekit(service, voice_id="default", encoding=encoding))
    seconds = sum(frame.samples_per_channel / frame.sample_rate for frame in frames)
    assert seconds == pytest.approx(service.seconds, abs=SECONDS_OFF)


def test_livekit_sees_a_wrong_voice_as_a_status(service: Service) -> None:
    with pytest.raises(APIStatusError) as refusal:
        asyncio.run(_livekit(service, voice_id="nobody"))
    assert refusal.value.status_code == 404


@pytest.fixture
def deepgram(service: Service) -> Iterator[DeepgramClient]:
    url = service.url
    environment = DeepgramClientEnvironment(base=url, production=url, agent=url, agent_rest=url)
    with httpx.Client(timeout=60) as connections:
        yield DeepgramClient(api_key="none", environment=environment, httpx_client=connections)


@pytest.mark.parametrize(
    ("options", "response_format"),
    [
        ({}, "mp3"),
        ({"encoding": "linear16", "container": "wav", "sample_rate": 48000}, "wav"),
        ({"encoding": "linear16", "container": "none", "sample_rate": 24000}, "pcm"),
        ({"encoding": "mulaw", "container": "wav"}, "wav"),
        ({"encoding": "opus", "container": "ogg"}, "opus"),
        ({"encoding": "flac"}, "flac"),
        ({"encoding": "aac"}, "aac"),
    ],
)
def test_deepgrams_package(
    service: Service, deepgram: DeepgramClient, options: dict[str, Any], response_format: str
) -> None:
    audio = b"".join(deepgram.speak.v1.audio.generate(text=TEXT, model="aura-2-thalia-en", **options))
    assert seconds_of(audio, response_format) == pytest.approx(service.seconds, abs=SECONDS_OFF)


def test_deepgrams_package_shows_what_was_refused(deepgram: DeepgramClient) -> None:
    with pytest.raises(ApiError) as refusal:
        b"".join(deepgram.speak.v1.audio.generate(text=TEXT, model="nobody"))
    assert refusal.value.status_code == 400
    assert refusal.value.body["err_code"] == "VOICE_NOT_FOUND"
