"""Spanish, Italian and Portuguese share the shapes of dates and clock times."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hailo_piper.text.normalise.context import ended
from hailo_piper.text.normalise.patterns import BLANK
from hailo_piper.text.normalise.rule import DIGIT, Rule
from hailo_piper.text.normalise.wording import day_and_month, month_and_year

_SHARED_WITH_WORDS = frozenset({"set"})
"""Short months that are words, too ("3 set"): months only with a full stop or a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The words of dates in one language."""

    months: Sequence[str]
    short_months: Mapping[str, int]
    days: Mapping[str, str]
    of: str
    """Between day, month and year, blanks included: " de "."""
    first: str
    """The first of a month."""
    articles: str
    """A pattern of words before a day and a month: "el|del"."""
    to: str
    """A pattern of words between days: "a|y"."""

    def said(self, day: str, month: int, year: str | None) -> str:
        """Return a date as it is spoken."""
        if year:
            year = str(int(year) + (0 if len(year) > 2 else 2000 if int(year) < 50 else 1900))
        return self.of_parts(int(day), month, year or "")

    def of_parts(self, day: int | None, month: int | None, year: str) -> str:
        """Return the parts of a date that there are, as they are spoken. `year`: figures, or nothing."""
        number = "" if not day else self.first if day == 1 else str(day)
        return self.of.join(filter(None, (number, self.months[month - 1] if month else "", year)))


def dates(calendar: Calendar) -> tuple[Rule, ...]:
    """Return the rules of dates in figures, of short months and of short days."""
    short = "|".join(calendar.short_months)
    days = "|".join(calendar.days)

    def date(match: re.Match[str]) -> str:
        groups = match.groupdict()
        spoken = calendar.said(match["day"], int(match["month"]), groups.get("year"))
        if match.string[match.start() - 1 : match.start()] in {"'", "’"}:  # "l'1/1" is "l'uno"
            spoken = spoken.replace(calendar.first, "1")
        return groups.get("before", "") + spoken

    def short_month(match: re.Match[str]) -> str | None:
        word = match["month"].lower()
        if word in _SHARED_WITH_WORDS and not match["stop"] and not match["year"]:
            return None
        return ended(match, calendar.said(match["day"], calendar.short_months[word], match["year"]))

    def range_of_days(match: re.Match[str]) -> str | None:
        if match[1].lower() == match[3].lower():
            return None
        first, last = calendar.days[match[1].lower()], calendar.days[match[3].lower()]
        between = match[2].strip(" .")
        return ended(match, f"{first} {'a' if between in {'-', '–'} else between} {last}")

    day, month = r"(?P<day>0?[1-9]|[12]\d|3[01])", r"(?P<month>0?[1-9]|1[0-2])"
    return (
        Rule(
            name="date",
            pattern=rf"(?<![\w./-]){day}º?([./-]){month}\2(?P<year>\d{{4}}|\d\d)(?![\w/-]|\.\d)",
            say=date,
            needs="./-",
        ),
        Rule(
            name="date",
            pattern=r"(?<![\w-])(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])(?![\w-])",
            say=date,
            needs="-",
        ),
        Rule(
            name="date",
            pattern=rf"\b(?P<before>(?i:{calendar.articles}),? ){day}/{month}(?![\w/]| d[aeio]\w{{0,3}}\b(?! \d))",
            say=date,
            needs="/",
        ),
        day_and_month(date),
        month_and_year(lambda month, year: calendar.of.join((calendar.months[month - 1], year))),
        Rule(
            name="date",
            pattern=rf"(?<![\w.,]){day}(?: de | |-|/)(?P<month>{short})\b(?P<stop>\.?)"
            r"(?:(?: de | |-|/)(?P<year>\d{4})\b)?",
            say=short_month,
            needs=DIGIT,
            ignore_case=True,
        ),
        Rule(
            name="date",
            pattern=rf"\b({short})\.(?= (?:de )?\d{{4}}\b)",
            say=lambda match: calendar.months[calendar.short_months[match[1].lower()] - 1],
            needs=".",
            ignore_case=True,
        ),
        Rule(
            name="date",
            pattern=rf"\b({days})\b(\.? ?[-–] ?|\.? (?:{calendar.to}) )({days})\b\.?",
            say=range_of_days,
            needs="".join({name[0] + name[0].upper() for name in calendar.days}),
            ignore_case=True,
        ),
        Rule(
            name="date",
            pattern=rf"\b({days})\.(?=,? \d)",
            say=lambda match: calendar.days[match[1].lower()],
            needs=".",
            ignore_case=True,
        ),
    )


Clock = Callable[[int, int, str], str]
"""Hour, minute and the word that follows (an hour's sign, or nothing) to what is spoken."""


def times(
    clock: Clock, *, to: str, separators: str = ":", before_full_stop: str = "", before_seconds: str = " "
) -> tuple[Rule, ...]:
    """Return the rules of clock times and of what stands between two; `14.30` only after `before_full_stop`."""
    hour, minute = r"(?P<hour>[01]?\d|2[0-4])", r"(?P<minute>[0-5]\d)"
    ends = r"(?P<half>\s?[apAP]\.?\s?[mM]\b\.?)?(?![\w:]|[.,]\d)"

    def say(match: re.Match[str]) -> str:
        groups = match.groupdict()
        sign = groups.get("sign") or groups.get("hours") or ""
        spoken = clock(int(match["hour"]), int(match["minute"] or 0), sign)
        spoken = (
            groups.get("before", "")
            + spoken
            + (f"{before_seconds}{int(groups['second'])}" if groups.get("second") else "")
        )
        half = groups.get("half")
        return ended(match, f"{spoken} {half.strip()[0].upper()} M") if half else spoken

    rules = [
        Rule(
            name="time",
            pattern=rf"(?<![\w:.,/–-]){hour}[{separators}]{minute}(?::(?P<second>[0-5]\d))?(?:{BLANK}?(?P<sign>h(?:s|rs)?|horas|ore)\b)?{ends}",
            say=say,
            needs=separators,
        ),
        Rule(
            name="time",
            pattern=rf"(?:(?<=\d[–-])|(?<=h[–-])){hour}(?::{minute}(?:{BLANK}?(?P<sign>h)\b)?{ends}|(?P<hours>h)\b)",
            say=say,
            needs=":h",
        ),
        Rule(name="time", pattern=rf"(?<![\w:.,/]){hour}{BLANK}?[hH]{minute}(?:min|m)?\b", say=say, needs="hH"),
        Rule(
            name="time",
            pattern=r"(?:(?<=:\d\d)|(?<=\dh)|(?<=\dh\d\d)) ?[-–] ?(?=\d{1,2}[:h])|(?<=\d)[-–](?=\d{1,2}h\b)",
            say=lambda _: f" {to} ",
            needs="-–",
        ),
    ]
    if before_full_stop:
        # "Le 9,30 lire" is an amount.
        by_mark = r"(?:(?<=\.\d\d)|(?<=,\d\d)(?! ?[\w€$%]))"
        rules.append(
            Rule(
                name="time",
                pattern=rf"\b(?P<before>(?:{before_full_stop}) ){hour}[.,]{minute}{by_mark}"
                rf"(?:{BLANK}?(?P<sign>h|horas|ore)\b)?(?![\w:]|[.,]\d)",
                say=say,
                needs=".,",
                ignore_case=True,
            )
        )
        rules.append(
            Rule(
                name="time",
                pattern=rf"(?<![\w:.,/-]){hour}\.{minute}{BLANK}?(?P<sign>h|horas|ore)\b(?![.,]\d)",
                say=say,
                needs=".",
            )
        )
    return tuple(rules)
