import json
import unicodedata
from pathlib import Path

import pytest

from hailo_piper.engine.espeak_ng.espeak import Clause, Espeak
from hailo_piper.engine.phonemes.phonemes import Phonemizer, joined
from hailo_piper.engine.phonemes.units import MAX_PHONEMES, units
from hailo_piper.text.sentence import Sentence, Span
from hailo_piper.voices.voice import embedded_model_path


@pytest.fixture(scope="module")
def phonemizer(espeak: Espeak) -> Phonemizer:
    path = Path(f"{embedded_model_path()}.json")
    return Phonemizer(json.loads(path.read_text(encoding="utf-8")), espeak)


@pytest.mark.parametrize(
    ("with_stops", "without"),
    [
        ("Dr. Smith met Mrs. Jones.", "Dr Smith met Mrs Jones."),
        ("J. R. Tolkien wrote.", "J R Tolkien wrote."),
        ("No. 5 is alive.", "No 5 is alive."),
    ],
)
def test_a_full_stop_inside_a_sentence_is_no_pause(phonemizer: Phonemizer, with_stops: str, without: str) -> None:
    assert phonemizer.phonemize(Sentence(with_stops)) == phonemizer.phonemize(Sentence(without))


def test_join_keeps_what_is_heard_and_drops_what_is_not() -> None:
    clauses = [
        Clause("wˈaɪ", "?", ends_sentence=True),
        Clause("", "", ends_sentence=True),
        Clause("ænd", ".", ends_sentence=True),
    ]
    assert "".join(joined(clauses)) == "wˈaɪ? ænd."


@pytest.mark.parametrize("text", ["`", "^", "^^^", "\U0001fbf0"])
def test_symbols_without_a_sound_give_no_unit(phonemizer: Phonemizer, text: str) -> None:
    assert phonemizer.phonemize(Sentence(text)) == ()


@pytest.mark.parametrize(
    "text", ["word " * 1000, "1" * 5000, "a" * 5000, "😀" * 5000, "مرحبا" * 1000, "one, two; " * 500]
)
def test_every_unit_stays_within_the_memory_budget(phonemizer: Phonemizer, text: str) -> None:
    made = phonemizer.phonemize(Sentence(text))
    assert len(made) > 1
    # An id a phoneme and a pad between them; the map may give a phoneme more than one id.
    assert max(map(len, made)) <= 2 * MAX_PHONEMES + 3


@pytest.mark.parametrize(
    ("phonemes", "limit", "expected"),
    [
        ("abcd", 4, ["abcd"]),
        ("ab cd, ef gh", 10, ["ab cd, ", "ef gh"]),
        ("ab cd ef gh ij", 10, ["ab cd ef ", "gh ij"]),
        ("abcdefghijkl", 5, ["abcde", "fghij", "kl"]),
        ("abcdːefgh", 4, ["abc", "dːef", "gh"]),
    ],
)
def test_units_are_cut_at_clause_then_word_then_phoneme(phonemes: str, limit: int, expected: list[str]) -> None:
    assert ["".join(unit) for unit in units(list(phonemes), limit)] == expected


def test_units_lose_nothing() -> None:
    phonemes = list("ab, cdː ef; " * 100 + "g" * 300)
    assert [p for unit in units(phonemes, 25) for p in unit] == phonemes


def said_with(phonemizer: Phonemizer, text: str) -> str:
    """The phonemes of a text in which what stands between slashes is IPA."""
    parts = text.split("/")
    spans = [
        Span("Name" if place % 2 else part, 0, 0, "", part if place % 2 else "") for place, part in enumerate(parts)
    ]
    sentence = Sentence("".join(span.spoken for span in spans), tuple(spans))
    return "".join(phonemizer.reader.phonemes(sentence))


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("/wɪn/", "wɪn"),
        ("/wɪn/ met /wɪn/'s dog.", "wɪn mˈɛt wɪnz dˈɑːɡ."),
        ("The /ˈæpəl/, the /kæt/?", "ðɪʲ ˈæpəl, ðə kæt?"),
        ("I gave it to /wɪn/!", "aɪ ɡˈeɪv ɪt tə wɪn!"),
        # The stand-in for a word cannot be told from the same word in the text: the pieces are read apart.
        ("Fisofa met /wɪn/.", "fɪsˈoʊfə mˈɛt wɪn."),
    ],
)
def test_given_phonemes_stand_in_the_sentence_as_a_word_would(phonemizer: Phonemizer, text: str, heard: str) -> None:
    assert said_with(phonemizer, text) == heard


@pytest.mark.parametrize(
    ("language", "text", "heard"),
    [("fr", "les /ami/ et les /ʃjɛ̃/", "le-z ami e le- ʃjɛ̃"), ("es", "el /bˈoto/ y /bˈoto/", "el bˈoto i bˈoto")],
)
def test_given_phonemes_bind_to_their_neighbours(espeak: Espeak, language: str, text: str, heard: str) -> None:
    path = Path(f"{embedded_model_path()}.json")
    config = {**json.loads(path.read_text(encoding="utf-8")), "espeak": {"voice": language}}
    assert said_with(Phonemizer(config, espeak), text) == unicodedata.normalize("NFD", heard)


def test_a_voice_of_letters_reads_the_word_for_its_phonemes(espeak: Espeak) -> None:
    path = Path(f"{embedded_model_path()}.json")
    config = {**json.loads(path.read_text(encoding="utf-8")), "phoneme_type": "text"}
    assert said_with(Phonemizer(config, espeak), "A /wɪn/.") == "A Name."
