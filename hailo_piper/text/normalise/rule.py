"""A rule finds one kind of hard text in a sentence, and writes it as it is spoken."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

DIGIT = "0"
"""In `Rule.needs` it stands for any digit."""
INSIDE = "\0"
"""In `Rule.needs` it stands for a full stop that is not the last character."""


class Rule(NamedTuple):
    """One kind of hard text in one language."""

    name: str
    """The kind, as `explain` shows it: money, date, unit, ..."""

    pattern: str
    """A regular expression, searched in the sentence as it was written. It must be linear: see tests of growth."""

    say: Callable[[re.Match[str]], str | None]
    """Return what is spoken in place of a match, in digits and letters that espeak-ng reads well; None leaves it."""

    needs: str = ""
    """Characters of which the sentence must have one; `DIGIT` is any of 0 to 9. Empty: the pattern is always tried."""

    digits: bool = False
    """Whether the sentence must have a digit besides."""

    ignore_case: bool = False

    holds_words: bool = False
    """Whether words of lexicons are looked for in what it writes, instead of leaving a match that has some."""

    def find(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the matches in a text."""
        return self.compile().finditer(text)

    def compile(self) -> re.Pattern[str]:
        """Return the pattern, compiled when it is first needed: that takes some tenths of a millisecond."""
        return _compiled(self.pattern, re.IGNORECASE if self.ignore_case else 0)


@cache
def _compiled(pattern: str, flags: int) -> re.Pattern[str]:
    return re.compile(pattern, flags)
