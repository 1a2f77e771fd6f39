"""Spanish rules."""

import re
from collections.abc import Sequence

from hailo_piper.text.normalise.continental import Language, plain_numbers, quantities
from hailo_piper.text.normalise.electronic import addresses, versions
from hailo_piper.text.normalise.patterns import BLANK
from hailo_piper.text.normalise.romance import (
    agreeing,
    consumption,
    inches,
    numerals,
    telephone,
    telephone_word,
)
from hailo_piper.text.normalise.romance_dates import dates, times
from hailo_piper.text.normalise.romance_fractions import fractions, measured_fractions
from hailo_piper.text.normalise.romance_signs import signs
from hailo_piper.text.normalise.rule import DIGIT, Rule
from hailo_piper.text.normalise.spanish import numbers
from hailo_piper.text.normalise.spanish.numbers import agree, cardinal, ordinal
from hailo_piper.text.normalise.spanish.units import LANGUAGE, PESOS, american_amounts, in_pesos
from hailo_piper.text.normalise.spanish.words import (
    ABBREVIATIONS,
    BEFORE_NUMBERS,
    CALENDAR,
    ELECTRONIC,
    LAST,
    NUMERALS,
    PARTS,
    SIGNS,
)
from hailo_piper.text.normalise.wording import abbreviations, pairs_with_slash, proportions, short_years


def rules(region: str) -> Sequence[Rule]:
    """Return the rules of a region, whose currency "$" is."""
    return _rules(in_pesos(LANGUAGE) if region in PESOS else LANGUAGE)


def clock(hour: int, minute: int, sign: str) -> str:
    """Return a time: "la una 15", "las 8 y 5", "las veintiuna 30"; "8:30" may be "8 y media", too."""
    number = {1: "una", 21: "veintiuna"}.get(hour, str(hour))
    hours = f" hora{'s' if hour != 1 else ''}" if sign else ""
    if not minute:
        return number + hours
    return f"{number} y {minute}{hours}" if minute < 10 else f"{number} {minute}{hours}"


def _parts(match: re.Match[str]) -> str:
    """Return parts of a whole, which are feminine: "tres cuartas partes"."""
    top, bottom = int(match[1]), int(match[2])
    return f"{'una' if top == 1 else cardinal(top)} {ordinal(bottom, is_feminine=True)}{'s' if top > 1 else ''}"


def _rules(language: Language) -> Sequence[Rule]:
    return (
        *addresses(ELECTRONIC),
        telephone(
            r"(?<![\w.,€$-])(?:(?:\+|00)\d{1,3}[ -]?\(?\d{1,4}\)?(?:[ -]?\d{2,4}){2,4}|[6-9]\d{2}(?:[ -]\d{3}){2}|"
            r"[89]\d[ -]\d{3}[ -]\d{2}[ -]\d{2}|[6-9]\d\d(?:[ -]\d\d){3}|[6-9]\d{8}|9\d[ -]\d{3}[ -]\d{4}|"
            r"\(\d{2,3}\) ?\d{3,4}(?:[ -]\d{2,4}){1,2}|"
            r"\d{2}[ -]\d{4}[ -]\d{4}|\d{3}-\d{3}-\d{4})(?!\w|[.,]\d| ?[€$%])",
            plus="más",
        ),
        *dates(CALENDAR),
        *times(clock, to="a", before_full_stop="las|la"),
        numbers.RULES[0],
        short_years(),
        inches("pulgadas"),
        pairs_with_slash(),
        consumption("litros a los 100 kilómetros"),
        Rule(name="fraction", pattern=r"(?<![\w.,/-])([1-9])/([3-9]|10)(?= partes?\b)", say=_parts, needs="/"),
        *measured_fractions(PARTS, language, "kg|l|km|h|g|m|cm|ml"),
        Rule(
            name="unit",
            pattern=rf"(?<![\w.,:/-])(\d{{1,6}}(?:[.,]\d{{1,3}})?){BLANK}ha(?=[.,;)]|$| de\b| por\b)",
            say=lambda match: f"{match[1]} hectáreas" if match[1] != "1" else "una hectárea",
            needs=DIGIT,
        ),
        american_amounts(language),
        numbers.RULES[1],
        *agreeing(quantities(language), agree),
        *numerals(NUMERALS),
        *fractions(PARTS),
        proportions("range", "a"),
        *plain_numbers(language),
        *versions(ELECTRONIC),
        abbreviations(BEFORE_NUMBERS, before_numbers=True),
        abbreviations(LAST, last=True),
        Rule(name="abbreviation", pattern=r"\bD\.(?= ?[A-ZÁÉÍÓÚ][a-zà-ú])", say=lambda _: "don", needs="D"),
        Rule(name="abbreviation", pattern=r"(?<!\w)[cC]/ ?(?=[A-ZÁÉÍÓÚÑ]\w)", say=lambda _: "calle ", needs="/"),
        abbreviations(ABBREVIATIONS),
        telephone_word("teléfono"),
        *signs(SIGNS),
    )
