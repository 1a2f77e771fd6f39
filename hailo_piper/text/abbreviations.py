"""Abbreviations of each language tell the splitter which full stops belong to a word."""

from functools import cache
from typing import NamedTuple


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


class Abbreviations(NamedTuple):
    """The words of one language, in lower case and without their last full stop."""

    anywhere: frozenset[str]
    """A full stop after one of these never ends a sentence: "Dr. Smith"."""

    before_numbers: frozenset[str]
    """... and after these not where a number follows: "No. 5", "Fig. 3", "p. 12"."""

    starters: frozenset[str]
    """An initialism ("U.S.", "p.m.") ends a sentence only before one of these, which rarely follow a name."""

    has_ordinals: bool = False
    """Whether a full stop makes a number an ordinal ("Der 3. Oktober"), if none of the starters follows."""


# Every language has these, since texts mix languages.
_SHARED = Abbreviations(
    anywhere=_words(
        "dr mr mrs ms mx prof rev fr hon gen col capt cmdr lt sgt maj adm gov sen rep pres st mt ft messrs mme mlle "
        "e.g i.e cf viz vs hr dhr bzw z.b d.h sra"
    ),
    before_numbers=_words(
        "no nos nr fig figs vol vols ch sec art p pp op eq ca jan feb mar apr jun jul aug sep sept oct nov dec"
    ),
    starters=_words(
        "a an and as at but he her his how i if in it its my no on or our she so that the their then there these they "
        "this those we what when where who why yes you your"
    ),
)

_LANGUAGES: dict[str, Abbreviations] = {
    "en": Abbreviations(
        anywhere=_words("approx vol vols supt cpl pvt det insp atty amb"),
        before_numbers=_words(
            "apt ext est ste rm hwy rte bldg ver para ep pg chap tue tues wed thu thur thurs fri rs rt min max avg tel "
            "temp"
        ),
        starters=frozenset(),
    ),
}
"""What a language has beside those, by its family."""


@cache
def abbreviations_of(language: str) -> Abbreviations:
    """Return the abbreviations of a language (`en_US`, `de`), those that every language has included."""
    own = _LANGUAGES.get(language.replace("-", "_").partition("_")[0].lower())
    if own is None:
        return _SHARED
    return Abbreviations(
        own.anywhere | _SHARED.anywhere,
        own.before_numbers | _SHARED.before_numbers,
        own.starters | _SHARED.starters,
        own.has_ordinals,
    )
