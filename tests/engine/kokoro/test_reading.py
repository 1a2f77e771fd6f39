"""Sentences as units: where they are cut, and which marks each word has."""

import random
from itertools import pairwise

import pytest

from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.engine.kokoro.reading import LONGEST, KokoroReader, cuts
from hailo_piper.engine.kokoro.symbols import BLANK, FRAME
from hailo_piper.engine.words import words_of
from hailo_piper.text.sentence import Sentence, Span

COMMA = 3


@pytest.fixture(scope="module")
def reader(espeak: Espeak) -> KokoroReader:
    return KokoroReader("en-us", espeak)


def test_a_sentence_is_cut_after_clauses_that_are_long_enough(reader: KokoroReader) -> None:
    text = "Yes, the river was wide and cold that morning, but the boat was already on the other side, oh."
    units = reader.units(Sentence(text))
    assert len(units) == 2
    assert all(unit[0] == unit[-1] == FRAME for unit in units)
    assert units[0][-2] == COMMA
    assert BLANK not in {units[0][-2], units[1][1]}


def test_a_short_sentence_is_one_unit_and_silence_is_none(reader: KokoroReader) -> None:
    assert len(reader.units(Sentence("Yes, of course."))) == 1
    assert reader.units(Sentence("... --")) == ()


def test_no_unit_is_longer_than_the_bound_and_no_symbol_is_lost() -> None:
    chance = random.Random(1)
    for length in (1, 130, 600, 3000):
        ids = [chance.choice([43, 44, 45, 46, BLANK, COMMA]) for _ in range(length)] + [43]
        found = cuts(ids)
        assert all(0 < end - start <= LONGEST for start, end in found)
        between = [ids[end:start] for (_, end), (start, _) in pairwise(found)]
        assert all(gap in ([], [BLANK]) for gap in between)
        assert (found[0][0], found[-1][1]) == (0, len(ids))


def test_a_word_without_a_blank_is_cut_anywhere() -> None:
    assert cuts([43] * 300) == [(0, 128), (128, 256), (256, 300)]


@pytest.mark.parametrize(
    "text",
    [
        "The little bottle of water, there on the button, could not be fairer: I know eight more girls over there.",
        "Hello.",
        "It is on the table. ",
        "one two three four five six seven eight nine ten " * 6,
    ],
)
def test_words_have_marks_in_order_within_all_units(text: str, reader: KokoroReader) -> None:
    sentence = Sentence(text)
    marks = sum(map(len, reader.units(sentence)))
    words = reader.words(sentence)
    assert [(word.start, word.end) for word in words] == words_of(text)
    assert all(word.first < word.last for word in words)
    assert all(before.last <= after.first for before, after in pairwise(words))
    assert words[0].first > 0
    assert words[-1].last < marks


def test_a_word_begins_where_the_blank_before_it_does(reader: KokoroReader) -> None:
    first, second = reader.words(Sentence("Hello there."))
    assert first.last == second.first


def test_given_phonemes_are_spoken(reader: KokoroReader) -> None:
    spans = (Span("Say ", 0, 4), Span("tomato", 4, 10, phonemes="təmˈɑːtoʊ"), Span(".", 10, 11))
    given = reader.units(Sentence("Say tomato.", spans=spans))
    assert given != reader.units(Sentence("Say tomato."))


def test_a_foreign_run_gets_sounds_of_the_language(reader: KokoroReader) -> None:
    spans = (Span("Say ", 0, 4), Span("bonjour", 4, 11, language="fr-FR"), Span(".", 11, 12))
    own = reader.in_own_sounds(Sentence("Say bonjour.", spans=spans))
    assert any(span.phonemes for span in own.spans)
    plain = Sentence("Hello.")
    assert reader.in_own_sounds(plain) is plain
