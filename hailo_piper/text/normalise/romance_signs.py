"""Romance languages share the signs between and before words: "y/o", "~5", "#3", "10+", formulas, arithmetic."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hailo_piper.text.normalise.numbers import spaced
from hailo_piper.text.normalise.patterns import BLANK
from hailo_piper.text.normalise.rule import Rule
from hailo_piper.text.normalise.wording import operators, symbols


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What one language says for signs."""

    or_: str
    """A pattern of "and/or": its first group is the "and", the "or" is `either`."""
    either: str
    about: str
    """For "~" before a figure."""
    number: str
    """For "#" before a figure."""
    plus: str
    """For "+" after a figure."""
    power: str
    """For "^" between figures."""
    operators: Mapping[str, str]
    symbols: Mapping[str, str]


def signs(words: Signs) -> tuple[Rule, ...]:
    """Return the rules of signs, which come last."""
    return (
        Rule(
            name="symbol",
            pattern=rf"\b{words.or_}\b",
            say=lambda match: f"{match[1]} {words.either}",
            needs="/",
        ),
        Rule(name="symbol", pattern=rf"(?<![\w~])~{BLANK}?(?=\d)", say=lambda _: f"{words.about} ", needs="~"),
        Rule(name="symbol", pattern=r"(?<!\w)#(?=\d)", say=lambda _: f"{words.number} ", needs="#"),
        Rule(name="symbol", pattern=r"(?<=\d)\+(?=[\s.,!?]|$)", say=lambda _: f" {words.plus}", needs="+"),
        *_formulas(words.power),
        operators(words.operators),
        symbols(words.symbols),
    )


def _formulas(power: str) -> tuple[Rule, ...]:
    """Return the rules of chemical formulas that are well known, letter by letter, and of powers."""

    def spelled(match: re.Match[str]) -> str:
        return spaced(match[0].translate(_SUBSCRIPTS))

    return (
        Rule(name="symbol", pattern=r"(?<![\w-])(?:CO|SO|NO|CH|NH|H)[2-4₂₃₄]O?(?![\w-])", say=spelled, needs="234₂₃₄"),
        Rule(name="math", pattern=r"(?<=[\dxy])\^(?=\d)", say=lambda _: f" {power} ", needs="^"),
    )


_SUBSCRIPTS = str.maketrans("₂₃₄", "234")
