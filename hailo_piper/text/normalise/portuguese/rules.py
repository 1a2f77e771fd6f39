"""Portuguese rules, in the words of Brazil."""

import re
from collections.abc import Sequence

from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.normalise.continental import plain_numbers, quantities
from hailo_piper.text.normalise.electronic import addresses, versions
from hailo_piper.text.normalise.portuguese import numbers
from hailo_piper.text.normalise.portuguese.numbers import agree
from hailo_piper.text.normalise.portuguese.units import LANGUAGE
from hailo_piper.text.normalise.portuguese.words import (
    ABBREVIATIONS,
    BEFORE_NUMBERS,
    CALENDAR,
    ELECTRONIC,
    LAST,
    NUMERALS,
    PARTS,
    SIGNS,
)
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
from hailo_piper.text.normalise.rule import Rule
from hailo_piper.text.normalise.wording import abbreviations, pairs_with_slash, proportions, short_years

_HOURS = {0: "zero", 1: "uma", 2: "duas", 21: "vinte e uma", 22: "vinte e duas"}


def rules(region: str) -> Sequence[Rule]:  # noqa: ARG001 - one set of rules serves every region
    """Return the rules."""
    return _RULES


def clock(hour: int, minute: int, sign: str) -> str:  # noqa: ARG001 - the word is said in any case
    """Return a time: "8 horas", "14 e 30", "uma e 15"."""
    number = _HOURS.get(hour, str(hour))
    if minute:
        return f"{number} e {minute}"
    return f"{number} hora{'s' if hour != 1 else ''}"


_GAME = lazily(r"\b(?:ganh|venc|perd|empat|derrot|goleou|placar|jogo|final|gols?\b)", re.IGNORECASE)


def _score(match: re.Match[str]) -> str | None:
    """Return the goals of two sides, which are written with an x; of other figures it is a multiplication."""
    is_car = match[0] == "4x4"
    return f"{match[1]} a {match[2]}" if _GAME.search(match.string) and not is_car else None


_RULES: Sequence[Rule] = (
    *addresses(ELECTRONIC),
    telephone(
        r"(?<![\w.,€$-])(?:"
        r"(?:\+\d{1,3} ?)?\(?\d{2}\)? ?9?\d{4}[ -]\d{4}|(?!(?:1[89]|20)\d\d-(?:1[89]|20))9?\d{4}-\d{4}|"
        r"0[38]00[ -]\d{3}[ -]\d{3,4}|"
        r"\+\d{1,3}(?: \d{2,5}){2,4})(?!\w|[.,]\d| ?[€$%])",
        plus="mais",
    ),
    # Numbers of places, persons and firms: CEP, CPF, CNPJ.
    telephone(
        r"(?<![\w.,-])(?:\d{5}-\d{3}|\d{3}\.\d{3}\.\d{3}-\d{2}|\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2})(?!\w|[.,-]\d)",
        plus="mais",
    ),
    Rule(
        name="cardinal",
        pattern=r"(?<![\w.,])(\d{1,3})x(?= (?:de|sem|com|mais|por)\b)",
        say=lambda match: agree(f"{match[1]} vezes"),
        needs="x",
    ),
    *dates(CALENDAR),
    *times(clock, to="às", before_seconds=" e "),
    numbers.RULES[0],
    short_years(),
    inches("polegadas"),
    pairs_with_slash(),
    consumption("litros por 100 quilômetros"),
    Rule(
        name="range",
        pattern=r"(?<![\w.,/])(\d) ?x ?(\d)(?=[.,;:!?)](?!\d)|$| (?:em|no|na|contra|sobre|para|com|e|hoje|ontem)\b)",
        say=_score,
        needs="x",
    ),
    *measured_fractions(PARTS, LANGUAGE, "kg|l|km|h|g|m|cm|ml"),
    numbers.RULES[1],
    *agreeing(quantities(LANGUAGE), agree),
    *numerals(NUMERALS),
    *fractions(PARTS),
    proportions("range", "para"),
    *plain_numbers(LANGUAGE),
    *versions(ELECTRONIC),
    abbreviations(BEFORE_NUMBERS, before_numbers=True),
    abbreviations(LAST, last=True),
    Rule(
        name="abbreviation",
        pattern=r"\bD\.(?= (?:João|Pedro|Manuel|Afonso|Sancho|Dinis|Duarte|José|Luís|Henrique|Miguel)\b)",
        say=lambda _: "dom",
        needs="D",
    ),
    Rule(
        name="abbreviation",
        pattern=r"\bS\.(?= (?:Paulo|José|João|Pedro|Luís|Jorge|Francisco|Bento|Miguel|Sebastião|Vicente|Carlos)\b)",
        say=lambda _: "São",
        needs="S",
    ),
    abbreviations(ABBREVIATIONS),
    telephone_word("telefone"),
    *signs(SIGNS),
)
