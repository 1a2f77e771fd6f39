"""Engines beside Piper: a toy that is added as docs/engines.md says, and what a client gets where a voice fails."""

import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hailo_piper.config.loading import parse_config
from hailo_piper.config.settings import Config
from hailo_piper.engine.speakers import ENGINES
from hailo_piper.errors import ConfigError, SynthesisError
from hailo_piper.server import Server
from hailo_piper.voices.real_time_factors import RealTimeFactors
from tests.support.client import Answer, assert_error, get, post, wait_until, wav_of
from tests.support.services import as_values, running
from tests.support.tone_voice import make_tone_voice
from tests.support.toy_engine import NOTE, make_toy_voice, raise_at, toy_engine

TEXT = "Hello there."


@contextmanager
def serving(config: Config, directory: Path, **engines: Any) -> Iterator[Server]:
    values = as_values(config)
    values["voices"]["directory"] = str(directory)
    values["performance"] = {"request_timeout": 2}
    with running(parse_config({**values, "engines": engines})) as server:
        yield server


def speak(server: Server, text: str = TEXT, **fields: Any) -> Answer:
    return post(server.http.port, "/v1/audio/speech", {"input": text, "voice": "hum", **fields})


def refuse_to_load(*_: object) -> None:
    raise OSError("no such weights")


@pytest.fixture
def hum(tmp_path: Path) -> Path:
    make_toy_voice(tmp_path / "voices")
    return tmp_path / "voices"


def test_an_engine_that_is_added_speaks_in_every_way(
    tone_config: Config, hum: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ENGINES, "toy", toy_engine())
    with serving(tone_config, hum) as server:
        answer = speak(server)
        assert (answer.status_code, answer.headers["X-Engine"]) == (200, "toy")
        parameters, _ = wav_of(answer.data)
        assert (parameters.nframes, parameters.framerate) == (len(TEXT) * NOTE, 22050)
        faster, _ = wav_of(speak(server, speed=2).data)
        assert faster.nframes == pytest.approx(parameters.nframes / 2, rel=0.01)
        assert speak(server, response_format="mp3").headers["Content-Type"] == "audio/mpeg"
        words = post(
            server.http.port, "/v1/audio/speech",
            {"input": TEXT, "voice": "hum", "stream_format": "sse", "timestamps": ["word"]},
        )  # fmt: skip
        assert b'"there"' in words.data
        (listed,) = get(server.http.port, "/v1/voices?engine=toy").get_json()["voices"]
        assert (listed["id"], listed["engine"]) == ("hum", "toy")


def test_a_voice_of_an_engine_that_there_is_not_is_told_in_the_log(
    tone_config: Config, hum: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(tone_config, hum) as server:
        assert_error(speak(server), 500, "synthesis_failed", None)
    assert "voice hum: there is no engine 'toy'. Allowed: piper, espeak" in caplog.text


FAILURES: dict[str, Callable[..., Any]] = {
    "the voice cannot be loaded": refuse_to_load,
    "the first sentence fails": toy_engine(raise_at(0)),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_what_fails_before_the_first_byte_is_an_error_unless_a_fallback_speaks(
    failure: str, tone_config: Config, hum: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(ENGINES, "toy", FAILURES[failure])
    with serving(tone_config, hum) as server:
        assert_error(speak(server), 500, "synthesis_failed", None)
    with serving(tone_config, hum, fallback=["nobody", "hum", "espeak"]) as server:
        caplog.clear()
        answer = speak(server)
        assert answer.status_code == 200
        assert (answer.headers["X-Engine"], answer.headers["X-Fallback-Voice"]) == ("espeak", "espeak:en-us")
        assert wav_of(answer.data)[0].nframes > 5000
        assert any("voice hum failed: voice espeak:en-us speaks instead" in line for line in caplog.messages)
        port = server.http.port
        assert b'hailo_piper_fallbacks_total{engine="espeak"} 1.0' in get(port, "/metrics").data
        # A request is counted when its last byte is out.
        counted = b'hailo_piper_engine_requests_total{engine="espeak",outcome="ok"} 1.0'
        wait_until(lambda: counted in get(port, "/metrics").data)
        healthy = speak(server, voice="default")
        assert (healthy.headers["X-Engine"], healthy.headers["X-Fallback-Voice"]) == ("piper", None)


def broken(values: dict[str, dict[str, Any]], path: Path) -> None:
    """A configured voice that is no model."""
    model = path / "de_DE-broken-low.onnx"
    model.write_bytes(b"nothing")
    (path / f"{model.name}.json").write_bytes(Path(f"{values['piper']['model_path']}.json").read_bytes())
    values["piper"]["model_path"] = str(model)


def missing(values: dict[str, dict[str, Any]], path: Path) -> None:
    """A configured voice that is not there."""
    values["piper"]["model_path"] = str(path / "de_DE-missing-low.onnx")


@pytest.mark.parametrize("wrong", [broken, missing])
def test_a_start_without_its_voice_fails_unless_a_fallback_speaks(
    wrong: Callable[..., None], tone_config: Config, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    values = as_values(tone_config)
    wrong(values, tmp_path)
    with pytest.raises(ConfigError):
        Server(parse_config(values))
    with pytest.raises(ConfigError):
        Server(parse_config({**values, "engines": {"fallback": ["nobody"]}}))
    for is_ready in (False, True):
        engines = {"fallback": ["nobody", "espeak"], "ready_when_degraded": is_ready}
        with caplog.at_level(logging.ERROR), running(parse_config({**values, "engines": engines})) as server:
            health = get(server.http.port, "/health")
            assert (health.status_code, health.get_json()["status"]) == (200, "degraded")
            if is_ready:
                assert get(server.http.port, "/ready").get_json() == {"status": "degraded"}
            else:
                assert_error(get(server.http.port, "/ready"), 503, "degraded", None)
            answer = speak(server, voice="alloy")
            assert (answer.status_code, answer.headers["X-Engine"]) == (200, "espeak")
            assert server.engine.voice.id == "espeak:de"
        assert any("the service is degraded: voice espeak:de speaks instead" in line for line in caplog.messages)


def test_espeak_speaks_in_every_format_and_is_listed_only_for_who_asks(tone_server: Server) -> None:
    port = tone_server.http.port
    for response_format in ("wav", "pcm", "mp3", "opus", "aac", "flac"):
        answer = speak(tone_server, voice="espeak:de", response_format=response_format)
        assert (answer.status_code, answer.headers["X-Engine"]) == (200, "espeak")
    again = speak(tone_server, voice="espeak:de", response_format="pcm")
    assert again.data == speak(tone_server, voice="ESPEAK:DE", response_format="pcm").data
    assert_error(speak(tone_server, voice="espeak:xx"), 400, "voice_not_found", "voice")
    assert not [entry for entry in get(port, "/v1/voices").get_json()["voices"] if entry["engine"] == "espeak"]
    listed = get(port, "/v1/voices?engine=espeak").get_json()["voices"]
    assert len(listed) > 100
    german = [entry["id"] for entry in get(port, "/v1/voices?engine=espeak&language=de").get_json()["voices"]]
    assert german == ["espeak:de"]
    assert get(port, "/v1/voices/espeak:de").get_json()["engine"] == "espeak"


def test_a_strategy_chooses_for_requests_that_name_no_voice_and_the_list_has_each_factor(
    tone_config: Config, tmp_path: Path
) -> None:
    best = make_tone_voice(tmp_path / "voices", name="en_US-best-high").name.removesuffix(".onnx")
    values = as_values(tone_config)
    values["piper"]["cache_directory"] = str(tmp_path / "cache")
    RealTimeFactors(tmp_path / "cache").note(best, 1.5)
    values["voices"]["directory"] = str(tmp_path / "voices")
    for strategy, model, chosen in (
        ("explicit", "tts-1-hd", "en_US-tone-low"),
        ("quality", "tts-1", "en_US-tone-low"),
        ("quality", "tts-1-hd", best),
        ("speed", None, "en_US-tone-low"),
        ("speed", "espeak", "espeak:en-us"),
    ):
        with running(parse_config({**values, "engines": {"strategy": strategy}})) as server:
            answer = post(server.http.port, "/v1/audio/speech", {"input": TEXT, "model": model})
            assert answer.status_code == 200
            loaded = {
                entry["id"] for entry in get(server.http.port, "/v1/voices").get_json()["voices"] if entry["loaded"]
            }
            assert answer.headers["X-Engine"] == ("espeak" if "espeak" in chosen else "piper")
            assert (best in loaded) == (chosen == best)
            shown = get(server.http.port, f"/v1/voices/{best}").get_json()
            assert (shown["real_time_factor"], shown["slower_than_real_time"]) == (1.5, True)
            default = get(server.http.port, "/v1/voices/default").get_json()
            assert (default["real_time_factor"], default["slower_than_real_time"]) == (None, None)


def test_aliases_speakers_and_manners_of_espeak(tone_config: Config) -> None:
    values = as_values(tone_config)
    values["voices"]["aliases"] = {
        "Greta": {"voice": "espeak:de", "speaker": "f3", "pitch": 1.2},
        "Hans": "espeak:de#m3",
        "nobody": "espeak:xx",
    }

    def said(voice: str, **fields: Any) -> bytes:
        answer = speak(server, voice=voice, **fields)
        assert (answer.status_code, answer.headers["X-Engine"]) == (200, "espeak")
        return wav_of(answer.data)[1]

    with running(parse_config(values)) as server:
        usual = said("espeak:de")
        assert said("espeak:de#usual") == said("espeak:de", speaker="usual") == usual
        greta, hans = said("greta"), said("Hans")
        assert len({usual, greta, hans, said("espeak:de", speaker="f3")}) == 4
        assert said("espeak:de", speaker="f3", pitch=1.2) == greta
        assert said("espeak:de", speaker="m3") == hans
        assert len(said("espeak:de", speed=2)) == pytest.approx(len(usual) / 2, rel=0.1)
        assert len(said("espeak:de", length_scale=1.5)) == pytest.approx(len(usual) * 1.5, rel=0.1)
        higher = said("espeak:de", pitch=1.5)
        assert higher != usual
        assert len(higher) == pytest.approx(len(usual), rel=0.05)
        assert_error(speak(server, voice="espeak:de", speaker="f9"), 400, "invalid_request", "speaker")
        assert_error(speak(server, voice="nobody"), 400, "voice_not_found", "voice")
        names = [entry["id"] for entry in get(server.http.port, "/v1/audio/voices").get_json()["voices"]]
        assert {"Greta", "Hans"} <= set(names)
        assert "nobody" not in names


def test_ssml_changes_the_manner_of_espeak(tone_server: Server) -> None:
    def seconds(text: str) -> float:
        answer = speak(tone_server, text, voice="espeak:en", text_format="ssml")
        parameters, frames = wav_of(answer.data)
        return len(frames) / 2 / parameters.framerate

    plain = seconds("<speak>We go home now. And then we sleep.</speak>")
    slow = seconds("<speak><prosody rate='50%'>We go home now. And then we sleep.</prosody></speak>")
    pause = seconds("<speak>We go home now. <break time='1s'/>And then we sleep.</speak>")
    assert slow == pytest.approx(plain * 2, rel=0.15)
    assert pause > plain + 0.5


def test_a_closed_toy_says_nothing(tmp_path: Path) -> None:
    make_toy_voice(tmp_path)
    from hailo_piper.engine.model import NOISELESS
    from hailo_piper.voices.engine_voice import read_engine_voice

    speaker: Any = toy_engine()(read_engine_voice(tmp_path / "hum"), tmp_path, None)  # type: ignore[arg-type]
    speaker.close()
    with pytest.raises(SynthesisError):
        speaker.model(NOISELESS)


def test_a_start_with_piper_alone_imports_nothing_of_another_engine() -> None:
    program = (
        "import sys\n"
        "import hailo_piper.server, hailo_piper.listeners.http.app\n"
        "names = ('engine.espeak', 'espeak_voices', 'substitutes', 'speech.fallback', 'engine_voice', '.strategy')\n"
        "sys.exit(' '.join(name for name in sys.modules if name.endswith(names)))\n"
    )
    done = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""
