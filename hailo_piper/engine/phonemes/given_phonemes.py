"""Phonemes that a lexicon gives replace those of a stand-in, so espeak-ng still reads the sentence as a whole.

Cut at a word, a sentence would lose what its neighbours do to each other: "the" before a vowel, French liaison, a
reduced "to". So espeak-ng reads the sentence with a word that no language has in each place, and the phonemes of that
word are replaced. Where they cannot be found again, the pieces between are read apart.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.sentence import Sentence, Span

_STAND_INS = ("Fisofa", "Ekafa")
"""A word that begins with a consonant, and one with a vowel. No neighbour in a sentence changes their own sounds."""
_VOWEL = lazily("[ˈˌ]*[aeiouyæøœɐɑɒɔəɘɚɛɜɝɞɤɨɪɯɵɶʉʊʌʏᵻ]")
_STRESS = "ˈˌ"
_MARKS = ".,;:!?"

Read = Callable[[str], list[str]]
"""Returns the phonemes of a text, code point by code point."""


class GivenPhonemes:
    """The way of one voice to say phonemes that it is given. Thread-safe."""

    def __init__(self) -> None:
        self._pattern: re.Pattern[str] | None = None

    def put_in(self, sentence: Sentence, read: Read) -> list[str]:
        """Return the phonemes of a sentence, with those that its runs are given in their places."""
        stood_in = self.stand_in(sentence)
        replaced = self.replace(read(stood_in.text), stood_in, read)
        return _apart(sentence, read) if replaced is None else replaced.phonemes

    def stand_in(self, sentence: Sentence) -> "StoodIn":
        """Return the sentence with words that stand in for what it is given."""
        texts = [_stand_in(span) if span.phonemes else span.spoken for span in sentence.spans]
        return StoodIn(
            "".join(texts),
            tuple(unicodedata.normalize("NFD", phonemes) for _, phonemes in sentence.pronounced),
            tuple(map(len, texts)),
            tuple(len(span.spoken) for span in sentence.spans),
        )

    def replace(self, phonemes: list[str], stood_in: "StoodIn", read: Read) -> "Replaced | None":
        """Return phonemes with those of every stand-in replaced; None where they are not found again."""
        if self._pattern is None:
            self._pattern = _pattern_of_stand_ins(read)
        matches = list(self._pattern.finditer("".join(phonemes)))
        if len(matches) != len(stood_in.given):
            return None
        replaced, at, edits = list[str](), 0, list[tuple[int, int, int]]()
        for match, own in zip(matches, stood_in.given, strict=True):
            replaced += phonemes[at : match.start()]
            replaced += own
            at = match.end()
            edits.append((match.start(), at, len(own)))
        return Replaced(replaced + phonemes[at:], tuple(edits))


class StoodIn(NamedTuple):
    """A sentence with stand-ins."""

    text: str
    given: tuple[str, ...]
    """The phonemes for each."""
    lengths: tuple[int, ...]
    """Code points of each span of the text."""
    spoken: tuple[int, ...]
    """... and of the sentence's own."""

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return a run of the text as a run of the sentence: one with a stand-in has the whole span."""
        here = there = 0
        found: list[int] = []
        for length, spoken in zip(self.lengths, self.spoken, strict=True):
            low, high = max(start, here), min(end, here + length)
            if low < high:
                is_same = length == spoken
                found += [there + low - here, there + high - here] if is_same else [there, there + spoken]
            here, there = here + length, there + spoken
        return (min(found), max(found)) if found else (there, there)


class Replaced(NamedTuple):
    """Phonemes in which stand-ins are replaced."""

    phonemes: list[str]
    edits: tuple[tuple[int, int, int], ...]
    """Of each stand-in: its first phoneme, the one after its last, and how many stand in their place."""

    def number(self, phoneme: int) -> int:
        """Return the number that a phoneme has now; inside a stand-in, that of its first."""
        moved = 0
        for start, end, length in self.edits:
            if phoneme <= start:
                break
            if phoneme < end:
                return start + moved
            moved += length - (end - start)
        return phoneme + moved


def _stand_in(span: Span) -> str:
    word = _STAND_INS[_VOWEL.match(span.phonemes) is not None]
    # A word that touches another has blanks around it.
    return f"{' ' * span.spoken.startswith(' ')}{word}{' ' * span.spoken.endswith(' ')}"


def _pattern_of_stand_ins(read: Read) -> re.Pattern[str]:
    """Return a pattern of the stand-ins' phonemes, wherever their stress is."""
    anywhere = f"[{_STRESS}]*"
    words = ("".join(sign for sign in read(word) if sign not in _STRESS) for word in _STAND_INS)
    return re.compile("|".join(anywhere + anywhere.join(map(re.escape, word)) for word in words))


def _apart(sentence: Sentence, read: Read) -> list[str]:
    phonemes: list[str] = []
    for span in sentence.spans:
        own = list(unicodedata.normalize("NFD", span.phonemes)) if span.phonemes else read(span.spoken)
        # Alone, a mark has no sound that espeak-ng would return it with.
        own = own or [sign for sign in span.spoken if sign in _MARKS]
        before, after = span.spoken[:1].isspace(), span.spoken[1:][-1:].isspace()
        phonemes += [" "] * before + own + [" "] * after
    return phonemes
