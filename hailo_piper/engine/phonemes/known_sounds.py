"""The sounds of a language are those that its voices have learnt, under the name that espeak-ng has for it."""

from functools import cache
from typing import NamedTuple

from hailo_piper.engine.phonemes.articulation import CONSONANTS, RHOTICS, phonemes_of
from hailo_piper.engine.phonemes.inventories import INVENTORIES
from hailo_piper.voices.espeak_data import is_language

_OTHER_NAMES = {
    "en": "en-gb", "en-029": "en-gb", "no": "nb", "zh": "cmn", "hr": "sr", "bs": "sr", "mk": "bg", "an": "es",
}  # fmt: skip

_VOICES_OF = {
    "en-gb": "en-gb-x-rp", "en": "en-us", "no": "nb", "nn": "nb", "zh": "cmn", "pt-pt": "pt", "fil": "id", "tl": "id",
    **dict.fromkeys(("es-mx", "es-ar", "es-co", "es-cl", "es-pe", "es-us"), "es-419"),
}  # fmt: skip
"""Tags of languages that have another name in espeak-ng."""


class KnownSounds(NamedTuple):
    """The sounds of one language."""

    family: str
    consonants: tuple[str, ...]
    """The most frequent first."""
    vowels: tuple[str, ...]
    """Those that stand alone in a syllable, the most frequent first."""
    diphthongs: tuple[str, ...]
    every: frozenset[str]
    """Those and the parts of diphthongs."""

    @property
    def rhotic(self) -> str:
        """The language's own r; nothing if it has none."""
        return next((one for one in self.consonants if one in RHOTICS), "")

    def has(self, sounds: str) -> bool:
        """Return whether the language has every one of these sounds."""
        return sounds in self.diphthongs or all(map(self._has, phonemes_of(sounds)))

    def _has(self, sound: str) -> bool:
        # Where a language has t and ʃ, its voice can say them one after the other.
        return sound in self.every or (sound in CONSONANTS and all(part in self.every for part in sound))


def sounds_of(language: str) -> KnownSounds | None:
    """Return the sounds of one of espeak-ng's languages (`en-gb-x-rp`, `pt-br+f3`); None for an unknown one."""
    name = language.partition("+")[0].lower().rpartition("/")[2]
    for known in (name, name.partition("-x-")[0], name.partition("-")[0]):
        if (known := _OTHER_NAMES.get(known, known)) in INVENTORIES:
            return _known(known)
    return None


def espeak_language(language: str) -> str | None:
    """Return espeak-ng's name of a language tag (`fr-FR`, `en_GB`, `zh`); None where espeak-ng does not read it."""
    code = language.replace("_", "-").lower()
    family = code.partition("-")[0]
    for name in (_VOICES_OF.get(code), code, _VOICES_OF.get(family), family):
        if name and is_language(name):
            return name
    return None


@cache
def _known(name: str) -> KnownSounds:
    consonants, vowels, diphthongs = (
        tuple("".join(phonemes_of(one)) for one in kind.split()) for kind in INVENTORIES[name]
    )
    parts = (part for one in diphthongs for part in phonemes_of(one))
    every = frozenset((*consonants, *vowels, *parts))
    return KnownSounds(name.partition("-")[0], consonants, vowels, diphthongs, every)
