"""Three alphabets write phonemes: the IPA, X-SAMPA and the ARPAbet of CMUdict; espeak-ng's form of the IPA is wanted.

X-SAMPA is Wells' of 1995; the ARPAbet's values are those that espeak-ng gives the same words in American English.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping

from hailo_piper.text.lazy_pattern import lazily

_SPELLINGS = str.maketrans(
    {"g": "ɡ", ":": "ː", "'": "ˈ", "’": "ˈ", "ʹ": "ˈ", "͡": "", "͜": "", ".": "", "‿": "", "|": "", "/": ""}
)
"""IPA as people type it to IPA as voices know it; ties, syllable dots and feet have no sound of their own."""
_SOUNDLESS = frozenset("ˈˌːˑʲʰʷ˞ʼ")
_SOUNDLESS_LEFT_OUT = dict.fromkeys(map(ord, _SOUNDLESS))
_ENGLISH = str.maketrans({"r": "ɹ"})
"""English dictionaries write r for the approximant; voices know r as the trill of other languages."""

_X_SAMPA = {
    "@": "ə", "@\\": "ɘ", "@`": "ɚ", "{": "æ", "}": "ʉ", "1": "ɨ", "2": "ø", "3": "ɜ", "3`": "ɝ", "3\\": "ɞ", "4": "ɾ",
    "5": "ɫ", "6": "ɐ", "7": "ɤ", "8": "ɵ", "9": "œ", "&": "ɶ", "A": "ɑ", "B": "β", "B\\": "ʙ", "C": "ç", "D": "ð",
    "E": "ɛ", "F": "ɱ", "G": "ɣ", "G\\": "ɢ", "H": "ɥ", "H\\": "ʜ", "I": "ɪ", "J": "ɲ", "J\\": "ɟ", "K": "ɬ",
    "K\\": "ɮ", "L": "ʎ", "L\\": "ʟ", "M": "ɯ", "M\\": "ɰ", "N": "ŋ", "N\\": "ɴ", "O": "ɔ", "O\\": "ʘ", "P": "ʋ",
    "Q": "ɒ", "R": "ʁ", "R\\": "ʀ", "S": "ʃ", "T": "θ", "U": "ʊ", "V": "ʌ", "W": "ʍ", "X": "χ", "X\\": "ħ", "Y": "ʏ",
    "Z": "ʒ", "_~": "̃", "~": "̃", "_h": "ʰ", "_j": "ʲ", "'": "ʲ", "_w": "ʷ", "_=": "̩", "=": "̩", "_0": "̥",
    "_v": "̬", "_d": "̪", "_>": "ʼ", "`": "˞", "?": "ʔ", "?\\": "ʕ", '"': "ˈ", "%": "ˌ", ":": "ː", ":\\": "ˑ",
    "h\\": "ɦ", "j\\": "ʝ", "l\\": "ɺ", "p\\": "ɸ", "r\\": "ɹ", "r\\`": "ɻ", "s\\": "ɕ", "z\\": "ʑ", "x\\": "ɧ",
    "v\\": "ʋ", "d`": "ɖ", "t`": "ʈ", "n`": "ɳ", "l`": "ɭ", "s`": "ʂ", "z`": "ʐ", "r`": "ɽ", "-": "", "_": "",
    ".": "", "g": "ɡ",
}  # fmt: skip
_UNHEARD = (
    '_" _+ _- _/ _< _?\\ _\\ _^ _} _A _B _B_L _c _e _F _G _H _H_T _k _l _L _m _M _n _N _o _O _q _r _R _R_F _t _T _x '
    "_X _a _1 _2 _3 _4 _5 _6 <R> <F> ! ^ | ||"
)
"""Diacritics and tones that no voice has a sound for; without them, the letter after `_` would be another sound."""
_X_SAMPA |= dict.fromkeys(_UNHEARD.split(), "")
_X_SAMPA_SIGN = lazily("|".join(re.escape(sign) for sign in sorted(_X_SAMPA, key=len, reverse=True)))

_ARPABET = {
    "AA": "ɑː", "AE": "æ", "AH": "ʌ", "AO": "ɔː", "AW": "aʊ", "AX": "ə", "AXR": "ɚ", "AY": "aɪ", "B": "b", "CH": "tʃ",
    "D": "d", "DH": "ð", "DX": "ɾ", "EH": "ɛ", "ER": "ɜː", "EY": "eɪ", "F": "f", "G": "ɡ", "HH": "h", "IH": "ɪ",
    "IX": "ɨ", "IY": "iː", "JH": "dʒ", "K": "k", "L": "l", "M": "m", "N": "n", "NG": "ŋ", "OW": "oʊ", "OY": "ɔɪ",
    "P": "p", "R": "ɹ", "S": "s", "SH": "ʃ", "T": "t", "TH": "θ", "UH": "ʊ", "UW": "uː", "V": "v", "W": "w", "Y": "j",
    "Z": "z", "ZH": "ʒ",
}  # fmt: skip
_REDUCED = {"AH": "ə", "ER": "ɚ", "IY": "i"}
"""Vowels that sound otherwise without stress."""
_ARPABET_SIGN = lazily(r"([A-Z]{1,3})([012])?")
_STRESS = {"1": "ˈ", "2": "ˌ"}


class AlphabetError(ValueError):
    """Phonemes that are not written in their alphabet; the message says which part."""


def to_ipa(phonemes: str, alphabet: str, language: str) -> str:
    """Return phonemes in the IPA, in Unicode NFC, as espeak-ng writes it.

    `alphabet`: `ipa`, `x-sampa` or `cmu-arpabet`. `language`: `en_US`, `de`, ... or empty. Raises AlphabetError.
    """
    reader = ALPHABETS.get(alphabet.lower())
    if reader is None:
        raise AlphabetError(f"unknown alphabet {alphabet[:40]!r}; allowed: {', '.join(ALPHABETS)}")
    written = reader(_in_words(phonemes) if alphabet.lower() != "cmu-arpabet" else phonemes)
    written = as_said_in(language, written)
    written = unicodedata.normalize("NFC", written)
    if not any(unicodedata.category(sign)[0] == "L" and sign not in _SOUNDLESS for sign in written):
        raise AlphabetError("there is no sound in them")
    return written


def as_said_in(language: str, phonemes: str) -> str:
    """Return phonemes in the IPA as the voices of a language know them."""
    return phonemes.translate(_ENGLISH) if language.lower()[:2] == "en" else phonemes


def _in_words(phonemes: str) -> str:
    """Return phonemes with blanks between words only, also where each sound stands apart, as aligners write them."""
    parts = phonemes.split()
    letters = [sum(map(str.isalpha, part.translate(_SOUNDLESS_LEFT_OUT))) for part in parts]
    # Words of two sounds are common, rows of words of one are not.
    is_apart = len(parts) > 2 and max(letters) <= 2 and 2 * sum(letters) < 3 * len(parts)
    return ("" if is_apart else " ").join(parts)


def _from_ipa(phonemes: str) -> str:
    return phonemes.translate(_SPELLINGS)


def _from_x_sampa(phonemes: str) -> str:
    return _X_SAMPA_SIGN.sub(lambda sign: _X_SAMPA[sign[0]], phonemes)


def _from_arpabet(phonemes: str) -> str:
    return "".join(map(_sound, phonemes.upper().split()))


def _sound(written: str) -> str:
    sign = _ARPABET_SIGN.fullmatch(written)
    if sign is None or sign[1] not in _ARPABET:
        raise AlphabetError(f"{written[:20]!r} is no sign of the ARPAbet, as in K AE1 T")
    sound = _REDUCED.get(sign[1], _ARPABET[sign[1]]) if sign[2] == "0" else _ARPABET[sign[1]]
    return _STRESS.get(sign[2] or "", "") + sound


ALPHABETS: Mapping[str, Callable[[str], str]] = {
    "ipa": _from_ipa, "x-sampa": _from_x_sampa, "cmu-arpabet": _from_arpabet,
}  # fmt: skip
"""Names of alphabets, as SSML and PLS use them, to the function that reads each."""
