"""The openai package from PyPI."""

import asyncio
import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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


@pytest.mark.parametrize("more", [{}, {"timestamps": ["word"]}], ids=["alone", "with-word-times"])
def test_events_through_its_own_decoder(sdk: openai.OpenAI, more: dict[str, list[str]]) -> None:
    wanted = {"model": "gpt-4o-mini-tts", "voice": "cedar", "input": TEXT, "response_format": "pcm"}
    body = {**wanted, "stream_format": "sse", **more}
    with sdk.post(
        "/audio/speech", body=body, cast_to=object, stream=True, stream_cls=openai.Stream[Any]
    ) as stream:  # fmt: skip
        events: list[dict[str, Any]] = list(stream)
    assert audio_of(events) == sdk.audio.speech.create(**wanted).content  # type: ignore[arg-type]
    assert [event["type"] for event in events].count("speech.audio.done") == 1
    assert told(events) == (TEXT.replace(".", "").split() if more else [])


def audio_of(events: list[dict[str, Any]]) -> bytes:
    """The sound, as a client collects it that passes over what it does not know."""
    return b"".join(base64.b64decode(event["audio"]) for event in events if event["type"] == "speech.audio.delta")


def told(events: list[dict[str, Any]]) -> list[str]:
    """The words of the added event."""
    words = [word for event in events if event["type"] == "speech.audio.timestamps" for word in event["words"]]
    assert [word["word"] for word in words] == [TEXT[word["start_char"] : word["end_char"]] for word in words]
    return [word["word"] for word in words]


def test_word_times_come_through_extra_fields(sdk: openai.OpenAI) -> None:
    with sdk.audio.speech.with_streaming_response.create(
        model="gpt-4o-mini-tts",
        voice="cedar",
        input=TEXT,
        response_format="pcm",
        stream_format="sse",
        extra_body={"timestamps": ["word"]},
    ) as answer:
        events = [json.loads(line.removeprefix("data: ")) for line in answer.iter_lines() if line]
    assert told(events) == TEXT.replace(".", "").split()
    heard = 0.0
    for event in events:
        if event["type"] == "speech.audio.timestamps":
            assert event["words"][0]["start"] >= heard - 0.001
        elif event["type"] == "speech.audio.delta":
            heard += len(base64.b64decode(event["audio"])) / 2 / 24000


def test_ssml_and_dialogues_come_through_extra_fields(sdk: openai.OpenAI) -> None:
    def seconds(**fields: Any) -> float:
        answer = sdk.audio.speech.create(model="tts-1", voice="alloy", response_format="wav", **fields)
        return seconds_of(answer.content, "wav")

    plain = seconds(input="One, two.")
    paused = seconds(input='<speak>One <break time="1s"/> two.</speak>', extra_body={"text_format": "ssml"})
    assert paused - plain == pytest.approx(1, abs=0.25)
    bare = seconds(input='One <break time="1s"/> two.', extra_body={"enable_ssml_parsing": True})
    assert bare == pytest.approx(paused, abs=0.01)
    turns = [{"text": "One."}, {"text": "Two.", "voice": "echo", "pitch": "+2st"}]
    assert seconds(input="", extra_body={"input": turns}) == pytest.approx(plain, abs=0.6)
    with pytest.raises(openai.BadRequestError, match="line 1, column 10"):
        seconds(input="<speak>A & B</speak>", extra_body={"ssml": True})


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
