"""Alignments cover the text and the sound, whatever the words are and whenever they become known."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hailo_piper.audio.word import Word
from hailo_piper.listeners.alignment import Aligner, Alignment, characters_of
from tests.support.growth import grows_slowly

TEXT = 'He said: "Go!" Then he went.'
WORDS = [
    Word("He", 0.1, 0.3, 0, 2),
    Word("said", 0.3, 0.7, 3, 7),
    Word("Go", 1.0, 1.2, 10, 12),
    Word("Then", 1.5, 1.9, 15, 19),
    Word("he", 1.9, 2.1, 20, 22),
    Word("went", 2.1, 2.5, 23, 27),
]
SECONDS = 3.0


def joined(alignments: list[Alignment]) -> Alignment:
    return Alignment(
        tuple(character for one in alignments for character in one.characters),
        tuple(start for one in alignments for start in one.starts),
        tuple(end for one in alignments for end in one.ends),
    )


def assert_covers(found: Alignment, text: str, seconds: float) -> None:
    assert "".join(found.characters) == text
    assert len(found.starts) == len(found.ends) == len(text)
    assert found.starts[0] >= 0.0
    assert found.ends[-1] == seconds
    assert all(end <= start for end, start in zip(found.ends, found.starts[1:], strict=False))
    assert all(start <= end for start, end in zip(found.starts, found.ends, strict=True))


def test_a_character_gets_its_share_of_its_word() -> None:
    found = characters_of(TEXT, WORDS, (0, len(TEXT)), (0.0, SECONDS))
    assert_covers(found, TEXT, SECONDS)
    for word in WORDS:
        assert found.starts[word.start_char] == pytest.approx(word.start)
        assert found.ends[word.end_char - 1] == pytest.approx(word.end)
    assert found.starts[3:7] == pytest.approx((0.3, 0.4, 0.5, 0.6))
    # A colon, a space and a quotation mark share the pause before the next word.
    assert found.starts[7:11] == pytest.approx((0.7, 0.8, 0.9, 1.0))
    assert found.starts[27:] == pytest.approx((2.5,))


def test_a_part_of_the_text_is_aligned_by_itself() -> None:
    found = characters_of(TEXT, WORDS[1:3], (3, 15), (0.3, 1.5))
    assert found == characters_of(TEXT, WORDS, (0, len(TEXT)), (0.0, SECONDS)).part(3, 15)


@st.composite
def spoken(draw: st.DrawFn) -> tuple[str, list[Word], list[int], float]:
    """A text, its words, how many of them become known at once, and the seconds of the sound."""
    text = draw(st.text("ab .!", min_size=1, max_size=40))
    chars = sorted(draw(st.lists(st.integers(0, len(text)), max_size=12)))
    times = sorted(draw(st.lists(st.floats(0, 9), min_size=len(chars), max_size=len(chars))))
    pairs = [(chars[at : at + 2], times[at : at + 2]) for at in range(0, len(chars) - 1, 2)]
    words = [Word(text[a:b], start, end, a, b) for (a, b), (start, end) in pairs if a < b]
    return text, words, draw(st.lists(st.integers(1, 3), max_size=6)), draw(st.floats(9, 10))


@given(spoken())
def test_whatever_becomes_known_when_all_is_covered_once(case: tuple[str, list[Word], list[int], float]) -> None:
    text, words, cuts, seconds = case
    whole = characters_of(text, words, (0, len(text)), (0.0, seconds))
    assert_covers(whole, text, seconds)
    assert whole.ends[:-1] == whole.starts[1:]
    aligner, told = Aligner(text), list[Alignment]()
    for size in [*cuts, len(words)]:
        reached = aligner.seconds
        told += filter(None, [aligner.known(words[:size])])
        assert not words[:size] or reached <= aligner.seconds
        # Sound that comes before the next words are known.
        told += filter(None, [aligner.stretched(aligner.seconds + 0.01)])
        words = words[size:]
    told.append(aligner.end(seconds))
    assert_covers(joined(told), text, max(seconds, told[-1].ends[-1]))
    assert told[-1].characters


@pytest.mark.parametrize("cut", range(1, len(WORDS)))
def test_words_start_when_they_do_however_they_become_known(cut: int) -> None:
    aligner = Aligner(TEXT[:9])
    aligner.push(TEXT[9:])
    told = [aligner.known(WORDS[:cut]), aligner.known(WORDS[cut:]), aligner.end(SECONDS)]
    assert None not in told
    found = joined([one for one in told if one])
    whole = characters_of(TEXT, WORDS, (0, len(TEXT)), (0.0, SECONDS))
    assert found.starts == pytest.approx(whole.starts)
    assert found.ends == pytest.approx(whole.ends)


def test_a_sign_after_the_last_word_sounds_as_long_as_is_needed() -> None:
    aligner = Aligner("One. Two.")
    assert aligner.stretched(0.1) is None
    aligner.known([Word("One", 0.0, 0.5, 0, 3)])
    assert aligner.stretched(0.4) is None
    assert aligner.stretched(0.7) == Alignment((".",), (0.5,), (0.7,))
    # The space is left for the rest of the pause, so that the next word begins when it does.
    assert aligner.stretched(0.9) is None
    two = aligner.known([Word("Two", 1.0, 1.3, 5, 8)])
    assert two is not None
    assert two.characters == (" ", "T", "w", "o")
    assert two.starts == pytest.approx((0.7, 1.0, 1.1, 1.2))
    assert two.ends == pytest.approx((1.0, 1.1, 1.2, 1.3))
    assert aligner.end(1.5) == Alignment((".",), (1.3,), (1.5,))


def test_the_last_character_of_a_text_without_a_full_stop_lasts_to_the_end() -> None:
    aligner = Aligner("One")
    told = aligner.known([Word("One", 0.0, 0.375, 0, 3)])
    assert told == Alignment(("O", "n"), (0.0, 0.125), (0.125, 0.25))
    assert aligner.end(1.0) == Alignment(("e",), (0.25,), (1.0,))


def test_a_word_of_one_character_waits_for_the_end() -> None:
    aligner = Aligner("I")
    assert aligner.known([Word("I", 0.0, 0.3, 0, 1)]) is None
    assert aligner.known([]) is None
    assert aligner.end(1.0) == Alignment(("I",), (0.0,), (1.0,))


def test_parts_and_times_since() -> None:
    found = characters_of("abc", (), (0, 3), (1.0, 4.0))
    assert [len(part.characters) for part in found.parts(2)] == [2, 1]
    assert joined(list(found.parts(2))) == found
    assert found.since(1.0) == Alignment(("a", "b", "c"), (0.0, 1.0, 2.0), (1.0, 2.0, 3.0))


def test_a_long_text_costs_no_more_for_each_character() -> None:
    def align(text: str) -> None:
        words = [Word("ab", at / 10, at / 10 + 0.1, at, at + 2) for at in range(0, len(text) - 2, 3)]
        aligner = Aligner(text)
        for before, after in pairwise(range(0, len(words), 20)):
            aligner.known(words[before:after])
        aligner.end(len(text) / 10)

    assert grows_slowly(align, "ab ")
