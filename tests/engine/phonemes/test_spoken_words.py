"""Words are found among the phonemes that espeak-ng makes of their sentence."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.engine.phonemes.phonemes import PhonemeReader
from hailo_piper.engine.words import words_of
from hailo_piper.text.sentence import Sentence, Span


@pytest.fixture(scope="module")
def espeak() -> Iterator[Espeak]:
    with closing(Espeak()) as espeak:
        yield espeak


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en-us", "Hello there.", ["Hello həlˈoʊ", "there. ðˈɛɹ"]),
        ("en-us", "Out of the rain.", ["Out ˌaʊɾ~", "of əv~", "the ðə", "rain. ɹˈeɪn"]),
        ("en-us", "You would have to go", ["You juː", "would wʊd~", "have hˌæv~", "to tə~", "go ɡˈoʊ"]),
        ("en-us", "In 1990, (twice)", ["In ɪn", "1990, nˈaɪntiːnhˈʌndɹɪd nˈaɪnti", "(twice) twˈaɪs"]),
        ("de", "Der Hund läuft", ["Der dɛɾ", "Hund hˈʊnt", "läuft lˈɔøft"]),
        ("fr", "Qu'est-ce que c'est", ["Qu'est-ce kɛs~", "que kˌə~", "c'est sˈɛ"]),
        ("cmn", "我们去。", ["我 wˈo2", "们 mˈə1n", "去。 tɕhˈy5"]),
    ],
)
def test_a_word_has_its_phonemes(espeak: Espeak, language: str, text: str, words: list[str]) -> None:
    phonemes, found = PhonemeReader(language, espeak).words(Sentence(text))
    shown = [f"{text[word[0] : word[1]]} {''.join(phonemes[word[2] : word[3]])}{'~' * word[4]}" for word in found]
    assert shown == words
    assert phonemes == PhonemeReader(language, espeak).phonemes(Sentence(text))


TEXTS = [
    "I-95, 1080p, 2h 30m; HTTP/2 and 555-0199 cost $3.50 (that is 6'2\").",
    "U.S. e.g. i.e. Mr. X said: no... yes? well - maybe!",
    "½ cup, 50% of A&B's @home #1 *now* a_b C++ 3.14 10:30",
    "It is in the end of the day; it's on the way to me, and it would have to be.",
    "日本語と English が まざる 2024年",
]


@pytest.mark.parametrize("language", ["en-us", "de", "fr", "es", "ru", "ar", "hi", "cmn", "ja"])
@pytest.mark.parametrize("text", TEXTS)
def test_no_word_is_lost_and_all_are_in_order(espeak: Espeak, language: str, text: str) -> None:
    phonemes, found = PhonemeReader(language, espeak).words(Sentence(text))
    assert [(word.start, word.end) for word in found] == words_of(text)
    at = 0
    for word in found:
        assert at <= word.first <= word.last <= len(phonemes)
        at = word.last


def test_given_phonemes_belong_to_their_word(espeak: Espeak) -> None:
    spans = (Span("Ann met ", 0, 8), Span("Nguyen", 8, 14, "lexicon", "wɪn"), Span(" at five.", 14, 23))
    sentence = Sentence("Ann met Nguyen at five.", spans)
    phonemes, found = PhonemeReader("en-us", espeak).words(sentence)
    shown = {sentence.text[word.start : word.end]: "".join(phonemes[word.first : word.last]) for word in found}
    assert shown["Nguyen"] == "wɪn"
    assert shown["five."] == "fˈaɪv"
    assert phonemes == PhonemeReader("en-us", espeak).phonemes(sentence)


def test_letters_are_phonemes_where_a_voice_takes_them_so(espeak: Espeak) -> None:
    phonemes, found = PhonemeReader("en-us", espeak, takes_letters=True).words(Sentence("Été là"))
    assert ["".join(phonemes[word.first : word.last]) for word in found] == ["E\u0301te\u0301", "la\u0300"]


def test_asking_for_words_changes_no_phonemes(espeak: Espeak) -> None:
    before = espeak.clauses("en-us", TEXTS[0])
    assert espeak.word_places("en-us", TEXTS[0])
    assert espeak.clauses("en-us", TEXTS[0]) == before


def test_a_process_that_is_gone_is_replaced_for_words_too(espeak: Espeak) -> None:
    reader = PhonemeReader("en-us", espeak)
    _, before = reader.words(Sentence(TEXTS[3]))
    assert espeak._child is not None
    espeak._child.kill()
    assert reader.words(Sentence(TEXTS[3]))[1] == before
