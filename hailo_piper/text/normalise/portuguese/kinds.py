"""Portuguese says numbers, dates, times and letters that an author has named in these words."""

import re

from hailo_piper.text.normalise.context import after
from hailo_piper.text.normalise.kinds import GivenDate, GivenTime, Kinds, Place, by_name, sign_table, spoken_mixed
from hailo_piper.text.normalise.portuguese.numbers import agree, cardinal, is_feminine
from hailo_piper.text.normalise.portuguese.numbers import ordinal as numbered
from hailo_piper.text.normalise.portuguese.rules import clock
from hailo_piper.text.normalise.portuguese.units import LANGUAGE, noun_forms
from hailo_piper.text.normalise.portuguese.words import CALENDAR, ELECTRONIC, PARTS

_MARKS = sign_table("""
    & e comercial
    , vírgula
    ; ponto e vírgula
    ! exclamação
    ' apóstrofo
    ’ apóstrofo
    " aspas
    ( abre parêntese
    ) fecha parêntese
    [ abre colchete
    ] fecha colchete
    { abre chave
    } fecha chave
    < menor que
    > maior que
    | barra vertical
    * asterisco
    ^ circunflexo
    $ cifrão
    € euro
    £ libra
    § parágrafo
    ° grau
    – travessão
""")
_NOUNS = noun_forms("""
    year: um ano, anos
    month: um mês, meses
    week: uma semana, semanas
    day: um dia, dias
    hour: uma hora, horas
    minute: um minuto, minutos
    second: um segundo, segundos
    inch: uma polegada, polegadas
    foot: um pé, pés
    mile: uma milha, milhas
    pound: uma libra, libras
    ounce: uma onça, onças
""")
_HUNDREDTHS = (
    "", "centésimo", "ducentésimo", "trecentésimo", "quadringentésimo", "quingentésimo", "sexcentésimo",
    "septingentésimo", "octingentésimo", "nongentésimo",
)  # fmt: skip
_MORE_PARTS = {2: "meio", 100: "centésimo", 1000: "milésimo"}


def kinds(region: str) -> Kinds:  # noqa: ARG001 - one set of words serves every region
    """Return the kinds."""
    return KINDS


def _ordinal(number: int, gender: str, place: Place) -> str:
    noun = after(place).rstrip(".,;:!?»\"')")
    has_noun = noun.islower() and noun.isalpha() and len(noun) > 2
    words = _words(number)
    is_her = gender == "f" or (not gender and has_noun and is_feminine(noun))
    return re.sub(r"o\b", "a", words) if is_her else words


def _words(number: int) -> str:
    thousands, rest = divmod(number, 1000)
    hundreds, below = divmod(rest, 100)
    words = [] if not thousands else ["milésimo" if thousands == 1 else f"{thousands} milésimo"]
    words += [_HUNDREDTHS[hundreds]] if hundreds else []
    return " ".join([*words, *([numbered(below)] if below else [])])


def _fraction(whole: int, top: int, bottom: int) -> str | None:
    if (top, bottom) == (1, 2):
        return spoken_mixed(whole, "e", "meio")
    name = PARTS.names.get(bottom) or _MORE_PARTS.get(bottom)
    if not name and not 10 < bottom < 1000:
        return None
    if top > 999:
        return None
    said = f"{cardinal(top)} {name if top == 1 else PARTS.plural(name)}" if name else ""
    return spoken_mixed(whole, "e", said or f"{cardinal(top)} {cardinal(bottom)} avo{'' if top == 1 else 's'}")


def _date(given: GivenDate, _: Place) -> str:
    return CALENDAR.of_parts(given.day, given.month, given.year)


def _time(given: GivenTime, _: Place) -> str:
    said = clock(given.hour_of_day, given.minute, "")
    return f"{said} e {_counted(str(given.second), 'second')}" if given.second else said


_counted = by_name(_NOUNS, LANGUAGE.counted, agree)
KINDS = Kinds(
    marks={**ELECTRONIC.marks, **_MARKS},
    letters={"E": "é", "O": "ó", "ẞ": "eszett", "ß": "eszett"},
    minus="menos ",
    plus="mais ",
    and_="e",
    over="sobre",
    extension="ramal",
    beep="bip",
    ordinal=_ordinal,
    fraction=_fraction,
    date=_date,
    time=_time,
    counted=_counted,
)
