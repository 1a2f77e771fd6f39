"""Dutch rules."""

import re
from collections.abc import Sequence

from hailo_piper.text.normalise.context import after
from hailo_piper.text.normalise.continental import plain_numbers, quantities
from hailo_piper.text.normalise.dutch.dates import DATES, TIMES, YEARS
from hailo_piper.text.normalise.dutch.numbers import ONES, joint, ordinal
from hailo_piper.text.normalise.dutch.words import (
    ABBREVIATIONS,
    BEFORE_NUMBERS,
    ELECTRONIC,
    INITIALISMS,
    LANGUAGE,
    LAST,
    OPERATORS,
    SYMBOLS,
)
from hailo_piper.text.normalise.electronic import addresses, versions
from hailo_piper.text.normalise.numbers import roman
from hailo_piper.text.normalise.patterns import BLANK, FRACTION, NUMBER
from hailo_piper.text.normalise.rule import DIGIT, Rule
from hailo_piper.text.normalise.wording import (
    abbreviations,
    dimensions,
    initialisms,
    operators,
    proportions,
    signs_of_figures,
    symbols,
    telephone,
    units_of_fractions,
    vulgar_fractions,
    word_set,
)

_NUMBERED = "hoofdstuk|deel|boek|band|akte|scène|bijlage|klasse|fase|type|artikel|Wereldoorlog|groep|Hoofdstuk|Deel"


def rules(region: str) -> Sequence[Rule]:  # noqa: ARG001 - one set of rules serves every region
    """Return the rules."""
    return _RULES


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
    spoken = f"{ONES[top] if top < len(ONES) else top} {parts.get(bottom) or ordinal(bottom)}"
    if bottom == 2:
        return _half(whole, match)
    return f"{whole} {spoken}" if whole else spoken


def _half(whole: str | None, match: re.Match[str]) -> str:
    """Return a half, which agrees with the noun: "een halve liter", "een half uur"."""
    noun = after(match).rstrip(".,;:!?")
    noun = LANGUAGE.noun(LANGUAGE.units[noun]) if noun in LANGUAGE.units else noun
    ending = "half" if not noun[:1].isalpha() or noun in _NEUTER else "halve"
    if whole == "1":
        return f"ander{ending}"
    if whole and int(whole) < len(ONES):
        return f"{joint(int(whole))}{ending}"
    return f"{whole} en een {ending}" if whole else f"een {ending}"


def _vulgar(match: re.Match[str]) -> str:
    if match[2] == "½":
        return _half(match[1], match)
    return f"{match[1]} en {SYMBOLS[match[2]]}" if match[1] else SYMBOLS[match[2]]


_NEUTER = word_set("uur jaar kilo kilogram ons pond brood glas ei procent miljoen dozijn blik pak kopje blok van is")
_RULES: Sequence[Rule] = (
    *addresses(ELECTRONIC),
    *DATES,
    telephone(r"(?<![\w.,/-])(?:\+\d{2,3} ?(?:\(0\) ?)?[1-9]|\(?0[1-9])\d{0,3}\)?(?:[ -]{1,3}\d{2,8}){1,5}(?!\w|,\d)"),
    telephone(r"(?<![\w.,+/-])(?:0|\+\d)\d{6,14}(?!\w|,\d)"),
    *TIMES,
    Rule(name="abbreviation", pattern=r"(?<!\w)t/m(?!\w)", say=lambda _: "tot en met", needs="/"),
    Rule(
        name="unit",
        pattern=rf"({NUMBER}){BLANK}?l{BLANK}?/{BLANK}?100{BLANK}?km\b",
        say=lambda match: f"{match[1]} liter per 100 kilometer",
        needs="/",
    ),
    *quantities(LANGUAGE),
    *YEARS,
    Rule(name="ordinal", pattern=r"(?<![\w.,/-])(\d{1,3})(?:e|de|ste)(?!\w)", say=_century, needs=DIGIT),
    Rule(name="ordinal", pattern=r"(?<![\w.,/-])([IVX]{1,6})e(?!\w)", say=_century, needs="IVX"),
    Rule(name="roman", pattern=rf"\b({_NUMBERED}) ([IVX]{{1,6}})\b(?![-'’.]\w)", say=_numeral, needs="IVX"),
    Rule(name="roman", pattern=r"\b([A-Z][a-zëé]{2,20}) ([IVX]{2,6})\b(?![-'’.]\w)", say=_ruler, needs="IVX"),
    Rule(name="roman", pattern=r"\b(Karel|Willem|Filips|Hendrik|Albert|Paulus) ([IV])\b", say=_ruler, needs="IV"),
    Rule(name="fraction", pattern=FRACTION, say=_fraction, needs="/"),
    vulgar_fractions(_vulgar),
    units_of_fractions(LANGUAGE),
    proportions("range", "op"),
    dimensions(LANGUAGE.by),
    *plain_numbers(LANGUAGE),
    *versions(ELECTRONIC),
    abbreviations(BEFORE_NUMBERS, before_numbers=True),
    abbreviations(ABBREVIATIONS),
    abbreviations(LAST, last=True),
    Rule(
        name="abbreviation",
        pattern=r"(?<=[a-zé])(str|ln|pl)\.(?= \d)",
        say=lambda match: {"str": "straat", "ln": "laan", "pl": "plein"}[match[1]],
        needs=".",
    ),
    initialisms(INITIALISMS),
    Rule(name="symbol", pattern=rf"§{{1,2}}{BLANK}?", say=lambda _: "paragraaf ", needs="§"),
    Rule(name="symbol", pattern=r"\ben/of\b", say=lambda _: "en of", needs="/"),
    *signs_of_figures("ongeveer", "nummer"),
    operators(OPERATORS),
    symbols(SYMBOLS),
)
