"""One text through every door: the same PCM, and the same error codes."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from hailo_piper.__main__ import main
from hailo_piper.cli.exit_codes import USAGE
from hailo_piper.config.settings import Config
from hailo_piper.server import Server
from tests.support.client import post, wait_until, wav_of
from tests.support.wyoming_client import SynthesizeVoice, pieces, port_of, serving, speak, speak_pieces

TEXT = (
    "Dr. Smith met Mrs. Jones at 3.14 p.m. in the U.S. They talked, and so they went on...\n\n"
    "One text, every door\n- a list item\n- another! (Really?) Yes.\n\n"
    "**Henry VIII** paid $3.5M on 3/4/2025 for 5 km/h; see [the manual](https://example.com/a), pp. 54-5 🎉🎉.\n"
    "> Nguyen &amp; sons: <b>H2O</b>, `max_speed`, approx. 20 mins . . . and 2 1/2 hours.\n1. One\n2. Two"
)


@pytest.fixture(scope="module")
def server(joe_config: Config) -> Iterator[Server]:
    with serving(joe_config) as server:
        wait_until(lambda: server.engine.is_prepared, timeout_seconds=120)
        yield server


@pytest.fixture
def config_path(joe_config: Config, tmp_path: Path) -> Path:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(joe_config.as_values()), encoding="utf-8")
    return path


def test_one_text_is_the_same_pcm_through_every_door(server: Server, config_path: Path, tmp_path: Path) -> None:
    http, wyoming, said = server.http.port, port_of(server), tmp_path / "said.wav"
    rate = server.engine.voice.sample_rate
    assert main(["say", TEXT, "-o", str(said), "--config", str(config_path)]) == 0
    through = {
        "speech, wav": post(http, "/v1/audio/speech", {"input": TEXT}).data[44:],
        "speech, pcm": post(
            http, "/v1/audio/speech", {"input": TEXT, "response_format": "pcm", "sample_rate": rate}
        ).data,
        "synthesize": post(http, "/v1/synthesize", {"text": TEXT}).data[44:],
        "piper": post(http, "/", {"text": TEXT}).data[44:],
        "wyoming": asyncio.run(speak(wyoming, TEXT)).pcm,
        **{
            f"wyoming in pieces of {size}": asyncio.run(speak_pieces(wyoming, pieces(TEXT, size))).pcm
            for size in (1, 2, 3, 7)
        },
        "say": wav_of(said.read_bytes())[1],
    }
    assert len(through["say"]) / 2 / rate > 5
    assert [door for door, pcm in through.items() if pcm != through["say"]] == []


@pytest.mark.parametrize(
    ("text", "who", "code"),
    [
        ("", None, "invalid_request"),
        (" \n", None, "invalid_request"),
        ("?!...", None, "invalid_request"),
        ("x" * 5001, None, "text_too_long"),
        ("Hello.", SynthesizeVoice(name="nobody"), "voice_not_found"),
        ("Hello.", SynthesizeVoice(name="alloy", speaker="nobody"), "invalid_request"),
        ("Hello.", SynthesizeVoice(name="alloy", speaker="1"), "invalid_request"),
        ("Hello.", SynthesizeVoice(language="de"), "voice_not_found"),
    ],
)
def test_one_mistake_is_the_same_error_through_every_door(
    server: Server, text: str, who: SynthesizeVoice | None, code: str
) -> None:
    fields = {"voice": who and who.name, "speaker": who and who.speaker, "language": who and who.language}
    codes = {
        path: post(server.http.port, path, {name: text, **fields}).get_json()["error"]["code"]
        for path, name in (("/v1/audio/speech", "input"), ("/v1/synthesize", "text"), ("/", "text"))
    }
    whole = asyncio.run(speak(port_of(server), text, who))
    streamed = asyncio.run(speak_pieces(port_of(server), pieces(text, 7), who))
    assert {*codes.values(), whole.code, streamed.code} == {code}
    assert whole.errors == streamed.errors


@pytest.mark.parametrize(("text", "speaker"), [("", None), ("?!...", None), ("Hello.", "nobody"), ("Hello.", "1")])
def test_the_command_line_says_the_same_in_words(
    server: Server, config_path: Path, capsys: pytest.CaptureFixture[str], text: str, speaker: str | None
) -> None:
    asked = ["say", text, "-o", "-", "--config", str(config_path), *(["--speaker", speaker] if speaker else [])]
    assert main(asked) == USAGE
    (error,) = asyncio.run(speak(port_of(server), text, SynthesizeVoice(name="default", speaker=speaker))).errors
    assert capsys.readouterr().err.strip() == f"hailo-piper: {error[0]}"
