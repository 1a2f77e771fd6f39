"""The voice.json of another engine: its facts, and which files describe no voice."""

from pathlib import Path

import pytest

from hailo_piper.config.loading import parse_config
from hailo_piper.errors import ConfigError
from hailo_piper.voices.directory import VoiceDirectory
from hailo_piper.voices.engine_voice import read_engine_voice
from hailo_piper.voices.places import default_voice, with_voice


def write(directory: Path, text: str) -> Path:
    folder = directory / "one"
    folder.mkdir()
    (folder / "voice.json").write_text(text)
    return folder


def test_a_folder_with_a_voice_json_is_a_voice(tmp_path: Path) -> None:
    facts = '{"engine": "toy", "language": "en_US", "sample_rate": 24000, "speakers": ["a", "b"], "gender": "female"}'
    folder = write(tmp_path, facts)
    found = VoiceDirectory(tmp_path).voices(0.0)
    assert found == {"one": read_engine_voice(folder)}
    voice = found["one"]
    assert (voice.engine, voice.language, voice.sample_rate, voice.gender) == ("toy", "en_US", 24000, "female")
    assert (voice.num_speakers, voice.speakers) == (2, {"a": 0, "b": 1})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "describes no voice"),
        ("[]", "it is no object"),
        ("{}", "it has no 'engine'"),
        ('{"engine": 3, "language": "en", "sample_rate": 24000}', "engine is 3"),
        ('{"engine": "toy", "language": "en", "sample_rate": 1}', "sample_rate is 1"),
        ('{"engine": "toy", "language": "en", "sample_rate": 24000, "speakers": "a"}', "speakers is no list"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_another_file_describes_no_voice(text: str, problem: str, tmp_path: Path) -> None:
    folder = write(tmp_path, text)
    with pytest.raises(ConfigError, match=problem):
        read_engine_voice(folder)
    assert VoiceDirectory(tmp_path).voices(0.0) == {}


def test_a_folder_without_one_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_engine_voice(tmp_path)


def test_a_voice_json_may_be_the_default_voice(tmp_path: Path) -> None:
    folder = write(tmp_path, '{"engine": "toy", "language": "en_US", "sample_rate": 24000}')
    config = parse_config({"piper": {"model_path": str(folder / "voice.json")}})
    assert default_voice(config).voice == read_engine_voice(folder)


def test_a_speaker_of_it_may_be_the_default_voice(tmp_path: Path) -> None:
    facts = '{"engine": "toy", "language": "en_US", "sample_rate": 24000, "speakers": ["a", "b"]}'
    folder = write(tmp_path, facts)
    config = with_voice(parse_config({"voices": {"directory": str(tmp_path)}}), "one#b")
    named = default_voice(config)
    assert (named.voice, named.speaker) == (read_engine_voice(folder), 1)
    assert with_voice(config, "one").piper.model_path == str(folder / "voice.json")


def test_a_language_of_espeak_may_be_the_default_voice() -> None:
    config = with_voice(parse_config({}), "espeak:de")
    assert config.piper.model_path == "espeak:de"
    assert default_voice(config).voice.id == "espeak:de"
