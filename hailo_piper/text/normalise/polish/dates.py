"""Polish dates, years and times: "17 czerwca" is "siedemnastego czerwca", "o 8:00" is "o ósmej"."""

import re

from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.normalise.context import before, ended
from hailo_piper.text.normalise.patterns import BLANK, DAY_FIRST, YEAR_FIRST
from hailo_piper.text.normalise.polish.ordinals import minutes, ordinal
from hailo_piper.text.normalise.rule import DIGIT, Rule
from hailo_piper.text.normalise.wording import word_set

MONTHS = (
    "stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września", "października",
    "listopada", "grudnia",
)  # fmt: skip
_DAYS = {
    "pn": ("poniedziałek", "poniedziałku"), "pon": ("poniedziałek", "poniedziałku"), "wt": ("wtorek", "wtorku"),
    "śr": ("środa", "środy"), "czw": ("czwartek", "czwartku"), "pt": ("piątek", "piątku"), "sob": ("sobota", "soboty"),
    "nd": ("niedziela", "niedzieli"), "niedz": ("niedziela", "niedzieli"),
}  # fmt: skip
OBLIQUE = word_set("o od do po około koło ok. godzinie godziny godz. przed między w od")
"""After these an hour is "ósmej", not "ósma"."""
_HOURS = 24
YEAR_IN = word_set("w we")


def _date(match: re.Match[str]) -> str:
    spoken = f"{ordinal(int(match['day']), 'ego')} {MONTHS[int(match['month']) - 1]}"
    year = int(match["year"]) if len(match["year"]) > 2 else 2000 + int(match["year"])
    return f"{spoken} {ordinal(year, 'ego')} roku"


def _day_of_month(match: re.Match[str]) -> str:
    month = match["month"]
    spoken = f"{ordinal(int(match['day']), 'ego')} {MONTHS[int(month) - 1] if month.isdigit() else month}"
    return f"{spoken} {ordinal(int(match['year']), 'ego')} roku" if match["year"] else spoken


def _year(match: re.Match[str]) -> str:
    if match[2] == "rok":
        return f"{ordinal(int(match[1]), 'y')} rok"
    ending = "ym" if before(match) in YEAR_IN else "ego"
    return ended(match, f"{ordinal(int(match[1]), ending)} roku")


def _decade(match: re.Match[str]) -> str:
    ending = {"lata": "e", "latach": "ych", "lat": "ych", "latami": "ymi", "latom": "ym"}[match[1].lower()]
    return ended(match, f"{match[1]} {ordinal(int(match[2]), ending)}")


def _day(match: re.Match[str]) -> str:
    """Return a day of the week, an accusative after "w": "w sobotę i niedzielę"."""
    name, genitive = _DAYS[match[1].lower()]
    if before(match) in {"do", "od"}:
        return genitive
    is_in = re.search(r"\b[Ww]e? ", match.string[max(0, match.start() - 20) : match.start()])
    return name[:-1] + "ę" if is_in and name.endswith("a") else name


def _days(match: re.Match[str]) -> str:
    return f"{_DAYS[match[1].lower()][0]} do {_DAYS[match[2].lower()][1]}"


def _time(match: re.Match[str]) -> str:
    case = "ej" if before(match) in OBLIQUE else "a"
    first = clock(match[1], match[2], case)
    return f"{first} do {clock(match[3], match[4], 'ej')}" if match[3] else first


def clock(hour: str, minute: str, case: str) -> str:
    """Return a time, its hour with an ending: "ósma trzydzieści", "ósmej"."""
    return f"{ordinal(int(hour), case) if int(hour) else 'zero'} {minutes(int(minute))}".rstrip()


def _from_to(match: re.Match[str]) -> str | None:
    """Return two dates, or two times where the figures after a full stop are no months."""
    pairs = ((match[1], match[2]), (match[3], match[4]))
    if all(1 <= int(second) <= len(MONTHS) and 1 <= int(first) <= 31 for first, second in pairs):
        spoken = [f"{ordinal(int(day), 'ego')} {MONTHS[int(month) - 1]}" for day, month in pairs]
    elif int(match[1]) > _HOURS or int(match[3]) > _HOURS:
        return None
    else:
        spoken = [clock(hour, minute, "ej") for hour, minute in pairs]
    return " do ".join(spoken)


_CHANGES = lazily(r"(?:wzr|rośn|spad|zwięk|zmniej|podro|obni|więcej|mniej)\w{0,12} o $")


def _point_time(match: re.Match[str]) -> str | None:
    """Return a time, unless something rose or fell by as much."""
    return None if _CHANGES.search(match.string[max(0, match.start() - 30) : match.start()]) else _time(match)


def _hour(match: re.Match[str]) -> str:
    name = "godzinie" if before(match) in {"o", "po"} else "godziny" if before(match) in {"od", "do"} else "godzina"
    first = f"{name} {clock(match[1], match[2] or '0', 'a' if name == 'godzina' else 'ej')}"
    return f"{first} do {clock(match[3], match[4], 'ej')}" if match[3] else first


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
        pattern=rf"(?<![\w.,])(?P<day>[12]?\d|3[01]) (?P<month>{'|'.join(MONTHS)})\b"
        rf"(?: (?P<year>{_WAS})\b(?: r(?:oku|\.))?)?",
        say=_day_of_month,
        needs=DIGIT,
    ),
    Rule(
        name="date",
        pattern=rf"(?<![\w.,])([12]?\d|3[01])(?= ?(?:do|i|-|–) ?[123]?\d (?:{'|'.join(MONTHS)})\b)",
        say=lambda match: ordinal(int(match[1]), "ego"),
        needs=DIGIT,
    ),
    Rule(name="year", pattern=rf"(?<![\w.,-])({_WAS}) ?(rok(?:u)?|r\.)(?!\w)", say=_year, needs="r"),
    Rule(
        name="year", pattern=r"(?<![\w.,-])([1-9]\d{0,2}) ?(r(?:oku|\.))(?= (?:p\. ?)?n\. ?e\.)", say=_year, needs="r"
    ),
    Rule(
        name="year",
        pattern=r"\b([Ll]at(?:a|ach|ami|om)?) ([2-9]0)(?:\.(?= \w)|-?(?:te|tych)\b|(?= (?:XX|ubiegłego|były|był)))",
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
    Rule(
        name="date",
        pattern=rf"\b((?i:{'|'.join(_DAYS)}))\.(?=,? [a-ząćęłńóśźż\d])",
        say=_day,
        needs=".",
    ),
    Rule(
        name="time",
        pattern=rf"(?<=\b[Oo]d )([0-3]?\d)\.([0-5]\d) do ([0-3]?\d)\.([0-5]\d)(?![\w:]|[.,]\d|{BLANK}?[%€$°]| zł)",
        say=_from_to,
        needs=DIGIT,
    ),
    Rule(
        name="date",
        pattern=r"(?:(?<=\b[Dd]o )|(?<=\b[Oo]d )|(?<=\bdnia )|(?<=\bdniu )|(?<=\bna ))"
        r"(?P<day>0?[1-9]|[12]\d|3[01])\.(?P<month>0[1-9]|1[0-2])(?P<year>)"
        r"(?![\w:]|[.,]\d|[ .]?[%€$°\d]|\.\w| zł| do \d)",
        say=_day_of_month,
        needs=DIGIT,
    ),
    Rule(name="time", pattern=rf"\bgodz\. ?{_CLOCK}(?:{BLANK}?[-–]{BLANK}?{_CLOCK})?(?![\w:])", say=_hour, needs="g"),
    Rule(name="time", pattern=r"\bgodz\. ?([01]?\d|2[0-4])()()(?![\w:]|\.\d)", say=_hour, needs="g"),
    Rule(
        name="time",
        pattern=rf"(?<=\b[Oo] )([01]?\d|2[0-4])\.([0-5]\d)()"
        rf"(?![\w:]|[.,]\d|{BLANK}?(?:[%€$°]|zł|proc|k[gm]\b|pun|pkt|stop|m\b))",
        say=_point_time,
        needs=DIGIT,
    ),
    Rule(
        name="time",
        pattern=rf"(?<![\w:.,/-])([01]?\d|2[0-4]):([0-5]\d)(?:{BLANK}?[-–]{BLANK}?([01]?\d|2[0-4]):([0-5]\d))?(?![\w:])",
        say=_time,
        needs=":",
    ),
)
