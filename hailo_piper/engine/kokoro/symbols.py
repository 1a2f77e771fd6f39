"""Kokoro's symbols have numbers, and what espeak-ng writes in IPA becomes such symbols.

The numbers are those of `vocab` in the config.json of the release. What becomes of IPA is as misaki 0.9.4 has it
(`EspeakFallback` for English, `EspeakG2P` for all else), with which Kokoro was trained: a diphthong and an affricate
are one symbol each. espeak-ng joins these by a tie there; here they are known by their letters. Two rules follow
misaki's dictionary in place of its code, which never reaches them: the British vowel of "fair", and syllables of l.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

_NUMBERS = {
    ";": 1, ":": 2, ",": 3, ".": 4, "!": 5, "?": 6, "—": 9, "…": 10, '"': 11, "(": 12, ")": 13, "“": 14, "”": 15,
    " ": 16, "\u0303": 17, "ʣ": 18, "ʥ": 19, "ʦ": 20, "ʨ": 21, "ᵝ": 22, "ꭧ": 23, "A": 24, "I": 25, "O": 31, "Q": 33,
    "S": 35, "T": 36, "W": 39, "Y": 41, "ᵊ": 42, "a": 43, "b": 44, "c": 45, "d": 46, "e": 47, "f": 48, "h": 50,
    "i": 51, "j": 52, "k": 53, "l": 54, "m": 55, "n": 56, "o": 57, "p": 58, "q": 59, "r": 60, "s": 61, "t": 62,
    "u": 63, "v": 64, "w": 65, "x": 66, "y": 67, "z": 68, "ɑ": 69, "ɐ": 70, "ɒ": 71, "æ": 72, "β": 75, "ɔ": 76,
    "ɕ": 77, "ç": 78, "ɖ": 80, "ð": 81, "ʤ": 82, "ə": 83, "ɚ": 85, "ɛ": 86, "ɜ": 87, "ɟ": 90, "ɡ": 92, "ɥ": 99,
    "ɨ": 101, "ɪ": 102, "ʝ": 103, "ɯ": 110, "ɰ": 111, "ŋ": 112, "ɳ": 113, "ɲ": 114, "ɴ": 115, "ø": 116, "ɸ": 118,
    "θ": 119, "œ": 120, "ɹ": 123, "ɾ": 125, "ɻ": 126, "ʁ": 128, "ɽ": 129, "ʂ": 130, "ʃ": 131, "ʈ": 132, "ʧ": 133,
    "ʊ": 135, "ʋ": 136, "ʌ": 138, "ɣ": 139, "ɤ": 140, "χ": 142, "ʎ": 143, "ʒ": 147, "ʔ": 148, "ˈ": 156, "ˌ": 157,
    "ː": 158, "ʰ": 162, "ʲ": 164, "↓": 169, "→": 171, "↗": 172, "↘": 173, "ᵻ": 177,
}  # fmt: skip

FRAME = 0
"""The number at both ends of a unit."""
BLANK = _NUMBERS[" "]
CLAUSE_MARKS = frozenset(_NUMBERS[mark] for mark in ",;:—")
SENTENCE_MARKS = frozenset(_NUMBERS[mark] for mark in ".!?…")
SILENT = frozenset((*range(1, 17), _NUMBERS["ˈ"], _NUMBERS["ˌ"]))
"""Marks, the blank and stress, which have no sound of their own."""

_VOWELS = "aeiouyæøœɐɑɒɔəɚɛɜɨɪʊʌᵻ"
_SYLLABIC = {f"{letter}\u0329": f"ᵊ{letter}" for letter in "bdfhjklmnpstvwzðŋɡɹʃʒθ"}
_ENGLISH = {
    "aɪ": "I", "aʊ": "W", "dʒ": "ʤ", "eɪ": "A", "e": "A", "tʃ": "ʧ", "ɔɪ": "Y", "ʔˌn\u0329": "tn", "ʔn\u0329": "tn",
    "ʲo": "jɔ", "ʲ": "", "ɚ": "əɹ", "r": "ɹ", "x": "k", "ç": "k", "ɐ": "ə", "ɬ": "l", "\u0303": "", "\u0329": "",
    "o": "ɔ", "ɾ": "T", "ʔ": "t", **_SYLLABIC,
}  # fmt: skip
_AMERICAN = {**_ENGLISH, "oʊ": "O", "ɜːɹ": "ɜɹ", "ɜː": "ɜɹ", "ɪə": "iə", "ː": ""}
_BRITISH = {**_ENGLISH, "eə": "ɛː", "iə": "ɪə", "əʊ": "Q"}
_OTHERS = {
    "aɪ": "I", "aʊ": "W", "dz": "ʣ", "dʒ": "ʤ", "eɪ": "A", "oʊ": "O", "əʊ": "Q", "ss": "S", "ts": "ʦ", "tʃ": "ʧ",
    "ɔɪ": "Y", "-": "",
}  # fmt: skip
_OF_ESPEAK = {"en-us": _AMERICAN, "en": _BRITISH}


class Symbols(NamedTuple):
    """Phonemes as Kokoro has them."""

    ids: list[int]
    begins: list[int]
    """Of each phoneme, the number of ids before its own; and one more for the end."""


class Alphabet:
    """The way from espeak-ng's IPA to the numbers of Kokoro's symbols, in one language."""

    def __init__(self, espeak_language: str) -> None:
        """`espeak_language`: espeak-ng's name of it, `en-us`."""
        table = _OF_ESPEAK.get(espeak_language, _OTHERS)
        self._numbers = _numbers(table)
        ends = "(?!\u0329)"
        runs = sorted((unicodedata.normalize("NFD", run) for run in table), key=len, reverse=True)
        # espeak-ng's syllable of l: no vowel follows it.
        l_syllable = [f"əl(?![ˈˌ]?[{_VOWELS}])"] if table is not _OTHERS else []
        self._pattern = re.compile(
            "|".join((*l_syllable, *(re.escape(run) + ends for run in runs), "c\u0327", "(?s:.)"))
        )

    def symbols(self, phonemes: Sequence[str]) -> Symbols:
        """Return the ids of phonemes (code points in NFD), without those that Kokoro has no symbol for."""
        found = Symbols([], [])
        for match in self._pattern.finditer("".join(phonemes)):
            found.begins.append(len(found.ids))
            found.ids.extend(self._numbers.get(match[0], ()))
            # What is inside a symbol begins behind it.
            found.begins.extend([len(found.ids)] * (len(match[0]) - 1))
        found.begins.append(len(found.ids))
        return found


def _numbers(table: Mapping[str, str]) -> dict[str, tuple[int, ...]]:
    spelled = {symbol: symbol for symbol in _NUMBERS} | {"əl": "ᵊl"} | dict(table)
    return {
        unicodedata.normalize("NFD", run): tuple(_NUMBERS[symbol] for symbol in symbols)
        for run, symbols in spelled.items()
    }
