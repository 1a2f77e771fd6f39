"""A reading says how a text is meant: its language, its markup and its emoji."""

from typing import NamedTuple

DOCUMENT_PER_CHARACTER = 8
"""Characters that a document of SSML may have for each that may be said."""


class Reading(NamedTuple):
    """How the splitter reads a text."""

    language: str = ""
    """`en_US`, `de`, ...; its abbreviations do not end sentences. Empty: those that all languages share."""

    markup: str = "auto"
    """`auto`: Markdown and HTML are taken off; `markdown`: HTML stays; `none`: every character stays; `ssml`: the
    text is SSML."""

    emoji: str = "skip"
    """`skip`: emoji are taken off, too; `say`: they stay. Without effect where `markup` is `none` or `ssml`."""

    has_tags: bool = False
    """Whether `<break .../>` and `<phoneme ...>` are meant in a text that is not SSML."""
