"""French rules."""

import re
from collections.abc import Sequence

from hailo_piper.text.normalise.context import after
from hailo_piper.text.normalise.continental import plain_numbers, quantities
from hailo_piper.text.normalise.electronic import addresses, versions
from hailo_piper.text.normalise.french import dates, numbers
from hailo_piper.text.normalise.french.numbers import cardinal, ordinal
from hailo_piper.text.normalise.french.units import LANGUAGE
from hailo_piper.text.normalise.french.words import (
    ABBREVIATIONS,
    BEFORE_NUMBERS,
    ELECTRONIC,
    LAST,
    SIGNS,
    SYMBOLS,
)
from hailo_piper.text.normalise.patterns import BLANK, FRACTION, any_of
from hailo_piper.text.normalise.romance import consumption, inches
from hailo_piper.text.normalise.romance_signs import signs
from hailo_piper.text.normalise.rule import DIGIT, Rule
from hailo_piper.text.normalise.wording import (
    abbreviations,
    pairs_with_slash,
    short_years,
    vulgar_fractions,
    word_set,
)

_UNITS = any_of([name for name in LANGUAGE.units if name[0].isalpha()])
_PARTS = {2: "demi", 3: "tiers", 4: "quart"}
_FEMININE = word_set("heure heures tasse journée bouteille douzaine livre cuillère part page année pomme tonne")


def rules(region: str) -> Sequence[Rule]:  # noqa: ARG001 - one set of rules serves every region
    """Return the rules."""
    return _RULES


def _fraction(match: re.Match[str]) -> str | None:
    whole, top, bottom = match[1], int(match[2]), int(match[3])
    if top >= bottom or (bottom > 12 and bottom not in {16, 20, 100, 1000}):
        return None
    if bottom == 2:
        return _half(whole, match)
    if bottom in {10, 20, 100} and top > 3:
        return f"{top} sur {bottom}"
    name = _PARTS.get(bottom) or ("millième" if bottom == 1000 else ordinal(bottom))
    name += "s" if top > 1 and not name.endswith("s") else ""
    return f"{whole} {cardinal(top)} {name}" if whole else f"{cardinal(top)} {name}"


def _of_unit(match: re.Match[str]) -> str | None:
    """Return a part of a unit: "une demi heure", "trois quarts de litre"."""
    top, bottom = int(match[1]), int(match[2])
    article, _, noun = LANGUAGE.units[match[3]][0].partition(" ")
    if bottom == 2:
        return f"{article} demi {noun}" if top == 1 else None
    if top >= bottom:
        return None
    of = "d'" if noun.startswith("h") else "de "
    return f"{cardinal(top)} {_PARTS.get(bottom) or ordinal(bottom)}{'s' if top > 1 and bottom != 3 else ''} {of}{noun}"


def _half(whole: str | None, match: re.Match[str]) -> str:
    noun = after(match).rstrip(".,;:!?")
    if whole:
        number = "une" if whole == "1" and noun in _FEMININE else whole
        return f"{number} et demi"
    return "une demi" if noun in _FEMININE else "un demi"


def _and_a_half(match: re.Match[str]) -> str:
    """Return a number and a half, which follows the noun: "une heure et demie"."""
    number, noun = match[1], match[2]
    is_feminine = noun in _FEMININE
    number = "une" if number == "1" and is_feminine else number
    return f"{number} {noun} et demi{'e' if is_feminine else ''}"


def _vulgar(match: re.Match[str]) -> str:
    if match[2] == "½":
        return _half(match[1], match)
    return f"{match[1] or ''} {SYMBOLS[match[2]]}".strip()


def telephone(match: re.Match[str]) -> str:
    """Return a telephone number in the groups in which it is written; one without blanks in pairs."""
    groups = re.findall(r"\d+", match[0])
    if len(groups) == 1:
        groups = re.findall(r"\d\d", groups[0])
    spoken = (" ".join([*"0" * (len(group) - len(group.lstrip("0"))), group.lstrip("0")]).strip() for group in groups)
    return ("plus " if match[0].startswith("+") else "") + ", ".join(spoken)


def _round_the_clock(match: re.Match[str]) -> str:
    days, hours = "7 jours sur 7", "24 heures sur 24"
    if match[0] == "24/7":
        return f"{hours}, {days}"
    return days if "j" in match[0] else hours


def _ratio(match: re.Match[str]) -> str:
    return "16 neuvièmes" if match[0] == "16:9" else f"{match[1]} pour {match[2]}"


_RULES: Sequence[Rule] = (
    *addresses(ELECTRONIC),
    Rule(
        name="phone",
        pattern=r"(?<![\w.,/-])(?:\+\d{2,3}[ .]?(?:\(0\) ?)?[1-9]|0[1-9])(?:[ .\u00a0\u202f-]?\d\d){4}(?![\w]|[.,]\d)",
        say=telephone,
        needs=DIGIT,
    ),
    Rule(name="phone", pattern=r"(?<![\w.,])0 ?8\d\d(?: \d{2,3}){2,3}(?![\w]|[.,]\d)", say=telephone, needs="8"),
    Rule(
        name="phone", pattern=r"(?<![\w.,])118 ?(\d{3})(?![\w]|[.,]\d)", say=lambda match: f"118, {match[1]}", needs="8"
    ),
    Rule(
        name="elision",
        pattern=rf"\b([Dd])e (?=1(?:{BLANK}?€|{BLANK}?h(?:\d\d)?\b|{BLANK}(?:{_UNITS})(?![\w/'’])))",
        say=lambda match: f"{match[1]}'",
        needs="1",
    ),
    *dates.RULES[:-1],
    Rule(
        name="money",
        pattern=r"(?<![\w.,])(\d{1,6}) ?€ ?(\d\d)(?![\w,.]\d|\w)",
        say=lambda match: f"{LANGUAGE.amount(f'{match[1]},{match[2]}', LANGUAGE.currencies[0])}",
        needs="€",
    ),
    Rule(
        name="unit",
        pattern=r"(?<![\w.,])(\d) ?m ?(\d\d)(?!\w)",
        say=lambda match: f"{LANGUAGE.counted(match[1], LANGUAGE.units['m'])} {int(match[2])}",
        needs="m",
    ),
    short_years(),
    inches("pouces"),
    consumption("litres aux 100 kilomètres"),
    Rule(
        name="range",
        pattern=rf"(?<![\w.,/-])(?:24{BLANK}?h{BLANK}?/{BLANK}?24|7{BLANK}?j{BLANK}?/{BLANK}?7|24/7)(?![\w/-]|[.,]\d)",
        say=_round_the_clock,
        needs="/",
    ),
    pairs_with_slash(),
    *quantities(LANGUAGE)[:2],
    dates.RULES[-1],
    *quantities(LANGUAGE)[2:],
    *numbers.RULES,
    Rule(
        name="fraction",
        pattern=r"(?<![\w.,/-])(\d{1,3}) ?(?:1/2|½) ([^\W\d]{2,20})\b(?!['’])",
        say=_and_a_half,
        needs="/½",
    ),
    Rule(
        name="fraction",
        pattern=r"(?<![\w.,/-])(?<!\d )([1-9])/([2-9]) ?(kg|km|[glLhm]|cl|ml)(?![\w'’])",
        say=_of_unit,
        needs="/",
    ),
    Rule(
        name="fraction",
        pattern=FRACTION,
        say=_fraction,
        needs="/",
    ),
    vulgar_fractions(_vulgar),
    Rule(name="range", pattern=r"(?<![\w:.,])(\d{1,3}):(\d{1,2})(?![\w:]|,\d)", say=_ratio, needs=":"),
    *plain_numbers(LANGUAGE),
    *versions(ELECTRONIC),
    abbreviations(BEFORE_NUMBERS, before_numbers=True),
    abbreviations(LAST, last=True),
    Rule(
        name="abbreviation", pattern=r"(?<=[Ll]es )nos(?= \d)|(?<=aux )nos(?= \d)", say=lambda _: "numéros", needs="n"
    ),
    Rule(name="abbreviation", pattern=r"(?<=\d )r\.(?= d(?:e|u|es)\b)", say=lambda _: "rue", needs="r"),
    abbreviations(ABBREVIATIONS),
    Rule(
        name="abbreviation",
        pattern=r"(?<![\w.])(?<!\. )M\.(?= ?[A-ZÉÈÂ]| et M| l(?:e|a|['’]\w) ?\w)",
        say=lambda _: "monsieur",
        needs="M",
    ),
    Rule(name="abbreviation", pattern=r"\bMe(?= [A-ZÉ][a-zéè]{2})", say=lambda _: "maître", needs="M"),
    Rule(name="symbol", pattern=rf"§§{BLANK}?", say=lambda _: "paragraphes ", needs="§"),
    Rule(name="symbol", pattern=rf"§{BLANK}?", say=lambda _: "paragraphe ", needs="§"),
    *signs(SIGNS),
)
