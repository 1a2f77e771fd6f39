"""A mix names speakers and their weights in one text: `anna(2)+bert`."""

import math
from collections.abc import Iterable

from hailo_piper.errors import InvalidRequestError
from hailo_piper.voices.name_matching import shortened

MOST_PARTS = 8
_LONGEST_WEIGHT = 20
"""Characters."""


def parse_mix(text: str) -> tuple[tuple[str, float], ...] | None:
    """Return the names or numbers of the speakers that a text mixes, each with its weight; None where it has no `+`.

    A weight stands in round brackets behind the name, is positive, and 1 where there is none. Raises
    InvalidRequestError (`voice`) for a part without a name, a weight that is none, and more than 8 parts.
    """
    if "+" not in text:
        return None
    if text.count("+") >= MOST_PARTS:
        raise InvalidRequestError(f"A mix has at most {MOST_PARTS} speakers: {shortened(text)}", param="voice")
    return tuple(_part(part.strip(), text) for part in text.split("+"))


def normalised(parts: Iterable[tuple[int, float]]) -> tuple[tuple[int, float], ...]:
    """Return speakers by their numbers, each once, with weights whose sum is 1, so that equal mixes are equal.

    `parts`: numbers of speakers with positive weights, in any order.
    """
    weights: dict[int, float] = {}
    for speaker, weight in parts:
        weights[speaker] = weights.get(speaker, 0.0) + weight
    whole = math.fsum(weights.values())
    return tuple((speaker, weights[speaker] / whole) for speaker in sorted(weights))


def _part(part: str, text: str) -> tuple[str, float]:
    name, opening, number = part[:-1].rpartition("(") if part.endswith(")") else (part, "", "")
    weight = _weight(number) if opening else 1.0
    if weight is None:
        problem = f"The weight of a speaker is a positive number, as in a(2)+b(0.5): {shortened(text)}"
        raise InvalidRequestError(problem, param="voice")
    if not name.strip():
        raise InvalidRequestError(f"A speaker is missing in a mix such as a(2)+b(1): {shortened(text)}", param="voice")
    return name.strip(), weight


def _weight(number: str) -> float | None:
    """Return a weight; None where it is none: `1e9`, `inf` and other alphabets' digits are not."""
    digits = number.strip()
    if len(digits) > _LONGEST_WEIGHT or not digits.replace(".", "", 1).isdigit() or not digits.isascii():
        return None
    return float(digits) or None
