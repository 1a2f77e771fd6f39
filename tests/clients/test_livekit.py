"""LiveKit's agents: the TTS class of livekit-plugins-openai, which decodes what it gets to 24 kHz."""

import asyncio
from functools import partial
from typing import Any

import numpy as np
import openai
import pytest
from livekit.agents.metrics import TTSMetrics
from livekit.plugins.openai import TTS

from hailo_piper.audio.encoding import ENCODERS
from tests.clients.conftest import SECONDS_OFF, TEXT, Service

SSE_MODEL = "gpt-4o-mini-tts"
LOST_SECONDS = {"flac": 2304 / 22050}
"""LiveKit's decoder opens FLAC so hastily that it loses the first frame, of ffmpeg's own files too."""


async def _spoken(service: Service, **options: Any) -> tuple[list[Any], TTSMetrics]:
    """The frames of TEXT, and what the class itself counted."""
    tts = TTS(base_url=f"{service.url}/v1", api_key="none", **options)
    counted: list[TTSMetrics] = []
    tts.on("metrics_collected", counted.append)
    try:
        tts.prewarm()
        async with tts.synthesize(TEXT) as stream:
            frames = [event.frame async for event in stream]
    finally:
        await tts.aclose()
    (metrics,) = counted
    return frames, metrics


@pytest.mark.parametrize("response_format", ENCODERS)
@pytest.mark.parametrize("model", [SSE_MODEL, "tts-1"])
def test_frames_arrive_at_the_right_rate_and_last_as_long(service: Service, model: str, response_format: str) -> None:
    frames, metrics = asyncio.run(_spoken(service, model=model, response_format=response_format))
    assert len(frames) > 3
    assert {(frame.sample_rate, frame.num_channels) for frame in frames} == {(24000, 1)}
    seconds = sum(frame.samples_per_channel for frame in frames) / 24000
    lost = LOST_SECONDS.get(response_format, 0.0)
    assert seconds + lost == pytest.approx(service.seconds, abs=SECONDS_OFF)
    samples = np.concatenate([np.frombuffer(frame.data, np.int16) for frame in frames])
    # A header played as sound, or noise from a wrong decoder, would stand out of the silence at the start.
    assert lost or np.abs(samples[:240]).max() < 500 < np.abs(samples).max()
    # Only events carry usage, so this tells which way the audio came.
    by_events = (metrics.input_tokens, metrics.output_tokens)
    assert by_events == ((len(TEXT), pytest.approx(service.seconds * 20, abs=1)) if model == SSE_MODEL else (0, 0))


def test_ssml_and_bare_tags_come_through_extra_fields(service: Service) -> None:
    """Its OpenAI class has no options for either, and a client of the caller's own adds fields to each request."""

    async def seconds(text: str, **fields: Any) -> float:
        client = openai.AsyncOpenAI(base_url=f"{service.url}/v1", api_key="none", max_retries=0)
        create = client.audio.speech.with_streaming_response.create
        client.audio.speech.with_streaming_response.create = partial(create, extra_body=fields)
        tts = TTS(client=client, model="tts-1", response_format="wav")
        try:
            async with tts.synthesize(text) as stream:
                return float(sum([event.frame.duration async for event in stream]))
        finally:
            await tts.aclose()
            await client.close()

    plain = asyncio.run(seconds("One, two."))
    bare = asyncio.run(seconds('One <break time="1.0s"/> two.', enable_ssml_parsing=True))
    marked = asyncio.run(seconds('<speak>One <break time="1.0s"/> two.</speak>', text_format="ssml"))
    assert bare - plain == pytest.approx(1, abs=0.25)
    assert marked == pytest.approx(bare, abs=SECONDS_OFF)


def test_as_it_comes(service: Service) -> None:
    frames, _ = asyncio.run(_spoken(service))
    assert sum(frame.duration for frame in frames) == pytest.approx(service.seconds, abs=SECONDS_OFF)
