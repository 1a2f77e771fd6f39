"""French says numbers, dates, times and letters that an author has named in these words."""

import re
from typing import cast

from hailo_piper.text.normalise.french.dates import MONTHS, clock, day_name
from hailo_piper.text.normalise.french.numbers import cardinal
from hailo_piper.text.normalise.french.numbers import ordinal as numbered
from hailo_piper.text.normalise.french.rules import telephone
from hailo_piper.text.normalise.french.units import LANGUAGE, noun_forms
from hailo_piper.text.normalise.french.words import ELECTRONIC
from hailo_piper.text.normalise.kinds import GivenDate, GivenTime, Kinds, Place, by_name, one_by_one, sign_table

_MARKS = sign_table("""
    & esperluette
    , virgule
    ; point-virgule
    ! point d'exclamation
    ' apostrophe
    ’ apostrophe
    " guillemet
    ( parenthèse ouvrante
    ) parenthèse fermante
    [ crochet ouvrant
    ] crochet fermant
    { accolade ouvrante
    } accolade fermante
    < inférieur
    > supérieur
    | barre verticale
    * astérisque
    ^ accent circonflexe
    $ dollar
    € euro
    £ livre
    § paragraphe
    ° degré
    – tiret
""")
_NOUNS = noun_forms("""
    year: un an, ans
    month: un mois, mois
    week: une semaine, semaines
    day: un jour, jours
    hour: une heure, heures
    minute: une minute, minutes
    second: une seconde, secondes
    inch: un pouce, pouces
    foot: un pied, pieds
    mile: un mile, miles
    pound: une livre, livres
    ounce: une once, onces
""")
_PARTS = {2: ("demi", "demis"), 3: ("tiers", "tiers"), 4: ("quart", "quarts")}


def kinds(region: str) -> Kinds:  # noqa: ARG001 - one set of words serves every region
    """Return the kinds."""
    return KINDS


def _ordinal(number: int, gender: str, _: Place) -> str:
    if number == 1:
        return "première" if gender == "f" else "premier"
    if number < 10_000:
        return numbered(number)
    thousands, rest = divmod(number, 1000)
    if not rest:
        return f"{thousands} millième"
    return f"{thousands * 1000} {'unième' if rest == 1 else numbered(rest)}"


def _fraction(whole: int, top: int, bottom: int) -> str | None:
    if (top, bottom) == (1, 2) and whole:
        return f"{whole} et demi"
    if not (1 < bottom < 10_000 and top < 10_000):
        return None
    one, many = _PARTS.get(bottom) or (numbered(bottom), f"{numbered(bottom)}s")
    said = f"{cardinal(top)} {one if top == 1 else many}"
    return f"{whole} {said}" if whole else said


def _date(given: GivenDate, _: Place) -> str:
    day = day_name(str(given.day)) if given.day else ""
    return " ".join(filter(None, (day, MONTHS[given.month - 1] if given.month else "", given.year)))


def _time(given: GivenTime, _: Place) -> str:
    return clock(str(given.hour_of_day), str(given.minute), str(given.second) if given.second else None)


def _telephone(groups: str) -> str:
    """Return a number of France in pairs, as it is said; another is read figure by figure."""
    written, figures = groups.split(), "".join(groups.split())
    if len(figures) == 10 and figures[0] == "0":
        written = [figures[at : at + 2] for at in range(0, 10, 2)]
    elif len(figures) == 11 and figures.startswith("33"):
        written = ["33", figures[2], *(figures[at : at + 2] for at in range(3, 11, 2))]
    elif any(len(group) > 2 for group in written):
        return one_by_one(written)
    return telephone(cast("re.Match[str]", re.match(r"(?s:.*)", " ".join(written))))


KINDS = Kinds(
    marks={**ELECTRONIC.marks, **_MARKS},
    letters={"Y": "i grec", "ẞ": "eszett", "ß": "eszett"},
    minus="moins ",
    plus="plus ",
    and_="et",
    over="sur",
    extension="poste",
    beep="bip",
    ordinal=_ordinal,
    fraction=_fraction,
    date=_date,
    time=_time,
    counted=by_name(_NOUNS, LANGUAGE.counted),
    telephone=_telephone,
)
