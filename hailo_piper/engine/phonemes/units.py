"""A long sentence is cut into units, since an encoder's memory grows with the square of its unit.

It is cut as phonemes and not as text: ten characters can be two phonemes or sixty, and so the pronunciation stays that
of the whole sentence.
"""

import unicodedata
from collections.abc import Iterator

PhonemeIds = tuple[int, ...]
"""The symbols of one unit, as the voice's own table numbers them."""

MAX_PHONEMES = 150
"""Most phonemes in one unit: about 300 ids, 130 characters or 7 s of speech."""
CLAUSE_MARKS = frozenset(",;:")
_ATTACHED = frozenset("ːˑʲʰˤ˞ʷ")
"""Marks that belong to the phoneme before them: a unit never begins with one."""


def units(phonemes: list[str], limit: int) -> Iterator[list[str]]:
    """Yield runs of at most `limit` phonemes, cut after a clause mark, else at a blank, else between phonemes."""
    start = 0
    while len(phonemes) - start > limit:
        end = _cut(phonemes, start, limit)
        yield phonemes[start:end]
        start = end
    yield phonemes[start:]


def _cut(phonemes: list[str], start: int, limit: int) -> int:
    # Never cut in the first third: a tiny unit is all lead-in and tail.
    candidates = range(start + limit, start + limit // 3, -1)
    for end in candidates:
        if phonemes[end - 1] == " " and phonemes[end - 2] in CLAUSE_MARKS:
            return end
    for end in candidates:
        if phonemes[end - 1] == " ":
            return end
    return next((end for end in candidates if not _is_attached(phonemes[end])), start + limit)


def _is_attached(phoneme: str) -> bool:
    return phoneme in _ATTACHED or unicodedata.combining(phoneme) != 0
