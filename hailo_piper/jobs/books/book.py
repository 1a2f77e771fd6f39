"""A book is chapters of blocks: what is said, in order, and where a reader pauses."""

from dataclasses import dataclass
from typing import NamedTuple

from hailo_piper.errors import InvalidRequestError


class BookError(InvalidRequestError):
    """A file that is no book that can be read; the message says why."""


class Run(NamedTuple):
    """Text in one language."""

    text: str
    language: str | None
    """As the book names it, such as `fr`; None: that of the book."""


class Block(NamedTuple):
    """A heading, a paragraph or a break between scenes."""

    kind: str
    """`heading`, `paragraph` or `break`."""
    runs: tuple[Run, ...] = ()
    level: int = 0
    """Of a heading, 1 to 6."""
    anchors: tuple[str, ...] = ()
    """Names of places at its beginning."""

    @property
    def text(self) -> str:
        """The text of all runs."""
        return "".join(run.text for run in self.runs)


class Chapter(NamedTuple):
    """A part of the book that has a mark in the sound."""

    title: str
    blocks: tuple[Block, ...]
    level: int = 1
    """1 for a chapter, or a part that has chapters; 2 for what lies in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A book as it is read."""

    title: str
    authors: tuple[str, ...] = ()
    language: str | None = None
    """Such as `en` or `en-GB`; None where the book does not say."""

    cover: bytes | None = None
    """A JPEG or PNG."""

    chapters: tuple[Chapter, ...]
