"""French dates and times: "14/07/2025" is "14 juillet 2025", "14h30" is "14 heures 30"."""

import re

from hailo_piper.text.normalise.patterns import BLANK
from hailo_piper.text.normalise.rule import DIGIT, Rule
from hailo_piper.text.normalise.wording import dates_in_figures, day_and_month, month_and_year

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
_SHORT_MONTHS = {
    "janv": "janvier", "jan": "janvier", "févr": "février", "fév": "février", "avr": "avril", "juil": "juillet",
    "juill": "juillet", "sept": "septembre", "oct": "octobre", "nov": "novembre", "déc": "décembre",
}  # fmt: skip
_DAYS = {
    "lun": "lundi", "mar": "mardi", "mer": "mercredi", "jeu": "jeudi", "ven": "vendredi", "sam": "samedi",
    "dim": "dimanche",
}  # fmt: skip
_DAY = rf"(?P<{{}}>{'|'.join(_DAYS)})(?:di)?"


def _date(match: re.Match[str]) -> str:
    day, month, year = match["day"], int(match["month"]), match["year"]
    spoken = f"{day_name(day)} {MONTHS[month - 1]}"
    return f"{spoken} {int(year) if len(year) > 2 or int(year) > 50 else 2000 + int(year)}" if year else spoken


def day_name(digits: str) -> str:
    """Return a day of a month: "premier", "14"."""
    return "premier" if int(digits) == 1 else str(int(digits))


def _short_month(match: re.Match[str]) -> str:
    return f"{day_name(match[1])} {_SHORT_MONTHS[match[2]]}"


def _days(match: re.Match[str]) -> str:
    between = match[2].strip()
    return f"{_DAYS[match[1].lower()]} {'au' if between in {'-', '–', 'à'} else between} {_DAYS[match[3].lower()]}"


def _time(match: re.Match[str]) -> str:
    first = clock(match[1], match[2] or match[3], match[4])
    if match[0].endswith("min"):
        return f"{first} minute{'s' if int(match[2]) > 1 else ''}"
    return f"{first} à {clock(match[5], match[6] or match[7], None)}" if match[5] else first


def clock(hours: str, minutes: str | None, seconds: str | None) -> str:
    """Return a time: "une heure 5", "14 heures 30", "vingt et une heures"."""
    hour, minute = int(hours), int(minutes or 0)
    number = {0: "zéro", 1: "une", 21: "vingt et une"}.get(hour, str(hour))
    spoken = f"{number} heure{'s' if hour > 1 else ''}"
    if minute:
        spoken += f" {_feminine(minute)}"
    return f"{spoken} et {int(seconds)} secondes" if seconds else spoken


def _feminine(number: int) -> str:
    """Return minutes, which are feminine: "vingt et une"; no more than 59."""
    if number == 1:
        return "une"
    return f"{number - 1} et une" if number % 10 == 1 and number != 11 else str(number)


_CLOCK = r"([01]?\d|2[0-4])(?:{0}?[hH](?:{0}?([0-5]\d)(?:{0}?min)?)?|:([0-5]\d))"
_ONE = _CLOCK.format(BLANK)
_END = rf"(?:{BLANK}?[-–]{BLANK}?{_ONE})?"

RULES = (
    *dates_in_figures(_date),
    Rule(
        name="date",
        pattern=rf"\b(?P<before>(?:le|au|du|{'|'.join(_DAYS.values())}),? )(?P<day>0?[1-9]|[12]\d|3[01])/"
        r"(?P<month>0?[1-9]|1[0-2])(?P<year>)(?![\w/]| d(?:es?\b|u\b|['’]))",
        say=lambda match: match["before"] + _date(match),
        needs="/",
        ignore_case=True,
    ),
    day_and_month(_date),
    month_and_year(lambda month, year: f"{MONTHS[month - 1]} {year}"),
    Rule(
        name="date",
        pattern=rf"(?<![\w.,])(\d{{1,2}})(?:er)? ({'|'.join(_SHORT_MONTHS)})\b\.?",
        say=_short_month,
        needs=DIGIT,
    ),
    Rule(
        name="date",
        pattern=rf"\b({'|'.join(_DAYS)})\.?( ?[-–] ?| au | à | et )({'|'.join(_DAYS)})\b(?:\.|(?![ ]?\w{{2}}))",
        say=_days,
        needs=".-–",
        ignore_case=True,
    ),
    Rule(
        name="date",
        pattern=rf"\b({'|'.join(_DAYS)})\.(?= \d)",
        say=lambda match: _DAYS[match[1].lower()],
        needs=".",
        ignore_case=True,
    ),
    Rule(
        name="time",
        pattern=rf"(?<![\w:.,/-]){_ONE}(?::([0-5]\d))?{_END}(?![\w:])",
        say=_time,
        needs=":hH",
    ),
)
