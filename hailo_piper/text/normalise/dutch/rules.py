"""Dutch rules."""

import re
from collections.abc import Sequence

from hailo_piper.text.normalise.context import after
from hailo_piper.text.normalise.continental import (
    BLANK,
    FRACTION,
    NUMBER,
    plain_numbers,
    quantities,
)
from hailo_piper.text.normalise.dutch.words import (
    ABBREVIATIONS,
    BEFORE_NUMBERS,
    ELECTRONIC,
    LANGUAGE,
    LAST,
    OPERATORS,
    SYMBOLS,
)
from hailo_piper.text.normalise.electronic import addresses, versions
from hailo_piper.text.normalise.numbers import roman
from hailo_piper.text.normalise.rule import DIGIT, Rule
from hailo_piper.text.normalise.wording import (
    abbreviations,
    dates_in_figures,
    operators,
    proportions,
    symbols,
    telephone,
    vulgar_fractions,
    word_set,
)

_ONES = (
    "nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf", "dertien",
    "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien",
)  # fmt: skip
_TENS = ("", "", "twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig")
_IRREGULAR = {1: "eerste", 3: "derde", 8: "achtste"}
_MONTHS = (
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
_NUMBERED = "hoofdstuk|deel|boek|band|akte|scène|bijlage|klasse|fase|type|artikel|Wereldoorlog|groep|Hoofdstuk|Deel"


def rules(region: str) -> Sequence[Rule]:  # noqa: ARG001 - one set of rules serves every region
    """Return the rules."""
    return _RULES


def ordinal(number: int) -> str:
    """Return an ordinal, 1 to 999, in words."""
    hundreds, rest = divmod(number, 100)
    start = f"{_ONES[hundreds] if hundreds > 1 else ''}honderd" if hundreds else ""
    if not rest:
        return f"{start}ste"
    if rest in _IRREGULAR:
        return start + _IRREGULAR[rest]
    tens, ones = divmod(rest, 10)
    if tens < 2:
        return f"{start}{_ONES[rest]}de"
    joint = f"{_ONES[ones]}{'ën' if ones in {2, 3} else 'en'}" if ones else ""
    return f"{start}{joint}{_TENS[tens]}ste"


def _date(match: re.Match[str]) -> str:
    year = match["year"]
    spoken = f"{int(match['day'])} {_MONTHS[int(match['month']) - 1]}"
    return f"{spoken} {int(year) if len(year) > 2 or int(year) > 50 else 2000 + int(year)}"


def _days(match: re.Match[str]) -> str | None:
    if match[1].lower() == match[3].lower():  # "zo-zo"
        return None
    between = "tot en met" if match[2].strip() in {"-", "–", "t/m"} else match[2].strip()
    return f"{_DAYS[match[1].lower()]} {between} {_DAYS[match[3].lower()]}"


def _time(match: re.Match[str]) -> str:
    first = _clock(match[1], match[2])
    return f"{first} tot {_clock(match[3], match[4])}" if match[3] else first


def _clock(hours: str, minutes: str | None) -> str:
    return f"{int(hours)} uur {int(minutes or 0) or ''}".rstrip()


def _numeral(match: re.Match[str]) -> str | None:
    value = roman(match[2])
    return None if value is None else f"{match[1]} {value}"


def _ruler(match: re.Match[str]) -> str | None:
    value = roman(match[2])
    return None if value is None or value > 30 else f"{match[1]} de {ordinal(value)}"


def _century(match: re.Match[str]) -> str | None:
    value = int(match[1]) if match[1].isdigit() else roman(match[1])
    return ordinal(value) if value else None


def _fraction(match: re.Match[str]) -> str | None:
    whole, top, bottom = match[1], int(match[2]), int(match[3])
    if top >= bottom or (bottom > 12 and bottom not in {16, 20, 100}):
        return None
    parts = {2: "half", 4: "kwart"}
    spoken = f"{_ONES[top] if top < len(_ONES) else top} {parts.get(bottom) or ordinal(bottom)}"
    if bottom == 2:
        return _half(whole, match)
    return f"{whole} {spoken}" if whole else spoken


def _half(whole: str | None, match: re.Match[str]) -> str:
    """Return a half, which agrees with the noun: "een halve liter", "een half uur"."""
    noun = after(match).rstrip(".,;:!?")
    ending = "half" if not noun[:1].isalpha() or noun in _NEUTER else "halve"
    return f"{whole} en een {ending}" if whole else f"een {ending}"


def _vulgar(match: re.Match[str]) -> str:
    if match[2] == "½":
        return _half(match[1], match)
    return f"{match[1]} en {SYMBOLS[match[2]]}" if match[1] else SYMBOLS[match[2]]


_NEUTER = word_set("uur jaar kilo kilogram ons pond brood glas ei procent miljoen dozijn blik pak kopje blok van is")
_CLOCK = r"([01]?\d|2[0-4])[:.]([0-5]\d)"
_RULES: Sequence[Rule] = (
    *addresses(ELECTRONIC),
    *dates_in_figures(_date),
    Rule(
        name="date",
        pattern=rf"(?<![\w.,])(\d{{1,2}}) ({'|'.join(_SHORT_MONTHS)})\b(?:\.(?=.))?",
        say=lambda match: f"{match[1]} {_SHORT_MONTHS[match[2]]}",
        needs=DIGIT,
    ),
    Rule(
        name="date",
        pattern=rf"\b({'|'.join(_DAYS)})\.?( ?[-–] ?| ?t/m | tot (?:en met )?)({'|'.join(_DAYS)})\b(?:\.(?=.))?",
        say=_days,
        needs="-–t",
        ignore_case=True,
    ),
    telephone(r"(?<![\w.,/-])(?:\+\d{2,3} ?(?:\(0\) ?)?[1-9]|\(?0[1-9])\d{0,3}\)?(?:[ -]{1,3}\d{2,8}){1,5}(?!\w|,\d)"),
    telephone(r"(?<![\w.,+/-])(?:0|\+\d)\d{6,14}(?!\w|,\d)"),
    Rule(
        name="date",
        pattern=rf"\b({'|'.join(_DAYS)})\.(?= \d)",
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
    Rule(name="time", pattern=r"(?<![\w:.,/-])([01]?\d|2[0-4])u([0-5]\d)()(?!\w)", say=_time, needs="u"),
    Rule(name="abbreviation", pattern=r"(?<!\w)t/m(?!\w)", say=lambda _: "tot en met", needs="/"),
    Rule(
        name="unit",
        pattern=rf"({NUMBER}){BLANK}?l{BLANK}?/{BLANK}?100{BLANK}?km\b",
        say=lambda match: f"{match[1]} liter per 100 kilometer",
        needs="/",
    ),
    *quantities(LANGUAGE),
    Rule(name="ordinal", pattern=r"(?<![\w.,/-])(\d{1,3})(?:e|de|ste)(?!\w)", say=_century, needs=DIGIT),
    Rule(name="ordinal", pattern=r"(?<![\w.,/-])([IVX]{1,6})e(?!\w)", say=_century, needs="IVX"),
    Rule(name="roman", pattern=rf"\b({_NUMBERED}) ([IVX]{{1,6}})\b(?![-'’.]\w)", say=_numeral, needs="IVX"),
    Rule(name="roman", pattern=r"\b([A-Z][a-zëé]{2,20}) ([IVX]{2,6})\b(?![-'’.]\w)", say=_ruler, needs="IVX"),
    Rule(name="roman", pattern=r"\b(Karel|Willem|Filips|Hendrik|Albert|Paulus) ([IV])\b", say=_ruler, needs="IV"),
    Rule(name="fraction", pattern=FRACTION, say=_fraction, needs="/"),
    vulgar_fractions(_vulgar),
    proportions("range", "op"),
    *plain_numbers(LANGUAGE),
    *versions(ELECTRONIC),
    abbreviations(BEFORE_NUMBERS, before_numbers=True),
    abbreviations(ABBREVIATIONS),
    abbreviations(LAST, last=True),
    Rule(name="symbol", pattern=rf"§{{1,2}}{BLANK}?", say=lambda _: "paragraaf ", needs="§"),
    Rule(name="symbol", pattern=r"\ben/of\b", say=lambda _: "en of", needs="/"),
    Rule(name="symbol", pattern=rf"(?<![\w~])~{BLANK}?(?=\d)", say=lambda _: "ongeveer ", needs="~"),
    Rule(name="symbol", pattern=r"(?<!\w)#(?=\d)", say=lambda _: "nummer ", needs="#"),
    Rule(name="symbol", pattern=r"(?<=\d)\+(?=[\s.,!?]|$)", say=lambda _: " plus", needs="+"),
    operators(OPERATORS),
    symbols(SYMBOLS),
)
