"""LiveKit's and Pipecat's services for ElevenLabs and Deepgram, which send text as it comes over a WebSocket."""

import asyncio
from typing import Any

import aiohttp
import pytest
from livekit.plugins import deepgram, elevenlabs
from pipecat.frames.frames import (
    ErrorFrame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    LLMTextFrame,
    TTSAudioRawFrame,
    TTSStoppedFrame,
    TTSTextFrame,
)
from pipecat.pipeline.worker import PipelineParams
from pipecat.services.elevenlabs.tts import ElevenLabsTTSService
from pipecat.tests.utils import SleepFrame, run_test

from tests.clients.conftest import SECONDS_OFF, TEXT, Service
from tests.support.client import events_of, post

Words = list[tuple[str, float]]
SECONDS = 60
TIME_OFF = 0.01
"""Seconds by which a word's start may differ from the service's own."""


def own_words(service: Service) -> Words:
    """The words of TEXT and when each starts, as the service tells over HTTP."""
    body = {"input": TEXT, "response_format": "pcm", "stream_format": "sse", "timestamps": ["word"]}
    events = events_of(post(service.port, "/v1/audio/speech", body).data)
    return [(word["word"], word["start"]) for event in events for word in event.get("words", ())]


def assert_same_words(words: Words, expected: Words) -> None:
    assert [word.strip(" .") for word, _ in words] == [word for word, _ in expected]
    for (word, start), (_, right) in zip(words, expected, strict=True):
        assert start == pytest.approx(right, abs=TIME_OFF), word


async def _streamed(tts: Any) -> tuple[float, Words]:
    """How long LiveKit hears TEXT, sent in pieces, and its aligned transcript."""
    seconds, words = 0.0, Words()
    async with tts.stream() as stream:
        for start in range(0, len(TEXT), 5):
            stream.push_text(TEXT[start : start + 5])
        stream.end_input()
        async for event in stream:
            seconds += event.frame.duration
            timed = event.frame.userdata.get("lk.timed_transcripts") or ()
            words += [(str(word), word.start_time) for word in timed if word.strip()]
    return seconds, words


@pytest.mark.parametrize("encoding", ["pcm_24000", "mp3_22050_32"])
def test_livekit_streams_twice_on_one_socket_with_the_right_times(service: Service, encoding: str) -> None:
    async def both() -> tuple[tuple[float, Words], ...]:
        async with aiohttp.ClientSession() as session:
            tts = elevenlabs.TTS(
                base_url=f"{service.url}/v1",
                api_key="none",
                voice_id="default",
                encoding=encoding,
                http_session=session,
            )
            try:
                return await asyncio.wait_for(asyncio.gather(_streamed(tts), _streamed(tts)), SECONDS)
            finally:
                await tts.aclose()

    expected = own_words(service)
    for seconds, words in asyncio.run(both()):
        assert seconds == pytest.approx(service.seconds, abs=SECONDS_OFF)
        assert_same_words(words, expected)


def test_livekit_streams_through_deepgrams_protocol(service: Service) -> None:
    async def stream() -> tuple[float, Words]:
        async with aiohttp.ClientSession() as session:
            tts = deepgram.TTS(base_url=f"{service.url}/v1/speak", api_key="none", http_session=session)
            try:
                return await asyncio.wait_for(_streamed(tts), SECONDS)
            finally:
                await tts.aclose()

    seconds, _ = asyncio.run(stream())
    assert seconds == pytest.approx(service.seconds, abs=SECONDS_OFF)


def test_pipecat_hears_all_and_the_right_times(service: Service) -> None:
    async def run() -> Any:
        settings = ElevenLabsTTSService.Settings(voice="default")
        speaker = ElevenLabsTTSService(
            api_key="none", url=f"ws://127.0.0.1:{service.port}", sample_rate=24000, settings=settings
        )
        said = [
            LLMFullResponseStartFrame(),
            *[LLMTextFrame(f"{word} ") for word in TEXT.split()],
            LLMFullResponseEndFrame(),
            SleepFrame(sleep=service.seconds + 3),
        ]
        return await run_test(
            speaker, frames_to_send=said, pipeline_params=PipelineParams(audio_out_sample_rate=24000), start_timeout=30
        )

    down, up = asyncio.run(run())
    assert not [frame for frame in [*down, *up] if isinstance(frame, ErrorFrame)]
    assert [frame for frame in down if isinstance(frame, TTSStoppedFrame)]
    audio = b"".join(frame.audio for frame in down if isinstance(frame, TTSAudioRawFrame))
    assert len(audio) / 48_000 == pytest.approx(service.seconds, abs=SECONDS_OFF)
    frames = [frame for frame in down if isinstance(frame, TTSTextFrame)]
    expected = own_words(service)
    # Pipecat's times count from when its pipeline began.
    began = frames[0].pts / 1e9 - expected[0][1]
    assert_same_words([(frame.text, frame.pts / 1e9 - began) for frame in frames], expected)
