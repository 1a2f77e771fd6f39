"""The openai package from PyPI."""

import asyncio
import base64
import json
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest

from hailo_piper.audio.encoding import ENCODERS
from tests.clients.conftest import SECONDS_OFF, TEXT, Service, seconds_of


@pytest.fixture
def sdk(service: Service) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{service.url}/v1", api_key="none", max_retries=0) as client:
        yield client


@pytest.mark.parametrize("response_format", ENCODERS)
def test_a_whole_answer_in_every_format(service: Service, sdk: openai.OpenAI, response_format: str) -> None:
    answer = sdk.audio.speech.create(model="tts-1", voice="alloy", input=TEXT, response_format=response_format)  # type: ignore[arg-type]
    assert answer.response.headers["content-type"] == ENCODERS[response_format].content_type
    assert seconds_of(answer.content, response_format) == pytest.approx(service.seconds, abs=SECONDS_OFF)


@pytest.mark.parametrize("response_format", ENCODERS)
def test_streaming_every_format_to_a_file(
    service: Service, sdk: openai.OpenAI, response_format: str, tmp_path: Path
) -> None:
    path = tmp_path / f"speech.{response_format}"
    with sdk.audio.speech.with_streaming_response.create(
        model="gpt-4o-mini-tts",
        voice="nova",
        input=TEXT,
        response_format=response_format,  # type: ignore[arg-type]
    ) as answer:
        answer.stream_to_file(path)
    assert seconds_of(path.read_bytes(), response_format) == pytest.approx(service.seconds, abs=SECONDS_OFF)


@pytest.mark.parametrize("response_format", ENCODERS)
def test_events_read_raw(service: Service, sdk: openai.OpenAI, response_format: str) -> None:
    with sdk.audio.speech.with_streaming_response.create(
        model="gpt-4o-mini-tts",
        voice="cedar",
        input=TEXT,
        response_format=response_format,  # type: ignore[arg-type]
        stream_format="sse",
    ) as answer:
        assert answer.headers["content-type"] == "text/event-stream"
        lines = [line for line in answer.iter_lines() if line]
    *deltas, done = [json.loads(line.removeprefix("data: ")) for line in lines]
    audio = b"".join(base64.b64decode(event["audio"]) for event in deltas)
    assert seconds_of(audio, response_format) == pytest.approx(service.seconds, abs=SECONDS_OFF)
    assert done["usage"]["input_tokens"] == len(TEXT)
    assert done["usage"]["output_tokens"] == pytest.approx(service.seconds * 20, abs=1)


async def _spoken(service: Service) -> bytes:
    async with openai.AsyncOpenAI(base_url=f"{service.url}/v1", api_key="none", max_retries=0) as client:
        answer = await client.audio.speech.create(model="tts-1", voice="echo", input=TEXT, response_format="wav")
        return await answer.aread()


def test_the_async_client(service: Service) -> None:
    assert seconds_of(asyncio.run(_spoken(service)), "wav") == pytest.approx(service.seconds, abs=SECONDS_OFF)


def test_models_and_errors(sdk: openai.OpenAI) -> None:
    assert {"tts-1", "gpt-4o-mini-tts"} <= {model.id for model in sdk.models.list()}
    with pytest.raises(openai.BadRequestError) as refusal:
        sdk.audio.speech.create(model="tts-1", voice="nobody", input=TEXT)
    assert (refusal.value.param, refusal.value.code) == ("voice", "voice_not_found")
