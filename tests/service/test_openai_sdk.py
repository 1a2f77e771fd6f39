"""The openai SDK, as people use it, against the real service."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest

from hailo_piper.audio.encoding import ENCODERS
from hailo_piper.server import Server
from tests.support.client import wav_of
from tests.support.decoding import MAGIC, decode


@pytest.fixture
def sdk(joe_server: Server) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"http://127.0.0.1:{joe_server.http.port}/v1", api_key="none", max_retries=0) as client:
        yield client


@pytest.mark.parametrize("response_format", ENCODERS)
def test_every_format(sdk: openai.OpenAI, response_format: Any) -> None:
    text = "Speech from a machine of one's own."
    wav = sdk.audio.speech.create(model="tts-1", voice="alloy", input=text, response_format="wav").content
    parameters, _ = wav_of(wav)
    assert parameters[:3] == (1, 2, 22050)
    answer = sdk.audio.speech.create(model="gpt-4o-mini-tts", voice="nova", input=text, response_format=response_format)
    samples, rate = decode(answer.content, response_format)
    assert len(samples) / rate == pytest.approx(parameters.nframes / 22050, abs=0.06)


@pytest.mark.parametrize("response_format", ENCODERS)
def test_streaming_to_a_file(sdk: openai.OpenAI, tmp_path: Path, response_format: Any) -> None:
    path = tmp_path / "speech"
    with sdk.audio.speech.with_streaming_response.create(
        model="tts-1",
        voice="alloy",
        input="One sentence here. And another one there.",
        response_format=response_format,
    ) as response:
        assert response.headers["content-type"] == ENCODERS[response_format].content_type
        assert response.headers["x-request-id"]
        response.stream_to_file(path)
    assert path.read_bytes().startswith(MAGIC[response_format])
    samples, rate = decode(path.read_bytes(), response_format)
    assert 1.5 < len(samples) / rate < 6


def test_models(sdk: openai.OpenAI) -> None:
    assert "tts-1" in [model.id for model in sdk.models.list()]


@pytest.mark.parametrize(
    ("fields", "param", "code"),
    [
        ({"input": ""}, "input", "invalid_request"),
        ({"input": "a" * 5001}, "input", "text_too_long"),
        ({"voice": "nobody"}, "voice", "voice_not_found"),
        ({"response_format": "mp4"}, "response_format", "invalid_request"),
        ({"speed": 9.0}, "speed", "invalid_request"),
    ],
)
def test_errors_arrive_as_the_sdks_own(sdk: openai.OpenAI, fields: dict[str, Any], param: str, code: str) -> None:
    arguments: dict[str, Any] = {"model": "tts-1", "voice": "alloy", "input": "Hello.", **fields}
    with pytest.raises(openai.BadRequestError) as refusal:
        sdk.audio.speech.create(**arguments)
    assert (refusal.value.param, refusal.value.code, refusal.value.type) == (param, code, "invalid_request_error")


def test_an_unknown_path_arrives_as_not_found(sdk: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError):
        sdk.models.retrieve("nothing")


def test_one_model(sdk: openai.OpenAI) -> None:
    assert sdk.models.retrieve("tts-1").id == "tts-1"
    with pytest.raises(openai.NotFoundError) as refusal:
        sdk.models.retrieve("whisper-1")
    assert refusal.value.code == "model_not_found"
