"""English rules, of the United States and of Britain."""

import re
from collections.abc import Sequence

from hailo_piper.text.normalise.electronic import Vocabulary, addresses, versions
from hailo_piper.text.normalise.rule import DIGIT, Rule


def rules(region: str) -> Sequence[Rule]:
    """Return the rules of a region: `us`, `gb`, or another, which is spoken as the first."""
    return _BRITISH if region.startswith("gb") else _AMERICAN


def _percent(match: re.Match[str]) -> str:
    return f"{match[1]} percent"


_ELECTRONIC = Vocabulary(
    marks={
        ".": "dot", "@": "at", "/": "slash", "-": "dash", "_": "underscore", ":": "colon", "\\": "backslash",
        "?": "question mark", "=": "equals", "&": "and", "#": "hash", "+": "plus", "%": "percent", "~": "tilde",
    },
    version="version", hashtag="hashtag", hexadecimal="hex", point="point", letters={"A": "eh"}, digits_apart=True,
)  # fmt: skip

_COMMON = (
    *addresses(_ELECTRONIC),
    Rule(name="percent", pattern=r"\b(\d+(?:\.\d+)?)\s?%", say=_percent, needs="%"),
    *versions(_ELECTRONIC),
    Rule(name="year", pattern=r"\b(1[1-9])(\d\d)(?=s?\b)", say=lambda match: f"{match[1]} {match[2]}", needs=DIGIT),
)
_AMERICAN = _COMMON
_BRITISH = _COMMON
