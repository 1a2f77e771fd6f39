"""Single sentences show their language, or nothing where they may be in several."""

import sys

import pytest

from hailo_piper.errors import InvalidRequestError
from hailo_piper.text.language_detector import LanguageDetector


@pytest.fixture(scope="module")
def detector() -> LanguageDetector:
    return LanguageDetector()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Where is the station?"),
        ("en", "The weather is fine."),
        ("de", "Guten Morgen."),
        ("de", "Bitte schließ die Tür."),
        ("fr", "Il fait beau."),
        ("fr", "Comment vas-tu aujourd'hui ?"),
        ("es", "Hace buen tiempo."),
        ("es", "¿Dónde está la estación?"),
        ("it", "Buongiorno a tutti."),
        ("pt", "Onde fica a estação?"),
        ("nl", "Het is mooi weer."),
        ("pl", "Dzień dobry."),
        ("ru", "Где вокзал?"),
        ("", "Paris."),
        ("", "OK"),
        ("", "John Smith"),
        ("", "5 km"),
        ("", "Nintendo OLED 64 GB"),
        ("", "TODO: fix bug #42"),
        ("", "!?"),
    ],
)
def test_a_sentence_shows_its_language(detector: LanguageDetector, language: str, text: str) -> None:
    assert detector.among(["en", "ru", "xx"])(text) == language


def test_only_languages_of_voices_and_of_rules_are_found(detector: LanguageDetector) -> None:
    assert detector.among(["en"])("Где вокзал?") in {"", "pl"}
    assert detector.among(["ru"])("Где вокзал?") == "ru"


def test_without_the_extra_a_request_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py3langid.langid", None)
    with pytest.raises(InvalidRequestError, match=r"hailo-piper\[languages\]") as raised:
        LanguageDetector().among(["en"])
    assert raised.value.param == "language"
