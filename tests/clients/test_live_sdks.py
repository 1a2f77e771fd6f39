"""The packages of ElevenLabs and Deepgram, which send text as it comes over a WebSocket."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import elevenlabs
import httpx
import pytest
from deepgram import DeepgramClient
from deepgram.environment import DeepgramClientEnvironment
from deepgram.speak.v1.types import SpeakV1Text
from elevenlabs.core import ApiError
from pydantic import BaseModel

from tests.clients.conftest import SECONDS_OFF, TEXT, Service, seconds_of
from tests.clients.live import own_pcm
from tests.support.documents import blocks
from tests.support.tls import terminated


@pytest.fixture(scope="module")
def tls_port(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A port with TLS before the service, whose certificate Python trusts: the package asks for TLS always."""
    directory: Path = tmp_path_factory.mktemp("tls")
    with terminated(service.port, directory) as (port, certificate), pytest.MonkeyPatch.context() as environment:
        environment.setenv("SSL_CERT_FILE", str(certificate))
        yield port


@pytest.fixture(scope="module")
def sdk(tls_port: int) -> Iterator[elevenlabs.ElevenLabs]:
    with httpx.Client() as connections:
        yield elevenlabs.ElevenLabs(
            base_url=f"https://127.0.0.1:{tls_port}/elevenlabs", api_key="none", httpx_client=connections
        )


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_pieces_sound_as_they_would_whole(service: Service, sdk: elevenlabs.ElevenLabs, size: int) -> None:
    pieces = (TEXT[start : start + size] for start in range(0, len(TEXT), size))
    audio = b"".join(sdk.text_to_speech.convert_realtime("default", text=pieces, output_format="pcm_24000"))
    assert audio == own_pcm(service, TEXT)


def test_words_sound_as_they_would_whole(service: Service, sdk: elevenlabs.ElevenLabs) -> None:
    words = (f"{word} " for word in TEXT.split())
    audio = b"".join(sdk.text_to_speech.convert_realtime("default", text=words, output_format="pcm_24000"))
    assert audio == own_pcm(service, TEXT)


def test_mp3_and_speed_are_understood(service: Service, sdk: elevenlabs.ElevenLabs) -> None:
    settings = elevenlabs.VoiceSettings(speed=1.2)
    audio = b"".join(sdk.text_to_speech.convert_realtime("default", text=iter([TEXT]), voice_settings=settings))
    expected = len(own_pcm(service, TEXT, speed=1.2)) / 48000
    assert seconds_of(audio, "mp3") == pytest.approx(expected, abs=SECONDS_OFF)


def test_an_error_is_the_packages_own(sdk: elevenlabs.ElevenLabs) -> None:
    with pytest.raises(ApiError) as refusal:
        list(sdk.text_to_speech.convert_realtime("default", text=iter(["too long " * 1000]), output_format="pcm_8000"))
    assert refusal.value.status_code == 1008
    assert "text_too_long" in str(refusal.value.body)


def test_the_program_of_the_page_runs(tls_port: int, tmp_path: Path) -> None:
    (block,) = (block for block in blocks("python") if "convert_realtime" in block.text)
    program = block.text.replace("speech.example.org", f"127.0.0.1:{tls_port}")
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert 2 < seconds_of((tmp_path / "answer.mp3").read_bytes(), "mp3") < 6


def test_deepgrams_package_speaks(service: Service) -> None:
    url = f"ws://127.0.0.1:{service.port}"
    environment = DeepgramClientEnvironment(base=service.url, production=url, agent=url, agent_rest=service.url)
    client = DeepgramClient(api_key="none", environment=environment)
    with client.speak.v1.connect(model="aura-2-thalia-en", encoding="linear16", sample_rate="24000") as connection:
        for word in TEXT.split():
            connection.send_text(SpeakV1Text(text=f"{word} "))
        connection.send_flush()
        pcm, kinds = b"", []
        for message in connection:
            if isinstance(message, bytes):
                pcm += message
                continue
            assert isinstance(message, BaseModel)
            kinds.append(type(message).__name__)
            if kinds[-1] == "SpeakV1Flushed":
                break
        connection.send_close()
    assert pcm == own_pcm(service, TEXT)
    assert kinds == ["SpeakV1Metadata", "SpeakV1Flushed"]
