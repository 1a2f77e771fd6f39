"""Phonemes in the IPA are cut into units and compared by how the mouth makes them."""

import re
from collections.abc import Iterator
from typing import NamedTuple


class Vowel(NamedTuple):
    """A vowel without its length."""

    height: float
    """0 for close (i) to 6 for open (a)."""
    back: float
    """0 for front (i) to 4 for back (u)."""
    is_rounded: bool


class Consonant(NamedTuple):
    """A consonant without what is secondary about it."""

    place: float
    """0 for the lips to 8 for the glottis."""
    manner: str
    """`p`losive, `a`ffricate, `f`ricative, `g`lide, `r`, `l`ateral, `n`asal."""
    is_voiced: bool


VOWELS = {
    name: Vowel(height, back, name in "yʏøœɶʉɵɞuʊoɔɒ")
    for names, height, back in (
        ("iy", 0, 0), ("ɨʉ", 0, 2), ("ɯu", 0, 4), ("ɪʏ", 1, 0.8), ("ᵻ", 1, 2), ("ʊ", 1, 3.2), ("eø", 2, 0),
        ("ɘɵ", 2, 2), ("ɤo", 2, 4), ("əɚ", 3, 2), ("ɛεœ", 4, 0), ("ɜɝɞ", 4, 2), ("ʌ", 4.5, 3), ("ɔ", 4, 4),
        ("æ", 5, 0), ("ɐ", 5, 2), ("aɶ", 6, 1), ("ɑɒ", 6, 4),
    )
    for name in names
}  # fmt: skip
_PLACES = {
    "pbmɸβɓʙwʍ": 0, "fvɱʋ": 0.5, "θð": 1, "tdnszrɾlɹɬɮɗɫ": 1.5, "ʃʒ": 2.5, "ʈɖɳʂʐɭɻɽ": 2.7, "ɕʑ": 3,
    "cɟɲçʝjʎɥ": 4, "kɡgŋxɣɰʟɠɧ": 5, "qɢɴχʁʀ": 6, "ħʕ": 7, "hɦʔ": 8,
}  # fmt: skip
_MANNERS = {
    "pbtdʈɖcɟkɡgqɢʔɓɗɠ": "p", "ɸβfvθðszʃʒʂʐɕʑçʝxɣχħʕhɦɬɮɧ": "f", "ʋjɥɰwʍ": "g", "rɾɹɻɽʁʀʙ": "r", "lɭʎʟɫ": "l",
    "mɱnɳɲŋɴ": "n",
}  # fmt: skip
_VOICED = frozenset("bdɖɟɡgɢɓɗɠβvðzʒʐʑʝɣʕɦɮʋjɥɰwrɾɹɻɽʁʀʙlɭʎʟɫmɱnɳɲŋɴ")
CONSONANTS = {
    name: Consonant(place, next(manner for others, manner in _MANNERS.items() if name in others), name in _VOICED)
    for names, place in _PLACES.items()
    for name in names
} | {
    first + second: Consonant(place, "a", first == "d")
    for first in "td"
    for second, place in zip("ʃʒɕʑʂʐ", (2.5, 2.5, 3, 3, 2.7, 2.7), strict=True)
}
"""Affricates that are written as two letters are one unit: Spanish has tʃ and no ʃ."""
RHOTICS = frozenset("rɾɹɻɽʁʀ")
_MANNER_STEPS = {
    frozenset("pa"): 1.5, frozenset("af"): 1.5, frozenset("pf"): 2.5, frozenset("fg"): 2.5, frozenset("gl"): 3,
    frozenset("gr"): 3, frozenset("rl"): 3,
}  # fmt: skip
_FAR = 6.0
_UNIT = re.compile(
    r"(?:[td][ʃʒɕʑʂʐ]|[^\W\d_ʰ-˿])(?:[\u0300-\u036fʰ-ʷː-ˑ˞ʼˠˤ])*|[ˈˌ]|\s+|[.,;:!?]"
)  # fmt: skip
_PLAIN = (("\u0361", ""), ("\u035c", ""), ("ʦ", "ts"), ("c\u0327", "ç"))
"""Ties are left out, and NFD takes ç apart, which is no kind of c."""


def phonemes_of(written: str) -> Iterator[str]:
    """Yield the units of phonemes in the IPA in NFD: a letter with its marks, a stress, blanks or a clause mark.

    Tones, ties and whatever is no sound are left out.
    """
    for tied, plain in _PLAIN:
        written = written.replace(tied, plain)
    for match in _UNIT.finditer(written):
        yield match[0]


def vowel_distance(one: str, other: str) -> float:
    """Return how far apart two vowels are, from 0; their length counts a little."""
    first, second = VOWELS[one[0]], VOWELS[other[0]]
    distance = abs(first.height - second.height) + 0.8 * abs(first.back - second.back)
    return distance + 1.5 * (first.is_rounded != second.is_rounded) + 0.4 * (("ː" in one) != ("ː" in other))


def consonant_distance(one: str, other: str) -> float:
    """Return how far apart two consonants are, from 0. Raises KeyError for a letter that is none."""
    first, second = CONSONANTS[letters(one)], CONSONANTS[letters(other)]
    manners = frozenset((first.manner, second.manner))
    step = 0.0 if len(manners) == 1 else _MANNER_STEPS.get(manners, _FAR)
    marks = 0.1 * (len(other) - len(letters(other)))
    return abs(first.place - second.place) + step + (first.is_voiced != second.is_voiced) + marks


def letters(unit: str) -> str:
    """Return a unit without its marks: `tʃʲ` as `tʃ`."""
    return unit[:2] if unit[:2] in CONSONANTS and len(unit) > 1 else unit[:1]
