"""Dutch says numbers, dates, times and letters that an author has named in these words."""

from hailo_piper.text.normalise.continental import noun_table
from hailo_piper.text.normalise.dutch.dates import MONTHS, clock
from hailo_piper.text.normalise.dutch.numbers import ONES, joint, year
from hailo_piper.text.normalise.dutch.numbers import ordinal as numbered
from hailo_piper.text.normalise.dutch.words import ELECTRONIC, LANGUAGE
from hailo_piper.text.normalise.kinds import GivenDate, GivenTime, Kinds, Place, by_name, sign_table

_MARKS = sign_table("""
    & en-teken
    , komma
    ; puntkomma
    ! uitroepteken
    ' apostrof
    ’ apostrof
    " aanhalingsteken
    ( haakje openen
    ) haakje sluiten
    [ vierkante haak openen
    ] vierkante haak sluiten
    { accolade openen
    } accolade sluiten
    < kleiner dan
    > groter dan
    | verticale streep
    * sterretje
    ^ dakje
    $ dollar
    € euro
    £ pond
    § paragraaf
    ° graad
    – streepje
""")
_NOUNS = noun_table("""
    year: 1 jaar, jaar
    month: 1 maand, maanden
    week: 1 week, weken
    day: 1 dag, dagen
    hour: 1 uur, uur
    minute: 1 minuut, minuten
    second: 1 seconde, seconden
    inch: 1 inch, inch
    foot: 1 voet, voet
    mile: 1 mijl, mijl
    pound: 1 pond, pond
    ounce: 1 ounce, ounce
""")


def kinds(region: str) -> Kinds:  # noqa: ARG001 - one set of words serves every region
    """Return the kinds."""
    return KINDS


def _ordinal(number: int) -> str:
    thousands, rest = divmod(number, 1000)
    if rest:
        return f"{thousands * 1000} {numbered(rest)}" if thousands else numbered(rest)
    return "duizendste" if thousands == 1 else f"{thousands} duizendste"


def _fraction(whole: int, top: int, bottom: int) -> str | None:
    if (top, bottom) == (1, 2):
        if whole == 1:
            return "anderhalf"
        if whole:
            return f"{joint(whole)}half" if whole < len(ONES) else f"{whole} en een half"
        return "een half"
    if not 1 < bottom <= 1000:
        return None
    name = {2: "halve", 4: "kwart"}.get(bottom) or _ordinal(bottom)
    said = f"{ONES[top] if top < len(ONES) else top} {name}"
    return f"{whole} {said}" if whole else said


def _date(given: GivenDate, _: Place) -> str:
    month = MONTHS[given.month - 1] if given.month else ""
    # Without a month, a day is the first or the fourteenth.
    day = "" if not given.day else str(given.day) if month else numbered(given.day)
    return " ".join(filter(None, (day, month, given.year and year(given.year))))


def _time(given: GivenTime, _: Place) -> str:
    said = clock(str(given.hour_of_day), str(given.minute))
    return f"{said} en {_counted(str(given.second), 'second')}" if given.second else said


_counted = by_name(_NOUNS, LANGUAGE.counted)
KINDS = Kinds(
    marks={**ELECTRONIC.marks, **_MARKS},
    letters={"S": "es", "ẞ": "ringel es", "ß": "ringel es"},
    minus="min ",
    plus="plus ",
    and_="en",
    over="gedeeld door",
    extension="toestel",
    beep="piep",
    ordinal=lambda number, _, __: _ordinal(number),
    fraction=_fraction,
    date=_date,
    time=_time,
    counted=_counted,
)
