"""The phonemes that espeak-ng says in the languages of Piper's voices, for `engine.phonemes.inventories`.

`python -m tests.support.inventories` writes it anew. It wants `wordfreq`, whose lists are of the words that people
write most; where that has no list, CLDR's names of countries, languages, currencies, months and days stand in. A
phoneme belongs to a language that says it once in 2000: what is rarer comes from foreign words, and no voice has
learnt it.
"""

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from importlib import import_module
from textwrap import wrap

from babel import Locale

from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.engine.phonemes.articulation import CONSONANTS, VOWELS, letters, phonemes_of
from tests.support import ROOT

LANGUAGES = (
    "ar", "bg", "ca", "cs", "cy", "da", "de", "el", "en-gb", "en-us", "es", "es-419", "eu", "fa", "fi", "fr",
    "he", "hi", "hu", "id", "is", "it", "ka", "kk", "lb", "lt", "lv", "ml", "nb", "ne", "nl", "pl", "pt",
    "pt-br", "ro", "ru", "sk", "sl", "sr", "sv", "sw", "te", "tr", "uk", "ur", "vi", "cmn",
)  # fmt: skip
"""espeak-ng's names of the languages that Piper has voices for, or may soon have."""
_CODES = {"en-gb": "en", "en-us": "en", "es-419": "es", "pt-br": "pt", "cmn": "zh"}
_WORDS, _WORDS_A_CLAUSE = 3000, 8
_RARE, _RARE_DIPHTHONG = 2000, 4000
_OTHER_LANGUAGE = re.compile(r"\(([a-z-]+)\)([^(]*)")
_WORD = re.compile(r"[^\W\d_][^\d_\s]*")
_HEAD = '''"""Phonemes that espeak-ng says in a language are those that a voice of it has learnt.

A voice's own map has some 150 symbols, whatever it was trained on. tests/support/inventories.py writes this module.
"""

INVENTORIES: dict[str, tuple[str, str, str]] = {
'''
_TAIL = '''}  # fmt: skip
"""espeak-ng's language to its consonants, vowels and diphthongs, in order of frequency, with blanks between.

Among the vowels are those alone that a syllable has without another beside it.
"""
'''


def names(language: str) -> list[str]:
    """CLDR's words of a language."""
    locale = Locale.parse(_CODES.get(language, language).replace("-", "_"))
    lists = (locale.territories, locale.languages, locale.currencies, locale.months["format"]["wide"],
             locale.days["format"]["wide"])  # fmt: skip
    return [word for table in lists for name in table.values() for word in name.split() if _WORD.fullmatch(word)]


def _words(language: str) -> list[str]:
    code = {"sr": "sh"}.get(language, _CODES.get(language, language))
    wordfreq = import_module("wordfreq")
    if code not in wordfreq.available_languages():
        return names(language)
    return [word for word in wordfreq.top_n_list(code, _WORDS) if _WORD.fullmatch(word)]


def said(espeak: Espeak, language: str, words: list[str]) -> Iterator[str]:
    """Yield what espeak-ng says for words, without what it says in another language."""
    own, voice = language.partition("-")[0], {"en-gb": "en-gb-x-rp"}.get(language, language)
    for start in range(0, len(words), _WORDS_A_CLAUSE):
        for clause in espeak.clauses(voice, " ".join(words[start : start + _WORDS_A_CLAUSE]) + "."):
            heard = _OTHER_LANGUAGE.sub(lambda part: part[2] * (part[1].partition("-")[0] == own), clause.phonemes)
            yield unicodedata.normalize("NFD", heard)


def inventory(heard: Iterable[str]) -> tuple[list[str], list[str], list[str]]:
    """Consonants, vowels and diphthongs, the most frequent first."""
    consonants, vowels, diphthongs = Counter[str](), Counter[str](), Counter[str]()
    for run in heard:
        beside: list[str] = []
        for phoneme in [*phonemes_of(run), ""]:
            if phoneme[:1] in VOWELS:
                beside.append(phoneme.rstrip("ʲ"))
            if phoneme[:1] not in VOWELS or phoneme.endswith("ʲ"):
                vowels.update(beside if len(beside) == 1 else [])
                diphthongs.update(["".join(beside)] if len(beside) == 2 else [])
                beside = []
            consonants.update([phoneme] if letters(phoneme) in CONSONANTS else [])
    total = sum((consonants + vowels).values())
    often = [[one for one, count in kind.most_common() if count * rare >= total]
             for kind, rare in ((consonants, _RARE), (vowels, _RARE), (diphthongs, _RARE_DIPHTHONG))]  # fmt: skip
    return often[0], often[1], often[2]


def _written(language: str, kinds: Iterable[list[str]]) -> str:
    consonants, vowels, diphthongs = map(" ".join, kinds)
    parts = wrap(consonants, 104, break_on_hyphens=False)
    lines = [f'        "{part} "' for part in parts[:-1]] + [f'        "{parts[-1]}",']
    short = f'        "{vowels}", "{diphthongs}",'
    lines += [short] if len(short) <= 120 else [f'        "{vowels}",', f'        "{diphthongs}",']
    return "\n".join([f'    "{language}": (', *lines, "    ),\n"])


def main() -> int:
    with closing(Espeak()) as espeak:
        text = "".join(_written(one, inventory(said(espeak, one, _words(one)))) for one in LANGUAGES)
    (ROOT / "hailo_piper/engine/phonemes/inventories.py").write_text(_HEAD + text + _TAIL, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
