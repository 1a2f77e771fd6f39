"""An alignment tells when each character of a text sounds, so that each part of the sound has one.

ElevenLabs' protocols have it in place of words. A character of a word gets its share of the word by its place in it.
What stands between two words, or around them, gets the time between them; so a pause belongs to the space before it.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from hailo_piper.audio.word import Word

_STRETCHED = frozenset(" \t\n\r.,;:!?\u2026\u3002\uff0c\uff01\uff1f")
"""Signs that may sound for as long as the word after them is not known: no word begins with one."""

_HAIR = 1e-6
"""Seconds that are no sound."""


class Alignment(NamedTuple):
    """Characters in order; each ends where the next one starts."""

    characters: tuple[str, ...]
    starts: tuple[float, ...]
    """Seconds from the first sample of the answer."""
    ends: tuple[float, ...]
    """Likewise."""

    def since(self, seconds: float) -> "Alignment":
        """Return the same with all times counted from this one."""
        return Alignment(
            self.characters, tuple(start - seconds for start in self.starts), tuple(end - seconds for end in self.ends)
        )

    def parts(self, most: int) -> Iterator["Alignment"]:
        """Yield it in parts of at most this many characters."""
        for start in range(0, len(self.characters), most):
            yield self.part(start, start + most)

    def part(self, start: int, end: int) -> "Alignment":
        """Return the characters from this place to before that one."""
        return Alignment(self.characters[start:end], self.starts[start:end], self.ends[start:end])


def characters_of(text: str, words: Sequence[Word], chars: tuple[int, int], seconds: tuple[float, float]) -> Alignment:
    """Return when the characters from one place of the text to before another sound: all between two seconds.

    Only the time before a word that stands first is nobody's, so that the word begins when it does.
    `words`: those that sound there, in order; what of them lies outside does not count.
    """
    (first_char, end_char), (first_seconds, end_seconds) = chars, seconds
    knots = [(first_char, first_seconds)]
    for word in words:
        for char, at in ((word.start_char, word.start), (word.end_char, word.end)):
            last_char, last = knots[-1]
            knots.append((min(max(char, last_char), end_char), min(max(at, last), end_seconds)))
    knots.append((end_char, end_seconds))
    starts = [
        start + (end - start) * place / (after - before)
        for (before, start), (after, end) in pairwise(knots)
        for place in range(after - before)
    ]
    return Alignment(tuple(text[first_char:end_char]), tuple(starts), (*starts[1:], *[end_seconds][: len(starts)]))


class Aligner:
    """The alignments of one answer, as its words become known. Joined, they are the whole text and the whole sound.

    The last character of the text is told at the end alone: it lasts until the sound does.
    """

    def __init__(self, text: str = "") -> None:
        self._text = text
        self._char = 0
        self.seconds = 0.0
        """Up to where the alignments so far reach, from the first sample of the answer."""

    def push(self, text: str) -> None:
        """Add to the text, where it comes in pieces."""
        self._text += text

    def known(self, words: Sequence[Word]) -> Alignment | None:
        """Return the characters up to the end of these words, which became known; None if there are none to tell."""
        if not words:
            return None
        end = max(self._char, min(words[-1].end_char, len(self._text)))
        reach = max(words[-1].end, self.seconds)
        found = characters_of(self._text, words, (self._char, end), (self.seconds, reach))
        return self._told(found.part(0, len(self._text) - 1 - self._char))

    def stretched(self, seconds: float) -> Alignment | None:
        """Return a sign after the last word that sounds up to this time; None if the text has none to spare.

        For sound that must not wait for the word after it. One sign or space is left for the rest of the pause.
        """
        signs = self._text[self._char : self._char + 2]
        if seconds <= self.seconds or len(signs) < 2 or not _STRETCHED.issuperset(signs):
            return None
        return self._told(Alignment((signs[0],), (self.seconds,), (seconds,)))

    def end(self, seconds: float) -> Alignment:
        """Return the characters that are left, up to the end of the sound."""
        chars, reach = (self._char, len(self._text)), max(seconds, self.seconds)
        found = characters_of(self._text, (), chars, (self.seconds, reach))
        self._told(found)
        return found

    def _told(self, found: Alignment) -> Alignment | None:
        if not found.characters:
            return None
        self._char += len(found.characters)
        self.seconds = found.ends[-1]
        return found


class CoveredSound:
    """Sound that leaves with alignments that cover it, since clients add up their spans to know where they are."""

    def __init__(self, aligner: Aligner) -> None:
        self._aligner = aligner
        self._data = b""
        self._times: list[Alignment] = []

    def push(self, data: bytes, seconds: float, words: Sequence[Word]) -> tuple[bytes, list[Alignment]] | None:
        """Add encoded sound; return all that may leave, None if a part of it has no alignment yet.

        `seconds`: of sound so far. `words`: those that became known with it.
        """
        self._data += data
        reach = seconds - _HAIR
        # The pause after the last word must not wait for the next one.
        self._times += filter(None, (self._aligner.known(words), self._aligner.stretched(reach)))
        return self._rest() if self._aligner.seconds >= reach else None

    def end(self, seconds: float) -> tuple[bytes, list[Alignment]]:
        """Return the rest, up to the end of the sound."""
        self._times.append(self._aligner.end(seconds))
        return self._rest()

    def _rest(self) -> tuple[bytes, list[Alignment]]:
        data, times = self._data, self._times
        self._data, self._times = b"", []
        return data, times
