"""Text to `Sentence`s, whole or piece by piece.

A sentence is the unit of synthesis, so where one ends is heard: as a pause, a falling voice, and as the moment the
first sound can leave. Two steps: `clean` makes any Unicode safe for the phonemizer, `Splitter` finds the boundaries.
"""

import re
import unicodedata
from collections.abc import Iterator

from hailo_piper.errors import InvalidRequestError
from hailo_piper.text.boundaries import BOUNDARY, ends_sentence, is_settled, last_word
from hailo_piper.text.clean import clean, is_speakable
from hailo_piper.text.sentence import Sentence

_LIST_ITEM = re.compile(r"\s*(?:[-*•‣◦–—]\s+|(?P<number>\d{1,3}(?=[.)])|[A-Za-z](?=\)))[.)]\s+)")
_PERHAPS_ITEM = re.compile(r"\s*(?:[-*•‣◦–—]|\d{1,3}[.)]?|[A-Za-z]\)?)?")
"""What a list item may begin with, so far that it does not show yet."""
# Ellipses inside a sentence: the phonemizer would glue the words around them together.
_ELLIPSIS_INSIDE = re.compile(r"\s?+(?:(?<!\.)\.{2,}+|…)\s*+(?=[^\W\d_])")
_SEPARATOR = re.compile("[\u2028\u2029]")
_BLANKS = re.compile(r"\s+")
_MAY_END = re.compile(r"[\s。！？｡]")
"""Without one of these no mark becomes the end of a sentence."""
_SMALL = 512
"""Characters that may be looked through again with every piece."""


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
        self._raw: list[str] = []
        """What cannot be cleaned yet, since what follows may join it to one character."""
        self._line = ""
        """The beginning of the last line, until it shows whether it is a list item."""
        self._is_begun = False
        """Whether the last line has shown that."""
        self._searched: list[str] = []
        """The open sentence, as far as no mark in it can be its end."""
        self._open = ""
        """The rest of it, from a word before the first mark that may be."""
        self._is_pending = False
        """Whether a mark in it waits for what follows."""
        self._added: list[str] = []
        """What is new of the paragraph or list item."""
        self._new = 0
        """Characters of that."""
        self._may_end = False
        """Whether something in that may make a mark an end."""

    def push(self, piece: str) -> tuple[Sentence, ...]:
        """The sentences that certainly end, now that this piece is there too."""
        cut = len(piece) - 1
        while cut >= 0 and not _parts(piece[cut]):
            cut -= 1
        if cut < 0 or not (cut or self._raw):
            self._raw.append(piece)
            return ()
        text, self._raw = clean("".join([*self._raw, piece[:cut]])), [piece[cut:]]
        if self._is_begun and not self._is_pending and text.isalnum():
            self._add(text)
            return ()
        return tuple(Sentence(text) for text in self._read(text) if is_speakable(text))

    def finish(self) -> tuple[Sentence, ...]:
        """The rest: no more text comes."""
        found = [*self._read(clean("".join(self._raw))), *self._end_line(), *self._end_block()]
        self._raw = []
        return tuple(Sentence(text) for text in found if is_speakable(text))

    def _read(self, text: str) -> Iterator[str]:
        # A single line break inside a paragraph is only a blank; an empty line ends it.
        first, *others = _SEPARATOR.sub("\n\n", text).split("\n")
        self._extend_line(first)
        yield from self._end_item()
        for line in others:
            if not (line or self._line or self._is_begun or self._is_open()):
                continue
            yield from self._end_line()
            self._extend_line(line)
            yield from self._end_item()
        yield from self._find_settled()

    def _extend_line(self, text: str) -> None:
        if self._is_begun:
            self._add(text)
        else:
            self._line = _BLANKS.sub(" ", self._line + text)

    def _end_item(self, *, is_whole: bool = False) -> Iterator[str]:
        """Take over the beginning of a line once it is known for what it is; a list item ends what came before it."""
        if self._is_begun or (not is_whole and _PERHAPS_ITEM.fullmatch(self._line)):
            return
        item = _LIST_ITEM.match(self._line)
        if item:
            yield from self._end_block()
            # "1. First" would be two sentences; "1, First" is read as a list is read aloud.
            self._add(f"{item['number']}, " if item["number"] else "")
        self._add(self._line[item.end() :] if item else self._line)
        self._line, self._is_begun = "", True

    def _end_line(self) -> Iterator[str]:
        if not self._is_begun and not self._line.strip():
            yield from self._end_block()
        yield from self._end_item(is_whole=True)
        self._add(" ")
        self._is_begun = False

    def _add(self, text: str) -> None:
        # A block opens with no blank.
        if text and (self._is_open() or text != " "):
            self._added.append(text)
            self._new += len(text)
            self._may_end = self._may_end or _MAY_END.search(text) is not None

    def _is_open(self) -> bool:
        return bool(self._added or self._open or self._searched)

    def _end_block(self) -> Iterator[str]:
        if not self._is_open():
            return
        yield from self._find_settled(is_whole=True)
        yield _mend_ellipses("".join([*self._searched, self._open]).strip())
        self._searched, self._open = [], ""

    def _find_settled(self, *, is_whole: bool = False) -> Iterator[str]:
        """The sentences of the open block that have ended for certain, or, with no more of it to come, all but one."""
        # A long word, or a page of marks, is looked through again only when it has grown by an eighth.
        is_small = len(self._open) <= _SMALL or self._new >= len(self._open) // 8
        if not is_whole and not (is_small and (self._is_pending or self._may_end)):
            return
        more = _BLANKS.sub(" ", "".join(self._added))
        is_after_blank = self._open.endswith(" ") or not (self._open or self._searched)
        block = self._open + (more.lstrip() if is_after_blank else more)
        self._added, self._new, self._may_end = [], 0, False
        if is_whole:
            block = block.rstrip()
        start, searched, pending = 0, 0, len(block)
        self._is_pending = False
        for mark in BOUNDARY.finditer(block):
            word = block[last_word(block, searched, mark.start()) : mark.start()]
            if not is_whole and not is_settled(block, mark, word):
                pending, self._is_pending = mark.start(), True
                break
            searched = mark.end()
            if ends_sentence(block, mark, word):
                yield _mend_ellipses("".join([*self._searched, block[start:searched]]).strip())
                self._searched, start = [], searched
        # The word before a mark has a say in whether it ends a sentence; a mark may stand apart, and go on.
        searched = last_word(block, searched, last_word(block, searched, pending))
        if start < searched:
            self._searched.append(block[start:searched])
        self._open = block[searched:]


def _parts(character: str) -> bool:
    """Whether what stands before this character and what follows can be cleaned apart."""
    # A mark or a jamo may compose with the letter before it; a control or an invisible character may vanish.
    return unicodedata.category(character)[0] in "LNPSZ" and character != "[" and not "\u1160" <= character <= "\u11ff"


def _mend_ellipses(sentence: str) -> str:
    lead = len(sentence) - len(sentence.lstrip(".… "))
    return sentence[:lead] + _ELLIPSIS_INSIDE.sub("; ", sentence[lead:])
