import json
from pathlib import Path
from typing import Any

import pytest

from hailo_piper.errors import ConfigError, InvalidRequestError, VoiceNotFoundError
from hailo_piper.voices.names import DEFAULT_VOICE, NamedVoice, Voices
from hailo_piper.voices.voice import Voice, embedded_model_path, read_voice
from tests.support.services import OPENAI_VOICES
from tests.support.tone_voice import make_tone_voice


@pytest.fixture(scope="module")
def choir(tmp_path_factory: pytest.TempPathFactory) -> Voice:
    return read_voice(make_tone_voice(tmp_path_factory.mktemp("choir"), name="en_US-choir-low", speakers=3))


def test_the_embedded_voice_is_what_upstream_says_it_is() -> None:
    voice = read_voice(embedded_model_path())
    assert (voice.id, voice.language, voice.sample_rate, voice.num_speakers, voice.quality) == (
        "en_US-joe-medium",
        "en_US",
        22050,
        1,
        "medium",
    )


@pytest.fixture(scope="module")
def voices(choir: Voice) -> Voices:
    return Voices(choir, dict.fromkeys(OPENAI_VOICES, DEFAULT_VOICE))


@pytest.mark.parametrize("name", ["default", "en_US-choir-low", *OPENAI_VOICES])
def test_every_name_that_is_listed_resolves(voices: Voices, choir: Voice, name: str) -> None:
    assert voices.resolve(name) == NamedVoice(choir)


def test_an_alias_names_a_voice_and_perhaps_its_speaker(choir: Voice) -> None:
    targets: dict[str, Any] = {
        "a": "en_US-choir-low",
        "b": {"voice": "default"},
        "c": {"voice": "default", "speaker": "speaker-2"},
        "d": {"voice": "en_US-choir-low", "speaker": 1},
    }
    voices = Voices(choir, targets)
    assert voices.aliases == {
        "a": NamedVoice(choir),
        "b": NamedVoice(choir),
        "c": NamedVoice(choir, "speaker-2"),
        "d": NamedVoice(choir, 1),
    }
    assert voices.resolve("c") is voices.aliases["c"]


def test_every_alias_that_cannot_be_is_a_config_error_with_its_path(choir: Voice) -> None:
    wrong: dict[str, Any] = {
        "default": "en_US-choir-low",
        "en_US-choir-low": "default",
        "crowd": {"voice": "default", "speaker": "speaker-3"},
    }
    with pytest.raises(ConfigError) as refusal:
        Voices(choir, wrong)
    assert list(refusal.value.problems) == [
        "voices.aliases.default: this is a voice's own name, which an alias cannot take",
        "voices.aliases.en_US-choir-low: this is a voice's own name, which an alias cannot take",
        (
            "voices.aliases.crowd: Unknown speaker: 'speaker-3'. "
            "Voice en_US-choir-low has: speaker-0, speaker-1, speaker-2, 0 to 2"
        ),
    ]


STRANGE = ["joe", "../../etc/passwd", "en_US-choir-low.onnx", "#", "##", "#0", ":", ":0", "x#0", "\0", "a\nb", "\ud800"]


@pytest.mark.parametrize("name", ["", *STRANGE, "#" * 1000, ":#" * 5000, "a#" * 1000, "a" * 1_000_000, "ß" * 100_000])
def test_an_unknown_name_is_refused_with_those_allowed(voices: Voices, name: str) -> None:
    with pytest.raises(VoiceNotFoundError, match="Allowed: default, en_US-choir-low, alloy") as refusal:
        voices.resolve(name)
    assert refusal.value.param == "voice"
    assert len(refusal.value.message) < 1000
    assert refusal.value.message.isprintable()


@pytest.mark.parametrize(
    "name", ["default#", "default#nobody", "default#0#0", "alloy#" + "9" * 1_000_000, "default#\0"]
)
def test_an_unknown_speaker_of_a_name_is_refused_with_those_allowed(voices: Voices, name: str) -> None:
    with pytest.raises(InvalidRequestError, match="has: speaker-0, speaker-1, speaker-2, 0 to 2") as refusal:
        voices.resolve(name)
    assert refusal.value.param == "voice"
    assert len(refusal.value.message) < 1000


@pytest.mark.parametrize(
    ("name", "speaker"),
    [("default#1", 1), ("default:1", 1), ("EN_us-Choir-LOW#Speaker-2", 2), ("ALLOY:speaker-0", 0), ("Default", None)],
)
def test_a_name_is_found_whatever_its_case_with_a_speaker_after_either_sign(
    voices: Voices, choir: Voice, name: str, speaker: int | None
) -> None:
    assert voices.resolve(name) == NamedVoice(choir, speaker)


def test_a_name_that_is_written_exactly_comes_first(choir: Voice, tmp_path: Path) -> None:
    other = read_voice(make_tone_voice(tmp_path, name="en_US-other-low"))
    installed = {"en_US-other-low": other, "EN_us-OTHER-low": choir, "alloy": other}
    voices = Voices(choir, {"Alloy": "default", "x#y": "en_US-other-low"}, lambda _: installed)
    assert voices.resolve("en_US-other-low").voice is other
    assert voices.resolve("EN_us-OTHER-low").voice is choir
    assert voices.resolve("Alloy").voice is choir
    assert voices.resolve("ALLOY").voice is choir, "what the configuration gives comes first"
    assert voices.resolve("x#y").voice is other
    assert voices.resolve("X#Y#0") == NamedVoice(other, 0)


@pytest.mark.parametrize(
    ("name", "said", "gender"),
    [("en_US-amy-low", None, "female"), ("en_US-amy-low", "male", "male"), ("en_US-choir-low", None, None),
     ("de_DE-thorsten_emotional-medium", None, "male"), ("en_GB-vctk-medium", None, None),
     ("fr_FR-amy-low", None, None),
     ("amy", None, None)],
)  # fmt: skip
def test_the_gender_is_what_the_voice_says_or_its_name_is_known_for(
    tmp_path: Path, name: str, said: str | None, gender: str | None
) -> None:
    model = make_tone_voice(tmp_path, name=name)
    path = Path(f"{model}.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | {"gender": said}))
    assert read_voice(model).gender == gender


@pytest.mark.parametrize("language", ["en", "EN", "en_US", "en-us"])
def test_a_language_chooses_a_voice_that_speaks_it(voices: Voices, choir: Voice, language: str) -> None:
    assert voices.choose(None, language) == NamedVoice(choir)
    assert voices.choose(None, None) == NamedVoice(choir)


def test_a_named_voice_needs_no_language(voices: Voices) -> None:
    assert voices.choose("alloy", "de") is voices.resolve("alloy")


@pytest.mark.parametrize("language", ["", "de", "en_GB", "e"])
def test_a_language_that_no_voice_speaks_is_refused(voices: Voices, language: str) -> None:
    with pytest.raises(VoiceNotFoundError, match="Allowed: en_US") as refusal:
        voices.choose(None, language)
    assert refusal.value.param == "language"


@pytest.mark.parametrize(
    ("speaker", "number"), [(None, 0), (0, 0), (2, 2), ("2", 2), ("speaker-0", 0), ("speaker-2", 2)]
)
def test_a_speaker_goes_by_name_or_number(choir: Voice, speaker: str | int | None, number: int) -> None:
    assert choir.speaker_id(speaker) == number


@pytest.mark.parametrize("speaker", [3, -1, "3", "nobody", "", "²", "9" * 5000, "x" * 100_000])
def test_an_unknown_speaker_is_refused_with_those_allowed(choir: Voice, speaker: str | int) -> None:
    with pytest.raises(InvalidRequestError, match="speaker-0, speaker-1, speaker-2, 0 to 2") as refusal:
        choir.speaker_id(speaker)
    assert refusal.value.param == "speaker"


@pytest.mark.parametrize(
    "config",
    [None, "{", "[]", "{}", '{"audio": 5}', json.dumps({"audio": {"sample_rate": "x"}, "num_speakers": 1})],
)
def test_files_that_are_no_voice_are_a_config_error(tmp_path: Path, config: str | None) -> None:
    model = tmp_path / "x.onnx"
    model.write_bytes(b"")
    if config is not None:
        Path(f"{model}.json").write_text(config)
    with pytest.raises(ConfigError) as refusal:
        read_voice(model)
    assert refusal.value.problems[0].startswith("piper.model_path: ")
    assert "x.onnx.json" in refusal.value.problems[0]


def test_both_missing_files_are_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refusal:
        read_voice(tmp_path / "x.onnx")
    assert len(refusal.value.problems) == 2
