"""English rules, of the United States and of Britain."""

from collections.abc import Sequence

from hailo_piper.text.normalise.electronic import Vocabulary, addresses, versions
from hailo_piper.text.normalise.english.abbreviations import abbreviations
from hailo_piper.text.normalise.english.bible import verses
from hailo_piper.text.normalise.english.calendar import dates, years
from hailo_piper.text.normalise.english.capitals import capitals
from hailo_piper.text.normalise.english.figures import figures, phones
from hailo_piper.text.normalise.english.money import money
from hailo_piper.text.normalise.english.places import places
from hailo_piper.text.normalise.english.romans import romans
from hailo_piper.text.normalise.english.symbols import symbols
from hailo_piper.text.normalise.english.times import times
from hailo_piper.text.normalise.english.units import units
from hailo_piper.text.normalise.rule import Rule

ELECTRONIC = Vocabulary(
    marks={
        ".": "dot", "@": "at", "/": "slash", "-": "dash", "_": "underscore", ":": "colon", "\\": "backslash",
        "?": "question mark", "=": "equals", "&": "and", "#": "hash", "+": "plus", "%": "percent", "~": "tilde",
    },
    version="version", hashtag="hashtag", hexadecimal="hex", point="point", letters={"A": "eh"}, digits_apart=True,
)  # fmt: skip


def is_american(region: str) -> bool:
    """Return whether a region has the habits of the United States, as English without a region has."""
    return region.startswith("us") or not region


def rules(region: str) -> Sequence[Rule]:
    """Return the rules of a region: those of the United States for `us`, else those of Britain and most others."""
    american = is_american(region)
    return (
        *addresses(ELECTRONIC),
        *verses(),
        *dates(day_first=not american),
        *phones(),
        *times(dotted=not american),
        *money(has_pence=not american),
        *places(),
        *units(british=not american),
        *abbreviations(),
        *versions(ELECTRONIC),
        *years(),
        *figures(),
        *romans(),
        *symbols(),
        *capitals(),
    )
