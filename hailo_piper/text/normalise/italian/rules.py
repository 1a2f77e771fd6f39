"""Italian rules."""

import re
from collections.abc import Sequence

from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.normalise.context import after
from hailo_piper.text.normalise.continental import plain_numbers, quantities
from hailo_piper.text.normalise.electronic import addresses, versions
from hailo_piper.text.normalise.italian.units import LANGUAGE
from hailo_piper.text.normalise.italian.words import (
    ABBREVIATIONS,
    BEFORE_NUMBERS,
    CALENDAR,
    ELECTRONIC,
    LAST,
    NUMERALS,
    PARTS,
    SIGNS,
    ordinal,
)
from hailo_piper.text.normalise.patterns import BLANK
from hailo_piper.text.normalise.romance import (
    agreeing,
    consumption,
    inches,
    numerals,
    telephone,
    telephone_word,
)
from hailo_piper.text.normalise.romance_dates import dates, times
from hailo_piper.text.normalise.romance_fractions import fractions, measured_fractions
from hailo_piper.text.normalise.romance_signs import signs
from hailo_piper.text.normalise.rule import DIGIT, Rule
from hailo_piper.text.normalise.wording import abbreviations, pairs_with_slash, proportions, short_years

_SINGULAR = {
    "libro": "un", "giorno": "un", "anno": "un", "mese": "un", "minuto": "un", "secondo": "un", "litro": "un",
    "chilo": "un", "metro": "un", "uovo": "un", "bicchiere": "un", "cucchiaio": "un", "cucchiaino": "un",
    "posto": "un", "punto": "un", "grado": "un", "ora": "un'", "settimana": "una", "persona": "una", "volta": "una",
    "pagina": "una", "tazza": "una", "bottiglia": "una", "cipolla": "una", "notte": "una", "camera": "una",
    "donna": "una", "casa": "una", "mela": "una", "sedia": "una", "ragazza": "una", "bambina": "una", "figlia": "una",
    "parola": "una", "domanda": "una", "macchina": "una", "uomo": "un", "ragazzo": "un", "bambino": "un",
    "figlio": "un", "amico": "un", "gatto": "un", "cane": "un",
    "spicchio": "uno", "euro": "un", "milione": "un", "miliardo": "un",
}  # fmt: skip
_ARTICLES = {"ora": "all'", "anno": "all'", "persona": "a ", "notte": "a ", "settimana": "alla "}
_COUNTED_BY = lazily(rf" al ({'|'.join(_ARTICLES)})\b")
_AFTER_DEGREES = ("", "di", "e", "a", "in", "oggi", "con", "nord", "sud", "all'ombra", "ma", "o")


def rules(region: str) -> Sequence[Rule]:  # noqa: ARG001 - one set of rules serves every region
    """Return the rules."""
    return _RULES


def clock(hour: int, minute: int, sign: str) -> str:
    """Return a time: "8 e 5", "una e 15", "14 e 30"; `h` after it is "ore"."""
    number = {0: "mezzanotte" if not minute else "0", 1: "una"}.get(hour, str(hour))
    spoken = f"{number} e {minute}" if minute else number
    return f"{spoken} ore" if sign == "h" and hour > 1 else spoken


def _ordinal(match: re.Match[str]) -> str | None:
    """Return an ordinal; "25°" before no noun is a temperature."""
    number, suffix = int(match[1]), match[2]
    noun = after(match).rstrip(".,;:!?»\"')")
    if not number:
        return None
    if suffix == "°" and (not noun[:1].isalpha() or noun in _AFTER_DEGREES):
        return None
    return ordinal(number, is_feminine=suffix in {"ª", "a", "^"})


def _degrees(match: re.Match[str]) -> str:
    number = match[1].replace(".", ",")
    sign = "meno " if number[0] in "-−" else ""
    number = number.lstrip("-−")
    return sign + ("un grado" if number == "1" else f"{number} gradi")


def _with_article(spoken: str) -> str:
    """Return what is counted by a noun with the noun's article: "all'ora", "a persona"."""
    return _COUNTED_BY.sub(lambda match: f" {_ARTICLES[match[1]]}{match[1]}", spoken)


def _one(match: re.Match[str]) -> str:
    article = _SINGULAR[match[1]]
    return f"{article}{'' if article.endswith(chr(39)) else ' '}{match[1]}"


_RULES: Sequence[Rule] = (
    # "p.es." has the shape of a domain.
    Rule(name="abbreviation", pattern=r"\bp\. ?es\.", say=lambda _: "per esempio", needs="."),
    *addresses(ELECTRONIC),
    telephone(
        r"(?<![\w.,€$-])(?:(?:\+|00)\d{2,3}[ -]?\d{2,4}(?:[ ./-]?\d{2,8}){1,4}|"
        r"0\d{1,3}[ ./-]\d{3,8}(?:[ -]\d{2,4}){0,3}|"
        r"3\d{2}(?:[ ./-]\d{2,7}){1,3}|3\d{9}|0\d{8,9}|800[ -]?\d{3}[ -]?\d{3})(?!\w|[.,]\d| ?[€$%])",
        plus="più",
    ),
    *dates(CALENDAR),
    *times(clock, to="alle", before_seconds=" e ", before_full_stop="ore|alle|dalle|le|ore le"),
    Rule(
        name="time",
        pattern=r"\bh(?:\.| )? ?([01]?\d|2[0-4])[:.]([0-5]\d)(?![\w:]|[.,]\d)",
        say=lambda match: f"ore {clock(int(match[1]), int(match[2]), '')}",
        needs="h",
    ),
    Rule(
        name="ordinal",
        pattern=r"(?<![\w.,/-])(1?\d{1,2})([°ºª]|\^(?= [a-z]{3})|(?<=[12345])a(?= [a-z]{4}))(?![\w°]| ?[CF]\b)",
        say=_ordinal,
        needs=DIGIT,
    ),
    short_years(),
    inches("pollici"),
    pairs_with_slash(),
    consumption("litri per 100 chilometri"),
    Rule(name="math", pattern=r"(?<=\d ):(?= \d{1,15} =)", say=lambda _: "diviso", needs=":"),
    *measured_fractions(PARTS, LANGUAGE, "kg|l|km|g|m|cm|ml|h"),
    Rule(name="fraction", pattern=r"(?<![\w.,/-])(?:1/2|½) ?ora\b", say=lambda _: "mezz'ora", needs="/½"),
    Rule(
        name="unit",
        pattern=rf"(?<![\w.,:/-])(\d{{1,6}}(?:[.,]\d{{1,3}})?){BLANK}ha(?=[.,;)]|$| di\b)",
        say=lambda match: f"{match[1]} ettari" if match[1] != "1" else "un ettaro",
        needs=DIGIT,
    ),
    *agreeing(quantities(LANGUAGE), _with_article),
    Rule(
        name="unit", pattern=rf"(?<![\w.,:/^])([-−]?\d{{1,3}}(?:[.,]\d)?){BLANK}?[°º](?!\w)", say=_degrees, needs="°º"
    ),
    *numerals(NUMERALS),
    *fractions(PARTS),
    proportions("range", "a"),
    Rule(
        name="cardinal",
        pattern=rf"(?<![\w.,:/+$-])(?<!\bil )(?<!\bdel )1 ({'|'.join(_SINGULAR)})\b",
        say=_one,
        needs="1",
    ),
    Rule(
        name="date",
        pattern=rf"(?<![\w.,/'’-])1(?= (?:{'|'.join(CALENDAR.months)})\b)",
        say=lambda _: "primo",
        needs="1",
    ),
    *plain_numbers(LANGUAGE),
    *versions(ELECTRONIC),
    abbreviations(BEFORE_NUMBERS, before_numbers=True),
    abbreviations(LAST, last=True),
    Rule(
        name="abbreviation",
        pattern=r"\bS\.(?= (?!Andrea|Luca|Nicola)[A-Z][a-z]{1,15}a\b)",
        say=lambda _: "Santa",
        needs="S",
    ),
    abbreviations(ABBREVIATIONS),
    telephone_word("telefono"),
    *signs(SIGNS),
)
