"""`Sentence` to phoneme ids, in units small enough for the memory budget.

Sole owner of piper, which turns text to phonemes (espeak-ng) and phonemes to ids. Memory in the voice's encoder
grows with the square of a unit's length and in its decoder linearly, so a unit's length in *ids* is what must be
bounded: ten characters can be two phonemes or sixty.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from piper import PiperVoice
from piper.config import PiperConfig

from hailo_piper.text import Sentence

MAX_PHONEMES = 150
"""Phonemes in one unit: about 300 ids, 130 characters or 7 s of speech; see ARCHITECTURE.md, memory bound."""

_CLAUSE_MARKS = frozenset(",;:")
_SILENT = frozenset(" .,;:!?'\"()-—…¿¡ˈˌ")
_ATTACHED = frozenset("ːˑʲʰˤ˞ʷ")
"""Marks that belong to the phoneme before them: a unit never opens with one."""

PhonemeIds = tuple[int, ...]


class Phonemizer:
    """Text to phoneme ids for one voice. Thread-safe: piper holds a lock around espeak-ng, which is one global."""

    def __init__(self, voice_config: Mapping[str, Any]) -> None:
        config = PiperConfig.from_dict(dict(voice_config))
        self._piper = PiperVoice(session=None, config=config)

    def phonemize(self, sentence: Sentence) -> tuple[PhonemeIds, ...]:
        """The sentence as units for synthesis, in order; empty where the voice has no sound for it.

        What espeak-ng takes for sentence ends inside (after "Dr.") is joined again, since `text` already decided.
        """
        phonemes = join(self._piper.phonemize(sentence.text))
        if all(phoneme in _SILENT for phoneme in phonemes):
            return ()
        return tuple(tuple(self._piper.phonemes_to_ids(unit)) for unit in units(phonemes, MAX_PHONEMES))


def join(clauses: list[list[str]]) -> list[str]:
    """espeak-ng's clauses as one sentence: a full stop between them is dropped, since no sentence ends there."""
    joined: list[str] = []
    for clause in filter(None, clauses):
        if joined:
            if joined[-1] == ".":
                joined.pop()
            joined.append(" ")
        joined += clause
    return joined


def units(phonemes: list[str], limit: int) -> Iterator[list[str]]:
    """The phonemes in runs of at most `limit`, cut after a clause mark, else at a blank, else between phonemes."""
    start = 0
    while len(phonemes) - start > limit:
        end = _cut(phonemes, start, limit)
        yield phonemes[start:end]
        start = end
    yield phonemes[start:]


def _cut(phonemes: list[str], start: int, limit: int) -> int:
    # Not in the first third: a tiny unit is all lead-in and tail.
    candidates = range(start + limit, start + limit // 3, -1)
    for end in candidates:
        if phonemes[end - 1] == " " and phonemes[end - 2] in _CLAUSE_MARKS:
            return end
    for end in candidates:
        if phonemes[end - 1] == " ":
            return end
    return next((end for end in candidates if not _is_attached(phonemes[end])), start + limit)


def _is_attached(phoneme: str) -> bool:
    return phoneme in _ATTACHED or unicodedata.combining(phoneme) != 0
