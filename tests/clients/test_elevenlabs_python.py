"""The elevenlabs package from PyPI."""

import base64
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import elevenlabs
import httpx
import pytest
from elevenlabs.core import ApiError

from tests.clients.conftest import SECONDS_OFF, TEXT, Service, seconds_of
from tests.support.client import post
from tests.support.documents import Block, blocks


@pytest.fixture(params=["", "/elevenlabs"])
def base_url(request: pytest.FixtureRequest, service: Service) -> str:
    return f"{service.url}{request.param}"


@pytest.fixture
def connections() -> Iterator[httpx.Client]:
    """The package would leave its connections open."""
    with httpx.Client(timeout=60) as client:
        yield client


@pytest.fixture
def sdk(base_url: str, connections: httpx.Client) -> elevenlabs.ElevenLabs:
    return elevenlabs.ElevenLabs(base_url=base_url, api_key="none", httpx_client=connections)


@pytest.mark.parametrize("output_format", ["mp3_44100_128", "opus_48000_32", "wav_22050"])
def test_a_whole_answer_and_a_stream(service: Service, sdk: elevenlabs.ElevenLabs, output_format: str) -> None:
    for speak in (sdk.text_to_speech.convert, sdk.text_to_speech.stream):
        audio = b"".join(speak("default", text=TEXT, model_id="eleven_flash_v2_5", output_format=output_format))
        decoder = output_format.partition("_")[0]
        assert seconds_of(audio, decoder) == pytest.approx(service.seconds, abs=SECONDS_OFF)


def service_words(service: Service) -> list[tuple[str, float]]:
    """Each word of TEXT and its start, as the service tells them at its own endpoint."""
    body = {"input": TEXT, "response_format": "pcm", "stream": False}
    answer = post(service.port, "/dev/captioned_speech", body).get_json()
    return [(word["word"], word["start_time"]) for word in answer["timestamps"]]


def test_every_word_begins_when_the_service_says(service: Service, sdk: elevenlabs.ElevenLabs) -> None:
    whole = sdk.text_to_speech.convert_with_timestamps("default", text=TEXT, output_format="pcm_24000")
    lines = list(sdk.text_to_speech.stream_with_timestamps("default", text=TEXT, output_format="pcm_24000"))
    audio = b"".join(base64.b64decode(line.audio_base_64) for line in lines)
    assert base64.b64decode(whole.audio_base_64) == audio
    assert len(lines) > 3
    for answers in ([whole], lines):
        parts = [answer.alignment for answer in answers if answer.alignment is not None]
        characters = [character for part in parts for character in part.characters]
        starts = [start for part in parts for start in part.character_start_times_seconds]
        assert "".join(characters) == TEXT
        assert parts[-1].character_end_times_seconds[-1] == pytest.approx(len(audio) / 48000, abs=0.001)
        at = 0
        for word, start in service_words(service):
            at = TEXT.index(word, at)
            assert starts[at] == pytest.approx(start, abs=0.01)
            at += len(word)


def test_settings_and_speakers(service: Service, sdk: elevenlabs.ElevenLabs) -> None:
    settings = elevenlabs.VoiceSettings(speed=1.2, stability=0.5)
    audio = b"".join(
        sdk.text_to_speech.convert("default:0", text=TEXT, voice_settings=settings, output_format="pcm_24000")
    )
    body = {"input": TEXT, "response_format": "pcm", "speed": 1.2}
    assert audio == post(service.port, "/v1/audio/speech", body).data


def test_errors_tell_status_and_reason(sdk: elevenlabs.ElevenLabs) -> None:
    with pytest.raises(ApiError) as refusal:
        list(sdk.text_to_speech.convert("nobody", text=TEXT))
    assert refusal.value.status_code == 404
    assert refusal.value.body["detail"]["status"] == "voice_not_found"
    with pytest.raises(elevenlabs.UnprocessableEntityError) as wrong:
        list(sdk.text_to_speech.convert("default", text=TEXT, output_format="mp4"))
    assert wrong.value.body["detail"][0]["loc"] == ["query", "output_format"]


def test_voices_and_models(service: Service, connections: httpx.Client) -> None:
    sdk = elevenlabs.ElevenLabs(base_url=f"{service.url}/elevenlabs", api_key="none", httpx_client=connections)
    assert [voice.voice_id for voice in sdk.voices.get_all().voices] == ["en_US-joe-medium"]
    (model,) = sdk.models.list()
    assert model.can_do_text_to_speech
    assert [language.language_id for language in model.languages or []] == ["en_US"]


@pytest.fixture
def player(tmp_path: Path) -> Iterator[Path]:
    """A directory with an aplay that keeps what it would play."""
    program = tmp_path / "aplay"
    program.write_text('#!/bin/sh\ncat >"${0%/*}/played"\n', encoding="utf-8")
    program.chmod(0o755)
    yield tmp_path
    assert (tmp_path / "played").stat().st_size > 10_000


HTTP_PROGRAMS = [block for block in blocks("python") if block.is_for_clients and "https://" not in block.text]


@pytest.mark.parametrize("block", HTTP_PROGRAMS, ids=str)
def test_the_programs_of_the_pages_run(
    service: Service, player: Path, block: Block, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = block.text.replace("127.0.0.1:5003", f"127.0.0.1:{service.port}")
    monkeypatch.setenv("PATH", str(player), prepend=":")
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True, cwd=player)
    assert (done.returncode, done.stderr) == (0, "")
    assert "en_US-joe-medium" in done.stdout
    assert "".join(line[-1] for line in done.stdout.splitlines()[1:]) == "Every letter has its time."
