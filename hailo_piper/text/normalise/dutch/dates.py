"""Dutch dates, years and times: "5-6-1980" is "5 juni negentien honderd tachtig"."""

import re

from hailo_piper.text.normalise.context import after, before
from hailo_piper.text.normalise.dutch.numbers import below_hundred, year
from hailo_piper.text.normalise.patterns import BLANK
from hailo_piper.text.normalise.rule import DIGIT, Rule
from hailo_piper.text.normalise.wording import dates_in_figures, word_set

MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip
_SHORT_MONTHS = {
    "jan": "januari", "feb": "februari", "febr": "februari", "mrt": "maart", "apr": "april", "jun": "juni",
    "jul": "juli", "aug": "augustus", "sep": "september", "sept": "september", "okt": "oktober", "nov": "november",
    "dec": "december",
}  # fmt: skip
_DAYS = {
    "ma": "maandag", "di": "dinsdag", "wo": "woensdag", "do": "donderdag", "vr": "vrijdag", "za": "zaterdag",
    "zo": "zondag",
}  # fmt: skip
_CLOCK = r"([01]?\d|2[0-4])[:.]([0-5]\d)"


def _date(match: re.Match[str]) -> str:
    written = match["year"]
    spoken = f"{int(match['day'])} {MONTHS[int(match['month']) - 1]}"
    return f"{spoken} {year(written if len(written) > 2 or int(written) > 50 else f'20{written}')}"


def _year(match: re.Match[str]) -> str | None:
    """Return a year or two; figures that no word and no bracket marks as a year stay as they are."""
    first, last = match[1], match[2]
    if last:
        spoken = year(last) if len(last) > 2 else below_hundred(int(last)) if last != "00" else "nul nul"
        return f"{year(first)} tot {spoken}"
    is_year = before(match) in _BEFORE_YEARS or match.string[match.start() - 1 : match.start()] == "("
    return year(first) if is_year or after(match) in _AFTER_YEARS else None


_BEFORE_YEARS = word_set(
    "in sinds van tot uit vanaf anno jaar jaren voor na rond begin eind einde medio zomer winter herfst lente "
    "voorjaar najaar of en omstreeks circa ca. bouwjaar geboren *"
) | set(MONTHS)
_AFTER_YEARS = word_set("was werd begon brak viel stierf eindigde kwam v.Chr. n.Chr. v. n.")


def _days(match: re.Match[str]) -> str | None:
    if match[1].lower() == match[3].lower():  # "zo-zo"
        return None
    between = "tot en met" if match[2].strip() in {"-", "–", "t/m"} else match[2].strip()
    return f"{_DAYS[match[1].lower()]} {between} {_DAYS[match[3].lower()]}"


def _time(match: re.Match[str]) -> str:
    first = clock(match[1], match[2])
    return f"{first} tot {clock(match[3], match[4])}" if match[3] else first


def clock(hours: str, minutes: str | None) -> str:
    """Return a time: "14 uur 30"."""
    return f"{int(hours)} uur {int(minutes or 0) or ''}".rstrip()


DATES = (
    *dates_in_figures(_date),
    Rule(
        name="date",
        pattern=rf"(?<![\w.,])(\d{{1,2}}) ({'|'.join(_SHORT_MONTHS)})\b(?:\.(?=.))?",
        say=lambda match: f"{match[1]} {_SHORT_MONTHS[match[2]]}",
        needs=DIGIT,
    ),
    Rule(
        name="date",
        pattern=rf"\b({'|'.join(_DAYS)})\.?(?=,? \d{{1,2}} (?:{'|'.join((*_SHORT_MONTHS, *MONTHS))})\b)",
        say=lambda match: _DAYS[match[1].lower()],
        needs=DIGIT,
        ignore_case=True,
    ),
    Rule(
        name="date",
        pattern=rf"\b({'|'.join(_DAYS)})\.?( ?[-–] ?| ?t/m | tot (?:en met )?)({'|'.join(_DAYS)})\b(?:\.(?=.))?",
        say=_days,
        needs="-–t",
        ignore_case=True,
    ),
)
TIMES = (
    Rule(
        name="date",
        pattern=rf"\b({'|'.join(_DAYS)})\.(?=,? [a-z\d])",
        say=lambda match: _DAYS[match[1].lower()],
        needs=".",
        ignore_case=True,
    ),
    Rule(
        name="time",
        pattern=rf"(?<![\w:.,/-]){_CLOCK}(?:{BLANK}?(?:[-–]|tot){BLANK}?{_CLOCK})?{BLANK}?(?:uur|u\.?)(?!\w)",
        say=_time,
        needs="u",
    ),
    Rule(
        name="time",
        pattern=rf"(?<![\w:.,/-])([01]?\d|2[0-4]):([0-5]\d)(?:{BLANK}?[-–]{BLANK}?([01]?\d|2[0-4]):([0-5]\d))?(?![\w:])",
        say=_time,
        needs=":",
    ),
    Rule(
        name="time",
        pattern=r"(?:(?<=\b[Oo]m )|(?<=\b[Vv]anaf )|(?<=\brond )|(?<=\b[Vv]an )(?=\d{1,2}\.\d\d (?:tot|-|–) ?\d))"
        rf"{_CLOCK}(?: (?:tot|-|–) {_CLOCK})?(?![\w:]|[.,]\d|{BLANK}?(?:[%€°]|euro|graden|procent|k[gm]\b))",
        say=_time,
        needs=DIGIT,
    ),
    Rule(name="time", pattern=r"(?<![\w:.,/-])([01]?\d|2[0-4])u([0-5]\d)()(?!\w)", say=_time, needs="u"),
)
YEARS = (
    Rule(
        name="year",
        pattern=r"(?<=\bjaren )['’]?([2-9]0)(?!\w|[.,]\d)",
        say=lambda match: below_hundred(int(match[1])),
        needs="0",
    ),
    Rule(
        name="year",
        pattern=r"(?<![\w.,:/-])(1[1-9]\d\d)(?:(?: ?[-–/] ?| tot )['’]?(\d{4}|\d\d))?(?![\w:/-]|[.,]\d)",
        say=_year,
        needs=DIGIT,
    ),
    Rule(
        name="year",
        pattern=r"(?<!\w)['’](\d\d) ?[-–] ?['’]?(\d\d)(?!\w)",
        say=lambda match: f"{match[1]} {match[2]}",
        needs="-–",
    ),
)
