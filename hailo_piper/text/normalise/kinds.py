"""A language's `Kinds` say what an author has named in SSML's say-as: a date, a number, letters one by one.

Only text comes in, so a part that the words around it decide (an ending, a case) gets its `Place` among them.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from hailo_piper.text.normalise.continental import Forms
from hailo_piper.text.normalise.numbers import spaced

Place = re.Match[str]
"""A match of the figures in their sentence; its first group has them alone."""


class GivenDate(NamedTuple):
    """The parts of a date that a text gives, one at least."""

    day: int | None
    month: int | None
    year: str
    """One to four figures; empty if there is none."""


class GivenTime(NamedTuple):
    """A time of day."""

    hour: int
    """0 to 24, or 1 to 12 with a half."""
    minute: int
    second: int | None
    half: str
    """`A` or `P` for AM or PM; empty if there is none."""

    @property
    def hour_of_day(self) -> int:
        """The hour, 0 to 24."""
        return self.hour % 12 + 12 * (self.half == "P") if self.half else self.hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinds:
    """The words and the grammar of one language; None for what it has no rules for."""

    marks: Mapping[str, str] = field(default_factory=dict)
    """Names of signs; others stay as they are."""
    letters: Mapping[str, str] = field(default_factory=dict)
    """Capitals that espeak-ng would read otherwise than by their name."""
    point: str = ","
    """The decimal mark, `,` or `.`; the other one groups thousands."""
    minus: str = "-"
    """A word with a blank after it."""
    plus: str = "+ "
    and_: str = ""
    """Before the last part of a duration."""
    over: str = ""
    """Between the numbers of a fraction that has no name."""
    extension: str = ""
    """Before the last figures of a telephone number."""
    beep: str = "bip"
    """In place of a word that must not be heard."""
    ordinal: Callable[[int, str, Place], str] | None = None
    """Say a number, 1 to 999 999; the gender is `m`, `f`, `n`, or empty for what the place asks for."""
    fraction: Callable[[int, int, int], str | None] | None = None
    """Say a whole number (0 for none), an upper and a lower one; None where it has no name."""
    date: Callable[[GivenDate, Place], str | None] | None = None
    time: Callable[[GivenTime, Place], str] | None = None
    counted: Callable[[str, str], str | None] | None = None
    """Say a figure and what it counts: `year`, `month`, `week`, `day`, `hour`, `minute`, `second`; `inch`, `foot`,
    `mile`, `pound`, `ounce`."""
    telephone: Callable[[str], str] | None = None
    """Say groups of figures with blanks between, where it is not figure by figure."""
    is_month_first: bool = False


def sign_table(text: str) -> dict[str, str]:
    """Read a table of names of signs, a line each: "! exclamation mark"."""
    lines = (line.strip().partition(" ") for line in text.splitlines() if line.strip())
    return {sign: name.strip() for sign, _, name in lines}


def by_name(
    forms: Mapping[str, Forms], count: Callable[[str, Forms], str], agree: Callable[[str], str] = str
) -> Callable[[str, str], str | None]:
    """Return a function for `Kinds.counted` that counts nouns by their names; `agree` has figures agree with them."""
    return lambda figure, name: agree(count(figure, forms[name])) if name in forms else None


def spoken_mixed(whole: int, and_: str, part: str) -> str:
    """Return a whole number, if there is one, and a fraction: "2 e mezzo"."""
    return " ".join(filter(None, (str(whole or ""), and_ if whole else "", part)))


def one_by_one(groups: list[str]) -> str:
    """Return groups of figures, figure by figure, with a short pause between groups."""
    return ", ".join(map(spaced, groups))
