"""Polish dates, years and times: "17 czerwca" is "siedemnastego czerwca", "o 8:00" is "o ósmej"."""

import re

from hailo_piper.text.normalise.context import before, ended
from hailo_piper.text.normalise.continental import BLANK, DAY_FIRST, YEAR_FIRST
from hailo_piper.text.normalise.polish.ordinals import minutes, ordinal
from hailo_piper.text.normalise.rule import DIGIT, Rule
from hailo_piper.text.normalise.wording import word_set

_MONTHS = (
    "stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września", "października",
    "listopada", "grudnia",
)  # fmt: skip
_DAYS = {
    "pn": ("poniedziałek", "poniedziałku"), "pon": ("poniedziałek", "poniedziałku"), "wt": ("wtorek", "wtorku"),
    "śr": ("środa", "środy"), "czw": ("czwartek", "czwartku"), "pt": ("piątek", "piątku"), "sob": ("sobota", "soboty"),
    "nd": ("niedziela", "niedzieli"), "niedz": ("niedziela", "niedzieli"),
}  # fmt: skip
_OBLIQUE = word_set("o od do po około koło ok. godzinie godziny godz. przed między w od")
"""After these an hour is "ósmej", not "ósma"."""
_YEAR_IN = word_set("w we")


def _date(match: re.Match[str]) -> str:
    spoken = f"{ordinal(int(match['day']), 'ego')} {_MONTHS[int(match['month']) - 1]}"
    year = int(match["year"]) if len(match["year"]) > 2 else 2000 + int(match["year"])
    return f"{spoken} {ordinal(year, 'ego')} roku"


def _day_of_month(match: re.Match[str]) -> str:
    spoken = f"{ordinal(int(match['day']), 'ego')} {match['month']}"
    return f"{spoken} {ordinal(int(match['year']), 'ego')} roku" if match["year"] else spoken


def _year(match: re.Match[str]) -> str:
    if match[2] == "rok":
        return f"{ordinal(int(match[1]), 'y')} rok"
    ending = "ym" if before(match) in _YEAR_IN else "ego"
    return ended(match, f"{ordinal(int(match[1]), ending)} roku")


def _decade(match: re.Match[str]) -> str:
    ending = {"lata": "e", "latach": "ych", "lat": "ych", "latami": "ymi", "latom": "ym"}[match[1].lower()]
    return ended(match, f"{match[1]} {ordinal(int(match[2]), ending)}")


def _days(match: re.Match[str]) -> str:
    return f"{_DAYS[match[1].lower()][0]} do {_DAYS[match[2].lower()][1]}"


def _time(match: re.Match[str]) -> str:
    case = "ej" if before(match) in _OBLIQUE else "a"
    first = _clock(match[1], match[2], case)
    return f"{first} do {_clock(match[3], match[4], 'ej')}" if match[3] else first


def _clock(hour: str, minute: str, case: str) -> str:
    return f"{ordinal(int(hour), case) if int(hour) else 'zero'} {minutes(int(minute))}".rstrip()


def _hour(match: re.Match[str]) -> str:
    name = "godzinie" if before(match) in {"o", "po"} else "godziny" if before(match) in {"od", "do"} else "godzina"
    first = f"{name} {_clock(match[1], match[2] or '0', 'a' if name == 'godzina' else 'ej')}"
    return f"{first} do {_clock(match[3], match[4], 'ej')}" if match[3] else first


_CLOCK = r"([01]?\d|2[0-4])[:.]([0-5]\d)"
_WAS = r"1\d{3}|20\d\d"
DATES = (
    Rule(
        name="date",
        pattern=rf"{DAY_FIRST}(?:{BLANK}?r(?:oku|\.))?",
        say=_date,
        needs="./-",
    ),
    Rule(
        name="date",
        pattern=YEAR_FIRST,
        say=_date,
        needs="-",
    ),
    Rule(
        name="date",
        pattern=rf"(?<![\w.,])(?P<day>[12]?\d|3[01]) (?P<month>{'|'.join(_MONTHS)})\b"
        rf"(?: (?P<year>{_WAS})\b(?: r(?:oku|\.))?)?",
        say=_day_of_month,
        needs=DIGIT,
    ),
    Rule(
        name="date",
        pattern=rf"(?<![\w.,])([12]?\d|3[01])(?= ?(?:do|i|-|–) ?[123]?\d (?:{'|'.join(_MONTHS)})\b)",
        say=lambda match: ordinal(int(match[1]), "ego"),
        needs=DIGIT,
    ),
    Rule(name="year", pattern=rf"(?<![\w.,-])({_WAS}) ?(rok(?:u)?|r\.)(?!\w)", say=_year, needs="r"),
    Rule(
        name="year", pattern=r"(?<![\w.,-])([1-9]\d{0,2}) ?(r(?:oku|\.))(?= (?:p\. ?)?n\. ?e\.)", say=_year, needs="r"
    ),
    Rule(
        name="year",
        pattern=r"\b([Ll]at(?:a|ach|ami|om)?) ([2-9]0)(?:\.(?!\d)|-?(?:te|tych)\b|(?= (?:XX|ubiegłego|były|był)))",
        say=_decade,
        needs="0",
    ),
    Rule(
        name="date",
        pattern=rf"\b({'|'.join(_DAYS)})\.?(?: ?[-–] ?| do )({'|'.join(_DAYS)})\b(?:\.(?=.))?",
        say=_days,
        needs="-–d",
        ignore_case=True,
    ),
    Rule(name="time", pattern=rf"\bgodz\. ?{_CLOCK}(?:{BLANK}?[-–]{BLANK}?{_CLOCK})?(?![\w:])", say=_hour, needs="g"),
    Rule(name="time", pattern=r"\bgodz\. ?([01]?\d|2[0-4])()()(?![\w:]|\.\d)", say=_hour, needs="g"),
    Rule(
        name="time",
        pattern=rf"(?:(?<=\b[Oo] )|(?<=\b[Oo]d )(?=\d{{1,2}}\.\d\d do \d)|(?<=\d\d do ))([01]?\d|2[0-4])\.([0-5]\d)()"
        rf"(?![\w:]|[.,]\d|{BLANK}?(?:[%€$°]|zł|proc|k[gm]\b|pun|pkt|stop|m\b))",
        say=_time,
        needs=".",
    ),
    Rule(
        name="time",
        pattern=rf"(?<![\w:.,/-])([01]?\d|2[0-4]):([0-5]\d)(?:{BLANK}?[-–]{BLANK}?([01]?\d|2[0-4]):([0-5]\d))?(?![\w:])",
        say=_time,
        needs=":",
    ),
)
