"""German dates, times and years: "am 24.12." is "am vierundzwanzigsten Zwölften", 1989 is "19 hundert 89"."""

import re

from hailo_piper.text.normalise.context import after, before, ended
from hailo_piper.text.normalise.continental import BLANK
from hailo_piper.text.normalise.german.ordinals import MONTH, MONTHS, TENS, ending, stem
from hailo_piper.text.normalise.rule import DIGIT, Rule
from hailo_piper.text.normalise.wording import word_set

_DAYS = {
    "Mo": "Montag", "Di": "Dienstag", "Mi": "Mittwoch", "Do": "Donnerstag", "Fr": "Freitag", "Sa": "Samstag",
    "So": "Sonntag",
}  # fmt: skip
_MONTHS_SHORT = {
    "Jan": "Januar", "Feb": "Februar", "Febr": "Februar", "Mär": "März", "Mrz": "März", "Apr": "April", "Jun": "Juni",
    "Jul": "Juli", "Aug": "August", "Sep": "September", "Sept": "September", "Okt": "Oktober", "Nov": "November",
    "Dez": "Dezember",
}  # fmt: skip
_IDENTIFIERS = word_set(
    "nummer nr nr. zimmer raum seite code pin artikel fehler plz linie bus flug hausnummer kapitel modell typ port "
    "gerät kanal"
)
_DATE = r"(0?[1-9]|[12]\d|3[01])\.\s?(0?[1-9]|1[0-2])\."
_CLOCK = r"([01]?\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?"
_UNTIL = rf"{BLANK}?(?:[-–—]|bis){BLANK}?"


def year(digits: str) -> str:
    """Return a year: "19 hundert 89"; from 2000 on, and before 1100, it is a number like others."""
    if len(digits) == 4 and "1100" <= digits < "2000":
        return f"{digits[:2]} hundert {int(digits[2:]) or ''}".rstrip()
    return str(int(digits))


def _date(match: re.Match[str]) -> str:
    day, month, written = match[1], match[2], match[3] or match[4]
    spoken = f"{stem(int(day))}{_day_ending(match)} {stem(int(month)).capitalize()}{_day_ending(match)}"
    return f"{spoken} {year(written)}" if written else ended(match, spoken)


def _day_ending(match: re.Match[str]) -> str:
    found = ending(match)
    return "er" if found == "es" else found


def _iso_date(match: re.Match[str]) -> str:
    return f"{stem(int(match[3]))}{_day_ending(match)} {MONTHS[int(match[2]) - 1]} {year(match[1])}"


def _day_of_month(match: re.Match[str]) -> str:
    month = match[2].rstrip(".")
    spoken = f"{stem(int(match[1]))}{_day_ending(match)} {_MONTHS_SHORT.get(month, month)}"
    return f"{spoken} {year(match[3])}" if match[3] else spoken


def _first_of_two(match: re.Match[str]) -> str:
    return f"{stem(int(match[1]))}{_day_ending(match)}"


def _weekdays(match: re.Match[str]) -> str:
    first, last = _DAYS[match[1]], match[2]
    return f"{first} bis {_DAYS[last]}" if last else first


def _time(match: re.Match[str]) -> str:
    first = _clock(match[1], match[2], match[3])
    return f"{first} bis {_clock(match[4], match[5], match[6])}" if match[4] else first


def _clock(hours: str, minutes: str, seconds: str | None) -> str:
    hour = "ein" if int(hours) == 1 else str(int(hours))
    spoken = f"{hour} Uhr" if minutes == "00" and not seconds else f"{hour} Uhr {int(minutes)}"
    return f"{spoken} und {int(seconds)} Sekunden" if seconds else spoken


def _point_time(match: re.Match[str]) -> str:
    first = _clock(match[1], match[2], None)
    return f"{first} bis {_clock(match[3], match[4], None)}" if match[3] else first


def _hour(match: re.Match[str]) -> str:
    hours = ["ein" if int(hour) == 1 else str(int(hour)) for hour in match.group(1, 2) if hour]
    return f"{' bis '.join(hours)} Uhr"


def _year(match: re.Match[str]) -> str | None:
    if before(match) in _IDENTIFIERS:
        return None
    # "1500 Leute" is an amount: a noun follows, but "im Sommer 1989 Deutscher Meister" has a year.
    if not match["last"] and after(match)[:1].isupper() and before(match) not in _BEFORE_YEARS:
        return None
    spoken = year(match["first"])
    if not match["last"]:
        return spoken
    last = match["last"]
    between = "" if match["dash"] == "/" else "bis "
    return f"{spoken} {between}{year(last) if len(last) > 2 else int(last)}"


_BEFORE_YEARS = word_set(
    "jahr jahre jahres seit von bis ab ende anfang mitte sommer winter herbst frühling frühjahr wurde nach vor in "
    "januar februar märz april mai juni juli august september oktober november dezember war"
)


def _decade(match: re.Match[str]) -> str:
    century, tens, end = match[1], int(match[2]), match[3]
    return f"{century or ''}{' hundert ' if century else ''}{TENS[tens]}{end}"


def _duration(match: re.Match[str]) -> str:
    hours, minutes = int(match[1]), int(match[2])
    spoken = "eine Stunde" if hours == 1 else f"{hours} Stunden"
    return f"{spoken} {minutes} Minuten" if minutes else spoken


DATES = (
    Rule(
        name="date",
        pattern=rf"\b({'|'.join(_DAYS)})\.,? ?(?:und|/|\+|&) ?({'|'.join(_DAYS)})\.(?=.)",
        say=lambda match: f"{_DAYS[match[1]]} und {_DAYS[match[2]]}",
        needs=".",
    ),
    Rule(
        name="date",
        pattern=rf"(?<=\b[Aa]m )({'|'.join(_DAYS)})\.(?=,? [a-zäöü\d])",
        say=lambda match: _DAYS[match[1]],
        needs=".",
    ),
    Rule(
        name="score",
        pattern=r"(?<=\bmit )(\d{1,3}):(\d{1,3})(?![\w:]| Uhr)",
        say=lambda match: f"{match[1]} zu {match[2]}",
        needs=":",
    ),
    Rule(
        name="time",
        pattern=rf"(?<![\w:.,])(\d{{1,2}}):([0-5]\d){BLANK}?(?:h|Std\.|Stunden)(?!\w)",
        say=_duration,
        needs=":",
    ),
    Rule(
        name="date", pattern=rf"(?<![\d.,]){_DATE}(?:\s?(\d{{4}})(?!\d)|(\d\d)(?!\d))?(?!\d|,\d)", say=_date, needs="."
    ),
    Rule(
        name="date",
        pattern=r"(?<![\w-])(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?![\w-])",
        say=_iso_date,
        needs="-",
    ),
    Rule(
        name="date",
        pattern=rf"(?<![\d.,])(\d{{1,2}})\.{BLANK}?({MONTH}|(?:{'|'.join(_MONTHS_SHORT)})\b\.?)(?: (\d{{4}}))?(?!\w)",
        say=_day_of_month,
        needs=".",
    ),
    Rule(
        name="date",
        pattern=rf"(?<![\w.])(\d{{1,2}})\.(?={_UNTIL}\d{{1,2}}\. ?(?:{MONTH}|\d))",
        say=_first_of_two,
        needs=".",
    ),
    Rule(
        name="date",
        pattern=rf"\b({'|'.join(_DAYS)})\.?{_UNTIL}({'|'.join(_DAYS)})\b(?:\.(?=.))?",
        say=_weekdays,
        needs="-–—b",
    ),
    Rule(
        name="date",
        pattern=rf"\b({'|'.join(_DAYS)})()(?:\.(?=,? ?(?:\d|den|und|ab))|(?=, (?:den )?\d))",
        say=_weekdays,
        needs=".,",
    ),
    Rule(
        name="time",
        pattern=rf"(?<![\w:.,]){_CLOCK}(?:{_UNTIL}{_CLOCK})?(?:{BLANK}?Uhr\b|(?![\w:]))",
        say=_time,
        needs=":",
    ),
    Rule(
        name="time",
        pattern=rf"(?<![\w:.,])([01]?\d|2[0-4])\.([0-5]\d)(?:{_UNTIL}([01]?\d|2[0-4])\.([0-5]\d))?{BLANK}?Uhr\b",
        say=_point_time,
        needs="U",
    ),
    Rule(
        name="time",
        pattern=rf"(?<![\w:.,])([01]?\d|2[0-4])(?:{_UNTIL}([01]?\d|2[0-4]))?{BLANK}?Uhr\b",
        say=_hour,
        needs="U",
    ),
)
YEARS = (
    Rule(
        name="year",
        pattern=r"(?<![\w.,:/-])(?P<first>1[1-9]\d\d)(?:\s?(?P<dash>[-–/])(?P<last>\d{4}|\d\d))?(?![\w:/-]|[.,]\d)",
        say=_year,
        needs=DIGIT,
    ),
    Rule(name="year", pattern=r"(?<![\w.,-])(1[1-9])?(\d)0(er(?:n|s)?)\b", say=_decade, needs=DIGIT),
)
