"""A table gives the gender of the speaker behind each of upstream's voices, by the voice's name."""

import re

_MALE = """
ar: kareem
ca: upc_pau
cs: jirka
de: karlsson pavoque thorsten thorsten_emotional
en: alan bryce danny hfc_male joe john kusal norman northern_english_male ryan
es: davefx
fa: amir
fi: harri
fr: gilles tom
hi: pratham
hu: imre
is: bui steinn
it: riccardo
lv: aivars
ml: arjun
nl: pim ronnie
pl: darkman
pt: edresson faber
ro: mihai
ru: denis dmitri ruslan
sl: artur
tr: fahrettin fettah
"""
_FEMALE = """
ca: upc_ona
de: eva_k kerstin ramona
en: alba amy cori hfc_female jenny_dioco kathleen kristin lessac ljspeech southern_english_female
es: daniela
fr: siwis
hi: priyamvada
hu: anna berta
is: salka ugla
it: paola
lb: marylux
ml: meera
nl: nathalie
pl: gosia
ru: irina
sk: lili
sv: lisa
uk: lada
"""
"""Only names whose speaker is known with certainty are listed; for others no gender is better than a guess."""


def _names(table: str) -> frozenset[tuple[str, str]]:
    lines = (line.split(": ") for line in table.split("\n") if line)
    return frozenset((family, name) for family, names in lines for name in names.split())


_GENDERS = {"male": _names(_MALE), "female": _names(_FEMALE)}
_ID = re.compile(r"([a-z]+)_[A-Z]+-([\w+]+)-")


def gender_of(voice_id: str) -> str | None:
    """Return `male` or `female` for a voice's id as upstream names it, else None; a longer file name does, too."""
    found = _ID.match(voice_id)
    return found and next((gender for gender, names in _GENDERS.items() if found.groups() in names), None)
