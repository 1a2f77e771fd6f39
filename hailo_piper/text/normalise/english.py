"""English rules, of the United States and of Britain."""

import re
from collections.abc import Sequence

from hailo_piper.text.normalise.rule import DIGIT, Rule


def rules(region: str) -> Sequence[Rule]:
    """Return the rules of a region: `us`, `gb`, or another, which is spoken as the first."""
    return _BRITISH if region.startswith("gb") else _AMERICAN


def _percent(match: re.Match[str]) -> str:
    return f"{match[1]} percent"


_COMMON = (
    Rule(name="percent", pattern=r"\b(\d+(?:\.\d+)?)\s?%", say=_percent, needs="%"),
    Rule(name="year", pattern=r"\b(1[1-9])(\d\d)(?=s?\b)", say=lambda match: f"{match[1]} {match[2]}", needs=DIGIT),
)
_AMERICAN = _COMMON
_BRITISH = _COMMON
