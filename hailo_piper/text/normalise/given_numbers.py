"""Numbers that an author has named are read strictly: a cardinal, an ordinal, a fraction, or nothing."""

import unicodedata
from typing import NamedTuple

from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.normalise.numbers import roman, spaced

_SIGNS = {"-": "-", "−": "-", "–": "-", "+": "+"}
_MOST_FIGURES = 12
"""espeak-ng reads longer numbers figure by figure, or with a word between the groups."""
_NUMBER = lazily(r"([-−–+]?) ?([0-9]{1,300}|[0-9][0-9.,'’ ]{0,300}[0-9]|[.,][0-9]{1,300})")
_GROUPED = lazily(r"[0-9]{1,3}(?:[.,'’ ][0-9]{3}){1,20}")
_BLANKS = str.maketrans(dict.fromkeys("'’ ", ""))
_ORDINAL = lazily(r"([0-9][0-9.,'’ ]{0,20}?) ?([.ºª°]|[^\W\d_]{1,5})?")
_FEMININE = frozenset(["ª", "a", "re", "ère", "nde"])
_FRACTION = lazily(r"([-−–+]?) ?(?:([0-9]{1,6}) ?[ +-] ?)?([0-9]{1,6}) ?[/⁄∕] ?([0-9]{1,6})")
_MOST_ORDINAL = 999_999


class GivenNumber(NamedTuple):
    """A number as it is written."""

    sign: str
    """`-`, `+` or nothing."""
    whole: str
    """Figures without groups and without zeros before them; longer ones than espeak-ng reads have blanks between."""
    decimals: str
    """Figures, or nothing."""


class GivenFraction(NamedTuple):
    """A fraction; `whole` is 0 if there is none before it."""

    sign: str
    whole: int
    top: int
    bottom: int


def given_number(text: str, point: str) -> GivenNumber | None:
    """Read a number in figures or Roman numerals; `point` is the decimal mark of the language, `,` or `.`."""
    value = roman(text)
    if value is not None:
        return GivenNumber("", str(value), "")
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    parts = _parts(found[2], point)
    if parts is None:
        return None
    whole = parts[0].lstrip("0") or "0"
    if len(whole) > _MOST_FIGURES:
        whole = spaced(whole)
    return GivenNumber(_SIGNS.get(found[1], ""), whole, parts[1])


def _parts(written: str, point: str) -> tuple[str, str] | None:
    """Return the figures before and after the decimal mark; None where marks stand as in no number."""
    last = max(written.rfind(","), written.rfind("."))
    mark = written[last] if last >= 0 else ""
    is_decimal = bool(mark) and written.count(mark) == 1
    if is_decimal and mark != point and _GROUPED.fullmatch(written) and written[0] != "0":
        # The other language's decimal mark groups thousands where three figures follow.
        is_decimal = any(other in written[:last] for other in ",.'’ ")
    whole, decimals = (written[:last], written[last + 1 :]) if is_decimal else (written, "")
    if whole and not whole.isdigit() and not _GROUPED.fullmatch(whole):
        return None
    if decimals and not decimals.isdigit():
        return None
    return whole.translate(_BLANKS).replace(",", "").replace(".", ""), decimals


def given_ordinal(text: str) -> tuple[int, str] | None:
    """Read an ordinal, 1 to 999 999, with or without its ending: the number, and `f` where the ending is feminine."""
    value = roman(text)
    if value is not None:
        return value, ""
    found = _ORDINAL.fullmatch(text)
    if found is None:
        return None
    number = given_number(found[1], "")
    if number is None or number.decimals or not number.whole.isdigit() or not 0 < int(number.whole) <= _MOST_ORDINAL:
        return None
    return int(number.whole), "f" if found[2] in _FEMININE else ""


def given_fraction(text: str) -> GivenFraction | None:
    """Read a fraction: "3/20", "1+1/2", "1 1/2", "1½"."""
    found = _FRACTION.fullmatch(" ".join("".join(map(_in_figures, text)).split()))
    if found is None:
        return None
    return GivenFraction(_SIGNS.get(found[1], ""), int(found[2] or 0), int(found[3]), int(found[4]))


def _in_figures(sign: str) -> str:
    """Return a fraction of one character in figures, with a blank before it; others as they are."""
    plain = unicodedata.normalize("NFKC", sign) if unicodedata.category(sign) == "No" else sign
    return f" {plain}" if "⁄" in plain else sign
