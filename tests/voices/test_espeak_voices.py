"""espeak-ng's languages as voices: their names, their codes, and which names are none."""

import pytest

from hailo_piper.voices.espeak_voices import espeak_voice, espeak_voice_of, espeak_voices


def test_every_language_is_listed_once() -> None:
    names = [voice.id for voice in espeak_voices()]
    assert len(names) == len(set(names)) > 100
    assert {"espeak:de", "espeak:en-us", "espeak:cmn"} <= set(names)


@pytest.mark.parametrize(
    ("name", "language"), [("espeak:en-us", "en_US"), ("ESPEAK:De", "de"), ("espeak:cmn", "zh_CN")]
)
def test_a_name_in_any_case_is_a_voice_with_its_language(name: str, language: str) -> None:
    voice = espeak_voice(name)
    assert voice is not None
    assert (voice.id, voice.language, voice.engine) == (name.lower(), language, "espeak")
    assert espeak_voice(name) is voice


@pytest.mark.parametrize("name", ["espeak:", "espeak:xx", "espeak:gmw/de", "espeak:../de", "espeak:de+f3", "de"])
def test_another_name_is_no_voice(name: str) -> None:
    assert espeak_voice(name) is None


@pytest.mark.parametrize(
    ("code", "name"),
    [("en_US", "en-us"), ("de_DE", "de"), ("pt-BR", "pt-br"), ("zh_CN", "cmn"), ("zh_HK", "yue"), ("no", "nb")],
)  # fmt: skip
def test_a_code_finds_the_language_or_its_family(code: str, name: str) -> None:
    voice = espeak_voice_of(code)
    assert voice is not None
    assert voice.id == f"espeak:{name}"


def test_a_code_that_no_language_has_finds_none() -> None:
    assert espeak_voice_of("tlh_KX") is None
