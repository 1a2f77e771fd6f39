"""Text to `Sentence`s, whole or piece by piece.

A sentence is the unit of synthesis, so where one ends is heard: as a pause, a falling voice, and as the moment the
first sound can leave. Two steps: `clean` makes any Unicode safe for the phonemizer, `Splitter` finds the boundaries.
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
_FINAL = "。！？｡؟۔।॥"
"""These end a sentence whatever follows."""
_OPENERS = "\"'“‘«([{¿¡"
_LIST_ITEM = re.compile(r"\s*(?:[-*•‣◦–—]\s+|(?P<number>\d{1,3}(?=[.)])|[A-Za-z](?=\)))[.)]\s+)")
_PERHAPS_ITEM = re.compile(r"\s*(?:[-*•‣◦–—]|\d{1,3}[.)]?|[A-Za-z]\)?)?")
"""What a list item may begin with, so far that it does not show yet."""
# Ellipses inside a sentence: the phonemizer would glue the words around them together.
_ELLIPSIS_INSIDE = re.compile(r"\s*(?:\.{2,}|…)\s*(?=[^\W\d_])")
_REMOVED = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\uffff\ud800-\udfff\ue000-\uf8ff]"
    "|[\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_LINE_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85]")
_SEPARATOR = re.compile("[\u2028\u2029]")
_BLANKS = re.compile(r"\s+")


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
    splitter = Splitter()
    sentences = splitter.push(text) + splitter.finish()
    if not sentences:
        raise InvalidRequestError("The text has nothing to say: it needs at least one letter or digit", param="text")
    return sentences


class Splitter:
    """Finds the sentences of a text that comes in pieces: each as soon as nothing that may follow can change it, and
    the same ones however the text is cut.
    """

    def __init__(self) -> None:
        self._raw = ""
        """What cannot be cleaned yet, since what follows may join it to one character."""
        self._line = ""
        """The beginning of the last line, until it shows whether it is a list item."""
        self._is_begun = False
        """Whether the last line has shown that."""
        self._block = [""]
        """The open paragraph or list item, from the first sentence that has not been found to end; then what is new."""

    def push(self, piece: str) -> tuple[Sentence, ...]:
        """The sentences that certainly end, now that this piece is there too."""
        known = len(self._raw)
        self._raw += piece
        cut = next((place for place in range(len(self._raw) - 1, max(known, 1) - 1, -1) if self._parts_at(place)), 0)
        text, self._raw = self._raw[:cut], self._raw[cut:]
        return tuple(Sentence(text) for text in self._read(clean(text)) if is_speakable(text))

    def finish(self) -> tuple[Sentence, ...]:
        """The rest: no more text comes."""
        found = [*self._read(clean(self._raw)), *self._end_line(), *self._end_block()]
        self._raw = ""
        return tuple(Sentence(text) for text in found if is_speakable(text))

    def _parts_at(self, place: int) -> bool:
        """Whether what stands before this place and what follows can be cleaned apart."""
        character = self._raw[place]
        # A mark or a jamo may compose with the letter before it; a control or an invisible character may vanish.
        return (
            unicodedata.category(character)[0] in "LNPSZ" and character != "[" and not "\u1160" <= character <= "\u11ff"
        )

    def _read(self, text: str) -> Iterator[str]:
        # A single line break inside a paragraph is only a blank; an empty line ends it.
        first, *others = _SEPARATOR.sub("\n\n", text).split("\n")
        self._extend_line(first)
        yield from self._end_item()
        for line in others:
            yield from self._end_line()
            self._extend_line(line)
            yield from self._end_item()
        yield from self._find_settled()

    def _extend_line(self, text: str) -> None:
        if self._is_begun:
            self._block.append(text)
        else:
            self._line += text

    def _end_item(self, *, is_whole: bool = False) -> Iterator[str]:
        """Take over the beginning of a line once it is known for what it is; a list item ends what came before it."""
        if self._is_begun or (not is_whole and _PERHAPS_ITEM.fullmatch(self._line)):
            return
        item = _LIST_ITEM.match(self._line)
        if item:
            yield from self._end_block()
            # "1. First" would be two sentences; "1, First" is read as a list is read aloud.
            self._block.append(f"{item['number']}, " if item["number"] else "")
        self._block.append(self._line[item.end() :] if item else self._line)
        self._line, self._is_begun = "", True

    def _end_line(self) -> Iterator[str]:
        if not self._is_begun and not self._line.strip():
            yield from self._end_block()
        yield from self._end_item(is_whole=True)
        self._block.append(" ")
        self._is_begun = False

    def _end_block(self) -> Iterator[str]:
        yield from self._find_settled(is_whole=True)
        yield _mend_ellipses("".join(self._block).strip())
        self._block = [""]

    def _find_settled(self, *, is_whole: bool = False) -> Iterator[str]:
        """The sentences of the open block that have ended for certain, or, with no more of it to come, all but one."""
        block, *added = self._block
        more = _BLANKS.sub(" ", "".join(added))
        block += more.lstrip() if not block or block.endswith(" ") else more
        if is_whole:
            block = block.rstrip()
        start = 0
        for mark in _BOUNDARY.finditer(block):
            parts = (block[start : mark.start()], mark[0].strip(), block[mark.end() :])
            if not is_whole and not _is_settled(*parts):
                break
            if _ends_sentence(*parts):
                yield _mend_ellipses(block[start : mark.end()].strip())
                start = mark.end()
        self._block = [block[start:]]


def _mend_ellipses(sentence: str) -> str:
    lead = len(sentence) - len(sentence.lstrip(".… "))
    return sentence[:lead] + _ELLIPSIS_INSIDE.sub("; ", sentence[lead:])


def _is_settled(before: str, mark: str, after: str) -> bool:
    """Whether no text that may follow can change what `_ends_sentence` says."""
    if mark[0] in "。！？｡":
        return bool(after)
    following = after.lstrip(_OPENERS).lstrip()
    if not following:
        return mark[0] in _FINAL
    return mark != "." or " " in following or _INITIALISM.fullmatch(_last_word(before)) is None


def _ends_sentence(before: str, mark: str, after: str) -> bool:
    """Whether `mark` (".", "?!", '."') between the two ends a sentence."""
    if not after or mark[0] in _FINAL:
        return True
    following = after.lstrip(_OPENERS)
    if not following or following[0].islower():
        return False
    return mark != "." or not _is_abbreviation(before, following)


def _is_abbreviation(before: str, following: str) -> bool:
    """Whether the full stop between the two belongs to the word before it."""
    word = _last_word(before)
    if word in _TITLES:
        return True
    if word in _BEFORE_NUMBERS:
        return following[0].isdigit()
    next_word = following.split(None, 1)[0].rstrip(".,;:!?'\"”’").lower()
    return _INITIALISM.fullmatch(word) is not None and next_word not in _STARTERS


def _last_word(text: str) -> str:
    """In small letters and without what opens it; empty where there is none."""
    return "".join(text.rsplit(None, 1)[-1:]).lstrip("\"'“‘«([{").lower()
