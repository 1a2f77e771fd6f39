"""German says numbers, dates, times and letters that an author has named in these words."""

from hailo_piper.text.normalise.continental import noun_table
from hailo_piper.text.normalise.german.dates import day_ending, year
from hailo_piper.text.normalise.german.ordinals import MONTHS, ending, stem
from hailo_piper.text.normalise.german.times import clock
from hailo_piper.text.normalise.german.units import LANGUAGE
from hailo_piper.text.normalise.german.words import ELECTRONIC
from hailo_piper.text.normalise.kinds import GivenDate, GivenTime, Kinds, Place, by_name, sign_table

_MARKS = sign_table("""
    & Und-Zeichen
    , Komma
    ; Semikolon
    ! Ausrufezeichen
    ' Apostroph
    ’ Apostroph
    " Anführungszeichen
    ( Klammer auf
    ) Klammer zu
    [ eckige Klammer auf
    ] eckige Klammer zu
    { geschweifte Klammer auf
    } geschweifte Klammer zu
    < kleiner als
    > größer als
    | senkrechter Strich
    * Stern
    ^ Zirkumflex
    $ Dollar
    € Euro
    £ Pfund
    § Paragraf
    ° Grad
    – Gedankenstrich
""")
_NOUNS = noun_table("""
    year: ein Jahr, Jahre
    month: ein Monat, Monate
    week: eine Woche, Wochen
    day: ein Tag, Tage
    hour: eine Stunde, Stunden
    minute: eine Minute, Minuten
    second: eine Sekunde, Sekunden
    inch: ein Zoll, Zoll
    foot: ein Fuß, Fuß
    mile: eine Meile, Meilen
    pound: ein Pfund, Pfund
    ounce: eine Unze, Unzen
""")
_ENDINGS = {"m": "er", "f": "e", "n": "es"}


def kinds(region: str) -> Kinds:  # noqa: ARG001 - one set of words serves every region
    """Return the kinds."""
    return KINDS


def _ordinal(number: int, gender: str, place: Place) -> str:
    return _stem(number) + (_ENDINGS.get(gender) or ending(place))


def _stem(number: int) -> str:
    thousands, rest = divmod(number, 1000)
    if rest:
        return f"{thousands * 1000} {stem(rest)}" if thousands else stem(rest)
    return "tausendst" if thousands == 1 else f"{thousands} tausendst"


def _fraction(whole: int, top: int, bottom: int) -> str | None:
    if (top, bottom) == (1, 2):
        return f"{whole} einhalb" if whole > 1 else "eineinhalb" if whole else "ein halb"
    if not 1 < bottom <= 1000:
        return None
    name = "halbe" if bottom == 2 else f"{_stem(bottom)}el".capitalize()
    said = f"{'ein' if top == 1 else top} {name}"
    return f"{whole} {said}" if whole else said


def _date(given: GivenDate, place: Place) -> str:
    day = f"{stem(given.day)}{day_ending(place)}" if given.day else ""
    month = MONTHS[given.month - 1] if given.month else ""
    return " ".join(filter(None, (day, month, given.year and year(given.year))))


def _time(given: GivenTime, _: Place) -> str:
    second = str(given.second) if given.second else None
    return clock(str(given.hour_of_day), f"{given.minute:02}", second)


KINDS = Kinds(
    marks={**ELECTRONIC.marks, **_MARKS},
    letters={"ẞ": "Eszett", "ß": "Eszett"},
    minus="minus ",
    plus="plus ",
    and_="und",
    over="durch",
    extension="Durchwahl",
    beep="piep",
    ordinal=_ordinal,
    fraction=_fraction,
    date=_date,
    time=_time,
    counted=by_name(_NOUNS, LANGUAGE.counted),
)
