"""The splitter turns text into `Sentence`s, whole or piece by piece.

A sentence is the unit of synthesis, so its end is heard: as a pause, as a falling voice, and as the moment when the
first sound can leave. Text passes through three stages, each of which holds back what further text may change:

    piece --> raw --> line --> block --> sentences
              |       |        a paragraph or list item: see `block`
              |       the beginning of the last line, while it may still turn out to be a list marker
              the last characters, which the next piece may join to one character

The line is in one of two states; an empty line ends the block, too:

    UNDECIDED --- its text is a whole list marker (which ends the block), or cannot be one ---> BEGUN
    text is held in `line`                                                      text goes to the block
    UNDECIDED <-- line break: a blank goes to the block --------------------------------------- BEGUN

A short line ends the block, too, where the next begins with a capital: a heading, a verse. In a language in which
"1. " may be an ordinal, a line that begins so is held until the next one shows whether it is a list.

A paragraph ends at an empty line, which markup makes after a heading, a table row or a code block. The sentence after
it knows that, not the one before: no sentence waits to see whether an empty line follows.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain

from hailo_piper.errors import EmptyTextError
from hailo_piper.text.abbreviations import abbreviations_of
from hailo_piper.text.block import BLANKS, Block
from hailo_piper.text.clean import LONE_SYMBOLS, clean, is_speakable
from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.lines import LIST_ITEM, PERHAPS_ITEM, LineEnd, after_mark, begins_anew, may_be_first
from hailo_piper.text.markup import Markup, NoMarkup, TextReader
from hailo_piper.text.reading import Reading
from hailo_piper.text.sentence import Sentence

_PLAIN = Reading(markup="none")
_SEPARATOR = lazily("[\u2028\u2029]")


def split(text: str, reading: Reading = _PLAIN) -> tuple[Sentence, ...]:
    """Return all sentences of a text, in order, each with something to say.

    Raises InvalidRequestError where nothing in the text can be spoken.
    """
    splitter = Splitter(reading)
    sentences = splitter.push(text) + splitter.finish()
    if not sentences:
        raise EmptyTextError("The text has nothing to say: it needs at least one letter or digit")
    return sentences


class Splitter:
    """A splitter of one text that may arrive in pieces; however it is cut, the sentences are the same.

    Each sentence is released as soon as no further text can change it.
    """

    def __init__(self, reading: Reading = _PLAIN, markup: TextReader | None = None) -> None:
        """`markup`: what takes the markup off in place of the usual reader."""
        self._markup = markup or (NoMarkup() if reading.markup == "none" else Markup(reading))
        self._raw: list[str] = []
        """Text that cannot be cleaned yet, since the next piece may join it to one character."""
        self._line = ""
        """The beginning of the last line while it is undecided."""
        self._is_begun = False
        """Whether the last line is decided, and its text goes to the block."""
        self._known = abbreviations_of(reading.language)
        self._block = Block(self._known)
        self._line_end = LineEnd()
        self._is_after_heading = False
        """Whether the line before stands for itself, if this one begins with a capital."""
        self._first = ""
        """A whole line that begins with "1. ", until the next line shows whether that is a list item."""
        self._is_first_apart = False
        """Whether an empty line follows it."""
        self._number = -1
        """The number at the beginning of the last line that had one."""
        self._is_spoken = False
        """Whether a sentence was released."""
        self._is_new_paragraph = False
        """Whether an empty line came after the last sentence that was released."""
        self._lone = ""
        """The beginning of the text, as far as it shows whether that is a symbol and nothing else."""

    def push(self, piece: str) -> tuple[Sentence, ...]:
        """Add a piece; return the sentences that certainly end now."""
        self._lone = (self._lone + piece.strip())[:2]
        return self._push(self._markup.push(piece))

    def _push(self, piece: str) -> tuple[Sentence, ...]:
        cut = len(piece) - 1
        while cut >= 0 and not separates(piece[cut]):
            cut -= 1
        if cut < 0 or not (cut or self._raw):
            self._raw.append(piece)
            return ()
        text, self._raw = clean("".join([*self._raw, piece[:cut]])), [piece[cut:]]
        if self._is_begun and not self._block.is_pending and text.isalnum():
            self._add(text)
            return ()
        return self._released(self._read(text))

    def finish(self) -> tuple[Sentence, ...]:
        """Return the remaining sentences: no more text comes."""
        found = self._push(self._markup.finish()) + self._finish()
        return found or ((Sentence(self._lone),) if self._lone in LONE_SYMBOLS else ())

    def flush(self) -> tuple[Sentence, ...]:
        """Return what is held back, as if no more came; what does come begins another sentence."""
        found = self._push("".join(said for _, said in self._markup.flush()))
        return found + self._end(self._end_begun_line())

    def _finish(self) -> tuple[Sentence, ...]:
        return self._end(self._end_line())

    def _end(self, line: Iterator[str]) -> tuple[Sentence, ...]:
        raw, self._raw = "".join(self._raw), []
        return self._released(chain(self._read(clean(raw)), line, self._release_first(), self._block.end()))

    def _released(self, texts: Iterable[str]) -> tuple[Sentence, ...]:
        """Return those of the texts that can be spoken; they are read one by one, as the empty lines between them."""
        found = list[Sentence]()
        for text in texts:
            if is_speakable(text):
                found.append(Sentence(text, begins_paragraph=self._is_new_paragraph and self._is_spoken))
                self._is_spoken, self._is_new_paragraph = True, False
        return tuple(found)

    def _read(self, text: str) -> Iterator[str]:
        # A single line break inside a paragraph is only a blank; an empty line ends the paragraph.
        first, *others = _SEPARATOR.sub("\n\n", text).split("\n")
        yield from self._extend_line(first)
        for line in others:
            if line or self._line or self._is_begun or self._first or self._block.is_open:
                yield from self._end_line()
                yield from self._extend_line(line)
            else:
                self._is_new_paragraph = True
        yield from self._block.settled()

    def _extend_line(self, text: str) -> Iterator[str]:
        if self._is_begun:
            self._add(text)
            return
        self._line = BLANKS.sub(" ", self._line + text)
        if not PERHAPS_ITEM.fullmatch(self._line) and not self._is_held():
            yield from self._decide()

    def _is_held(self) -> bool:
        return self._known.has_ordinals and not self._first and may_be_first(self._line)

    def _end_line(self) -> Iterator[str]:
        if not self._is_begun:
            if self._is_held():
                self._first, self._line, self._is_first_apart, self._number = self._line, "", False, 1
                return
            if not self._line.strip():
                if self._first:
                    self._is_first_apart = True
                    return
                yield from self._block.end()
                self._is_new_paragraph = True
            yield from self._decide()
        self._is_after_heading = self._line_end.is_heading(self._known.starters)
        self._block.add(" ")
        self._is_begun = False

    def _end_begun_line(self) -> Iterator[str]:
        # The end of a line without text would be an empty line, which ends a paragraph.
        if self._is_begun or self._line.strip():
            yield from self._end_line()

    def _decide(self) -> Iterator[str]:
        """Hand the beginning of a line to the block; a list marker ends the block before it."""
        item = LIST_ITEM.match(self._line)
        if item and item["roman"] and self._known.has_ordinals:
            item = None  # "II. Weltkrieg"
        number = item and (item["number"] or item["inner"] or item["roman"] or item["letter"])
        if item and number and number.isdigit() and self._known.has_ordinals and f"{number}." in item[0]:
            item = item if int(number) == self._number + 1 else None
            self._number = int(number)
        # "1. First" above "2. Second", and above "- " for what belongs to it.
        yield from self._release_first(is_item=item is not None and number in {"2", None})
        if item:
            yield from self._block.end()
            # "1. First" would be two sentences; "1, First" is read as a list is read aloud.
            self._block.add(f"{number}, " if number else "")
        elif self._is_after_heading and begins_anew(self._line):
            yield from self._block.end()
        self._add(self._line[item.end() :] if item else self._line)
        self._line, self._is_begun = "", True

    def _release_first(self, *, is_item: bool = False) -> Iterator[str]:
        """Hand the line that begins with "1. " to the block, as a list item or as text."""
        if not self._first:
            return
        if is_item:
            yield from self._block.end()
        self._block.add(f"1, {after_mark(self._first)} " if is_item else f"{self._first} ")
        self._first, self._is_after_heading = "", False
        if self._is_first_apart:
            yield from self._block.end()
            self._is_new_paragraph = True

    def _add(self, text: str) -> None:
        self._block.add(text)
        self._line_end.add(text)


def separates(character: str) -> bool:
    """Return whether the text before this character and the text from it on can be cleaned apart."""
    # A combining mark or a jamo may compose with the letter before; a control or invisible character may vanish.
    return unicodedata.category(character)[0] in "LNPSZ" and character != "[" and not "\u1160" <= character <= "\u11ff"
