"""English rules for times of day and durations."""

import re
from collections.abc import Sequence

from hailo_piper.text.normalise.english.numbers import DASH, is_part, mixed
from hailo_piper.text.normalise.rule import DIGIT, Rule

_HALF = r"(?P<half>\s?(?:[AaPp]\.[Mm]\.|[AaPp][Mm]\b))"
_OTHER_HALF = _HALF.replace("half", "other")
_CLOCK = r"(?:(?<=\dT)|(?<![\w.,:/+-]))(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)"
_UNTIL = r"(?P<hour2>[01]?\d|2[0-4])(?::(?P<minute2>[0-5]\d))?"
_RANGE = rf"{_CLOCK}{_OTHER_HALF}?{DASH}{_UNTIL}(?![\d:]){_HALF}?(?!\w)"
_LONG = (
    r"(?:(?<=\dT)|(?<![\w.,:/-]))(?P<hours>\d{1,2}):(?P<minutes>[0-5]\d):(?P<seconds>[0-5]\d)(?:\.\d{1,6})?(?:Z"
    r"(?!\w)|(?![\w:]))"
)
_TIME = rf"{_CLOCK}(?![\d:]){_HALF}?(?![\w:])"
_HOURS = (
    rf"(?<![\w.,:/$£€-])(?P<hour>1[0-2]|0?[1-9])(?:{_OTHER_HALF}?(?:{DASH}| to )(?P<until>1[0-2]|0?[1-9])"
    rf"(?::(?P<minute>[0-5]\d))?)?{_HALF}(?!\w)"
)
_DOTTED = (
    r"\b(?P<word>(?:[Aa]t|[Bb]y|[Uu]ntil|[Ff]rom|[Bb]efore|[Aa]fter|[Tt]ill) )"
    r"(?P<hour>[01]?\d|2[0-3])\.(?P<minute>[0-5][05])(?![\w%°]|[.,]\d| (?:per ?cent|million|billion|[kcm]?[mgl]\b))"
)
_DOTTED_HALF = rf"(?<![\w.,:/$£€-])(?P<hour>1[0-2]|0?[1-9])\.(?P<minute>[0-5]\d){_HALF}"
_SECONDS = r"\b(?:for|after|within|[Ww]ait|every|timeout|takes?|took|to|of) \d{1,3}(?:\.\d{1,3})?s\b"
_LASTS = (
    r"(?<![\w.,:/-])(?P<before>(?:[Aa]t|[Uu]ntil|[Ff]rom|[Aa]round|[Bb]efore"
    r"|[Aa]fter) )?(?P<hours>\d{1,3}) ?h(?: ?(?P<minutes>\d{1,2})"
    r"(?P<unit> ?m(?:ins?)?)?\b(?!\s?[/%°]))(?: ?(?P<seconds>\d{1,2}) ?s(?:ecs?)?\b)?"
)
_SHORT_LASTS = r"(?<![\w.,:/-])(?P<minutes>\d{1,3})m ?(?P<seconds>\d{1,2})s\b"
_RUN = (
    r"\b(?P<word>(?:[Ii]n|took|takes|lasts|lasted|clocked|finished (?:at|in)|time of) )(?P<minutes>2[5-9]|[3-9]\d)"
    r":(?P<seconds>[0-5]\d)(?![\w:]|[.,]\d| (?:ratio|split|mix|proportions?|odds)\b)"
)
"""Minutes and seconds: no hour of the day has such a number."""
_PART_HOUR = r"(?<![\w.,:/])(?P<part>\d{1,2}/\d{1,2}|[½¼¾⅓⅔]) ?hr?\b(?P<stop>\.?)(?! ?\d)"
_NAMES = {"min": "minute", "sec": "second", "hr": "hour", "wk": "week", "mo": "month", "yr": "year"}
_DURATION = (
    r"(?<![\w.,/])(?P<amount>\d{1,6}(?:[.,]\d{1,3}){0,2}|an?|per|half an?|few|several)(?P<to>[-–—]\d{1,4})?"
    r"(?P<gap>[\s-]?)(?P<unit>min|sec|hr|wk|mo|yr)(?P<plural>s?)\b(?P<stop>\.?)"
)


def times(*, dotted: bool) -> Sequence[Rule]:
    """Return the rules for times; `dotted` reads "at 18.30" as a time, too."""
    british = (
        Rule(name="time", pattern=_DOTTED, say=lambda match: match["word"] + _time(match), needs=".", digits=True),
    )
    return (
        Rule(name="time", pattern=_LONG, say=_long, needs=":", digits=True),
        Rule(name="duration", pattern=_RUN, say=_run, needs=":", digits=True),
        Rule(name="time", pattern=_RANGE, say=_range, needs=":", digits=True),
        Rule(name="time", pattern=_TIME, say=_time, needs=":", digits=True),
        Rule(name="time", pattern=_DOTTED_HALF, say=_time, needs=".", digits=True),
        *(british if dotted else ()),
        Rule(name="time", pattern=_HOURS, say=_hours, needs="mM", digits=True),
        Rule(name="duration", pattern=_PART_HOUR, say=_part_hour, needs="/½¼¾⅓⅔"),
        Rule(name="duration", pattern=_LASTS, say=_lasts, needs=DIGIT),
        Rule(name="duration", pattern=_SHORT_LASTS, say=_short_lasts, needs=DIGIT),
        Rule(name="duration", pattern=_SECONDS, say=lambda match: f"{match[0][:-1]} seconds", needs="s", digits=True),
        Rule(name="duration", pattern=_DURATION, say=_duration, needs="nscrko"),
    )


def clock(hour: str, minute: str, *, has_half: bool) -> str:
    """Return a time without its half: "14 oh 5", "2 o'clock"."""
    number = int(hour)
    if minute == "00":
        if has_half:
            return str(number)
        if number == 0:
            return "midnight"
        return f"{number} hundred" if number > 12 else f"{number} o'clock"
    shown = f"oh {minute[1]}" if minute[0] == "0" else minute
    return f"{number} {shown}"


def _half(match: re.Match[str], group: str = "half") -> str:
    """Return AM or PM as espeak-ng reads them, and the full stop where "p.m." ends the sentence, too."""
    written = match.groupdict().get(group)
    if not written:
        return ""
    is_last = written.endswith(".") and not match.string[match.end() : match.end() + 2].strip("\"'”’) ")
    return f" {written.strip()[0].upper()}.M" + ("." if is_last and group == "half" else "")


def _time(match: re.Match[str]) -> str:
    half = _half(match)
    return clock(match["hour"], match["minute"], has_half=bool(half)) + half


def _range(match: re.Match[str]) -> str:
    half, other = _half(match), _half(match, "other")
    first = clock(match["hour"], match["minute"], has_half=bool(half or other))
    last = clock(match["hour2"], match["minute2"] or "00", has_half=bool(half) or not match["minute2"])
    return f"{first}{other} to {last}{half}"


def _hours(match: re.Match[str]) -> str:
    half, hour = _half(match), int(match["hour"])
    if not match["until"]:
        # "I am 5 am I" is none: "am" in small letters needs no check, since espeak-ng reads it so anyway.
        return f"{hour}{half}"
    last = clock(match["until"], match["minute"] or "00", has_half=True)
    return f"{hour}{_half(match, 'other')} to {last}{half}"


def _long(match: re.Match[str]) -> str:
    hours, minutes, seconds = int(match["hours"]), int(match["minutes"]), int(match["seconds"])
    counts = [_count(hours, "hour"), _count(minutes, "minute"), _count(seconds, "second")]
    *first, last = [count for count in counts if not count.startswith("0 ")] or ["0 seconds"]
    return f"{' '.join(first)} and {last}" if first else last


def _count(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"


def _lasts(match: re.Match[str]) -> str:
    """Say "2h 30m"; "at 5h30" is a time of day."""
    before, hours, minutes = match["before"] or "", int(match["hours"]), match["minutes"]
    if before and not match["unit"]:
        return before + clock(match["hours"], minutes.zfill(2), has_half=False)
    spoken = f"{before}{_count(hours, 'hour')} {int(minutes)}"
    if match["unit"]:
        spoken += " minute" if int(minutes) == 1 else " minutes"
    return f"{spoken} {_count(int(match['seconds']), 'second')}" if match["seconds"] else spoken


def _short_lasts(match: re.Match[str]) -> str:
    return f"{_count(int(match['minutes']), 'minute')} {_count(int(match['seconds']), 'second')}"


def _run(match: re.Match[str]) -> str | None:
    minutes, seconds = int(match["minutes"]), int(match["seconds"])
    if minutes + seconds == 100:
        return None  # "split in 50:50"
    rest = f" {_count(seconds, 'second')}" if seconds else ""
    return f"{match['word']}{minutes} minutes{rest}"


def _part_hour(match: re.Match[str]) -> str | None:
    if not is_part(match["part"]):
        return None
    part = mixed(match["part"]).replace("1 ", "a ", 1)
    return f"{'half' if part.endswith('half') else f'{part} of'} an hour{_last_stop(match)}"


def _last_stop(match: re.Match[str]) -> str:
    """Return the full stop of an abbreviation where it ends the sentence, too."""
    is_last = match["stop"] and not match.string[match.end() : match.end() + 2].strip("\"'”’) ")
    return "." if is_last else ""


def _duration(match: re.Match[str]) -> str | None:
    amount = match["amount"]
    if match["unit"] in {"mo", "min"} and not match["plural"] and not amount[0].isdigit():
        return None
    spoken = amount.rstrip(".") if amount[0].isdigit() else amount
    if match["to"]:
        spoken += f" to {match['to'][1:]}"
    is_one = amount in {"1", "a", "an", "per", "half a", "half an"} and not match["to"]
    return f"{spoken} {_NAMES[match['unit']]}{'' if is_one or match['gap'] == '-' else 's'}{_last_stop(match)}"
