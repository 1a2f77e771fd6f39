"""The voice of a request that names only a language or a model: the table of docs/engines.md."""

import json
from pathlib import Path
from typing import Any

import pytest

from hailo_piper.errors import VoiceNotFoundError
from hailo_piper.voices.names import Voices
from hailo_piper.voices.real_time_factors import FILE, RealTimeFactors
from hailo_piper.voices.strategy import Strategy
from hailo_piper.voices.voice import Voice


def voice(name: str, quality: str | None, engine: str = "piper") -> Voice:
    return Voice(
        id=name, engine=engine, language=name.partition("-")[0], sample_rate=22050, num_speakers=1, speakers={},
        quality=quality, symbols=frozenset(), gender=None, model_path=Path(name), size_bytes=1, stamp=(1,),
    )  # fmt: skip


VOICES = [
    voice("en_US-plain-medium", "medium"),
    voice("en_US-quick-x_low", "x_low"),
    voice("en_US-fine-high", "high"),
    voice("en_US-kokoro", None, "kokoro"),
    voice("en_GB-other-high", "high"),
    voice("de_DE-one-low", "low"),
    voice("de_DE-two-medium", "medium"),
]
DEFAULT, QUICK, FINE, KOKORO, BRITISH, GERMAN_LOW, GERMAN = (voice.id for voice in VOICES)


def named(by: str | None, factors: dict[str, float] | None = None, *, any_language: bool = False) -> Voices:
    others = {voice.id: voice for voice in VOICES[1:]}
    strategy: Any = None if by is None else Strategy(by, lambda: factors or {})  # type: ignore[arg-type]
    return Voices(VOICES[0], {"alloy": "default"}, lambda _: others, strategy=strategy, any_language=any_language)


TABLE = [
    # language, model; explicit, quality, speed
    (None, None, DEFAULT, KOKORO, QUICK),
    (None, "piper", DEFAULT, FINE, QUICK),
    (None, "Kokoro", DEFAULT, KOKORO, KOKORO),
    (None, "tts-1", DEFAULT, QUICK, QUICK),
    (None, "tts-1-hd", DEFAULT, KOKORO, KOKORO),
    (None, "gpt-4o-mini-tts", DEFAULT, KOKORO, QUICK),
    (None, "no such model", DEFAULT, KOKORO, QUICK),
    (None, "espeak", DEFAULT, "espeak:en-us", "espeak:en-us"),
    ("en", None, DEFAULT, KOKORO, QUICK),
    ("en_GB", None, BRITISH, BRITISH, BRITISH),
    ("de", None, GERMAN, GERMAN, GERMAN_LOW),
    ("de", "kokoro", GERMAN, GERMAN, GERMAN_LOW),
    ("de", "tts-1", GERMAN, GERMAN_LOW, GERMAN_LOW),
    ("de", "tts-1-hd", GERMAN, GERMAN, GERMAN),
    ("de", "espeak", GERMAN, "espeak:de", "espeak:de"),
]


@pytest.mark.parametrize(("language", "model", "explicit", "quality", "speed"), TABLE)
def test_a_voice_is_chosen_by_the_table(
    language: str | None, model: str | None, explicit: str, quality: str, speed: str
) -> None:
    for by, wanted in ((None, explicit), ("quality", quality), ("speed", speed)):
        assert named(by).choose(None, language, model).voice.id == wanted
        assert named(by).choose("alloy", language, model).voice.id == DEFAULT


def test_what_was_measured_counts_more_than_what_is_typical() -> None:
    measured = {FINE: 0.01, QUICK: 0.3, GERMAN: 0.03}
    assert named("speed", measured).choose(None, None).voice.id == FINE
    assert named("speed", measured).choose(None, "de").voice.id == GERMAN
    assert named("quality", measured).choose(None, "de", "tts-1-hd").voice.id == GERMAN


@pytest.mark.parametrize("by", ["quality", "speed"])
def test_a_language_without_a_voice_is_as_without_a_strategy(by: str) -> None:
    with pytest.raises(VoiceNotFoundError, match="No voice for language: 'fr'"):
        named(by).choose(None, "fr", "tts-1")
    assert named(by, any_language=True).choose(None, "fr", "tts-1").voice.id == "espeak:fr"


def test_factors_are_kept_and_read_again(tmp_path: Path) -> None:
    kept, other = RealTimeFactors(tmp_path / "new"), RealTimeFactors(tmp_path / "new")
    assert other() == {}
    kept.note("a", 0.12345)
    assert other() == {"a": 0.1235}
    kept.note("b", 2)
    assert kept() == {"a": 0.1235, "b": 2}
    assert [path.name for path in (tmp_path / "new").iterdir()] == [FILE]


@pytest.mark.parametrize("content", ["", "[]", "nonsense", "[" * 100_000, json.dumps({"a": "1", "b": -1})])
def test_a_file_that_is_not_ours_says_nothing(content: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(content)
    assert RealTimeFactors(tmp_path)() == {}
