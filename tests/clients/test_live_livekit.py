"""LiveKit's services for ElevenLabs and Deepgram, which send text as it comes over a WebSocket."""

import asyncio

import aiohttp
import pytest
from livekit.plugins import deepgram, elevenlabs

from tests.clients.conftest import SECONDS_OFF, TEXT, Service
from tests.clients.live import SECONDS, Spoken, assert_same_words, heard_by_livekit, own_pcm, own_words


@pytest.mark.parametrize("encoding", ["pcm_24000", "mp3_22050_32", "opus_48000_64"])
def test_two_streams_on_one_socket_have_the_right_times(service: Service, encoding: str) -> None:
    async def both() -> tuple[Spoken, Spoken]:
        async with aiohttp.ClientSession() as session:
            tts = elevenlabs.TTS(
                base_url=f"{service.url}/v1",
                api_key="none",
                voice_id="default",
                encoding=encoding,
                http_session=session,
            )
            try:
                streams = asyncio.gather(heard_by_livekit(tts, TEXT), heard_by_livekit(tts, TEXT))
                first, second = await asyncio.wait_for(streams, SECONDS)
                connection, _, is_reused = await tts._current_connection()
                assert is_reused
                assert not connection._closed
                return first, second
            finally:
                await tts.aclose()

    expected = own_words(service, TEXT)
    for spoken in asyncio.run(both()):
        assert spoken.seconds == pytest.approx(service.seconds, abs=SECONDS_OFF)
        if encoding == "pcm_24000":
            assert spoken.pcm == own_pcm(service, TEXT)
        assert_same_words(spoken.words, expected)


def test_it_streams_through_deepgrams_protocol(service: Service) -> None:
    async def stream() -> Spoken:
        async with aiohttp.ClientSession() as session:
            tts = deepgram.TTS(base_url=f"{service.url}/v1/speak", api_key="none", http_session=session)
            try:
                return await asyncio.wait_for(heard_by_livekit(tts, TEXT), SECONDS)
            finally:
                await tts.aclose()

    assert asyncio.run(stream()).pcm == own_pcm(service, TEXT)
