"""A reading says how a text is meant: its language, and whether it has markup."""

from typing import NamedTuple


class Reading(NamedTuple):
    """How the splitter reads a text."""

    language: str = ""
    """`en_US`, `de`, ...; its abbreviations do not end sentences. Empty: those that all languages share."""

    has_markup: bool = True
    """Whether Markdown, HTML and emoji are taken off; otherwise every character is meant as it stands."""
