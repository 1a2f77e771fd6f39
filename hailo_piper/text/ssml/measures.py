"""Measures read the attributes that hold times, rates, pitches and volumes, as SSML 1.0, 1.1 and vendors write them.

A value that is none of theirs is ignored. The words of SSML (`slow`, `loud`, `strong`) have their figures here.
"""

from collections.abc import Callable, Mapping

from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.manner import FASTEST, HIGHEST, LOWEST, SLOWEST, Manner

STRENGTHS: Mapping[str, float] = {
    "none": 0.0, "x-weak": 0.0, "weak": 0.25, "medium": 0.5, "strong": 1.0, "x-strong": 1.5,
}  # fmt: skip
"""Seconds of a `break`."""
_USUAL_STRENGTH = "medium"

_RATES = {"x-slow": 0.5, "slow": 0.75, "medium": 1.0, "fast": 1.25, "x-fast": 1.5}
_PITCHES = {"x-low": -4.0, "low": -2.0, "medium": 0.0, "high": 2.0, "x-high": 4.0}
"""Semitones: at two of them a shifted voice still sounds like a person."""
_VOLUMES = {"x-soft": -12.0, "soft": -6.0, "medium": 0.0, "loud": 3.0, "x-loud": 6.0}
"""Decibels: upwards the limiter leaves little room."""
_VOICE_HERTZ = {"male": 120.0, "female": 210.0}
_UNKNOWN_HERTZ = 160.0
"""Between a man and a woman: a voice file does not tell how high it speaks."""

_TIME = lazily(r"\+?(\d++(?:\.\d*+)?+|\.\d++)(ms|s)")
_TARGET = lazily(r"\(\s*+(\d++(?:\.\d*+)?+)%\s*+,([^(),]*+)\)")
_AMOUNT = lazily(r"([+-]?+)(\d++(?:\.\d*+)?+|\.\d++)(%|st|hz|db)?+")


def seconds(time: str) -> float | None:
    """Return the seconds of a time such as `250ms` or `1.5s`; None where it is none."""
    found = _TIME.fullmatch(time.strip().lower())
    return None if found is None else float(found[1]) / (1000 if found[2] == "ms" else 1)


def pause(time: str, strength: str) -> tuple[float, bool]:
    """Return the seconds of a `break`, and whether it takes the pause away that a mark would make.

    A time counts more than a strength; what is not legal counts as absent.
    """
    length = seconds(time)
    if length is not None:
        return length, length == 0
    strength = strength.strip().lower()
    strength = strength if strength in STRENGTHS else _USUAL_STRENGTH
    return STRENGTHS[strength], strength == "none"


def prosody(around: Manner, attributes: Mapping[str, str], gender: str) -> Manner:
    """Return the manner inside a `prosody` element. `gender`: of the voice, or empty.

    A length counts more than a rate, and a contour more than a pitch. Both have no effect inside another of either.
    """
    base = _VOICE_HERTZ.get(gender, _UNKNOWN_HERTZ)

    def pitch(value: str | None) -> float:
        return _changed(around.pitch, value, lambda value, now: _pitch(value, now, base))

    length, targets = 0.0, tuple[tuple[float, float], ...]()
    if not around.timing:
        length = seconds(attributes.get("duration", "")) or 0.0
        targets = _contour(attributes.get("contour", ""), around.pitch, pitch)
    return _bounded(
        around._replace(
            rate=around.rate if length else _changed(around.rate, attributes.get("rate"), _rate),
            pitch=around.pitch if targets else pitch(attributes.get("pitch")),
            volume=_changed(around.volume, attributes.get("volume"), _volume),
            seconds=length or around.seconds,
            contour=targets or around.contour,
            timing=1 if length or targets else around.timing,
        )
    )


def pitch_factor(value: str) -> float | None:
    """Return the factor of a pitch such as `+2st` or `high`; None where it is not legal, or not from 0.5 to 2."""
    value = value.strip().lower()
    factor = 1.0 if value == "default" else _pitch(value, 1.0, _UNKNOWN_HERTZ)
    return factor if factor is not None and LOWEST <= factor <= HIGHEST else None


def _contour(value: str, around: float, pitch: Callable[[str], float]) -> tuple[tuple[float, float], ...]:
    """Return the targets of a contour, as factors on the pitch around it; a target that is not legal is ignored."""
    targets = dict[float, float]()
    for percent, target in _TARGET.findall(value):
        place = float(percent) / 100
        if place <= 1 and _is_pitch(target):
            targets[place] = min(max(pitch(target), LOWEST), HIGHEST) / around
    return tuple(sorted(targets.items()))


def _is_pitch(value: str) -> bool:
    value = value.strip().lower()
    return value == "default" or _pitch(value, 1.0, _UNKNOWN_HERTZ) is not None


def emphasis(around: Manner, level: str) -> Manner:
    """Return the manner inside an `emphasis` element; a level that is not legal counts as absent."""
    return _bounded(around.times(_EMPHASES.get(level.strip().lower(), _EMPHASES["moderate"])))


def _bounded(manner: Manner) -> Manner:
    return manner._replace(
        rate=min(max(manner.rate, SLOWEST), FASTEST),
        pitch=min(max(manner.pitch, LOWEST), HIGHEST),
        volume=min(max(manner.volume, 0.0), 4.0),
    )


def _changed(now: float, value: str | None, read: Callable[[str, float], float | None]) -> float:
    """Return the factor that a value makes of the one around it; the same where the value is not legal."""
    value = (value or "").strip().lower()
    if value == "default":
        return 1.0
    changed = read(value, now) if value else None
    return now if changed is None else changed


def _rate(value: str, now: float) -> float | None:
    sign, amount, unit = _amount(value)
    if value in _RATES:
        return now * _RATES[value]
    if unit == "%":
        return now * _share(sign, amount)
    return now * amount if unit == "" and not sign else None


def _pitch(value: str, now: float, base: float) -> float | None:
    """`base`: the pitch of the voice in hertz."""
    sign, amount, unit = _amount(value)
    signed = -amount if sign == "-" else amount
    if value in _PITCHES:
        return now * _semitones(_PITCHES[value])
    if unit == "st":
        return now * _semitones(signed)
    if unit == "%":
        return now * _share(sign, amount)
    if unit == "hz":
        return now + signed / base if sign else amount / base
    return None


def _volume(value: str, now: float) -> float | None:
    sign, amount, unit = _amount(value)
    if value == "silent":
        return 0.0
    if value in _VOLUMES:
        return now * _decibels(_VOLUMES[value])
    if unit == "db":
        return now * _decibels(-amount if sign == "-" else amount)
    # Without a unit it is 1.0's scale, on which 100 is the voice as it is.
    return now * _share(sign, amount) if unit in {"", "%"} else None


def _amount(value: str) -> tuple[str, float, str | None]:
    """Return the sign, the amount and the unit of a value; the unit is None where it is no amount."""
    found = _AMOUNT.fullmatch(value)
    return ("", 0.0, None) if found is None else (found[1], float(found[2]), found[3] or "")


def _share(sign: str, percent: float) -> float:
    """Return the factor of a percentage: `80` is 0.8, and `-20` as well."""
    change = percent / 100
    return {"": change, "+": 1 + change, "-": 1 - change}[sign]


def _semitones(count: float) -> float:
    """Return the factor of an interval, which may be out of all bounds."""
    return float(2 ** (min(max(count, -120.0), 120.0) / 12))


def _decibels(count: float) -> float:
    """Return the factor of a level, which may be out of all bounds."""
    return float(10 ** (min(max(count, -200.0), 200.0) / 20))


_EMPHASES = {
    "strong": Manner(0.85, _semitones(2), _decibels(3)),
    "moderate": Manner(0.92, _semitones(1), _decibels(1.5)),
    "reduced": Manner(1.08, _semitones(-0.5), _decibels(-2)),
    "none": Manner(),
}
