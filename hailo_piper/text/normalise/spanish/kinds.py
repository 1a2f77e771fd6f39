"""Spanish says numbers, dates, times and letters that an author has named in these words."""

from hailo_piper.text.normalise.context import after
from hailo_piper.text.normalise.continental import noun_table
from hailo_piper.text.normalise.kinds import GivenDate, GivenTime, Kinds, Place, by_name, sign_table, spoken_mixed
from hailo_piper.text.normalise.spanish.numbers import NO_NOUN, agree, cardinal, is_feminine
from hailo_piper.text.normalise.spanish.numbers import ordinal as numbered
from hailo_piper.text.normalise.spanish.rules import clock
from hailo_piper.text.normalise.spanish.units import LANGUAGE
from hailo_piper.text.normalise.spanish.words import CALENDAR, ELECTRONIC, PARTS

_MARKS = sign_table("""
    & ampersand
    , coma
    ; punto y coma
    ! exclamación
    ' apóstrofo
    ’ apóstrofo
    " comillas
    ( abre paréntesis
    ) cierra paréntesis
    [ abre corchete
    ] cierra corchete
    { abre llave
    } cierra llave
    < menor que
    > mayor que
    | barra vertical
    * asterisco
    ^ circunflejo
    $ dólar
    € euro
    £ libra
    § párrafo
    ° grado
    – guion
""")
_NOUNS = noun_table("""
    year: un año, años
    month: un mes, meses
    week: una semana, semanas
    day: un día, días
    hour: una hora, horas
    minute: un minuto, minutos
    second: un segundo, segundos
    inch: una pulgada, pulgadas
    foot: un pie, pies
    mile: una milla, millas
    pound: una libra, libras
    ounce: una onza, onzas
""")
_HUNDREDTHS = (
    "", "centésimo", "ducentésimo", "tricentésimo", "cuadringentésimo", "quingentésimo", "sexcentésimo",
    "septingentésimo", "octingentésimo", "noningentésimo",
)  # fmt: skip
_MORE_PARTS = {100: "centésimo", 1000: "milésimo"}
_PLAIN = str.maketrans("áéíóú", "aeiou")


def kinds(region: str) -> Kinds:  # noqa: ARG001 - one set of words serves every region
    """Return the kinds."""
    return KINDS


def _ordinal(number: int, gender: str, place: Place) -> str:
    noun = after(place).rstrip(".,;:!?»\"')")
    has_noun = noun.islower() and noun.isalpha() and noun not in NO_NOUN
    feminine = gender == "f" or (not gender and has_noun and is_feminine(noun))
    words = _words(number, is_feminine=feminine)
    is_short = has_noun and not feminine and words.endswith(("primero", "tercero"))
    return words[:-1] if is_short else words


def _words(number: int, *, is_feminine: bool) -> str:
    thousands, rest = divmod(number, 1000)
    hundreds, below = divmod(rest, 100)
    words = [] if not thousands else ["milésimo" if thousands == 1 else f"{thousands} milésimo"]
    words += [_HUNDREDTHS[hundreds]] if hundreds else []
    said = " ".join(words)
    said = f"{said[:-1]}a" if is_feminine and said else said
    return " ".join(filter(None, (said, numbered(below, is_feminine=is_feminine) if below else "")))


def _fraction(whole: int, top: int, bottom: int) -> str | None:
    if (top, bottom) == (1, 2):
        return spoken_mixed(whole, "y", "medio" if whole else "un medio")
    name = "medio" if bottom == 2 else PARTS.names.get(bottom) or _MORE_PARTS.get(bottom)
    if not name and 10 < bottom <= 20:
        name = f"{cardinal(bottom).translate(_PLAIN)}avo"
    if not name or top > 999:
        return None
    return spoken_mixed(whole, "y", f"un {name}" if top == 1 else f"{cardinal(top)} {PARTS.plural(name)}")


def _date(given: GivenDate, _: Place) -> str:
    return CALENDAR.of_parts(given.day, given.month, given.year)


def _time(given: GivenTime, _: Place) -> str:
    said = clock(given.hour_of_day, given.minute, "" if given.minute else "h")
    return f"{said} y {_counted(str(given.second), 'second')}" if given.second else said


_counted = by_name(_NOUNS, LANGUAGE.counted, agree)
KINDS = Kinds(
    marks={**ELECTRONIC.marks, **_MARKS},
    letters={"Y": "i griega", "ẞ": "eszett", "ß": "eszett"},
    minus="menos ",
    plus="más ",
    and_="y",
    over="sobre",
    extension="extensión",
    beep="bip",
    ordinal=_ordinal,
    fraction=_fraction,
    date=_date,
    time=_time,
    counted=_counted,
)
