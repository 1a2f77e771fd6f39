"""Pipecat's services for ElevenLabs and Deepgram, which send text as it comes over a WebSocket."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from pipecat.frames.frames import (
    Frame,
    InterruptionFrame,
    LLMFullResponseStartFrame,
    LLMTextFrame,
    TTSAudioRawFrame,
    TTSStoppedFrame,
    TTSTextFrame,
)
from pipecat.services.deepgram.tts import DeepgramTTSService
from pipecat.services.elevenlabs.tts import ElevenLabsTTSService
from pipecat.services.tts_service import TextAggregationMode
from pipecat.tests.utils import SleepFrame

from tests.clients.conftest import TEXT, Service
from tests.clients.live import (
    RATE,
    assert_same_words,
    frames_of,
    own_pcm,
    own_words,
    pipecat_for,
    pipecat_speaks,
    reply_of,
)
from tests.support.client import get, wait_until

LONG = "This sentence is one of very many. " * 40


def sound_of(frames: Sequence[Frame]) -> bytes:
    return b"".join(frame.audio for frame in frames if isinstance(frame, TTSAudioRawFrame))


@pytest.mark.parametrize("mode", TextAggregationMode)
def test_it_hears_all_and_the_right_times(service: Service, mode: TextAggregationMode) -> None:
    spoken = asyncio.run(pipecat_speaks(service, TEXT, text_aggregation_mode=mode))
    assert spoken.pcm == own_pcm(service, TEXT)
    assert_same_words(spoken.words, own_words(service, TEXT))


def test_an_interruption_stops_the_work_and_the_next_reply_is_whole(service: Service) -> None:
    said = [
        LLMFullResponseStartFrame(),
        LLMTextFrame(LONG),
        SleepFrame(sleep=1.5),
        InterruptionFrame(),
        SleepFrame(sleep=0.5),
        *reply_of(TEXT, service.seconds + 3),
    ]
    frames = asyncio.run(frames_of(pipecat_for(service), said))
    interrupted = next(number for number, frame in enumerate(frames) if isinstance(frame, InterruptionFrame))
    before, after = frames[:interrupted], frames[interrupted:]
    assert sound_of(before)
    assert len(sound_of(before)) < len(own_pcm(service, LONG)) / 2
    assert sound_of(after) == own_pcm(service, TEXT)
    words = [frame.text.strip() for frame in after if isinstance(frame, TTSTextFrame)]
    assert words == TEXT.split()
    wait_until(lambda: get(service.port, "/health").get_json()["speaking"] == 0)


class _Alive(ElevenLabsTTSService):  # type: ignore[misc]
    """Its service with a keepalive at each second, in place of ten."""

    sent = 0

    def _create_keepalive_task(self, interval: float) -> None:
        super()._create_keepalive_task(interval / 10)

    async def _send_keepalive(self) -> None:
        await super()._send_keepalive()
        self.sent += 1


def test_its_keepalive_keeps_the_socket_and_opens_nothing(service: Service) -> None:
    speaker = pipecat_for(service, of=_Alive)
    frames = asyncio.run(frames_of(speaker, [SleepFrame(sleep=2.5), *reply_of(TEXT, service.seconds + 3)]))
    assert speaker.sent > 3
    assert sound_of(frames) == own_pcm(service, TEXT)
    assert len([frame for frame in frames if isinstance(frame, TTSStoppedFrame)]) == 1


def deepgram_for(service: Service, **options: Any) -> DeepgramTTSService:
    url = f"ws://127.0.0.1:{service.port}"
    return DeepgramTTSService(api_key="none", base_url=url, sample_rate=RATE, **options)


def test_it_speaks_through_deepgrams_protocol(service: Service) -> None:
    frames = asyncio.run(frames_of(deepgram_for(service), reply_of(TEXT, service.seconds + 3)))
    assert sound_of(frames) == own_pcm(service, TEXT)
    assert [frame for frame in frames if isinstance(frame, TTSStoppedFrame)]


def test_an_interruption_clears_what_deepgrams_protocol_speaks(service: Service) -> None:
    said = [
        *reply_of(LONG, 1.5),
        InterruptionFrame(),
        SleepFrame(sleep=0.5),
        *reply_of(TEXT, service.seconds + 3),
    ]
    frames = asyncio.run(frames_of(deepgram_for(service), said))
    interrupted = next(number for number, frame in enumerate(frames) if isinstance(frame, InterruptionFrame))
    assert 0 < len(sound_of(frames[:interrupted])) < len(own_pcm(service, LONG)) / 2
    assert sound_of(frames[interrupted:]) == own_pcm(service, TEXT)
    wait_until(lambda: get(service.port, "/health").get_json()["speaking"] == 0)
