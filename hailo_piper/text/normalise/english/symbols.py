"""English rules for formulas, symbols and marks between words."""

import re
from collections.abc import Sequence

from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.normalise.rule import Rule

_ELEMENT = r"(?:H|He|Li|B|C|N|O|F|Ne|Na|Mg|Al|Si|P|S|Cl|K|Ca|Ti|Cr|Mn|Fe|Ni|Cu|Zn|Br|Ag|I|Ba|Hg|Pb|U)"
_FORMULA = (
    rf"(?<!\w)(?P<count>[1-9]\d?)?(?=[A-Za-z]{{0,12}}+[\d₀-₉])(?P<formula>(?:{_ELEMENT}[\d₀-₉]{{0,3}}){{2,10}}|{_ELEMENT}[₀-₉]{{1,3}})"
    rf"(?P<charge>[⁺⁻])?(?!\w)"
)
_LOW = lazily("[₀-₉]")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_SHARP = r"(?<![\w])(?P<note>[A-G])(?P<sign>#|♯|♭)(?!\w)(?P<scale>[ -](?:major|minor|flat|sharp)\b)?"
_SECTIONS = r"(?P<word>\b[Ss]ections? )?(?P<sign>§§?) ?(?=\w)"
_ABOUT = r"(?<![\w~/])[~≈] ?(?=[$€£]?\d)"
_FOOTNOTE = r"(?<=[\w.,;!?\"”)])\[\d{1,3}\](?!\w)"
_COMPARED = (
    r"(?P<left>(?<=[\w)])) ?(?P<sign>>=|<=|=>|!=|==|≥|≤|≠|≈) ?(?=[\w-])|(?<=[\w)]) (?P<less>[<>]) (?=[\w-])|"
    r"(?<![\w<>-])(?P<lone>[<>])(?=[$€£]?\d(?!\w*>))"
)
_HEART = r"(?<![\w<])<3+(?=\s(?:see|you|u|xx?o?|love|and|so|my|to|it|this|miss|bye|thank|thanks|have|hope)\b)"
_STARS = r"(?P<number>\d(?:\.\d)?)★(?P<noun>(?=\s[a-z]{3,}))?"
_COMPARISONS = {
    ">=": "is greater than or equal to", "≥": "is greater than or equal to", "<=": "is less than or equal to",
    "≤": "is less than or equal to", "!=": "is not equal to", "≠": "is not equal to", "≈": "is approximately",
    "==": "equals", ">": "is greater than", "<": "is less than",
}  # fmt: skip
_VERB = lazily(r"(?:^|\s)(?:be|is|are|was|were)\Z")
_POWER = (
    r"(?<=[\w)])(?:\^(?P<figures>-?\d{1,3}|[a-z]\b)|(?P<raised>[²³])|(?:(?<=\d)|(?<=\b[a-z]))"
    r"(?P<high>⁻?[⁰¹²³⁴-⁹]{1,4}))(?![\w⁺⁻])"
)
_TIMES_TEN = r"(?<=\d) ?[×x·⋅*] ?(?=10(?:\^|⁻?[⁰¹²³⁴-⁹]))"
_RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_ROOT = r"(?P<sign>[√∛]) ?(?=[\w(])"
_STAR = r"(?<=\d) ?\* ?(?=\d)|(?<=\b[a-z]) \* (?=[a-z\d]\b)"
_AND_OR = (
    r"\b(?P<one>and)/(?P<two>or)\b|\b(?P<he>s?he|his|him|hers?|they|yes|on|input|pass|true|either|black)/"
    r"(?P<she>s?he|hers?|him|his|they|no|off|output|fail|false|or|white)\b"
)
_ROOTS = {"√": "the square root of ", "∛": "the cube root of "}
_PLUS_MINUS = r"\+/[-−–] ?"
_ARROW = r" ?(?:(?<!-)->|→|=>|⇒) ?(?=\w)"
_GMT = r"\b(?P<zone>GMT|UTC) ?(?P<sign>[+−-])(?P<hours>\d{1,2})(?P<minutes>:\d\d)?"
_CPP = r"(?<!\w)(?P<letter>[A-Z])(?P<sign>\+\+)(?!\w)"
_PLUS = r"(?<=\d)\+(?=\s[a-z]|[.,;!?)]|$)"


def symbols() -> Sequence[Rule]:
    """Return the rules, the most specific first."""
    return (
        Rule(name="time zone", pattern=_GMT, say=_zone, needs="GU"),
        Rule(name="chemistry", pattern=_FORMULA, say=_formula, needs="0₀₁₂₃₄₅₆₇₈₉"),
        Rule(name="music", pattern=_SHARP, say=_sharp, needs="#♯♭"),
        Rule(name="symbol", pattern=_CPP, say=lambda match: f"{match['letter']} plus plus", needs="+"),
        Rule(name="symbol", pattern=_SECTIONS, say=_section, needs="§"),
        Rule(name="symbol", pattern=_HEART, say=lambda _: "", needs="<"),
        Rule(name="symbol", pattern=_STARS, say=_stars, needs="★"),
        Rule(name="symbol", pattern=_COMPARED, say=_compared, needs="<>=≥≤≠≈"),
        Rule(name="symbol", pattern=_ABOUT, say=lambda _: "about ", needs="~≈"),
        Rule(name="footnote", pattern=_FOOTNOTE, say=lambda _: "", needs="["),
        Rule(name="math", pattern=_TIMES_TEN, say=lambda _: " times ", needs="×x·⋅*"),
        Rule(name="math", pattern=_POWER, say=_power, needs="^²³⁰¹⁴⁵⁶⁷⁸⁹"),
        Rule(name="math", pattern=_ROOT, say=lambda match: _ROOTS[match["sign"]], needs="√∛"),
        Rule(name="math", pattern=_STAR, say=lambda _: " times ", needs="*"),
        Rule(name="symbol", pattern=_PLUS_MINUS, say=lambda _: "plus or minus ", needs="+"),
        Rule(name="symbol", pattern=_PLUS, say=lambda _: " plus", needs="+"),
        Rule(name="symbol", pattern=_ARROW, say=lambda _: " to ", needs="→⇒>"),
        Rule(name="symbol", pattern=_AND_OR, say=_either, needs="/"),
    )


def _zone(match: re.Match[str]) -> str:
    minutes = f" {match['minutes'][1:]}" if match["minutes"] and match["minutes"] != ":00" else ""
    return f"{match['zone']} {'plus' if match['sign'] == '+' else 'minus'} {int(match['hours'])}{minutes}"


def _formula(match: re.Match[str]) -> str | None:
    # "6H2O" is one only with its low figures: there is a "3B2" in many a list.
    if match["count"] and not _LOW.search(match["formula"]):
        return None
    count = [match["count"]] if match["count"] else []
    parts = count + re.findall(r"[A-Z]|[a-z]|\d+", match["formula"].translate(_SUBSCRIPTS))
    charge = {"⁺": " plus", "⁻": " minus"}.get(match["charge"] or "", "")
    return " ".join(part.upper() for part in parts) + charge


def _sharp(match: re.Match[str]) -> str:
    note = "eh" if match["note"] == "A" else match["note"]
    return f"{note} {'flat' if match['sign'] == '♭' else 'sharp'}{match['scale'] or ''}"


def _section(match: re.Match[str]) -> str:
    if match["word"]:
        return match["word"]
    return "sections " if match["sign"] == "§§" else "section "


def _stars(match: re.Match[str]) -> str:
    return f"{match['number']} star{'' if match['noun'] is not None or match['number'] == '1' else 's'}"


def _compared(match: re.Match[str]) -> str | None:
    sign = match["sign"] or match["less"]
    if match["lone"]:
        return "more than " if match["lone"] == ">" else "less than "
    is_menu = sign == ">" and match.string[match.end()].isupper()
    if sign == "=>" or is_menu:
        return None
    said = _COMPARISONS[sign]
    # "It should be ≥ 5", "x is > 5": the verb is there.
    is_verb_there = _VERB.search(match.string[max(0, match.start() - 5) : match.start()])
    return f" {said.removeprefix('is ') if is_verb_there else said} "


def _power(match: re.Match[str]) -> str:
    power = (match["high"] or match["raised"] or match["figures"]).translate(_RAISED)
    names = {"2": "squared", "3": "cubed"}
    return f" {names[power]}" if power in names else f" to the power of {power.replace('-', 'minus ')}"


def _either(match: re.Match[str]) -> str:
    if match["one"]:
        return "and or"
    return f"{match['he']} or {match['she']}" if match["she"] != "or" else match[0].replace("/", " ")
