"""English says numbers, dates, times and letters that an author has named in these words."""

from hailo_piper.text.normalise.english.calendar import MONTHS
from hailo_piper.text.normalise.english.numbers import fraction as part
from hailo_piper.text.normalise.english.numbers import is_one, mixed, year
from hailo_piper.text.normalise.english.numbers import ordinal as numbered
from hailo_piper.text.normalise.english.rules import ELECTRONIC, is_american
from hailo_piper.text.normalise.english.times import clock
from hailo_piper.text.normalise.english.units import plural
from hailo_piper.text.normalise.kinds import GivenDate, GivenTime, Kinds, Place, sign_table

_MARKS = sign_table("""
    & ampersand
    , comma
    ; semicolon
    ! exclamation point
    ' apostrophe
    ’ apostrophe
    " quote
    ( open paren
    ) close paren
    [ open bracket
    ] close bracket
    { open brace
    } close brace
    < less than
    > greater than
    | vertical bar
    * asterisk
    ^ caret
    $ dollar
    € euro
    £ pound
    § section
    ° degree
    – dash
""")


def kinds(region: str) -> Kinds:
    """Return the kinds of a region: the United States, the Philippines and no region have the month first."""
    return Kinds(
        marks={**ELECTRONIC.marks, **_MARKS},
        letters={"A": "eh", "ẞ": "sharp S", "ß": "sharp S"},
        point=".",
        minus="minus ",
        plus="plus ",
        and_="and",
        over="over",
        extension="extension",
        beep="beep",
        ordinal=lambda number, _, __: numbered(number),
        fraction=_fraction,
        date=_date,
        time=_time,
        counted=_counted,
        is_month_first=is_american(region) or region == "ph",
    )


def _fraction(whole: int, top: int, bottom: int) -> str:
    return mixed(f"{whole} {top}/{bottom}") if whole else part(top, bottom)


def _date(given: GivenDate, _: Place) -> str:
    month = MONTHS[given.month - 1] if given.month else ""
    day = numbered(given.day) if given.day else ""
    return ", ".join(filter(None, (f"{month} {day}".strip(), ""))) + _year(given, is_after_day=bool(day))


def _year(given: GivenDate, *, is_after_day: bool) -> str:
    if not given.year:
        return ""
    said = year(given.year)
    if is_after_day:
        return f", {said}"
    return f" {said}" if given.month else said


def _time(given: GivenTime, _: Place) -> str:
    said = clock(str(given.hour), f"{given.minute:02}", has_half=bool(given.half))
    seconds = f" and {_counted(str(given.second), 'second')}" if given.second else ""
    return said + seconds + (f" {given.half}.M" if given.half else "")


def _counted(figure: str, name: str) -> str:
    return f"{figure} {name if is_one(figure) else plural(name)}"
