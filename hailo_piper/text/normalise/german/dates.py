"""German dates and years: "am 24.12." is "am vierundzwanzigsten Zwölften", 1989 is "19 hundert 89"."""

import re

from hailo_piper.text.normalise.context import after, before, ended
from hailo_piper.text.normalise.german.ordinals import MONTH, MONTHS, TENS, ending, stem
from hailo_piper.text.normalise.patterns import BLANK
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
_SHORT = "|".join(_MONTHS_SHORT)
_IDENTIFIERS = word_set(
    "nummer nr nr. zimmer raum seite code pin artikel fehler plz linie bus flug hausnummer kapitel modell typ port "
    "gerät kanal"
)
_VERSIONED = word_set("version v kapitel abschnitt release python update ziffer punkt")
_DATE = r"(0?[1-9]|[12]\d|3[01])\.\s?(0?[1-9]|1[0-2])\."
UNTIL = rf"{BLANK}?(?:[-–—]|bis){BLANK}?"
"""Between the ends of a range."""


def year(digits: str) -> str:
    """Return a year: "19 hundert 89"; from 2000 on, and before 1100, it is a number like others."""
    if len(digits) == 4 and "1100" <= digits < "2000":
        return f"{digits[:2]} hundert {int(digits[2:]) or ''}".rstrip()
    return f"null {int(digits)}" if digits[0] == "0" and digits != "00" else str(int(digits))


def _date(match: re.Match[str]) -> str | None:
    day, month, written = match[1], match[2], match[3] or match[4]
    if before(match) in _VERSIONED:
        return None
    spoken = f"{stem(int(day))}{day_ending(match)} {stem(int(month)).capitalize()}{day_ending(match)}"
    return f"{spoken} {year(written)}" if written else ended(match, spoken)


def day_ending(match: re.Match[str]) -> str:
    """Return the ending of a day, which is masculine, by the words around it."""
    found = ending(match)
    return {"es": "er", "em": "en"}.get(found, found)


def _iso_date(match: re.Match[str]) -> str:
    return f"{stem(int(match[3]))}{day_ending(match)} {MONTHS[int(match[2]) - 1]} {year(match[1])}"


def _day_of_month(match: re.Match[str]) -> str:
    month = match[2].rstrip(".")
    spoken = f"{stem(int(match[1]))}{day_ending(match)} {_MONTHS_SHORT.get(month, month)}"
    return f"{spoken} {year(match[3])}" if match[3] else spoken


def _first_of_two(match: re.Match[str]) -> str:
    spoken = f"{stem(int(match[1]))}{day_ending(match)}"
    if match[0][-1] in "-–—":
        return f"{spoken} bis "
    return f"{spoken} und " if match[0].endswith("/") else spoken


_BEFORE_MONTHS = word_set("im anfang mitte ende bis seit")


def _month(match: re.Match[str]) -> str | None:
    first, last = _MONTHS_SHORT[match[1]], match[2]
    following = match.string[match.end() :].lstrip(", ")[:1]
    is_month = following.isdigit() or before(match) in _BEFORE_MONTHS or (following.islower() and match.start())
    if not last and not is_month:
        return None
    return ended(match, f"{first} bis {_MONTHS_SHORT.get(last, last)}" if last else first)


def _weekdays(match: re.Match[str]) -> str:
    first, last = _DAYS[match[1]], match[2]
    return f"{first} bis {_DAYS[last]}" if last else first


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


def _decade(match: re.Match[str]) -> str | None:
    century, tens, ones, end = match[1], int(match[2]), match[3], match[4]
    if ones != "0":
        return f"{century} hundert {tens or ''}{ones}{end}" if century else None
    return f"{century or ''}{' hundert ' if century else ''}{TENS[tens]}{end}"


DATES = (
    Rule(
        name="date",
        pattern=rf"\b(?!So und)({'|'.join(_DAYS)})\.?,? ?(?:und|/|\+|&) ?({'|'.join(_DAYS)})\b(?:\.(?=.))?",
        say=lambda match: f"{_DAYS[match[1]]} und {_DAYS[match[2]]}",
        needs="u/+&",
    ),
    Rule(
        name="date",
        pattern=rf"(?<![\d.,]){_DATE}(?:\s?(\d{{4}})(?!\d)|(\d\d)(?!\d))?(?!\d|,\d)",
        say=_date,
        needs=DIGIT,
    ),
    Rule(
        name="date",
        pattern=r"(?<![\w-])(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?![\w-])",
        say=_iso_date,
        needs="-",
    ),
    Rule(
        name="date",
        pattern=rf"(?<![\d.,])(\d{{1,2}})\.{BLANK}?({MONTH}|(?:{_SHORT})\b\.?)(?: (\d{{4}}))?(?!\w)",
        say=_day_of_month,
        needs=DIGIT,
    ),
    Rule(
        name="date",
        pattern=rf"(?<![\w.])(\d{{1,2}})\.(?:/|[-–—](?=\d)|(?={UNTIL}))"
        rf"(?=\W{{0,3}}(?:bis )?\d{{1,2}}\. ?(?:{MONTH}|{_SHORT}|\d))",
        say=_first_of_two,
        needs=DIGIT,
    ),
    Rule(
        name="date",
        pattern=r"(?:(?<=\b[Aa]m )|(?<=\b[Bb]is )|(?<=\b[Vv]om )|(?<=\b[Zz]um )|(?<=\b[Ss]eit ))"
        r"(0?[1-9]|[12]\d|3[01])\.(0[1-9]|1[0-2])()()(?![\w:]|[.,]\d|[ .]?[%€$°\d]|[ \u00a0](?:Uhr|Euro|Prozent|Grad))",
        say=_date,
        needs=DIGIT,
    ),
    Rule(
        name="date",
        pattern=rf"\b({_SHORT})(?:\.?{UNTIL}({_SHORT}|{MONTH})\b\.?|()\.(?!\w*\.))",
        say=_month,
        needs=".-–—",
    ),
    Rule(
        name="date",
        pattern=rf"\b({'|'.join(_DAYS)})\.?{UNTIL}({'|'.join(_DAYS)})\b(?:\.(?=.))?",
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
        name="date",
        pattern=rf"\b({'|'.join(_DAYS)})\.(?=,? (?:[a-zäöü\d]|{'|'.join(_DAYS)}))|"
        rf"(?:(?<=\b[Aa]m )|(?<=\bbis )|(?<=\b[Aa]b ))({'|'.join(_DAYS)})\.(?=$)",
        say=lambda match: ended(match, _DAYS[match[1] or match[2]]) if match.start() else None,
        needs=".",
    ),
    Rule(
        name="date",
        pattern=rf"\b({'|'.join(_DAYS)})()(?=:? \d{{1,2}}(?:[:.]\d\d)?(?:{UNTIL}\d{{1,2}}(?:[:.]\d\d)?)? Uhr\b)",
        say=_weekdays,
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
    Rule(name="year", pattern=r"(?<![\w.,-])(1[1-9])?(\d)(\d)(er(?:n|s)?)\b", say=_decade, needs=DIGIT),
)
