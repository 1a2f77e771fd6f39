"""Places tell where in a text, as it was sent, each character of its sentences came from.

The splitter keeps every letter and figure of the cleaned text, in order. So only markup and cleaning are followed, on a
second pass, and only where somebody asks for times of words: letters are then counted off, sentence by sentence.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hailo_piper.text.clean import clean
from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.markup import Markup, NoMarkup, TextReader
from hailo_piper.text.reading import Reading
from hailo_piper.text.splitter import separates

_WORD = lazily(r"\w+")
_PIECE = 256
"""Characters that are followed at once: the first sentence need not wait for a whole text."""


class Place(NamedTuple):
    """A run of the text as it was sent, in code points."""

    start: int
    end: int


class Located(NamedTuple):
    """A sentence as it was written, and where in the text it came from."""

    sentence: str
    places: tuple[Place | None, ...]
    """Of each character. Letters and figures have one; signs have it where the text, too, has them beside a letter."""

    text: str
    """The whole text as it was sent, as far as it had come."""


class _Letter(NamedTuple):
    """A letter or figure of the cleaned text."""

    character: str
    place: Place


class Places:
    """The places of one text that may arrive in pieces. Push its pieces, then locate its sentences in order."""

    def __init__(self, reading: Reading, markup: TextReader | None = None) -> None:
        """`markup`: what takes the markup off in place of the usual reader."""
        self._markup = markup or (NoMarkup() if reading.markup == "none" else Markup(reading))
        self._text: list[str] = []
        self._joined = ""
        self._followed = 0
        """Characters of the text that were handed to the markup."""
        self._read = 0
        """Characters of the text that the markup has read."""
        self._flushes: deque[int] = deque()
        """The places up to which the text was flushed, and was not yet followed."""
        self._is_over = False
        self._is_followed = False
        """Whether the whole text was followed."""
        self._cluster: list[tuple[str, Place]] = []
        """The last letter with what may still join it."""
        self._letters: deque[_Letter] = deque()

    def push(self, piece: str) -> None:
        """Add text."""
        self._text.append(piece)

    def flush(self) -> None:
        """Note that what came so far is read as if no more came."""
        self._flushes.append(len(self.text))

    def finish(self) -> None:
        """End the text: no more of it comes."""
        self._is_over = True

    @property
    def text(self) -> str:
        """The text so far, as it was sent."""
        if self._text:
            self._joined += "".join(self._text)
            self._text = []
        return self._joined

    def locate(self, sentence: str) -> Located:
        """Return the places of the next sentence, as it was written."""
        needed = sum(map(str.isalnum, sentence))
        while len(self._letters) < needed and self._follow():
            pass
        found = [self._take(character) for character in sentence]
        _extend(found, sentence, self.text)
        return Located(sentence, tuple(found), self.text)

    def _take(self, character: str) -> Place | None:
        if not character.isalnum() or not self._letters:
            return None
        return self._letters.popleft().place

    def _follow(self) -> bool:
        """Follow some more of the text; return whether there was any."""
        text, at = self.text, self._followed
        if self._flushes and self._flushes[0] == at:
            self._flushes.popleft()
            self._note(self._steps(self._markup.flush()))
            self._end_cluster()
            return True
        if at < len(text):
            self._followed = min(len(text), at + _PIECE, *self._flushes)
            self._note(self._steps(self._markup.steps(text[at : self._followed])))
            return True
        if self._is_over and not self._is_followed:
            self._is_followed = True
            self._note(self._steps(self._markup.last_steps()))
            self._end_cluster()
            return True
        return False

    def _steps(self, steps: Sequence[tuple[int, str]]) -> Iterator[tuple[str, Place]]:
        """Yield what the markup says, character by character, with the place of each."""
        text = self.text
        for length, said in steps:
            start, end = self._read, self._read + length
            self._read = end
            if said and text.startswith(said, start) and len(said) == length:
                yield from ((character, Place(start + at, start + at + 1)) for at, character in enumerate(said))
            elif said:
                # What was left out and is said after all, since the text has nothing else, may be anywhere.
                yield from _aligned(said, text, start if length else 0, end)

    def _note(self, characters: Iterator[tuple[str, Place]]) -> None:
        for character, place in characters:
            if self._cluster and separates(character):
                self._end_cluster()
            self._cluster.append((character, place))

    def _end_cluster(self) -> None:
        cluster, self._cluster = self._cluster, []
        if not cluster:
            return
        if len(cluster) == 1 and cluster[0][0].isascii():
            self._letters += [_Letter(*cluster[0])] * cluster[0][0].isalnum()
            return
        place = Place(cluster[0][1].start, max(place.end for _, place in cluster))
        written = "".join(character for character, _ in cluster)
        cleaned = clean(written)
        places = [place for _, place in cluster] if cleaned == written else [place] * len(cleaned)
        self._letters += [
            _Letter(character, place) for character, place in zip(cleaned, places, strict=True) if character.isalnum()
        ]


def _aligned(said: str, text: str, start: int, end: int) -> Iterator[tuple[str, Place]]:
    """Yield the characters of what is said for a run of the text, each with its place, or with the run as its place."""
    at, spoken = start, 0
    for word in _WORD.finditer(said):
        yield from ((character, Place(start, end)) for character in said[spoken : word.start()])
        found = text.find(word[0], at, end)
        if found < 0:
            yield from ((character, Place(start, end)) for character in word[0])
        else:
            yield from ((character, Place(found + i, found + i + 1)) for i, character in enumerate(word[0]))
            at = found + len(word[0])
        spoken = word.end()
    yield from ((character, Place(start, end)) for character in said[spoken:])


def _extend(places: list[Place | None], sentence: str, text: str) -> None:
    """Give signs beside a letter their places, where the text has the same signs there."""
    for at in range(1, len(places)):
        before = places[at - 1]
        if places[at] is None and before is not None and text.startswith(sentence[at], before.end):
            places[at] = Place(before.end, before.end + 1)
    for at in range(len(places) - 2, -1, -1):
        after = places[at + 1]
        if places[at] is None and after is not None and after.start and text[after.start - 1] == sentence[at]:
            places[at] = Place(after.start - 1, after.start)
