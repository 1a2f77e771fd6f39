"""Languages by a family or a full code (`en`, `en_US`, `en-us`), and qualities, the best first."""

from collections.abc import Mapping
from typing import Any

QUALITIES = ("high", "medium", "low", "x_low")
"""The best first."""


def language_of(facts: Mapping[str, Any]) -> str:
    """The code of a voice from its .onnx.json, which has espeak's at least. Raises KeyError and the like."""
    return str(facts.get("language", {}).get("code") or facts["espeak"]["voice"])


def is_same(language: str, other: str) -> bool:
    """Whether two codes mean the same, however they are written."""
    return _code(language) == _code(other)


def speaks(language: str, wanted: str) -> bool:
    """Whether who speaks a language (`en_US`) speaks the wanted one, a family or a full code (`en`, `en-us`)."""
    code = _code(language)
    return _code(wanted) in (code, code.partition("_")[0])


def quality_rank(quality: str | None) -> int:
    """The place of a quality among all, 0 for the best; the last for one that is not known."""
    return QUALITIES.index(quality) if quality in QUALITIES else len(QUALITIES)


def _code(language: str) -> str:
    return language.replace("-", "_").lower()
