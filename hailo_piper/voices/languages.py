"""Languages are compared by family or full code (`en`, `en_US`, `en-us`), and qualities are ranked."""

from collections.abc import Mapping
from typing import Any

QUALITIES = ("high", "medium", "low", "x_low")
"""Qualities of upstream's voices, the best first."""


def language_of(facts: Mapping[str, Any]) -> str:
    """Return a voice's language code from its .onnx.json, else espeak's code. Raises KeyError, AttributeError."""
    return str(facts.get("language", {}).get("code") or facts["espeak"]["voice"])


def is_same(language: str, other: str) -> bool:
    """Return whether two codes mean the same language, however they are written."""
    return _code(language) == _code(other)


def speaks(language: str, requested: str) -> bool:
    """Return whether a voice of a language (`en_US`) speaks the requested family or full code (`en`, `en-us`)."""
    return _code(requested) in (_code(language), family(language))


def family(language: str) -> str:
    """Return the family of a code: `en` of `en_US` and of `en-gb`."""
    return _code(language).partition("_")[0]


def quality_rank(quality: str | None) -> int:
    """Return the rank of a quality, 0 for the best; an unknown one ranks last."""
    return QUALITIES.index(quality) if quality in QUALITIES else len(QUALITIES)


def _code(language: str) -> str:
    return language.replace("-", "_").lower()
