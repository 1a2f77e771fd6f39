"""A sentence becomes units of Kokoro's symbols: clause by clause, so that the first sound comes early.

A graph speaks a unit as a whole, and the time until its first sound is that of all of it. A short clause sounds hasty
and at another level, so it stays with the next one. The longest unit bounds the memory of an inference.
"""

from collections.abc import Sequence

from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.engine.kokoro.symbols import BLANK, CLAUSE_MARKS, FRAME, SILENT, Alphabet
from hailo_piper.engine.phonemes.foreign_spans import in_own_sounds
from hailo_piper.engine.phonemes.phonemes import PhonemeReader
from hailo_piper.engine.words import SpokenWord
from hailo_piper.text.sentence import Sentence

UnitIds = tuple[int, ...]
"""The numbers of a unit's symbols, between two of FRAME."""

LONGEST = 128
"""Symbols: 8 s of speech and 200 MB of an inference. The graph itself takes at most 510."""
SHORT: UnitIds = (FRAME, 43, FRAME)
"""The shortest unit that has a sound, an a."""
_SHORTEST = 20
"""Symbols of a clause that is spoken by itself: over a second."""


class KokoroReader:
    """The reader of one language. Thread-safe."""

    def __init__(self, language: str, espeak: Espeak) -> None:
        """`language`: espeak-ng's name of it, `en-us`."""
        self._reader = PhonemeReader(language, espeak)
        self._alphabet = Alphabet(language)

    def units(self, sentence: Sentence) -> tuple[UnitIds, ...]:
        """Return the sentence's units in order; none where it has no sound. Raises as `PhonemeReader.phonemes`."""
        ids = self._alphabet.symbols(self._reader.phonemes(sentence)).ids
        return tuple((FRAME, *ids[start:end], FRAME) for start, end in cuts(ids))

    def words(self, sentence: Sentence) -> tuple[SpokenWord, ...]:
        """Return the words of a sentence; its marks are the ids of all units. Raises as `PhonemeReader.phonemes`."""
        phonemes, words = self._reader.words(sentence)
        symbols = self._alphabet.symbols(phonemes)
        places, last = _places(len(symbols.ids), cuts(symbols.ids)), 0
        found = list[SpokenWord]()
        before = 0
        for word in words:
            first, end = symbols.begins[word.first], symbols.begins[word.last]
            # Between two words, the second begins in the frames of the blank: they are no pause.
            is_next = found and set(symbols.ids[before:first]) <= {BLANK}
            begins = last if is_next else places[first]
            last = max(begins, places[end - 1] + 1 if end > first else begins)
            found.append(word._replace(first=begins, last=last))
            before = end
        return tuple(found)

    def in_own_sounds(self, sentence: Sentence) -> Sentence:
        """Return a sentence whose runs in other languages have phonemes of this one; raises as `units`."""
        if not any(span.language for span in sentence.spans):
            return sentence
        return in_own_sounds(sentence, self._reader.family, self._reader.read_foreign)


def cuts(ids: Sequence[int]) -> list[tuple[int, int]]:
    """Return where each unit begins and ends; the blank between two belongs to none. Nothing where all is silent."""
    if all(number in SILENT for number in ids):
        return []
    ends = [place for place in range(1, len(ids)) if ids[place] == BLANK and ids[place - 1] in CLAUSE_MARKS]
    found, start = list[tuple[int, int]](), 0
    for end in (*ends, len(ids)):
        is_last = end == len(ids)
        if not is_last and (end - start < _SHORTEST or len(ids) - end - 1 < _SHORTEST):
            continue
        while end - start > LONGEST:
            cut = _cut(ids, start)
            found.append((start, cut))
            start = cut + (ids[cut] == BLANK)
        if end > start:
            found.append((start, end))
        start = end + 1
    return found


def _cut(ids: Sequence[int], start: int) -> int:
    """Return where to cut a unit that is too long: before a blank after a clause, else any blank, else anywhere."""
    # Never in the first third, since a tiny unit is all lead-in and tail.
    blanks = [place for place in range(start + LONGEST, start + LONGEST // 3, -1) if ids[place] == BLANK]
    clauses = [place for place in blanks if ids[place - 1] in CLAUSE_MARKS]
    return (clauses or blanks or [start + LONGEST])[0]


def _places(num_ids: int, units: Sequence[tuple[int, int]]) -> list[int]:
    """Return the mark of each id among those of all units; that of a blank between two is the first one's end."""
    places, at = list[int](), 0
    for start, end in units:
        places += [at - 1] * (start - len(places))
        places += range(at + 1, at + 1 + end - start)
        at += end - start + 2
    return places + [max(0, at - 1)] * (num_ids + 1 - len(places))
