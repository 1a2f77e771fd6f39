"""English rules for dates, weekdays and years."""

import re
from collections.abc import Sequence
from functools import partial

from hailo_piper.text.normalise.context import ended
from hailo_piper.text.normalise.english.numbers import DASH, decade, ordinal, short_year, year
from hailo_piper.text.normalise.rule import DIGIT, Rule

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_WEEKDAY = r"(?:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[1-9]\d{3}(?!\d))"
_ENDS = r"(?![\w:%/°]|[.,]\d|-\d)"
_PREFIX = rf"(?:\b(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|{_WEEKDAY})\.?,? )?"
_MONTH_DAY = (
    rf"{_PREFIX}\b{_MONTH} {_DAY}(?:(?P<join> (?:and|or|to|through|&) |{DASH})(?P<other>[12]?\d|3[01])(?:st|nd|rd|th)?"
    rf"(?![\w:%]|[.,/]\d| (?!(?:at|in|on|and|from|this|is|of|each|every)\b)[a-z]))?(?:(?:,? )(?:of )?{_YEAR})?{_ENDS}"
)
_DAY_MONTH = rf"{_PREFIX}(?P<the>\b[Tt]he )?(?<![\w.,:/$£€-]){_DAY}(?: of)?[ -]{_MONTH}(?:[ ,-] ?{_YEAR})?{_ENDS}"
_MONTH_YEAR = rf"\b{_MONTH},? (?:of )?{_YEAR}{_ENDS}"
_MONTH_ALONE = (
    r"\b(?P<month>(?:Jan|Feb|Aug|Sept?|Oct|Nov|Dec)(?=\.)|(?:Sept|Oct|Nov|Aug)\b|(?<=[a-z] )(?:Mar|Apr|Jun"
    r"|Jul)(?=\.))(?P<stop>\.?)"
)
_ISO = (
    r"(?<![\w./-])(?P<year>[12]\d{3})(?P<mark>[/-])(?P<month>0[1-9]|1[0-2])(?P=mark)(?P<day>0[1-9]|[12]\d|3[01])"
    r"(?:T(?=\d)|(?![\w-]))"
)
_FIGURES = (
    r"(?<![\w.,/-])(?P<one>\d{1,2})(?P<mark>[./-])(?P<two>\d{1,2})(?P=mark)(?P<year>[12]\d{3}|\d\d)(?![\w/-]|[.,]\d)"
)
_SLASH = (
    r"\b(?P<word>(?:(?i:on|until|till|since|before|after|due|dated|from|through|starting|deadline|is|by|date:?)"
    rf"|(?P<weekday>{_WEEKDAY}(?:day|nesday|sday|rsday|urday)?)\.?,?) )"
    r"(?P<one>\d{1,2})/(?P<two>\d{1,2})(?![\w/%]|[.,]\d|-\d)"
)
_NOT_DAYS = r"(?!\s(?:time|cups?|of|teaspoons?|inch|mile|hours?|the)\b)"
_WEEKDAY_RANGE = rf"\b(?P<one>{_WEEKDAY})\.?{DASH}(?P<two>{_WEEKDAY})\b(?P<stop>\.?)"
_WEEKDAYS_LISTED = (
    rf"\b{_WEEKDAY}\b\.?(?:(?:,? (?:and|or|to|through|thru|&) |, ?|/){_WEEKDAY}\b\.?){{1,6}}(?=[\s,;:.!?)]|$)"
)
_WEEKDAY_STOPPED = rf"(?:(?<=[a-z] )(?<!\b[Tt]he )|^(?=[A-Z][a-z]+\. [a-z]))(?P<one>{_WEEKDAY})(?P<stop>\.)(?!\w)"
_MONTH_RANGE = (
    r"\b(?P<one>Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)\.?[-–—](?P<two>Jan|Feb|Mar|Apr|May|June?"
    r"|July?|Aug|Sept?|Oct|Nov|Dec)\b\.?"
)
_WEEKDAY_ALONE = (
    r"(?:(?P<before>\b(?:[Oo]n|[Ee]very|[Nn]ext|[Ll]ast|[Tt]his|[Bb]y|[Uu]ntil) )"
    rf"(?P<one>{_WEEKDAY})\b(?!\s[A-Z][a-z])(?P<stop>\.?)|\b(?P<two>{_WEEKDAY})\.?(?=,? (?:at )?\d))"
)
_NOT_YEARS = (
    r"(?!\s(?:(?!(?:was|is|has|its|as|this|us|his|less|across|towards|vs|does|always|Olympics|series|elections"
    r"|alas|plus|"
    r"thus|perhaps)\b)[a-z]{2,20}s|people|men|women|children|feet|percent|or so|[kM]?[mg]|[kKMG][BW]h?|rpm|kcal"
    r"|mAh|mg|ml|more|other|others|new|of (?:the|them|us|you|these|those|its|his|her|their|my|our)|in cash)\b)"
)
_BARE_YEAR = rf"(?<![\w.,/:+$£€¥#@-])(?P<year>1[1-9]\d\d|20[1-9]\d)(?:'s)?{_NOT_YEARS}(?![\w%°/-]|[.,:]\d|\s?[$€£¥])"
_EARLY_YEAR = (
    rf"(?P<word>\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Yy]ear) )(?P<year>10[1-9]\d){_NOT_YEARS}(?![\w%°/-]|[.,:]\d|\s?[$€£¥])"
)
_YEARS = r"(?<![\w.,/:$£€-])(?P<one>1[1-9]\d\d|20\d\d)\s?[-–—/]\s?(?P<two>1[1-9]\d\d|20\d\d|\d\d)(?![\w/-]|[.,:]\d)"
_DECADE = r"(?<![\w.$£€,])['’‘]?(?P<figures>1[0-9]\d0|20\d0)['’]?s\b"
_SHORT_DECADE = (
    r"(?:['’‘](?P<one>[2-9]0)['’]?s|(?<![\w.$£€,'’])(?P<two>[2-9]0)['’]s"
    r"|\b(?P<word>(?:the|in|his|her|their|my|your|our|early|late|mid|and|or|[Tt]he)[ -])(?P<three>[2-9]0)s)\b"
)
_ERA = r"(?<![\w.,])(?P<year>\d{1,4})(?:st|nd|rd|th)?\s?(?P<era>BCE?|CE|AD|B\.C\.(?:E\.)?|A\.D\.|C\.E\.)(?!\w)"
_AD = r"\b(?:AD|A\.D\.) (?P<year>\d{1,4})\b"


def dates(*, day_first: bool) -> Sequence[Rule]:
    """Return the rules for dates; `day_first` decides what "1/2/2024" is."""
    say = partial(_date, day_first=day_first)
    slash = partial(_slash, day_first=day_first)
    figures = partial(_figures, day_first=day_first)
    return (
        Rule(name="date", pattern=_ISO, say=partial(_iso, day_first=day_first), needs="-/", digits=True),
        Rule(name="date", pattern=_FIGURES, say=figures, needs=DIGIT),
        Rule(name="date", pattern=r"(?<![\w/])9/11(?![\w/])", say=lambda _: "9 11", needs="/"),
        Rule(name="date", pattern=_SLASH + _NOT_DAYS, say=slash, needs="/", digits=True),
        Rule(name="date", pattern=_MONTH_DAY, say=say, needs=DIGIT),
        Rule(name="date", pattern=_DAY_MONTH, say=say, needs=DIGIT),
        Rule(name="date", pattern=_MONTH_YEAR, say=lambda match: f"{_month(match)} {year(match['year'])}", needs=DIGIT),
        Rule(name="date", pattern=_MONTH_RANGE, say=_months, needs="-–—"),
        Rule(name="date", pattern=_MONTH_ALONE, say=_month_alone, needs="JFMASOND"),
        Rule(name="date", pattern=_WEEKDAY_RANGE, say=_weekdays, needs="-–—"),
        Rule(name="date", pattern=_WEEKDAYS_LISTED, say=_weekdays_listed, needs="MTWFS"),
        Rule(name="date", pattern=_WEEKDAY_STOPPED, say=_weekday_stopped, needs="."),
        Rule(name="date", pattern=_WEEKDAY_ALONE, say=_weekday_alone, needs="MTWFS"),
    )


def years() -> Sequence[Rule]:
    """Return the rules for years, decades and eras."""
    return (
        Rule(name="year", pattern=_YEARS, say=_years, needs="-–—/", digits=True),
        Rule(
            name="year",
            pattern=_ERA,
            say=lambda match: f"{year(match['year'])} {_era(match['era'])}",
            needs="BCA",
            digits=True,
        ),
        Rule(name="year", pattern=_AD, say=lambda match: f"eh D {year(match['year'])}", needs="A", digits=True),
        Rule(name="year", pattern=_DECADE, say=lambda match: decade(match["figures"]), needs=DIGIT),
        Rule(name="year", pattern=_SHORT_DECADE, say=_short_decade, needs=DIGIT),
        Rule(name="year", pattern=_EARLY_YEAR, say=lambda match: match["word"] + year(match["year"]), needs="1"),
        Rule(name="year", pattern=_BARE_YEAR, say=_bare_year, needs=DIGIT),
    )


def _named(names: Sequence[str], short: str) -> str:
    return next(name for name in names if name.startswith(short.rstrip(".")[:3]))


def _month(match: re.Match[str]) -> str:
    return _named(MONTHS, match["month"])


def _date(match: re.Match[str], number: int = 0, *, day_first: bool) -> str:
    """Say a date whose month is named, or has this number."""
    month = MONTHS[number - 1] if number else _month(match)
    parts = match.groupdict()
    weekday = f"{_named(_WEEKDAYS, parts['weekday'])}, " if parts.get("weekday") else ""
    day = ordinal(match["day"])
    if parts.get("other"):
        join = match["join"] if match["join"].strip(" -–—") else " to "
        day += f"{join}{ordinal(match['other'])}"
    spoken = _written_out(month, day, day_first=day_first, is_plain="the" not in parts, article=parts.get("the") or "")
    return f"{weekday}{spoken}{', ' + year(parts['year']) if parts.get('year') else ''}"


def _iso(match: re.Match[str], *, day_first: bool) -> str:
    spoken = _date(match, int(match["month"]), day_first=day_first)
    return f"{spoken} at " if match[0].endswith("T") else spoken


def _written_out(month: str, day: str, *, day_first: bool, is_plain: bool, article: str) -> str:
    # A date in figures, or with the month first, is read in the order of the region; "4 July" as it is written.
    if is_plain and not day_first:
        return f"{month} {day}"
    return f"{month} {day}" if is_plain else f"{article or 'the '}{day} of {month}"


def _in_figures(one: int, two: int, last: str, *, day_first: bool) -> str | None:
    day, month = (one, two) if day_first else (two, one)
    if month > 12:
        day, month = month, day
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    spoken = f"{MONTHS[month - 1]} {ordinal(day)}"
    if not last:
        return spoken
    if len(last) == 4:
        return f"{spoken}, {year(last)}"
    return f"{spoken}, {year(('20' if last < '50' else '19') + last)}"


def _figures(match: re.Match[str], *, day_first: bool) -> str | None:
    if match["mark"] != "/" and len(match["year"]) == 2:
        return None
    day_first = day_first or match["mark"] == "."
    return _in_figures(int(match["one"]), int(match["two"]), match["year"], day_first=day_first)


def _slash(match: re.Match[str], *, day_first: bool) -> str | None:
    # "is 1/2" and "by 3/4" are fractions.
    if match["word"].lower() in {"is ", "by ", "from "} and max(int(match["one"]), int(match["two"])) < 13:
        return None
    if match[0].endswith(("24/7", "7/24")):
        return None
    spoken = _in_figures(int(match["one"]), int(match["two"]), "", day_first=day_first)
    return spoken and (f"{_named(_WEEKDAYS, match['weekday'])}, " if match["weekday"] else match["word"]) + spoken


def _months(match: re.Match[str]) -> str:
    return f"{_named(MONTHS, match['one'])} to {_named(MONTHS, match['two'])}"


def _month_alone(match: re.Match[str]) -> str:
    return _month(match) + _kept_stop(match)


def _weekdays(match: re.Match[str]) -> str:
    return f"{_named(_WEEKDAYS, match['one'])} to {_named(_WEEKDAYS, match['two'])}{_kept_stop(match)}"


def _weekdays_listed(match: re.Match[str]) -> str:
    spoken = re.sub(r"([A-Z][a-z]+)\.?", lambda day: _named(_WEEKDAYS, day[1]), match[0])
    return ended(match, spoken.replace("/", ", "))


def _weekday_stopped(match: re.Match[str]) -> str:
    return ended(match, _named(_WEEKDAYS, match["one"]))


def _weekday_alone(match: re.Match[str]) -> str:
    if match["two"]:
        return _named(_WEEKDAYS, match["two"])
    return f"{match['before']}{_named(_WEEKDAYS, match['one'])}{_kept_stop(match)}"


def _kept_stop(match: re.Match[str]) -> str:
    """Return the full stop of an abbreviation where it ends the sentence, too."""
    return "." if match["stop"] and not match.string[match.end() : match.end() + 2].strip("\"'”’) ") else ""


def _years(match: re.Match[str]) -> str | None:
    one, two = match["one"], match["two"]
    if int(two) <= int(one[-len(two) :]):
        return None
    return f"{year(one)} to {year(two) if len(two) == 4 else short_year(two)}"


def _era(letters: str) -> str:
    return " ".join("eh" if letter == "A" else letter for letter in letters if letter.isalpha())


def _short_decade(match: re.Match[str]) -> str:
    return (match["word"] or "") + decade(match["one"] or match["two"] or match["three"])


def _bare_year(match: re.Match[str]) -> str:
    return year(match["year"]) + match[0][4:]
