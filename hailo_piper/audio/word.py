"""A timed word knows when it sounds, and where in the text it stands; a timed mark, when it is reached."""

from typing import NamedTuple


class Word(NamedTuple):
    """One word of a request's text, as it is heard in the answer."""

    text: str
    """As it stands in the text that was sent, between `start_char` and `end_char`."""

    start: float
    """Seconds from the first sample of the answer."""

    end: float
    """Seconds from the first sample of the answer."""

    start_char: int
    """Code points from the beginning of the text that was sent."""

    end_char: int
    is_estimated: bool = False
    """Whether a time was shared out over several words, since nobody tells where each begins."""


class Mark(NamedTuple):
    """A place that the text has named, such as SSML's `mark`."""

    name: str
    start: float
    """Seconds from the first sample of the answer."""
