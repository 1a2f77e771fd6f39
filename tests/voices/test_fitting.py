"""A text's wishes find the voice that fits best, and never fail."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from hailo_piper.text.voice_choice import VoiceChoice
from hailo_piper.voices.fitting import fitting
from hailo_piper.voices.names import NamedVoice, Voices
from hailo_piper.voices.voice import Voice, embedded_model_path, read_voice

OWN = "en_US-joe-medium"
OTHERS = ["de_DE-thorsten-medium", "en_US-amy-medium", "en_GB-alba-medium", "fr_FR-siwis-medium", "fr_FR-gilles-low"]
GENDERS = {"thorsten": "male", "amy": "female", "alba": "female", "siwis": "female", "gilles": "male"}


@pytest.fixture(scope="module")
def voices() -> Voices:
    # If nobody knew the gender of the default voice, it would be no man.
    own = replace(read_voice(embedded_model_path()), gender="male")

    def voice(name: str) -> Voice:
        language, called, quality = name.split("-")
        return replace(
            own, id=name, language=language, quality=quality, gender=GENDERS[called], model_path=Path(f"/{name}.onnx")
        )

    installed: Mapping[str, Voice] = {name: voice(name) for name in OTHERS}
    aliases = {"narrator": {"voice": "en_US-amy-medium", "speed": 0.9}}
    return Voices(own, aliases, lambda _: installed)


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (VoiceChoice(names=("en_US-amy-medium",)), "en_US-amy-medium"),
        (VoiceChoice(names=("nobody", "EN_us-AMY-medium")), "en_US-amy-medium"),
        (VoiceChoice(names=("nobody",)), OWN),
        (VoiceChoice(names=("nobody",), gender="female"), "en_US-amy-medium"),
        (VoiceChoice(names=("nobody",), gender="female", required=("name",)), OWN),
        (VoiceChoice(names=("en_US-joe-medium#7",), gender="female"), "en_US-amy-medium"),
        (VoiceChoice(languages=("de",)), "de_DE-thorsten-medium"),
        (VoiceChoice(languages=("de-AT",)), "de_DE-thorsten-medium"),
        (VoiceChoice(languages=("xx", "fr-FR")), "fr_FR-siwis-medium"),
        (VoiceChoice(languages=("xx",)), OWN),
        (VoiceChoice(languages=("en",)), OWN),
        (VoiceChoice(languages=("en-GB",)), "en_GB-alba-medium"),
        (VoiceChoice(languages=("fr",), gender="male"), "fr_FR-gilles-low"),
        (VoiceChoice(languages=("de",), gender="female"), "de_DE-thorsten-medium"),
        (VoiceChoice(languages=("de",), gender="female", required=("gender",)), OWN),
        (VoiceChoice(gender="male"), OWN),
        (VoiceChoice(gender="female"), "en_US-amy-medium"),
        (VoiceChoice(gender="neutral"), OWN),
        (VoiceChoice(languages=("fr",), variant=2), "fr_FR-gilles-low"),
        (VoiceChoice(languages=("fr",), variant=3), "fr_FR-siwis-medium"),
        (VoiceChoice(gender="female", variant=2), "en_GB-alba-medium"),
        (VoiceChoice(age="60"), OWN),
    ],
)
def test_a_choice_gets_what_is_there(voices: Voices, choice: VoiceChoice, expected: str) -> None:
    assert fitting(choice, NamedVoice(voices.default), voices).voice.id == expected


def test_the_own_voice_keeps_its_speaker_and_an_alias_its_style(voices: Voices) -> None:
    own = NamedVoice(voices.default, 0)
    assert fitting(VoiceChoice(languages=("en-US",)), own, voices) is own
    assert fitting(VoiceChoice(names=("narrator",)), own, voices).style.speed == 0.9
