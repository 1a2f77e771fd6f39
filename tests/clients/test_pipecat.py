"""Pipecat: its OpenAI service, and the one for Piper's own HTTP server."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

import aiohttp
import numpy as np
import pytest
from pipecat.frames.frames import ErrorFrame, Frame, TTSAudioRawFrame, TTSSpeakFrame, TTSStoppedFrame
from pipecat.pipeline.worker import PipelineParams
from pipecat.services.elevenlabs.tts import format_elevenlabs_pronunciation
from pipecat.services.openai.tts import OpenAITTSService
from pipecat.services.piper.tts import PiperHttpTTSService
from pipecat.services.tts_service import TTSService
from pipecat.tests.utils import run_test

from tests.clients.conftest import SECONDS_OFF, TEXT, Service
from tests.support.client import post

Frames = tuple[Sequence[Frame], Sequence[Frame]]


async def _run(speaker: TTSService, rate: int) -> Frames:
    """What a pipeline with this service in it gives for TEXT, downstream and upstream."""
    parameters = PipelineParams(audio_out_sample_rate=rate)
    said = TTSSpeakFrame(TEXT)
    down, up = await run_test(speaker, frames_to_send=[said], pipeline_params=parameters, start_timeout=30)
    return down, up


async def _openai(service: Service, rate: int) -> Frames:
    settings = OpenAITTSService.Settings(voice="alloy")
    return await _run(OpenAITTSService(api_key="none", base_url=f"{service.url}/v1", settings=settings), rate)


async def _piper(service: Service, rate: int, **settings: Any) -> Frames:
    async with aiohttp.ClientSession() as session:
        chosen = PiperHttpTTSService.Settings(**settings)
        return await _run(PiperHttpTTSService(base_url=service.url, aiohttp_session=session, settings=chosen), rate)


# Pipecat's own resampler keeps the last 0.1 s of any audio to itself at 16000; at 24000, where a pause of 0.2 s came.
_KEPT_SECONDS = 0.1


@pytest.mark.parametrize(("speak", "rate"), [(_openai, 24000), (_piper, 22050), (_piper, 24000)])
def test_frames_arrive_at_the_right_rate_and_last_as_long(
    service: Service, speak: Callable[[Service, int], Coroutine[Any, Any, Frames]], rate: int
) -> None:
    down, up = asyncio.run(speak(service, rate))
    assert not [frame for frame in [*down, *up] if isinstance(frame, ErrorFrame)]
    assert [frame for frame in down if isinstance(frame, TTSStoppedFrame)]
    audio = [frame for frame in down if isinstance(frame, TTSAudioRawFrame)]
    assert len(audio) > 1
    assert {(frame.sample_rate, frame.num_channels) for frame in audio} == {(rate, 1)}
    samples = np.frombuffer(b"".join(frame.audio for frame in audio), np.int16)
    kept = _KEPT_SECONDS if speak is _piper and rate == 24000 else 0
    assert -SECONDS_OFF - kept <= len(samples) / rate - service.seconds <= SECONDS_OFF
    assert np.abs(samples[: rate // 100]).max() < 500 < np.abs(samples).max()


class _WithPronunciations(OpenAITTSService):  # type: ignore[misc]
    """Its OpenAI service, with the `<phoneme>` that its ElevenLabs service writes, and the field that has it read."""

    supports_pronunciations = True

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        speech = self._client.audio.speech.with_streaming_response
        speech.create = partial(speech.create, extra_body={"enable_ssml_parsing": True})

    @classmethod
    def format_pronunciation(cls, word: str, ipa: str) -> str | None:
        tag: str | None = format_elevenlabs_pronunciation(word, ipa)
        return tag


def test_its_pronunciations_are_heard(service: Service) -> None:
    spoken = {"canoe": "kʌnˈuː", "planks": "plˈæŋks"}
    chosen = OpenAITTSService.Settings(voice="alloy")
    transform = _WithPronunciations.pronunciation_transform_ipa(spoken)
    speaker = _WithPronunciations(
        api_key="none", base_url=f"{service.url}/v1", settings=chosen, text_transforms=[("*", transform)]
    )
    down, up = asyncio.run(_run(speaker, 24000))
    assert not [frame for frame in [*down, *up] if isinstance(frame, ErrorFrame)]
    heard = b"".join(frame.audio for frame in down if isinstance(frame, TTSAudioRawFrame))
    text = TEXT
    for word, ipa in spoken.items():
        text = text.replace(word, format_elevenlabs_pronunciation(word, ipa) or "")
    assert text.count("<phoneme ") == 2
    body = {"input": text, "enable_ssml_parsing": True, "response_format": "pcm"}
    assert heard == post(service.port, "/v1/audio/speech", body).data
    # As an element of HTML, the tag would only be taken off.
    assert heard != post(service.port, "/v1/audio/speech", {**body, "enable_ssml_parsing": False}).data


def test_pipers_service_may_name_a_voice(service: Service) -> None:
    down, _ = asyncio.run(_piper(service, 22050, voice="en_US-joe-medium"))
    assert [frame for frame in down if isinstance(frame, TTSAudioRawFrame)]


def test_an_unknown_voice_is_an_error_frame(service: Service) -> None:
    _, up = asyncio.run(_piper(service, 22050, voice="en_US-nobody-high"))
    first, *_ = [frame for frame in up if isinstance(frame, ErrorFrame)]
    assert "voice_not_found" in first.error
