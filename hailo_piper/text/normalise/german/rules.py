"""German rules."""

import re
from collections.abc import Sequence

from hailo_piper.text.normalise.context import after
from hailo_piper.text.normalise.continental import plain_numbers, quantities
from hailo_piper.text.normalise.electronic import addresses, versions
from hailo_piper.text.normalise.german import ordinals
from hailo_piper.text.normalise.german.dates import DATES, YEARS
from hailo_piper.text.normalise.german.ordinals import stem
from hailo_piper.text.normalise.german.shortened import SHORTENED
from hailo_piper.text.normalise.german.times import TIMES
from hailo_piper.text.normalise.german.units import LANGUAGE
from hailo_piper.text.normalise.german.words import ELECTRONIC, INITIALISMS, OPERATORS, SYMBOLS
from hailo_piper.text.normalise.numbers import roman
from hailo_piper.text.normalise.patterns import BLANK, FRACTION, NUMBER
from hailo_piper.text.normalise.rule import DIGIT, Rule
from hailo_piper.text.normalise.wording import (
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

_BEFORE_ER = dict(zip("23456789", ("zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"), strict=True))
_DENOMINATORS = {2: "halb", 3: "Drittel", 7: "Siebtel", 8: "Achtel"}


def rules(region: str) -> Sequence[Rule]:  # noqa: ARG001 - one set of rules serves every region
    """Return the rules."""
    return _RULES


def _fraction(match: re.Match[str]) -> str | None:
    whole, top, bottom = match[1], int(match[2]), int(match[3])
    if top >= bottom or (bottom > 12 and bottom not in {16, 20, 100, 1000}):
        return None
    name = _DENOMINATORS.get(bottom) or ("Tausendstel" if bottom == 1000 else f"{stem(bottom)}el".capitalize())
    number = "ein" if top == 1 else str(top)
    if bottom == 2:
        return _half(whole, match)
    return f"{whole} {number} {name}" if whole else f"{number} {name}"


def _half(whole: str | None, match: re.Match[str]) -> str:
    """Return a half before a noun: "eine halbe Stunde", "ein halbes Jahr", "einen halben Liter", "eineinhalb"."""
    if whole:
        return "eineinhalb" if whole == "1" else f"{whole} einhalb"
    noun = after(match).rstrip(".,;:!?")
    noun = LANGUAGE.noun(LANGUAGE.units[noun]) if noun in LANGUAGE.units else noun
    if re.search(r"(?:e|ung|ion|eit|schaft)$", noun):
        return "eine halbe"
    if noun in _NEUTER:
        return "ein halbes"
    return "einen halben" if noun in _MASCULINE else "ein halb"


_NEUTER = word_set("Kilo Kilogramm Pfund Jahr Glas Gramm Stück Prozent Dutzend Päckchen Brot Jahrhundert")
_MASCULINE = word_set("Liter Teelöffel Esslöffel Meter Tag Monat Kilometer Becher Würfel Apfel Bund TL EL")


def _vulgar(match: re.Match[str]) -> str:
    whole, sign = match[1], match[2]
    if sign == "½":
        return _half(whole, match)
    return f"{whole or ''} {SYMBOLS[sign]}".strip()


def _inch(match: re.Match[str]) -> str | None:
    """Return the word after a figure, unless the mark closes a quotation."""
    is_quote = match[0] == '"' and any(not text[-1:].isdigit() for text in match.string.split('"')[:-1])
    return None if is_quote else " Zoll"


_NUMBERED = (
    "Kapitel|Teil|Band|Akt|Szene|Buch|Artikel|Klasse|Stufe|Phase|Anhang|Abschnitt|Typ|Welle|Weltkrieg|Staffel|Folge|"
    "Kategorie|Gruppe|Satz|Runde"
)


def _roman(match: re.Match[str]) -> str | None:
    value = roman(match[2])
    return None if value is None else f"{match[1]} {value}"


def _numeral(match: re.Match[str]) -> str | None:
    value = roman(match[1])
    return None if value is None else str(value)


def _paragraph(match: re.Match[str]) -> str:
    return "Paragrafen " if len(match[0].strip()) > 1 else "Paragraf "


_RULES: Sequence[Rule] = (
    *addresses(ELECTRONIC),
    *DATES,
    *TIMES,
    *ordinals.RULES,
    Rule(
        name="unit",
        pattern=rf"({NUMBER}){BLANK}?l{BLANK}?/{BLANK}?100{BLANK}?km\b",
        say=lambda match: f"{match[1]} Liter auf 100 Kilometer",
        needs="/",
    ),
    *quantities(LANGUAGE),
    telephone(
        r"(?<![\w.,/-])(?:(?:\+|00)\d{1,3}[ /-]?(?:\(0\) ?)?|\(?0)[1-9]\d{1,4}\)?(?:[ /-]{1,3}\d{2,8}){1,5}(?!\w|,\d)"
    ),
    telephone(r"(?<![\w.,+/-])(?:0|\+\d)\d{6,14}(?!\w|,\d)"),
    *YEARS,
    Rule(name="fraction", pattern=FRACTION.replace("[\\w/-]", r"[\w/]|-(?![A-ZÄÖÜ])"), say=_fraction, needs="/"),
    vulgar_fractions(_vulgar),
    units_of_fractions(LANGUAGE, with_whole=1),
    proportions("score", "zu"),
    dimensions(LANGUAGE.by),
    *plain_numbers(LANGUAGE),
    *versions(ELECTRONIC),
    Rule(
        name="roman",
        pattern=rf"\b({_NUMBERED}) ([IVX]{{1,7}})\b(?!\.\w)",
        say=_roman,
        needs="IVX",
    ),
    Rule(name="roman", pattern=r"\b([A-ZÄÖÜ][a-zäöüß]{2,20}) ([IVX]{2,6})\b(?![.'’-])", say=_roman, needs="IVX"),
    Rule(
        name="roman",
        pattern=r"(?:(?<=\bKap\. )|(?<=\bBd\. )|(?<=\bArt\. )|(?<=\bNr\. )|(?<=\bAbb\. ))([IVX]{1,7})\b(?!\.\w)",
        say=_numeral,
        needs="IVX",
    ),
    *SHORTENED,
    initialisms(INITIALISMS),
    Rule(
        name="cardinal",
        pattern=r"(?<![\w.,/-])([2-9])(?=er(?:n|s)?\b)",
        say=lambda match: _BEFORE_ER[match[1]],
        needs=DIGIT,
    ),
    Rule(name="symbol", pattern=r"(?<![\w.,])(\d{1,3})x(?= [^\W\d])", say=lambda match: f"{match[1]} mal", needs="x"),
    Rule(name="percent", pattern=rf"(?<=\d){BLANK}?%-?(?=ig)", say=lambda _: " prozent", needs="%"),
    Rule(name="unit", pattern=r"(?<=\d)[″\"](?=[ .-])", say=_inch, needs='″"'),
    Rule(name="symbol", pattern=rf"§{{1,2}}{BLANK}?", say=_paragraph, needs="§"),
    Rule(name="symbol", pattern=r"\b(und|oder)/(oder|und)\b", say=lambda match: f"{match[1]} {match[2]}", needs="/"),
    *signs_of_figures("etwa", "Nummer"),
    operators(OPERATORS),
    symbols(SYMBOLS),
)
