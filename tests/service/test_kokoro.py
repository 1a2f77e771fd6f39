"""Kokoro's voices through the service: listings, formats, mixes, SSML, times of words, and Piper without them."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hailo_piper.config.loading import parse_config
from hailo_piper.config.settings import Config
from hailo_piper.server import Server
from tests.support.client import Answer, assert_error, get, post, wav_of
from tests.support.services import as_values, running
from tests.support.tiny_kokoro import RATE, make_tiny_kokoro

TEXT = "Hello there."


@pytest.fixture(scope="module")
def server(tone_config: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    directory = tmp_path_factory.mktemp("kokoro")
    for name in ("kokoro", "kokoro-es"):
        make_tiny_kokoro(directory, name)
    values = as_values(tone_config)
    values["voices"]["directory"] = str(directory)
    with running(parse_config(values)) as server:
        yield server


def speak(server: Server, text: str = TEXT, **fields: Any) -> Answer:
    return post(server.http.port, "/v1/audio/speech", {"input": text, "voice": "kokoro", **fields})


def test_it_speaks_at_its_own_rate_and_in_every_format(server: Server) -> None:
    answer = speak(server)
    assert (answer.status_code, answer.headers["X-Engine"]) == (200, "kokoro")
    assert wav_of(answer.data)[0].framerate == RATE
    for response_format in ("pcm", "mp3", "opus", "aac", "flac"):
        assert speak(server, response_format=response_format).status_code == 200
    assert speak(server, use_cache=False).data == answer.data


@pytest.mark.parametrize("speed", [0.25, 0.5, 1.25, 3.0])
def test_any_speed_is_heard(server: Server, speed: float) -> None:
    usual, faster = (
        wav_of(speak(server, text=TEXT * 3, stream=False, **fields).data)[0].nframes
        for fields in ({}, {"speed": speed})
    )
    assert usual / faster == pytest.approx(speed, rel=0.25)


def test_its_speakers_are_listed_with_their_language(server: Server) -> None:
    listed = get(server.http.port, "/v1/voices?engine=kokoro").get_json()["voices"]
    assert [(entry["id"], entry["language"]) for entry in listed] == [("kokoro", "en_US"), ("kokoro-es", "es_ES")]
    shown = get(server.http.port, "/v1/voices/kokoro-es").get_json()
    assert [speaker["name"] if isinstance(speaker, dict) else speaker for speaker in shown["speakers"]] == [
        "ef_dora", "em_alex", "em_santa",
    ]  # fmt: skip


def test_speakers_and_mixes_differ_and_unknown_ones_are_refused(server: Server) -> None:
    heard = [
        speak(server, voice=f"kokoro#{name}", response_format="pcm").data
        for name in ("af_heart", "af_bella", "af_heart(2)+af_bella(1)")
    ]
    assert len(set(heard)) == 3
    assert_error(speak(server, voice="kokoro#ef_dora"), 400, "invalid_request", "voice")
    assert_error(speak(server, voice="kokoro-fi"), 400, "voice_not_found", "voice")


def test_a_language_finds_its_voice(server: Server) -> None:
    answer = post(server.http.port, "/v1/audio/speech", {"input": "Hola a todos.", "language": "es"})
    assert answer.headers["X-Engine"] == "kokoro"


def test_words_have_times_in_order(server: Server) -> None:
    body = {"text": "One two three.", "voice": "kokoro", "return_timestamps": True, "stream": False}
    answer = post(server.http.port, "/dev/captioned_speech", {**body, "input": body["text"]})
    words = [word for word in answer.get_json()["timestamps"] if word["word"][0].isalpha()]
    assert [word["word"] for word in words] == ["One", "two", "three"]
    starts = [word["start_time"] for word in words]
    assert starts == sorted(set(starts))


def test_ssml_changes_voice_and_manner_inside_a_text(server: Server) -> None:
    def frames(text: str) -> int:
        return wav_of(speak(server, text, text_format="ssml", stream=False).data)[0].nframes

    plain = frames("<speak>We go home now. And then we sleep.</speak>")
    assert frames("<speak><prosody rate='50%'>We go home now. And then we sleep.</prosody></speak>") > plain * 1.6
    assert frames("<speak>We go home now.<break time='1s'/> And then we sleep.</speak>") > plain + RATE // 2
    assert frames("<speak>We go home. <voice name='kokoro-es'>Hola a todos.</voice></speak>") > 0


def test_a_service_without_it_imports_nothing_of_it(tone_path: Path) -> None:
    program = (
        "import sys\n"
        "from hailo_piper.__main__ import main\n"
        "status = main(sys.argv[1:])\n"
        "sys.exit(' '.join(name for name in sys.modules if 'kokoro' in name) or status)\n"
    )
    arguments = ["say", "--voice", str(tone_path), "--output", "/dev/null", "Hello."]
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, *arguments], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
