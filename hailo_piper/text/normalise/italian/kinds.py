"""Italian says numbers, dates, times and letters that an author has named in these words."""

from hailo_piper.text.normalise.context import after
from hailo_piper.text.normalise.continental import noun_table
from hailo_piper.text.normalise.italian.rules import clock
from hailo_piper.text.normalise.italian.units import LANGUAGE
from hailo_piper.text.normalise.italian.words import CALENDAR, ELECTRONIC, PARTS
from hailo_piper.text.normalise.italian.words import ordinal as numbered
from hailo_piper.text.normalise.kinds import GivenDate, GivenTime, Kinds, Place, by_name, sign_table, spoken_mixed

_MARKS = sign_table("""
    & e commerciale
    , virgola
    ; punto e virgola
    ! punto esclamativo
    ' apostrofo
    ’ apostrofo
    " virgolette
    ( parentesi aperta
    ) parentesi chiusa
    [ parentesi quadra aperta
    ] parentesi quadra chiusa
    { parentesi graffa aperta
    } parentesi graffa chiusa
    < minore
    > maggiore
    | barra verticale
    * asterisco
    ^ accento circonflesso
    $ dollaro
    € euro
    £ sterlina
    § paragrafo
    ° grado
    – trattino
""")
_NOUNS = noun_table("""
    year: un anno, anni
    month: un mese, mesi
    week: una settimana, settimane
    day: un giorno, giorni
    hour: un'ora, ore
    minute: un minuto, minuti
    second: un secondo, secondi
    inch: un pollice, pollici
    foot: un piede, piedi
    mile: un miglio, miglia
    pound: una libbra, libbre
    ounce: un'oncia, once
""")
_HUNDREDS = ("", "cento", "duecento", "trecento", "quattrocento", "cinquecento", "seicento", "settecento", "ottocento",
             "novecento")  # fmt: skip
_UP_TO_NINE = ("", "un", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove")


def kinds(region: str) -> Kinds:  # noqa: ARG001 - one set of words serves every region
    """Return the kinds."""
    return KINDS


def _ordinal(number: int, gender: str, place: Place) -> str:
    is_feminine = gender == "f" or (not gender and PARTS.is_feminine(after(place).rstrip(".,;:!?")))
    words = _words(number)
    return f"{words[:-1]}a" if is_feminine else words


def _words(number: int) -> str:
    thousands, rest = divmod(number, 1000)
    if thousands and rest:
        return f"{thousands * 1000} {_words(rest)}"
    if thousands:
        few = _UP_TO_NINE[thousands] if 1 < thousands < len(_UP_TO_NINE) else ""
        return "millesimo" if thousands == 1 else f"{few or thousands}{'' if few else ' '}millesimo"
    hundreds, below = divmod(number, 100)
    if not below:
        return f"{_HUNDREDS[hundreds][:-1]}esimo"
    return _HUNDREDS[hundreds] + numbered(below)


def _fraction(whole: int, top: int, bottom: int) -> str | None:
    if (top, bottom) == (1, 2):
        return spoken_mixed(whole, "e", "mezzo" if whole else "un mezzo")
    if not 1 < bottom <= 1000:
        return None
    name = "mezzo" if bottom == 2 else _words(bottom)
    number = _UP_TO_NINE[top] if top < len(_UP_TO_NINE) else str(top)
    return spoken_mixed(whole, "e", f"{number} {name if top == 1 else PARTS.plural(name)}")


def _date(given: GivenDate, _: Place) -> str:
    return CALENDAR.of_parts(given.day, given.month, given.year)


def _time(given: GivenTime, _: Place) -> str:
    said = clock(given.hour_of_day, given.minute, "h" if not given.minute else "")
    return f"{said} e {_counted(str(given.second), 'second')}" if given.second else said


_counted = by_name(_NOUNS, LANGUAGE.counted)
KINDS = Kinds(
    marks={**ELECTRONIC.marks, **_MARKS},
    minus="meno ",
    plus="più ",
    and_="e",
    over="su",
    extension="interno",
    beep="bip",
    ordinal=_ordinal,
    fraction=_fraction,
    date=_date,
    time=_time,
    counted=_counted,
)
