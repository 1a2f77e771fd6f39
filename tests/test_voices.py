import json
from pathlib import Path

import pytest

from hailo_piper.errors import ConfigError, InvalidRequestError, VoiceNotFoundError
from hailo_piper.voices import OPENAI_VOICES, Voice, Voices, embedded_model_path, read_voice
from tests.tone_voice import make_tone_voice


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


@pytest.mark.parametrize("name", ["default", "en_US-choir-low", *OPENAI_VOICES])
def test_every_name_that_is_listed_resolves(choir: Voice, name: str) -> None:
    assert Voices(choir).resolve(name) is choir


@pytest.mark.parametrize("name", ["", "Default", "joe", "../../etc/passwd", "en_US-choir-low.onnx"])
def test_an_unknown_name_is_refused_with_those_allowed(choir: Voice, name: str) -> None:
    with pytest.raises(VoiceNotFoundError, match="Allowed: default, en_US-choir-low, alloy") as refusal:
        Voices(choir).resolve(name)
    assert refusal.value.param == "voice"


@pytest.mark.parametrize(
    ("speaker", "number"), [(None, 0), (0, 0), (2, 2), ("2", 2), ("speaker-0", 0), ("speaker-2", 2)]
)
def test_a_speaker_goes_by_name_or_number(choir: Voice, speaker: str | int | None, number: int) -> None:
    assert choir.speaker_id(speaker) == number


@pytest.mark.parametrize("speaker", [3, -1, "3", "nobody", "", "²", "9" * 5000])
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
