"""A Lexicon finds its words in a sentence: whole words, the longest first, in one pass."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from hailo_piper.errors import RefusedTextError
from hailo_piper.text.clean import clean
from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.sentence import Span

if TYPE_CHECKING:
    from hailo_piper.text.lexicon.pronunciation import Pronunciation

RULE = "lexicon"
_HEAD = lazily(r"\w+|[^\w\s]")
"""The beginning of an entry, by which it is looked up: its first word or sign."""
_WITHOUT_BLANKS = lazily("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Scripts that put no blanks between words: Thai, Lao, Burmese, Khmer, Japanese and Chinese."""
_GOES_ON = lazily(r"\w|'(?!s\b)\w", re.IGNORECASE)
"""The rest of a longer word; a genitive's 's is none."""
_CONTRACTED = frozenset(["s", "t", "m", "d", "ll", "re", "ve"])
"""Ends of English words behind an apostrophe: "don't" has no word "t", and "l'API" has the word "API"."""
_IN_NUMBERS = frozenset(".,:/")
"""Signs inside figures: "3" is no word of "3.5", "3:30" and "3/4"."""
_JOINERS = frozenset("\u200c\u200d")
_CLOSERS = "\"'”’»)]}"
_FOLDED = str.maketrans({"’": "'", "ʼ": "'", "‐": "-", "‑": "-"})
_MOST_STEPS = 3
"""Respellings that point on to other entries, one after another."""


def folded(text: str) -> str:
    """Return a text as it is compared: with one apostrophe, one hyphen; every character keeps its place."""
    return text if text.isascii() else text.translate(_FOLDED)


class Lexicon:
    """The pronunciations of some words; of several for the same word the first counts."""

    def __init__(self, pronunciations: "Iterable[Pronunciation]") -> None:
        self._whole: dict[str, list[Pronunciation]] = defaultdict(list)
        """Entries that are whole words, by the lower-case head."""
        self._inside: dict[str, list[Pronunciation]] = defaultdict(list)
        """Entries that match inside words, too, by the lower-case first character."""
        self.refuses = False
        """Whether it refuses any word."""
        for entry in map(_as_in_texts, pronunciations):
            self.refuses |= entry.is_refused
            if not entry.word:
                continue
            if entry.whole_word and not _is_without_blanks(entry.word):
                self._whole[_HEAD.findall(entry.word)[0].lower()].append(entry)
            else:
                self._inside[entry.word[0].lower()].append(entry)
        for entries in (*self._whole.values(), *self._inside.values()):
            # A sort is stable: of entries of one length, the first still comes first.
            entries.sort(key=lambda entry: -len(entry.word))

    def __bool__(self) -> bool:
        """Return whether it has an entry."""
        return bool(self._whole or self._inside)

    def find(self, text: str) -> list[Span]:
        """Return the spans of a text that it pronounces, in order. Raises RefusedTextError for a refused word."""
        return self._find(folded(text), ())

    def entry(self, text: str) -> "Pronunciation | None":
        """Return the entry that a whole text is."""
        found = (entry for start, entries in self._places(folded(text)) if not start for entry in entries)
        return next(
            (entry for entry in found if len(entry.word) == len(text) and _stands_at(folded(text), 0, entry)), None
        )

    def _find(self, text: str, passed: tuple[str, ...]) -> list[Span]:
        """`passed`: the words whose respellings have led to this text."""
        spans, end = list[Span](), 0
        for start, entries in self._places(text):
            if start < end:
                continue
            entry = next(
                (entry for entry in entries if entry.word not in passed and _stands_at(text, start, entry)), None
            )
            if entry is not None:
                end = start + len(entry.word)
                said = _apart(self._said(entry, start, passed), text, entry)
                ends_text = entry.word[-1] == "." and len(text) - end < 4 and not text[end:].strip(_CLOSERS)
                spans += _without_stop(said, entry) if ends_text and not passed else said
        return spans

    def _places(self, text: str) -> "Iterator[tuple[int, Sequence[Pronunciation]]]":
        """Yield each index at which entries may stand, with these entries, the longest first."""
        heads = ((head.start(), self._whole.get(head[0].lower(), ())) for head in _HEAD.finditer(text))
        if not self._inside:
            yield from (place for place in heads if place[1])
            return
        whole: Mapping[int, Sequence[Pronunciation]] = dict(heads)
        for start, character in enumerate(text):
            entries = [*whole.get(start, ()), *self._inside.get(character.lower(), ())]
            if entries:
                yield start, sorted(entries, key=lambda entry: -len(entry.word))

    def _said(self, entry: "Pronunciation", start: int, passed: tuple[str, ...]) -> list[Span]:
        """Return what is said for an entry at an index: one span, or several where its respelling points on."""
        if entry.is_refused:
            raise RefusedTextError(entry.word)
        end = start + len(entry.word)
        if not entry.points_on or len(passed) == _MOST_STEPS:
            # A voice that knows no IPA reads the word as it was written.
            return [Span(entry.word if entry.phonemes else entry.spoken, start, end, RULE, entry.phonemes)]
        said, at = list[Span](), 0
        for span in self._find(folded(entry.spoken), (*passed, entry.word)):
            said += [Span(entry.spoken[at : span.start], end, end, RULE), span._replace(start=end, end=end)]
            at = max(at, span.end)
        said.append(Span(entry.spoken[at:], end, end, RULE))
        # The first stands for the whole word; the others come from no place of their own.
        return [said[0]._replace(start=start), *(span for span in said[1:] if span.spoken)]


def _apart(said: list[Span], text: str, entry: "Pronunciation") -> list[Span]:
    """Return what is said with blanks where a word that begins or ends with a sign touches another: `50%`."""
    start, stop = said[0].start, said[0].start + len(entry.word)
    if entry.whole_word and not entry.word[0].isalnum() and text[max(start - 1, 0) : start].isalnum():
        said = [said[0]._replace(spoken=f" {said[0].spoken}"), *said[1:]]
    if entry.whole_word and not entry.word[-1].isalnum() and text[stop : stop + 1].isalnum():
        said = [*said[:-1], said[-1]._replace(spoken=f"{said[-1].spoken} ")]
    return said


def _without_stop(said: list[Span], entry: "Pronunciation") -> list[Span]:
    """Return what is said for an abbreviation that ends a text, but for its full stop, which ends the sentence, too."""
    spoken = said[0].spoken.removesuffix(".") if entry.phonemes else said[0].spoken
    if len(entry.word) < 2 or len(said) > 1 or spoken.endswith((".", "!", "?")):
        return said
    return [said[0]._replace(spoken=spoken, end=said[0].end - 1)]


def _stands_at(text: str, start: int, entry: "Pronunciation") -> bool:
    stop = start + len(entry.word)
    found, word = text[start:stop], folded(entry.word)
    if found != word and (entry.match_case or found.lower() != word.lower()):
        return False
    if not entry.whole_word or _is_without_blanks(word):
        return True
    return not (word[0].isalnum() and _is_inside(text, start, word)) and not (
        word[-1].isalnum() and _goes_on(text, stop)
    )


def _is_inside(text: str, start: int, word: str) -> bool:
    """Return whether the text before a word belongs to it: a contraction, a figure, a vowel sign."""
    before = text[start - 1 : start]
    if not before or before == " ":
        return False
    if before == "'" and text[start - 2 : start - 1].isalpha() and start > 1:
        return word.lower() in _CONTRACTED
    if before in _IN_NUMBERS and word[0].isdigit():
        return start > 1 and text[start - 2].isdigit()
    return _joins(before)


def _goes_on(text: str, stop: int) -> bool:
    """Return whether the text after a word belongs to it."""
    after = text[stop : stop + 1]
    if after in _IN_NUMBERS and text[stop - 1].isdigit():
        return text[stop + 1 : stop + 2].isdigit()
    return after != "" and (_GOES_ON.match(text, stop) is not None or _joins(after))


def _joins(character: str) -> bool:
    """Return whether a character is part of a word without being a letter: the signs of Indic vowels, a joiner."""
    return not character.isascii() and (unicodedata.category(character)[0] == "M" or character in _JOINERS)


def _as_in_texts(entry: "Pronunciation") -> "Pronunciation":
    """Return an entry with its word as texts are when they are searched: without invisible characters, ligatures."""
    word = entry.word
    if word.isascii() and word.isprintable():
        return entry
    return entry._replace(word=" ".join(clean(word).replace("\ufe0f", "").split()))


def _is_without_blanks(word: str) -> bool:
    return max(word) >= "\u0e00" and _WITHOUT_BLANKS.search(word) is not None


def pronounce(text: str, lexicons: Sequence[Lexicon]) -> list[Span]:
    """Return the spans of a text that lexicons pronounce, in order; of two that overlap the first lexicon's counts.

    Raises RefusedTextError for a word that any of them refuses.
    """
    taken = bytearray(len(text))
    spans = list[Span]()
    for lexicon in lexicons:
        for span in lexicon.find(text):
            if taken.find(1, span.start, span.end) < 0:
                spans.append(span)
        for span in spans:
            taken[span.start : span.end] = b"\1" * (span.end - span.start)
    return sorted(spans, key=lambda span: span.start)


def refuse(text: str, lexicons: Iterable[Lexicon]) -> None:
    """Raise RefusedTextError where a text, as it is spoken, has a word that a lexicon refuses."""
    for lexicon in lexicons:
        if lexicon.refuses:
            lexicon.find(text)
