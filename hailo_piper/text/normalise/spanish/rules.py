"""Spanish rules."""

import re
from collections.abc import Sequence

from hailo_piper.text.normalise.continental import BLANK, plain_numbers, quantities
from hailo_piper.text.normalise.electronic import addresses, versions
from hailo_piper.text.normalise.romance import (
    agreeing,
    formulas,
    fractions,
    measured_fractions,
    numerals,
    telephone,
    telephone_word,
)
from hailo_piper.text.normalise.romance_dates import dates, times
from hailo_piper.text.normalise.rule import DIGIT, Rule
from hailo_piper.text.normalise.spanish import numbers
from hailo_piper.text.normalise.spanish.numbers import agree
from hailo_piper.text.normalise.spanish.units import LANGUAGE
from hailo_piper.text.normalise.spanish.words import (
    ABBREVIATIONS,
    BEFORE_NUMBERS,
    CALENDAR,
    ELECTRONIC,
    LAST,
    NUMERALS,
    OPERATORS,
    PARTS,
    SYMBOLS,
)
from hailo_piper.text.normalise.wording import abbreviations, operators, symbols


def rules(region: str) -> Sequence[Rule]:  # noqa: ARG001 - one set of rules serves every region
    """Return the rules."""
    return _RULES


def _clock(hour: int, minute: int, sign: str) -> str:
    """Return a time: "la una 15", "las 8 y 5", "las veintiuna 30"; "8:30" may be "8 y media", too."""
    number = {1: "una", 21: "veintiuna"}.get(hour, str(hour))
    hours = f" hora{'s' if hour != 1 else ''}" if sign else ""
    if not minute:
        return number + hours
    return f"{number} y {minute}{hours}" if minute < 10 else f"{number} {minute}{hours}"


def _american_amount(match: re.Match[str]) -> str:
    """Return an amount with a comma between thousands, as in Mexico: "$1,500.00"."""
    cents = f" con {int(match[2])} centavos" if int(match[2] or 0) else ""
    return f"{match[1].replace(',', '')} dólares{cents}"


_RULES: Sequence[Rule] = (
    *addresses(ELECTRONIC),
    telephone(
        r"(?<![\w.,€$-])(?:(?:\+|00)\d{1,3}[ -]?\(?\d{1,4}\)?(?:[ -]?\d{2,4}){2,4}|[6-9]\d{2}(?:[ -]\d{3}){2}|"
        r"[89]\d[ -]\d{3}[ -]\d{2}[ -]\d{2}|[6-9]\d\d(?:[ -]\d\d){3}|[67]\d{8}|\(\d{2,3}\) ?\d{3,4}[ -]\d{4}|"
        r"\d{2}[ -]\d{4}[ -]\d{4}|\d{3}-\d{3}-\d{4})(?!\w|[.,]\d| ?[€$%])",
        plus="más",
    ),
    *dates(CALENDAR),
    *times(_clock, to="a", before_full_stop="las|la"),
    *numbers.RULES[:1],
    *measured_fractions(PARTS, LANGUAGE, "kg|l|km|h|g|m|cm|ml"),
    Rule(
        name="unit",
        pattern=rf"(?<![\w.,:/-])(\d{{1,6}}(?:[.,]\d{{1,3}})?){BLANK}ha(?=[.,;)]|$| de\b| por\b)",
        say=lambda match: f"{match[1]} hectáreas" if match[1] != "1" else "una hectárea",
        needs=DIGIT,
    ),
    Rule(
        name="money",
        pattern=r"(?<![\w$])(?:US|MX)?\$ ?(\d{1,3}(?:,\d{3}){1,4})(?:\.(\d\d))?(?![\w,]|\.\d)",
        say=_american_amount,
        needs="$",
    ),
    *agreeing(quantities(LANGUAGE), agree),
    *numerals(NUMERALS),
    *fractions(PARTS),
    Rule(
        name="range",
        pattern=r"(?<![\w:.,])(\d{1,3}):(\d{1,3})(?![\w:]|,\d)",
        say=lambda match: f"{match[1]} a {match[2]}",
        needs=":",
    ),
    *numbers.RULES[1:],
    *plain_numbers(LANGUAGE),
    *versions(ELECTRONIC),
    abbreviations(BEFORE_NUMBERS, before_numbers=True),
    abbreviations(LAST, last=True),
    abbreviations(ABBREVIATIONS),
    telephone_word("teléfono"),
    Rule(name="symbol", pattern=r"\b([yo])/o\b", say=lambda match: f"{match[1]} o", needs="/"),
    Rule(name="symbol", pattern=rf"(?<![\w~])~{BLANK}?(?=\d)", say=lambda _: "aproximadamente ", needs="~"),
    Rule(name="symbol", pattern=r"(?<!\w)#(?=\d)", say=lambda _: "número ", needs="#"),
    Rule(name="symbol", pattern=r"(?<=\d)\+(?=[\s.,!?]|$)", say=lambda _: " más", needs="+"),
    *formulas("elevado a"),
    operators(OPERATORS),
    symbols(SYMBOLS),
)
