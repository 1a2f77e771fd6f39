"""French ordinals, centuries and rulers: "2e" is "deuxième", "XIXe" is "dix-neuvième"."""

import re

from hailo_piper.text.normalise.context import ended
from hailo_piper.text.normalise.numbers import roman
from hailo_piper.text.normalise.rule import DIGIT, Rule

_ONES = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
)  # fmt: skip
_TENS = ("", "", "vingt", "trente", "quarante", "cinquante", "soixante", "soixante", "quatre-vingt", "quatre-vingt")


def cardinal(number: int) -> str:
    """Return a number, 1 to 9999, in words."""
    thousands, hundreds = divmod(number, 1000)
    hundreds, rest = divmod(hundreds, 100)
    words = [] if not thousands else ["mille"] if thousands == 1 else [_ONES[thousands], "mille"]
    words += [] if not hundreds else ["cent"] if hundreds == 1 else [_ONES[hundreds], "cent"]
    if rest or not number:
        words.append(_below_hundred(rest))
    return " ".join(words)


def _below_hundred(number: int) -> str:
    if number < len(_ONES):
        return _ONES[number]
    tens = number // 10
    ones = number - 10 * (tens - (tens in {7, 9}))
    if not ones:
        return _TENS[tens]
    return f"{_TENS[tens]} et {_ONES[ones]}" if ones in {1, 11} and tens < 8 else f"{_TENS[tens]}-{_ONES[ones]}"


def ordinal(number: int) -> str:
    """Return an ordinal, 2 to 9999, in words."""
    words = cardinal(number)
    if words.endswith("cinq"):
        return f"{words}uième"
    return f"{words[:-1]}vième" if words.endswith("neuf") else f"{words.removesuffix('e')}ième"


def _ordinal(match: re.Match[str]) -> str | None:
    number = int(re.sub(r"\D", "", match[1])) if match[1][0].isdigit() else roman(match[1])
    if not number or number > 9999:
        return None
    suffix = match[2]
    plural = "s" if suffix.endswith("s") else ""
    if number == 1:
        return ("premier" if suffix.rstrip("s") == "er" else "première") + plural
    if suffix in {"nd", "nde", "nds", "ndes"}:
        return f"second{suffix[2:]}"
    return ordinal(number) + plural


def _numeral(match: re.Match[str]) -> str | None:
    value = roman(match[1])
    return None if value is None or value > 39 else cardinal(value)


_NUMBERED = (
    "chapitre|tome|volume|livre|acte|scène|partie|article|annexe|section|type|phase|titre|niveau|classe|groupe|Chapitre|"
    "Tome|Volume|Livre|Acte|Scène|Partie|Article|Annexe|Section|Phase|Titre|Charles|Henri|Philippe|Paul|Georges|Pie|"
    "Jean|Benoît|Grégoire|Alexandre|Guillaume|Léopold|Baudouin|Albert|Alphonse|Ferdinand|Frédéric|Félix|Urbain|Napoléon"
)

RULES = (
    Rule(
        name="ordinal",
        pattern=r"(?<![\w.,/])(?<![^e]-)(\d{1,4}|\d[ \u00a0\u202f]\d{3})"
        r"(ers?|res?|ères?|es?|è(?:me)?s?|[èe]mes?|i[èe]mes?|nde?s?|ᵉ|ᵉʳ)(?!\w)",
        say=_ordinal,
        needs=DIGIT,
    ),
    Rule(
        name="ordinal",
        pattern=r"(?<![\w.])(?<![^\We]-)(?<!^-)(I(?=er|[eè]?re)|[IVX]{1,6}(?=es?\b|[èe]mes?))(ers?|res?|ères?|es?|[èe]mes?)(?!\w)",
        say=_ordinal,
        needs="IVX",
    ),
    Rule(name="roman", pattern=r"(?<=[IVX]e )s\.", say=lambda match: ended(match, "siècle"), needs="s"),
    Rule(name="roman", pattern=r"(?<=[\w.] )(?<!\d )([IVX]{2,6})\b(?![-'’.]\w|\. [a-zà-ÿ])", say=_numeral, needs="IVX"),
    Rule(
        name="roman",
        pattern=rf"\b(?:{_NUMBERED}) ([IVX])\b(?![-'’.]\w|\. [a-zà-ÿ])",
        say=lambda match: f"{match[0][:-2]} {_numeral(match)}",
        needs="IVX",
    ),
)
