"""German times, durations and scores: "8:05 Uhr" is "8 Uhr 5", "mit 21:19" is "mit 21 zu 19"."""

import re

from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.normalise.context import after, before, ended
from hailo_piper.text.normalise.german.dates import UNTIL
from hailo_piper.text.normalise.german.units import LANGUAGE
from hailo_piper.text.normalise.patterns import BLANK, any_of
from hailo_piper.text.normalise.rule import DIGIT, Rule
from hailo_piper.text.normalise.wording import word_set

_HOUR = r"([01]?\d|2[0-4])"
_CLOCK = rf"{_HOUR}:([0-5]\d)(?::([0-5]\d))?"
_BEFORE_SCORES = word_set(
    "mit verhältnis maßstab ergebnis endstand halbzeitstand spielstand stand gewann gewannen gewinnt siegte siegten "
    "siegt verlor verloren verliert steht stand endete quote wette chance schlug schlugen besiegte besiegten"
)
_AFTER_SCORES = word_set(
    "gewonnen verloren geschlagen gegen besiegt führung niederlage sieg erfolg heimsieg hinten vorn"
)


def _score(match: re.Match[str]) -> str | None:
    is_score = before(match) in _BEFORE_SCORES or after(match).rstrip(".,;:!?").lower() in _AFTER_SCORES
    return f"{match[1]} zu {match[2]}" if is_score else None


def _duration(match: re.Match[str]) -> str:
    count, rest = int(match[1]), int(match[2])
    one, several, smaller = ("Minute", "Minuten", "") if match[3][0] in "mM" else ("Stunde", "Stunden", " Minuten")
    spoken = f"eine {one}" if count == 1 else f"{count} {several}"
    return ended(match, f"{spoken} {rest}{smaller}" if rest else spoken)


def _time(match: re.Match[str]) -> str:
    first = clock(match[1], match[2], match[3])
    return f"{first} bis {clock(match[4], match[5], match[6])}" if match[4] else first


def clock(hours: str, minutes: str, seconds: str | None) -> str:
    """Return a time: "8 Uhr 5", "ein Uhr 30 und 7 Sekunden"."""
    spoken = _full_hour(hours) if minutes == "00" and not seconds else f"{_full_hour(hours)} {int(minutes)}"
    return f"{spoken} und {int(seconds)} Sekunden" if seconds else spoken


def _full_hour(hours: str) -> str:
    return f"{'ein' if int(hours) == 1 else int(hours)} Uhr"


_CHANGES = lazily(r"(?:st[ie]{2}g|fiel|fäll|s[aiu]nk|wuchs|wächst|legt|erhöh|senk|verringer|verbesser)")


def _bare_point_time(match: re.Match[str]) -> str | None:
    """Return a time, unless something rose or fell by as much."""
    is_change = _CHANGES.search(match.string[max(0, match.start() - 30) : match.start()])
    return None if is_change else _point_time(match)


def _point_time(match: re.Match[str]) -> str:
    first = clock(match[1], match[2], None)
    return f"{first} bis {clock(match[3], match[4], None)}" if match[3] else first


def _hours(match: re.Match[str]) -> str:
    first = "ein" if int(match[1]) == 1 else str(int(match[1]))
    return f"{first} bis {_full_hour(match[2])}" if match[2] else f"{first} Uhr"


TIMES = (
    Rule(
        name="score",
        pattern=r"(?<![\w:.,])(\d{1,3}):(\d{1,3})(?![\w:]|[.,]\d| ?(?:Uhr|h|Std|min|Min))",
        say=_score,
        needs=":",
    ),
    Rule(
        name="range",
        pattern=r"(?<![\w:.,])1:(\d{1,3}(?:\.\d{3}){1,3})(?![\w:]|[.,]\d)",
        say=lambda match: f"1 zu {match[1].replace('.', '')}",
        needs=":",
    ),
    Rule(
        name="time",
        pattern=rf"(?<![\w:.,])(\d{{1,3}}):([0-5]\d){BLANK}?(h|Std\.|Stunden|min\.?|Min\.|Minuten)(?!\w)",
        say=_duration,
        needs=":",
    ),
    Rule(
        name="time",
        pattern=rf"(?<![\w:.,]){_CLOCK}(?:{UNTIL}{_CLOCK})?(?:{BLANK}?Uhr\b|(?![\w:]))",
        say=_time,
        needs=":",
    ),
    Rule(
        name="time",
        pattern=rf"(?<![\w:.,]){_HOUR}\.([0-5]\d)(?:{UNTIL}{_HOUR}\.([0-5]\d))?{BLANK}?Uhr\b",
        say=_point_time,
        needs="U",
    ),
    Rule(
        name="time",
        pattern=rf"(?:(?<=\b[Uu]m )|(?<=\bgegen )){_HOUR}\.([0-5]\d)()()"
        rf"(?![\w:]|[.,]\d|{BLANK}?(?:[%€$£°A-ZÄÖÜ]|(?:{any_of(LANGUAGE.units)})(?!\w)))",
        say=_bare_point_time,
        needs=DIGIT,
    ),
    Rule(
        name="time",
        pattern=rf"(?<![\w:.,]){_HOUR}(?:{UNTIL}{_HOUR})?{BLANK}?Uhr\b",
        say=_hours,
        needs="U",
    ),
    Rule(
        name="time",
        pattern=rf"(?:(?<=\b[Aa]b )|(?<=\b[Uu]m )|(?<=\bgegen )){_HOUR}h()(?![\w/-])",
        say=_hours,
        needs="h",
    ),
    Rule(
        name="time",
        pattern=rf"(?<![\w:.,]){_HOUR}h([0-5]\d)()()(?!\w)",
        say=_point_time,
        needs="h",
    ),
)
