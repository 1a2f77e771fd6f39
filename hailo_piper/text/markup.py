"""Markup is taken off a text as it arrives: Markdown, HTML and emoji become what a reader would say.

Text passes piece by piece. Whatever more text could change is held back: an open `[` or `<` until it closes, the line
ends or a bound is met; marks such as `**` until the next character; the beginning of a line until it shows what it is.
So the result is the same however the text is cut. Plain text costs one search for a special character.
"""

from typing import NamedTuple, Protocol

from hailo_piper.text.emoji import named
from hailo_piper.text.found import Found
from hailo_piper.text.line_markup import FENCE_END, LineStart, read_start
from hailo_piper.text.reading import Reading
from hailo_piper.text.spot_markup import SPOT, read_spot

_LARGEST_HELD = 3200
"""Characters that an open construct may hold back; then it is text as it stands."""


class Step(NamedTuple):
    """A run of the text, and what is said in its place."""

    length: int
    """Characters of the run."""
    said: str


class TextReader(Protocol):
    """A reader that takes the markup off a text that may arrive in pieces."""

    def push(self, piece: str) -> str:
        """Add a piece; return the text that no further piece can change."""

    def finish(self) -> str:
        """Return the rest: no more text comes."""

    def steps(self, piece: str) -> list[Step]:
        """Add a piece, as `push` does; return what it says step by step."""

    def last_steps(self) -> list[Step]:
        """Return the rest, as `finish` does, step by step."""

    def flush(self) -> list[Step]:
        """Return what is held back, step by step, as if no more came; more may."""


class _Read(NamedTuple):
    end: int
    said: str


class Markup:
    """The markup of one text that may arrive in pieces."""

    def __init__(self, reading: Reading) -> None:
        self._has_html = reading.markup != "markdown"
        self._says_emoji = reading.emoji == "say"
        self._held = ""
        self._before = "\n"
        """The last character that was read."""
        self._start: LineStart | None = None
        """The beginning of the line that is being read; None where it is undecided."""
        self._fence = ""
        """The marks that close the code block that is being read."""
        self._has_sound = False
        """Whether text was handed on."""
        self._left_out: list[str] = []
        """Code and emoji: a text of nothing else is spoken as it is."""

    def push(self, piece: str) -> str:
        """Add a piece; return the text that no further piece can change."""
        return "".join(said for _, said in self.steps(piece))

    def finish(self) -> str:
        """Return the rest: no more text comes."""
        return "".join(said for _, said in self.last_steps())

    def steps(self, piece: str) -> list[Step]:
        """Add a piece, as `push` does; return what it says step by step."""
        self._held += piece
        return self._read(is_whole=False)

    def last_steps(self) -> list[Step]:
        """Return the rest, as `finish` does, step by step."""
        rest = self._read(is_whole=True)
        return rest if self._has_sound else [*rest, Step(0, " ".join(self._left_out))]

    def flush(self) -> list[Step]:
        """Return what is held back, step by step, as if no more came; more may."""
        return self._read(is_whole=True)

    def _read(self, *, is_whole: bool) -> list[Step]:
        text, at, found = self._held, 0, list[Step]()
        while at < len(text):
            step = self._next(text, at, is_whole=is_whole or len(text) - at > _LARGEST_HELD)
            if step is None:
                break
            found.append(Step(step.end - at, step.said))
            at = step.end
            self._before = text[at - 1] if at else self._before
        self._held = text[at:]
        self._has_sound = self._has_sound or any(any(map(str.isalnum, said)) for _, said in found)
        return found

    def _next(self, text: str, at: int, *, is_whole: bool) -> _Read | None:
        """Read what stands next; None where more text must come first."""
        if self._fence:
            return self._read_code(text, at, is_whole=is_whole)
        if self._start is None:
            start = read_start(text, at, is_whole=is_whole)
            if start is None:
                return None
            self._start, self._fence = start, start.fence
            if start.is_dropped:
                self._start = None
            return _Read(start.end, start.said)
        spot = SPOT.search(text, at)
        if spot is None:
            return _Read(len(text), text[at:])
        if spot.start() > at:
            return _Read(spot.start(), text[at : spot.start()])
        return self._read_spot(text, at, is_whole=is_whole)

    def _read_spot(self, text: str, at: int, *, is_whole: bool) -> _Read | None:
        if text[at] == "\n":
            line_end, self._start = self._start.line_end if self._start else "\n", None
            return _Read(at + 1, line_end)
        before = text[at - 1] if at else self._before
        if text[at] in "<&" and not self._has_html:
            return _Read(at + 1, text[at])
        found: Found | None = read_spot(text, at, before, is_whole=is_whole)
        if found is None:
            return None
        if found.left_out and self._says_emoji:
            return _Read(found.end, named(found.left_out, before))
        if found.left_out and not self._has_sound:
            self._left_out.append(found.left_out)
        return _Read(found.end, found.said)

    def _read_code(self, text: str, at: int, *, is_whole: bool) -> _Read | None:
        """Leave out one line of a fenced code block."""
        end = text.find("\n", at)
        if end < 0 and not is_whole:
            return None
        line = text[at:] if end < 0 else text[at:end]
        if FENCE_END.fullmatch(line) and line.strip().startswith(self._fence):
            self._fence, self._start = "", None
            return _Read(len(text) if end < 0 else end + 1, "\n\n")
        if not self._has_sound:
            self._left_out.append(line)
        return _Read(len(text) if end < 0 else end + 1, "")


class NoMarkup:
    """A text in which every character is meant as it stands."""

    def push(self, piece: str) -> str:
        """Return the piece."""
        return piece

    def finish(self) -> str:
        """Return nothing: nothing is held back."""
        return ""

    def steps(self, piece: str) -> list[Step]:
        """Return the piece."""
        return [Step(len(piece), piece)]

    def last_steps(self) -> list[Step]:
        """Return nothing."""
        return []

    def flush(self) -> list[Step]:
        """Return nothing."""
        return []
