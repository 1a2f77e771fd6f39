"""One text through every door: the same PCM, and the same error codes."""

import asyncio
import base64
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


SSML = (
    '<?xml version="1.0"?>\n<speak version="1.1" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="en-US">\n'
    '<p>Dial <say-as interpret-as="digits">42</say-as>, <mark name="here"/>or ask <sub alias="Doctor Who">Dr. W.</sub> '
    '<break time="250ms"/> Say <phoneme alphabet="ipa" ph="təˈmɑːtəʊ">tomato</phoneme>.</p>\n'
    '<p><prosody rate="80%" pitch="+2st" volume="-3dB">Slow &amp; high</prosody>, <emphasis>now</emphasis>! '
    "<!-- not heard --><s>It is 5 km.</s><s>The end</s></p><break time='100ms'/></speak>"
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


@pytest.mark.parametrize(("text", "text_format"), [(TEXT, "text"), (SSML, "ssml")], ids=["text", "ssml"])
def test_one_text_is_the_same_pcm_through_every_door(
    server: Server, config_path: Path, tmp_path: Path, text: str, text_format: str
) -> None:
    fields = {} if text_format == "text" else {"text_format": text_format}
    http, wyoming, said = server.http.port, port_of(server), tmp_path / "said.wav"
    rate = server.engine.voice.sample_rate
    assert main(["say", text, "-o", str(said), "--config", str(config_path), *(["--ssml"] if fields else [])]) == 0
    through = {
        "speech, wav": post(http, "/v1/audio/speech", {"input": text, **fields}).data[44:],
        "speech, pcm": post(
            http, "/v1/audio/speech", {"input": text, "response_format": "pcm", "sample_rate": rate, **fields}
        ).data,
        "synthesize": post(http, "/v1/synthesize", {"text": text, **fields}).data[44:],
        "a dialogue of one turn": post(http, "/v1/synthesize", {"text": [{"text": text, **fields}]}).data[44:],
        "piper": post(http, "/", {"text": text, **fields}).data[44:],
        "wyoming": asyncio.run(speak(wyoming, text, text_format=text_format)).pcm,
        **{
            f"wyoming in pieces of {size}": asyncio.run(
                speak_pieces(wyoming, pieces(text, size), text_format=text_format)
            ).pcm
            for size in (1, 2, 3, 7)
        },
        "say": wav_of(said.read_bytes())[1],
    }
    if not fields:
        vendors = (f"/v1/text-to-speech/default/stream?output_format=pcm_{rate}",
                   f"/elevenlabs/v1/text-to-speech/default?output_format=pcm_{rate}",
                   f"/v1/speak?encoding=linear16&container=none&sample_rate={rate}")  # fmt: skip
        through |= {path: post(http, path, {"text": text}).data for path in vendors}
        lines = post(
            http, f"/v1/text-to-speech/default/stream/with-timestamps?output_format=pcm_{rate}", {"text": text}
        )
        told = [json.loads(line) for line in lines.data.splitlines()]
        through["lines with times"] = b"".join(base64.b64decode(line["audio_base64"]) for line in told)
        assert "".join("".join(line["alignment"]["characters"]) for line in told if line["alignment"]) == text
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


@pytest.mark.parametrize(
    "text", ["<speak>\nAt&T</speak>", "<speak>a</s>", "<!DOCTYPE speak><speak>a</speak>", "<s>", "<speak/>", "<sub/>"]
)
def test_one_mistake_in_ssml_is_the_same_error_through_every_door(
    server: Server, config_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    http, wyoming = server.http.port, port_of(server)
    refused = [
        post(http, path, {name: text, "ssml": True}).get_json()["error"]
        for path, name in (("/v1/audio/speech", "input"), ("/v1/synthesize", "text"), ("/", "text"),
                           ("/v1/text", "text"),
                           ("/v1/audio/captions", "input"), ("/dev/captioned_speech", "input"))
    ]  # fmt: skip
    whole = asyncio.run(speak(wyoming, text, text_format="ssml")).errors
    streamed = asyncio.run(speak_pieces(wyoming, pieces(text, 3), text_format="ssml")).errors
    told = {(error["message"], error["code"]) for error in refused} | {*whole, *streamed}
    assert len(told) == 1
    for command in (["say", text, "-o", "-"], ["explain", text]):
        assert main([*command, "--ssml", "--config", str(config_path)]) == USAGE
        assert capsys.readouterr().err.strip() == f"hailo-piper: {told.copy().pop()[0]}"


@pytest.mark.parametrize(("text", "speaker"), [("", None), ("?!...", None), ("Hello.", "nobody"), ("Hello.", "1")])
def test_the_command_line_says_the_same_in_words(
    server: Server, config_path: Path, capsys: pytest.CaptureFixture[str], text: str, speaker: str | None
) -> None:
    asked = ["say", text, "-o", "-", "--config", str(config_path), *(["--speaker", speaker] if speaker else [])]
    assert main(asked) == USAGE
    (error,) = asyncio.run(speak(port_of(server), text, SynthesizeVoice(name="default", speaker=speaker))).errors
    assert capsys.readouterr().err.strip() == f"hailo-piper: {error[0]}"
