"""Text to `Sentence`s.

A sentence is the unit of synthesis, so where one ends is heard: as a pause, a falling voice, and as the moment the
first sound can leave. Two steps: `clean` makes any Unicode safe for the phonemizer, `split` finds the boundaries.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from hailo_piper.errors import InvalidRequestError


@dataclass(frozen=True, slots=True)
class Sentence:
    """The unit of synthesis: one sentence, list item or heading, on one line, with something to say in it."""

    text: str


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A full stop after these is part of the word, whatever follows.
_TITLES = _words(
    "dr mr mrs ms mx prof rev fr hon gen col capt cmdr lt sgt maj adm gov sen rep pres st mt ft messrs mme mlle "
    "e.g i.e cf viz vs hr dhr bzw z.b d.h sra"
)
# ... and after these, where a number follows ("No. 5", "Fig. 3", "Jan. 5", "p. 12").
_BEFORE_NUMBERS = _words(
    "no nos nr fig figs vol vols ch sec art p pp op eq ca jan feb mar apr jun jul aug sep sept oct nov dec"
)
# An initialism ("U.S.", "J.", "p.m.") ends a sentence only before a word that rarely follows a name.
_STARTERS = _words(
    "a an and as at but he her his how i if in it its my no on or our she so that the their then there these they "
    "this those we what when where who why yes you your"
)
_INITIALISM = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]", re.UNICODE)

_CLOSERS = r"[\"'”’»)\]}]*"
_BOUNDARY = re.compile(rf"[.!?…؟۔।॥]+{_CLOSERS}\s+|[。！？｡]+[”’」』）]*\s*")
_LIST_ITEM = re.compile(r"\s*(?:[-*•‣◦–—]\s+|(?P<number>\d{1,3}(?=[.)])|[A-Za-z](?=\)))[.)]\s+)")
# Ellipses inside a sentence: the phonemizer would glue the words around them together.
_ELLIPSIS_INSIDE = re.compile(r"\s*(?:\.{2,}|…)\s*(?=[^\W\d_])")
_REMOVED = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\uffff\ud800-\udfff\ue000-\uf8ff]"
    "|[\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_LINE_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85]")
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*|[\u2028\u2029]\s*")


def clean(text: str) -> str:
    """Any Unicode as text that the phonemizer reads as words: no control or invisible characters, NFC, one kind of
    line break, and no `[[`, which Piper would take for raw phonemes. Words and boundaries stay.
    """
    text = _LINE_BREAKS.sub("\n", _REMOVED.sub("", text))
    text = unicodedata.normalize("NFC", _CONTROLS.sub(" ", text))
    while "[[" in text:
        text = text.replace("[[", "[ [")
    return text


def is_speakable(text: str) -> bool:
    """Whether the text has a letter, a digit or a symbol: punctuation and blanks alone have no sound."""
    return any(unicodedata.category(character)[0] in "LNS" for character in text)


def split(text: str) -> tuple[Sentence, ...]:
    """All sentences of a text, in order, each with something to say.

    Raises InvalidRequestError where nothing in the text can be spoken.
    """
    sentences = tuple(
        Sentence(sentence) for block in _blocks(clean(text)) for sentence in _sentences(block) if is_speakable(sentence)
    )
    if not sentences:
        raise InvalidRequestError("The text has nothing to say: it needs at least one letter or digit", param="text")
    return sentences


def _blocks(text: str) -> Iterator[str]:
    """Paragraphs and list items, each on one line; a single line break inside a paragraph is only a blank."""
    for paragraph in _PARAGRAPH.split(text):
        block: list[str] = []
        for line in paragraph.split("\n"):
            item = _LIST_ITEM.match(line)
            if item:
                yield _one_line(block)
                # "1. First" would be two sentences; "1, First" is read as a list is read aloud.
                number = item["number"]
                block = [f"{number}, {line[item.end() :]}" if number else line[item.end() :]]
            else:
                block.append(line)
        yield _one_line(block)


def _one_line(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())


def _sentences(block: str) -> Iterator[str]:
    start = 0
    for mark in _BOUNDARY.finditer(block):
        if _ends_sentence(block[start : mark.start()], mark[0].strip(), block[mark.end() :]):
            yield _mend_ellipses(block[start : mark.end()].strip())
            start = mark.end()
    yield _mend_ellipses(block[start:].strip())


def _mend_ellipses(sentence: str) -> str:
    lead = len(sentence) - len(sentence.lstrip(".… "))
    return sentence[:lead] + _ELLIPSIS_INSIDE.sub("; ", sentence[lead:])


def _ends_sentence(before: str, mark: str, after: str) -> bool:
    """Whether `mark` (".", "?!", '."') between the two ends a sentence."""
    if not after or mark[0] in "。！？｡؟۔।॥":
        return True
    following = after.lstrip("\"'“‘«([{¿¡")
    if not following or following[0].islower():
        return False
    return mark != "." or not _is_abbreviation(before, following)


def _is_abbreviation(before: str, following: str) -> bool:
    """Whether the full stop between the two belongs to the word before it."""
    if not before.strip():
        return False
    word = before.rsplit(None, 1)[-1].lstrip("\"'“‘«([{").lower()
    if word in _TITLES:
        return True
    if word in _BEFORE_NUMBERS:
        return following[0].isdigit()
    next_word = following.split(None, 1)[0].rstrip(".,;:!?'\"”’").lower()
    return _INITIALISM.fullmatch(word) is not None and next_word not in _STARTERS
