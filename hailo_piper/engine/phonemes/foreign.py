"""A foreign word is spoken with the phonemes that a voice has learnt, or with what comes near them.

espeak-ng says the word in its language. Each sound is kept if the voice's language has it; else `accents` tells what
its speakers say; else the nearest by articulation stands in. Nothing comes out that the language does not have.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from hailo_piper.engine.espeak_ng.espeak import Clause, Espeak
from hailo_piper.engine.phonemes.accents import ALLOPHONES, ANYWHERE, OWN, SPOKEN_AS
from hailo_piper.engine.phonemes.articulation import (
    CONSONANTS,
    RHOTICS,
    VOWELS,
    consonant_distance,
    letters,
    phonemes_of,
    vowel_distance,
)
from hailo_piper.engine.phonemes.known_sounds import KnownSounds, espeak_language, sounds_of

_SWITCH = re.compile(r"\([^()]*\)")
_NASAL, _LONG, _PALATAL = "\u0303", "ː", "ʲ"
_SYLLABIC, _RAISED = "\u0329", "\u031d"
_NEAR_NASAL = 4.0
"""A nasal vowel that is farther away is said as a vowel and n."""
_FRONT, _BACK = frozenset("iɪyʏ"), frozenset("uʊ")


def foreign_phonemes(phonemes: str, own: str, language: str = "") -> str:
    """Return foreign phonemes in those of a language, in NFD, with their stress, blanks and clause marks.

    `phonemes`: the IPA of espeak-ng. `own`: the language of espeak-ng that the voice was trained with (`en-us`).
    `language`: the one that the phonemes are of, if it is known. Where nobody knows the sounds of `own`, the phonemes
    stay as they are.
    """
    written = unicodedata.normalize("NFD", _SWITCH.sub("", phonemes))
    sounds = sounds_of(own)
    if sounds is None:
        return written
    said = "".join(_said(list(phonemes_of(written)), sounds, language.partition("-")[0].lower()))
    return unicodedata.normalize("NFD", said)


def read_foreign(text: str, language: str, own: str, espeak: Espeak) -> list[Clause] | None:
    """Return the clauses of a text in another language with the phonemes of `own`; None for an unknown language.

    Raises InvalidRequestError where espeak-ng cannot read the text, SynthesisError where it does not start.
    """
    name = espeak_language(language)
    if name is None or sounds_of(own) is None:
        return None
    return [
        Clause(foreign_phonemes(clause.phonemes, own, name), clause.mark, clause.ends_sentence)
        for clause in espeak.clauses(name, text)
    ]


def _said(units: list[str], own: KnownSounds, family: str) -> Iterator[str]:
    """Yield what is said for each unit, or for vowels that stand together."""
    spoken_as, allophones = SPOKEN_AS.get(family, {}), ALLOPHONES.get(family, {})
    at = 0
    while at < len(units):
        unit, following = units[at], "".join(units[at + 1 : at + 3])
        if unit[0] in VOWELS:
            end = at + 1
            while end < len(units) and units[end][0] in VOWELS and end < at + 2:
                end += 1
            vowels = [spoken_as.get(bare := one.rstrip(_PALATAL), bare) for one in units[at:end]]
            yield _vowels(vowels, own, "".join(units[end : end + 1]))
            at = end
            continue
        if letters(unit) in CONSONANTS:
            unit = spoken_as.get(unit, unit)
            said = unit if own.has(unit) else allophones.get(unit, unit)
            yield _consonant(said, own, following.lstrip("ˈˌ"), units[at - 1] if at else "")
        elif unit[0] in "ˈˌ .,:;!?" or unit.isspace():
            yield unit
        at += 1


def _vowels(units: list[str], own: KnownSounds, following: str) -> str:
    """Return one vowel, or two that stand together: a diphthong, a vowel and a glide, or one after the other."""
    if len(units) == 2 and all(_NASAL in one for one in units):
        has_nasals = any(_NASAL in one for one in own.vowels)
        units = [units[0] if has_nasals else units[0].replace(_NASAL, ""), units[1].replace(_NASAL, "")]
    together = "".join(units)
    if len(units) == 1:
        return _vowel(together, own, following)
    if together in own.diphthongs:
        return together
    table = OWN.get(own.family, {})
    spelled = units[0] + ("ɪ" if units[1] == "i" else "ʊ" if units[1] == "u" else units[1])
    for said in (*table.get(together, ()), *table.get(spelled, ())):
        if own.has(said):
            return said
    first, second = _vowel(units[0], own, units[1]), _vowel(units[1], own, following)
    if first + second in own.diphthongs:
        return first + second
    close = next((one for one in own.diphthongs if _is_like(one, units)), "")
    if close:
        return close
    glide = "j" if units[1][0] in _FRONT else "w" if units[1][0] in _BACK else ""
    # What is long or nasal is a syllable of its own.
    return first + (glide if len(units[1]) == 1 and glide in own.consonants else second)


def _is_like(diphthong: str, units: list[str]) -> bool:
    """Return whether a diphthong of the language has both vowels, but for what is hardly heard."""
    parts = list(phonemes_of(diphthong))
    return len(parts) == 2 and all(
        vowel_distance(one, other) <= 1.9 and VOWELS[one[0]].is_rounded == VOWELS[other[0]].is_rounded
        for one, other in zip(parts, units, strict=True)
    )


def _vowel(unit: str, own: KnownSounds, following: str) -> str:
    if unit in own.vowels:
        return unit
    plain = unit[0] + _LONG * (_LONG in unit)
    is_nasal = _NASAL in unit
    table = OWN.get(own.family, {})
    names = [unit, unit.replace(_LONG, "")] + ([] if is_nasal else [plain, unit[0]])
    for name in names:
        if name in own.vowels:
            return name
        for said in table.get(name, ()):
            if own.has(said):
                return said
    if unit[0] in "ɚɝ":
        return _vowel("ə", own, following) + own.rhotic
    if is_nasal:
        return _nasal_vowel(plain, own, following)
    oral = (one for one in own.vowels if _NASAL not in one and "\u032f" not in one)
    return _nearest(plain, oral, vowel_distance)


def _nasal_vowel(plain: str, own: KnownSounds, following: str) -> str:
    """Return the nearest nasal vowel, or the vowel and the nasal that fits what follows."""
    nasals = [one for one in own.vowels if _NASAL in one]
    nearest = _nearest(plain, nasals, vowel_distance)
    if nearest and vowel_distance(plain, nearest) <= _NEAR_NASAL:
        return nearest
    vowel = _vowel(plain, own, following)
    if following[:1] in set("mnŋɲɳ"):
        return vowel
    nasal = "m" if following[:1] in set("pb") else "ŋ" if following[:1] in set("kɡ") and own.has("ŋ") else "n"
    return vowel + (nasal if own.has(nasal) else "")


def _consonant(unit: str, own: KnownSounds, following: str, before: str = "") -> str:
    letter = letters(unit)
    said = None if _RAISED in unit else _by_place(letter, own, following, before)
    if said is not None:
        return said
    if own.has(unit):
        return unit
    if _SYLLABIC in unit:
        return _vowel("ə", own, "") + _consonant(unit.replace(_SYLLABIC, ""), own, following)
    if _PALATAL in unit:
        return _palatal(unit, own, following)
    if letter in RHOTICS:
        return next((said for said in ANYWHERE.get(unit[:2], ()) if own.has(said)), own.rhotic)
    return _replaced(unit, letter, own)


def _by_place(letter: str, own: KnownSounds, following: str, before: str) -> str | None:
    """Return what is said for a consonant by what stands around it; None where that does not matter."""
    is_before_vowel = following[:1] in VOWELS
    if own.family == "en":
        if letter in RHOTICS:
            return own.rhotic  # Its tap is a kind of t.
        if letter in "xχ":
            # Juan and José, but Bach and Scheveningen.
            return "h" if before != "s" and (is_before_vowel or following[:1] == "w") else "k"
    if letter == "ŋ" and following[:1] in set("kɡg") and not own.has("ŋ"):
        return "n"
    return "s" if letter == "ʃ" and own.family == "es" and not is_before_vowel else None


def _replaced(unit: str, letter: str, own: KnownSounds) -> str:
    """Return what is said for a consonant that the language does not have."""
    table = OWN.get(own.family, {})
    alike = (one for one in own.consonants if letters(one) == letter)
    for said in (*table.get(unit, ()), *table.get(letter, ()), letter, *alike, *ANYWHERE.get(unit, ()),
                 *ANYWHERE.get(letter, ())):  # fmt: skip
        if own.has(said):
            return said
    return _nearest(unit, (one for one in own.consonants if one not in RHOTICS), consonant_distance)


def _palatal(unit: str, own: KnownSounds, following: str) -> str:
    """Return a palatalised consonant: nʲ as ɲ or nj, but n before a front vowel and at the end."""
    bare = unit.replace(_PALATAL, "")
    palatal = {"n": "ɲ", "l": "ʎ", "ɭ": "ʎ"}.get(bare, "")
    is_before_vowel = following[:1] in VOWELS
    if palatal in own.consonants and is_before_vowel:
        return palatal
    said = _consonant(bare, own, following)
    return said + ("j" if is_before_vowel and following[:1] not in _FRONT and "j" in own.consonants else "")


def _nearest(unit: str, among: Iterable[str], distance: Callable[[str, str], float]) -> str:
    """Return the nearest sound, of equals the most frequent; nothing where there is none to choose from."""
    return min(among, key=lambda one: distance(unit, one), default="")
