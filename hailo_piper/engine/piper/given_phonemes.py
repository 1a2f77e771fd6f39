"""Phonemes that a lexicon gives replace those of a stand-in, so espeak-ng still reads the sentence as a whole.

Cut at a word, a sentence would lose what its neighbours do to each other: "the" before a vowel, French liaison, a
reduced "to". So espeak-ng reads the sentence with a word that no language has in each place, and the phonemes of that
word are replaced. Where they cannot be found again, the pieces between are read apart.
"""

import re
import unicodedata
from collections.abc import Callable

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
        if self._pattern is None:
            self._pattern = _pattern_of_stand_ins(read)
        given = [unicodedata.normalize("NFD", phonemes) for _, phonemes in sentence.pronounced]
        text = "".join(_stand_in(span) if span.phonemes else span.spoken for span in sentence.spans)
        first, *pieces = self._pattern.split("".join(read(text)))
        if len(pieces) != len(given):
            return _apart(sentence, read)
        return list(first + "".join(own + piece for own, piece in zip(given, pieces, strict=True)))


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
