"""Dates, times of day and durations that an author has named are read strictly, by their format."""

from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.normalise.kinds import GivenDate, GivenTime

_ORDERS = frozenset(["mdy", "dmy", "ymd", "ydm", "md", "dm", "ym", "my", "d", "m", "y"])
_PARTS = lazily(r"([0-9]{1,8})(?: ?([/.\- ]) ?([0-9]{1,4}))?(?: ?[/.\- ] ?([0-9]{1,4}))?\.?")
_WITH_GAPS = lazily(r"([0-9?]{4})([0-9?]{2})([0-9?]{2})")
_MOST_MONTHS, _MOST_DAYS = 12, 31
_TIME = lazily(
    r"([0-9]{1,2})(?:( ?[:.hH] ?)([0-9]{2})(?:[:.]([0-9]{2})(?:[.,][0-9]{1,6})?)?|()([0-9]{2})())?"
    r" ?(?:([apAP])(?:\.? ?[mM])?\.?|([hH?Z]|Uhr|uur|horas|hrs))?"
)
_ISO = lazily(
    r"P(?:([0-9]{1,9})Y)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})W)?(?:([0-9]{1,9})D)?"
    r"(?:T(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9}(?:[.,][0-9]{1,6})?)S)?)?"
)
_ISO_NAMES = ("year", "month", "week", "day", "hour", "minute", "second")
_MARKED = lazily(
    r"(?:([0-9]{1,9}) ?(?:hours?|hrs?|h) ?)?(?:([0-9]{1,9}) ?(?:minutes?|mins?|m|['′’]) ?)?"
    r"(?:([0-9]{1,9}(?:[.,][0-9]{1,6})?) ?(?:seconds?|secs?|s|[\"″”]|''))?"
)
_COLONS = lazily(r"([0-9]{1,4}):([0-9]{1,2})(?::([0-9]{1,2}))?")


def given_date(text: str, form: str, *, is_month_first: bool) -> GivenDate | None:
    """Read a date in figures. `form`: an order of d, m and y (`mdy`, `dd.mm.yyyy`), or empty for the region's."""
    order = _order(form)
    gaps = _WITH_GAPS.fullmatch(text)
    if gaps and order in {"", "ymd"}:
        return _checked(dict(zip("ymd", (part.strip("?") for part in gaps.groups()), strict=True)))
    found = _PARTS.fullmatch(text)
    if found is None:
        return None
    parts = [part for part in (found[1], found[3], found[4]) if part]
    if not order:
        return _in_usual_order(parts, is_month_first=is_month_first and found[2] != ".")
    if len(parts) != len(order):
        parts = _cut(text, order)
    return _checked(dict(zip(order, parts, strict=True))) if parts else None


def _order(form: str) -> str:
    letters = [letter for letter in form.lower() if letter in "dmy"]
    order = "".join(letter for at, letter in enumerate(letters) if at == 0 or letters[at - 1] != letter)
    return order if order in _ORDERS else ""


def _cut(figures: str, order: str) -> list[str]:
    """Return figures without separators cut in two each, a year in two or four; nothing where that does not fit."""
    year = len(figures) - 2 * (len(order) - 1) if "y" in order else 0
    if not figures.isdigit() or year not in {0, 2, 4} or (not year and len(figures) != 2 * len(order)):
        return []
    parts, at = list[str](), 0
    for letter in order:
        width = year if letter == "y" else 2
        parts.append(figures[at : at + width])
        at += width
    return parts


def _in_usual_order(parts: list[str], *, is_month_first: bool) -> GivenDate | None:
    if len(parts) == 1:
        return _checked({"y": parts[0]}) if len(parts[0]) == 4 else None
    if len(parts[0]) > 2:
        order = "ymd"[: len(parts)]
    elif len(parts) == 2 and len(parts[1]) > 2:
        order = "my"
    else:
        order = ("md" if is_month_first else "dm") + "y" * (len(parts) - 2)
    named = dict(zip(order, parts, strict=True))
    if order[0] in "md" and "d" in order and int(named["m"]) > _MOST_MONTHS >= int(named["d"]):
        named["d"], named["m"] = named["m"], named["d"]
    return _checked(named)


def _checked(named: dict[str, str]) -> GivenDate | None:
    """Return the parts of a date as one; None where a month or a day cannot be, or nothing is there."""
    day, month = (int(part) if (part := named.get(letter, "")).isdigit() else None for letter in "dm")
    year = named.get("y", "")
    if (year and not year.isdigit()) or len(year) > 4 or not (year or month or day):
        return None
    if (month is not None and not 0 < month <= _MOST_MONTHS) or (day is not None and not 0 < day <= _MOST_DAYS):
        return None
    if len(year) == 2:
        year = f"{20 if year < '50' else 19}{year}"
    return GivenDate(day, month, year.lstrip("0") or "0" if year else "")


def given_time(text: str, form: str) -> GivenTime | None:
    """Read a time of day: "2:30pm", "14:30:05", "0230p"; an hour alone needs a half, a word or a form."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    minute, half = found[3] or found[6], (found[8] or "").upper()
    if minute is None and not (half or found[9] or form):
        return None
    hour, second = int(found[1]), int(found[4]) if found[4] else None
    if hour > 24 or int(minute or 0) > 59 or (second or 0) > 59:
        return None
    return GivenTime(hour, int(minute or 0), second, half if 0 < hour <= 12 else "")


def given_duration(text: str, form: str) -> list[tuple[str, str]]:
    """Read a duration as figures and names of units: "PT1H30M", "1'21''", "01:18:30"; nothing where it is none.

    `form`: `hms`, `hm` or `ms` for figures with colons; two are minutes and seconds otherwise.
    """
    iso, marked, colons = _ISO.fullmatch(text.upper()), _MARKED.fullmatch(text), _COLONS.fullmatch(text)
    if iso:
        named = list(zip(iso.groups(), _ISO_NAMES, strict=True))
    elif marked:
        named = list(zip(marked.groups(), _ISO_NAMES[4:], strict=True))
    elif colons:
        names = _ISO_NAMES[4:] if colons[3] else _ISO_NAMES[4:6] if form.lower() == "hm" else _ISO_NAMES[5:]
        named = list(zip((part for part in colons.groups() if part), names, strict=True))
    else:
        return []
    parts = [(_plain(figure), name) for figure, name in named if figure]
    return [part for part in parts if part[0].strip("0.,")] or parts[-1:]


def _plain(figure: str) -> str:
    return figure.lstrip("0") if figure.lstrip("0")[:1].isdigit() else f"0{figure.lstrip('0')}"
