"""Several real voices behind one real service: joe, and three that are derived from it; issue 7, Must show 1."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hailo_piper.audio.encoding import ENCODERS
from hailo_piper.audio.samples import Samples
from hailo_piper.config.settings import Config
from hailo_piper.server import Server
from tests.support.client import Answer, assert_error, get, post, wait_until, wav_of
from tests.support.decoding import decode
from tests.support.derived_voices import LOW, MULTI, PITCHES, SPANISH, make_derived_voices
from tests.support.services import running

TEXT = "The quick brown fox jumps over the lazy dog."
JOE = "en_US-joe-medium"


@pytest.fixture(scope="module")
def server(joe_config: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    directory = tmp_path_factory.mktemp("derived")
    make_derived_voices(directory)
    aliases: dict[str, Any] = {"tall": {"voice": MULTI, "speaker": "low"}, "later": "de_DE-nobody-low"}
    voices = joe_config.voices._replace(directory=str(directory), aliases=aliases, memory_mb=1500)
    with running(joe_config._replace(voices=voices)) as server:
        # A voice changes a little when it is prepared: what is compared comes after that.
        for name in (JOE, SPANISH):
            voice = server.service.voices.resolve(name).voice
            with server.service.loaded.borrow(voice, deadline=time.monotonic() + 60) as engine:
                wait_until(lambda engine=engine: engine.is_prepared, timeout_seconds=120)  # type: ignore[misc]
        yield server


def speak(server: Server, text: str = TEXT, **fields: Any) -> Answer:
    return post(server.http.port, "/v1/audio/speech", {"input": text, **fields})


def sound(server: Server, **fields: Any) -> tuple[Samples, int]:
    """The speech as a decoder hears it, and the rate that the answer tells."""
    response_format = fields.get("response_format", "wav")
    answer = speak(server, **fields)
    assert answer.status_code == 200, answer.data
    told = int(answer.headers["X-Audio-Sample-Rate"])
    if response_format == "pcm":
        return (np.frombuffer(answer.data, "<i2") / 32768).astype(np.float32), told
    samples, rate = decode(answer.data)
    assert rate == (48000 if response_format == "opus" else told)
    return samples, rate


def pitch_hz(samples: Samples, rate: int) -> float:
    """The median pitch of what is voiced, by autocorrelation."""
    size, found = int(0.04 * rate), []
    shortest, longest = rate // 300, rate // 60
    for start in range(0, len(samples) - size - longest, size // 2):
        window = samples[start : start + size + longest].astype(np.float64)
        head = window[:size]
        energy = float(head @ head)
        if energy / size < 1e-3 * float(np.mean(samples.astype(np.float64) ** 2)) * 300:
            continue
        matches = [
            float(head @ window[lag : lag + size]) / np.sqrt(energy * float(np.sum(window[lag : lag + size] ** 2)))
            for lag in range(shortest, longest)
        ]
        best = int(np.argmax(matches))
        if matches[best] > 0.8:
            found.append(rate / (shortest + best))
    return float(np.median(found))


def share_above(samples: Samples, rate: int, hertz: float) -> float:
    power = np.abs(np.fft.rfft(samples.astype(np.float64))) ** 2
    return float(np.sum(power[np.fft.rfftfreq(len(samples), 1 / rate) > hertz]) / np.sum(power))


def test_every_voice_is_listed_with_its_facts(server: Server) -> None:
    entries = {entry["id"]: entry for entry in get(server.http.port, "/v1/voices").get_json()["voices"]}
    assert list(entries) == ["default", JOE, LOW, MULTI, SPANISH]
    facts = ("language", "quality", "sample_rate", "num_speakers", "speakers", "gender")
    assert [entries[LOW][fact] for fact in facts] == ["en_US", "low", 16000, 1, [], None]
    assert [entries[MULTI][fact] for fact in facts] == ["en_US", "medium", 22050, 3, list(PITCHES), None]
    assert [entries[SPANISH][fact] for fact in facts] == ["es_ES", "medium", 22050, 1, [], None]
    assert entries[MULTI]["aliases"] == ["tall"]
    assert all(entry["size_bytes"] > 60e6 for entry in entries.values())
    names = [entry["id"] for entry in get(server.http.port, "/v1/audio/voices").get_json()["voices"]]
    assert names == ["default", JOE, LOW, MULTI, SPANISH, "tall"]
    for name in names:
        assert speak(server, "Yes.", voice=name).status_code == 200


@pytest.mark.parametrize(
    ("language", "ids"),
    [
        ("en", ["default", JOE, LOW, MULTI]),
        ("EN-us", ["default", JOE, LOW, MULTI]),
        ("es", [SPANISH]),
        ("es_ES", [SPANISH]),
        ("es_MX", []),
        ("tlh", []),
        ("", []),
    ],
)
def test_a_language_filters_the_listing(server: Server, language: str, ids: list[str]) -> None:
    answer = get(server.http.port, f"/v1/voices?language={language}").get_json()
    assert [voice["id"] for voice in answer["voices"]] == ids


def test_what_has_spoken_is_loaded(server: Server) -> None:
    speak(server, "Yes.", voice=SPANISH)
    entries = {entry["id"]: entry["loaded"] for entry in get(server.http.port, "/v1/voices").get_json()["voices"]}
    assert entries["default"]
    assert entries[JOE]
    assert entries[SPANISH]
    loaded = get(server.http.port, "/health").get_json()["loaded_voices"]
    assert loaded == sorted(voice for voice in entries if entries[voice] and voice != "default")
    metrics = get(server.http.port, "/metrics").data.decode()
    for voice in loaded:
        assert f'hailo_piper_voice_load_seconds{{voice="{voice}"}}' in metrics


def test_a_voice_of_16_khz_speaks_at_its_own_rate(server: Server) -> None:
    parameters, pcm = wav_of(speak(server, voice=LOW).data)
    assert (parameters.nchannels, parameters.sampwidth, parameters.framerate) == (1, 2, 16000)
    reference, _ = wav_of(speak(server, voice=JOE).data)
    assert len(pcm) / 2 / 16000 == pytest.approx(reference.nframes / 22050, abs=0.02)


@pytest.mark.parametrize("response_format", list(ENCODERS))
@pytest.mark.parametrize("sample_rate", [None, 48000])
def test_a_voice_of_16_khz_is_right_in_every_format(
    server: Server, response_format: str, sample_rate: int | None
) -> None:
    own, _ = sound(server, voice=LOW)
    samples, rate = sound(server, voice=LOW, response_format=response_format, sample_rate=sample_rate)
    assert rate == (48000 if sample_rate or response_format == "opus" else {"pcm": 24000}.get(response_format, 16000))
    assert len(samples) / rate == pytest.approx(len(own) / 16000, abs=0.06)
    assert pitch_hz(samples, rate) == pytest.approx(pitch_hz(own, 16000), rel=0.03)
    if rate > 16000:
        # Its highest tone is 8 kHz at 16 kHz: above that a wrong resampler would show a mirror of what is below.
        assert share_above(samples, rate, 8500) < 1e-4


def test_speakers_differ_in_pitch_as_they_were_derived(server: Server) -> None:
    pitches, seconds = {}, {}
    for name in PITCHES:
        samples, rate = sound(server, voice=MULTI, speaker=name)
        pitches[name], seconds[name] = pitch_hz(samples, rate), len(samples) / rate
    for name, factor in PITCHES.items():
        assert pitches[name] / pitches["mid"] == pytest.approx(factor, rel=0.06)
        assert seconds[name] == pytest.approx(seconds["mid"], rel=0.15)


@pytest.mark.parametrize(
    "fields",
    [
        {"voice": MULTI, "speaker": "low"},
        {"voice": MULTI, "speaker": 2},
        {"voice": MULTI, "speaker": "2"},
        {"voice": f"{MULTI}#low"},
        {"voice": f"{MULTI}#2"},
        {"voice": {"id": f"{MULTI}#low"}},
        {"voice": f"{MULTI}#high", "speaker": "low"},
        {"voice": "tall"},
        {"voice": "tall#low"},
    ],
)
def test_a_speaker_goes_by_every_name(server: Server, fields: dict[str, Any]) -> None:
    wanted = speak(server, "Yes.", voice=MULTI, speaker="low").data
    assert speak(server, "Yes.", **fields).data == wanted != speak(server, "Yes.", voice=MULTI).data


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"voice": MULTI, "speaker": "nobody"}, "speaker"),
        ({"voice": MULTI, "speaker": 3}, "speaker"),
        ({"voice": f"{MULTI}#nobody"}, "voice"),
        ({"voice": f"{MULTI}#"}, "voice"),
    ],
)
def test_an_unknown_speaker_is_refused_with_those_allowed(server: Server, fields: dict[str, Any], param: str) -> None:
    message = assert_error(speak(server, **fields), 400, "invalid_request", param)
    assert "mid, high, low, 0 to 2" in message


@pytest.mark.parametrize("name", ["nobody", "nobody#mid", "#mid", "../joe", f"{MULTI}.onnx"])
def test_an_unknown_voice_is_refused_with_those_allowed(server: Server, name: str) -> None:
    message = assert_error(speak(server, voice=name), 400, "voice_not_found", "voice")
    assert f"Allowed: default, {JOE}, {LOW}, {MULTI}, {SPANISH}, tall" in message


def test_an_alias_of_a_voice_that_is_not_installed_says_so(server: Server) -> None:
    message = assert_error(speak(server, voice="later"), 400, "voice_not_found", "voice")
    assert "'later' stands for 'de_DE-nobody-low', which is not installed" in message


@pytest.mark.parametrize(("path", "field"), [("/v1/audio/speech", "input"), ("/v1/synthesize", "text"), ("/", "text")])
@pytest.mark.parametrize(("language", "voice"), [("es", SPANISH), ("es-ES", SPANISH), ("en", JOE), (None, JOE)])
def test_a_language_chooses_the_voice(server: Server, path: str, field: str, language: str | None, voice: str) -> None:
    answer = post(server.http.port, path, {field: "No.", "language": language})
    assert answer.data == speak(server, "No.", voice=voice).data


def test_a_language_that_nobody_speaks_is_refused(server: Server) -> None:
    message = assert_error(speak(server, language="tlh"), 400, "voice_not_found", "language")
    assert "Allowed: en_US, es_ES" in message


def test_a_voice_pronounces_its_own_language_whoever_spoke_before(server: Server) -> None:
    spanish = speak(server, "Hello, who is there?", voice=SPANISH).data
    english = speak(server, "Hello, who is there?", voice=JOE).data
    assert spanish != english
    for _ in range(2):
        assert speak(server, "Hello, who is there?", voice=JOE).data == english


def test_a_new_file_is_a_voice_without_a_restart_and_goes_as_it_came(server: Server) -> None:
    directory = Path(server.service.voices.resolve(MULTI).voice.model_path).parent
    for end in (".onnx.json", ".onnx"):
        (directory / f"en_GB-new-low{end}").write_bytes((directory / f"{LOW}{end}").read_bytes())
    server.reload()
    assert speak(server, "Yes.", voice="en_GB-new-low").data == speak(server, "Yes.", voice=LOW).data
    for end in (".onnx", ".onnx.json"):
        (directory / f"en_GB-new-low{end}").unlink()
    server.reload()
    assert_error(speak(server, voice="en_GB-new-low"), 400, "voice_not_found", "voice")
