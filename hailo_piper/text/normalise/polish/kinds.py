"""Polish says numbers, dates, times and letters that an author has named in these words."""

import re
from typing import cast

from hailo_piper.text.normalise.context import after, before
from hailo_piper.text.normalise.continental import noun_table
from hailo_piper.text.normalise.kinds import GivenDate, GivenTime, Kinds, Place, by_name, sign_table, spoken_mixed
from hailo_piper.text.normalise.polish.dates import MONTHS, OBLIQUE, YEAR_IN, clock
from hailo_piper.text.normalise.polish.ordinals import ordinal as numbered
from hailo_piper.text.normalise.polish.rules import before_noun, telephone
from hailo_piper.text.normalise.polish.words import ELECTRONIC, LANGUAGE

_MARKS = sign_table("""
    & ampersand
    , przecinek
    ; średnik
    ! wykrzyknik
    ' apostrof
    ’ apostrof
    " cudzysłów
    ( nawias otwierający
    ) nawias zamykający
    [ nawias kwadratowy otwierający
    ] nawias kwadratowy zamykający
    { klamra otwierająca
    } klamra zamykająca
    < mniejsze niż
    > większe niż
    | kreska pionowa
    * gwiazdka
    ^ daszek
    $ dolar
    € euro
    £ funt
    § paragraf
    ° stopień
    – myślnik
""")
_NOUNS = noun_table("""
    year: jeden rok, lata, lat, roku
    month: jeden miesiąc, miesiące, miesięcy, miesiąca
    week: jeden tydzień, tygodnie, tygodni, tygodnia
    day: jeden dzień, dni, dni, dnia
    hour: jedna godzina, godziny, godzin, godziny
    minute: jedna minuta, minuty, minut, minuty
    second: jedna sekunda, sekundy, sekund, sekundy
    inch: jeden cal, cale, cali, cala
    foot: jedna stopa, stopy, stóp, stopy
    mile: jedna mila, mile, mil, mili
    pound: jeden funt, funty, funtów, funta
    ounce: jedna uncja, uncje, uncji, uncji
""")
_NAMES_OF_MONTHS = (
    "styczeń", "luty", "marzec", "kwiecień", "maj", "czerwiec", "lipiec", "sierpień", "wrzesień", "październik",
    "listopad", "grudzień",
)  # fmt: skip
"""Without a day before them."""
_ENDINGS = {"m": "y", "f": "a", "n": "e"}
_FEW = {2: "dwie", 3: "trzy", 4: "cztery"}


def kinds(region: str) -> Kinds:  # noqa: ARG001 - one set of words serves every region
    """Return the kinds."""
    return KINDS


def _ordinal(number: int, gender: str, place: Place) -> str:
    if number >= 4000:
        thousands, rest = divmod(number, 1000)
        last = numbered(rest, _ENDINGS.get(gender, "y")) if rest else ""
        return f"{thousands * 1000} {last}" if rest else f"{thousands} tysięczn{_ENDINGS.get(gender, 'y')}"
    return (None if gender else before_noun(place)) or numbered(number, _ENDINGS.get(gender, "y"))


def _fraction(whole: int, top: int, bottom: int) -> str | None:
    if (top, bottom) == (1, 2):
        return "półtora" if whole == 1 else spoken_mixed(whole, "i", "pół")
    if not 1 < bottom < 4000:
        return None
    if top == 1:
        return spoken_mixed(whole, "i", f"jedna {numbered(bottom, 'a')}")
    return spoken_mixed(whole, "i", f"{_FEW.get(top, top)} {numbered(bottom, 'e' if top in _FEW else 'ych')}")


def _date(given: GivenDate, place: Place) -> str | None:
    year = int(given.year or 0)
    if year > 3999 or (given.year and not year):
        return None
    if not given.month:
        said = [numbered(given.day, "y")] if given.day else []
        return " ".join([*said, *([_year_alone(year, place)] if year else [])])
    month = MONTHS[given.month - 1] if given.day else _NAMES_OF_MONTHS[given.month - 1]
    day = numbered(given.day, "ego") if given.day else ""
    return " ".join(filter(None, (day, month, f"{numbered(year, 'ego')} roku" if year else "")))


def _year_alone(year: int, place: Place) -> str:
    if before(place) in YEAR_IN:
        return numbered(year, "ym")
    return numbered(year, "ego" if after(place).startswith("roku") else "y")


def _time(given: GivenTime, place: Place) -> str:
    said = clock(str(given.hour_of_day), str(given.minute), "ej" if before(place) in OBLIQUE else "a")
    return f"{said} i {_counted(str(given.second), 'second')}" if given.second else said


def _telephone(groups: str) -> str:
    return telephone(cast("re.Match[str]", re.match(r"(?s:.*)", groups)))


_counted = by_name(_NOUNS, LANGUAGE.counted)
KINDS = Kinds(
    marks={**ELECTRONIC.marks, **_MARKS},
    letters={"W": "wu", "Z": "zet"},
    minus="minus ",
    plus="plus ",
    and_="i",
    over="przez",
    extension="wewnętrzny",
    beep="piip",
    ordinal=_ordinal,
    fraction=_fraction,
    date=_date,
    time=_time,
    counted=_counted,
    telephone=_telephone,
)
