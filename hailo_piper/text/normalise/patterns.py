"""Languages share patterns of figures, of dates in figures, and of lists of words."""

import re
from collections.abc import Mapping, Sequence

BLANK = "[ \u00a0\u202f\u2009]"
GROUPED = rf"\d{{1,3}}(?:(?:[.'’]|{BLANK})\d{{3}}){{1,5}}(?!\d|{BLANK}\d{{4}})"
NUMBER = rf"(?:{GROUPED}|\d{{1,15}})(?:[.,]\d{{1,6}})?"
BEFORE = r"(?<![\w.,:/^])(?<![^\W\d_]-)"
"""A figure begins a word: not within a version, a date, a time or a name."""
FRACTION = r"(?<![\w.,/-])(?!9/11)(?:(\d{1,3}) )?([1-9]\d?)/([1-9]\d{0,3})(?![\w/-]|[.,]\d)"
"""A whole number if there is one, the upper and the lower number."""
DAY_FIRST = (
    r"(?<![\w./-])(?P<day>0?[1-9]|[12]\d|3[01])([./-])"
    r"(?P<month>0?[1-9]|1[0-2])\2(?P<year>\d{4}|\d\d)(?![\w/-]|\.\d)"
)
YEAR_FIRST = r"(?<![\w-])(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])(?![\w-])"
"""Dates in figures: groups day, month, year."""


def any_of(words: Sequence[str] | Mapping[str, object]) -> str:
    """Return a pattern of words, the longest first; a blank in a word is any blank or none."""
    return "|".join(re.escape(word).replace(r"\ ", f"{BLANK}?") for word in sorted(words, key=len, reverse=True))
