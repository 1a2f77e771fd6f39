"""French rules."""

import re
from collections.abc import Sequence

from hailo_piper.text.normalise import french_dates, french_numbers
from hailo_piper.text.normalise.continental import BLANK, plain_numbers, quantities
from hailo_piper.text.normalise.french_numbers import cardinal, ordinal
from hailo_piper.text.normalise.french_units import LANGUAGE
from hailo_piper.text.normalise.rule import DIGIT, Rule
from hailo_piper.text.normalise.wording import abbreviations, after, operators, symbols, word_set

_ABBREVIATIONS = {
    "p. ex.": "par exemple", "c.-à-d.": "c'est-à-dire", "c. -à-d.": "c'est-à-dire", "c.à.d.": "c'est-à-dire",
    "càd": "c'est-à-dire", "env.": "environ", "M.": "monsieur", "MM.": "messieurs", "Mmes": "mesdames",
    "Mlles": "mesdemoiselles", "Mgr": "monseigneur", "Ste": "sainte", "St": "saint", "tél.": "téléphone", "cf.": "confer",
    "bd": "boulevard", "bd.": "boulevard", "Bd": "boulevard", "boul.": "boulevard", "av.": "avenue", "ch.": "chemin",
    "apr.": "après", "min.": "minimum", "max.": "maximum", "approx.": "approximativement", "éd.": "édition",
    "dép.": "département", "gouv.": "gouvernement", "qqch.": "quelque chose", "qqn": "quelqu'un",
    "qqch": "quelque chose", "rdv": "rendez-vous", "RDV": "rendez-vous", "rdc": "rez-de-chaussée", "resp.": "respectivement",
    "ex.": "exemple", "Cie": "compagnie", "Sté": "société", "Éts": "établissements", "Ets": "établissements",
    "pdt": "pendant", "tlj": "tous les jours", "s/": "sous", "Dr": "docteur", "Pr": "professeur", "Dre": "docteure",
}  # fmt: skip
_LAST = {
    "etc.": "et cetera", "av. J.-C.": "avant Jésus-Christ", "apr. J.-C.": "après Jésus-Christ",
    "ap. J.-C.": "après Jésus-Christ", "s.v.p.": "s'il vous plaît", "S.V.P.": "s'il vous plaît",
    "svp": "s'il vous plaît", "SVP": "s'il vous plaît", "stp": "s'il te plaît", "hab.": "habitants",
    "T.T.C.": "toutes taxes comprises", "TTC": "toutes taxes comprises", "HT": "hors taxes", "Cie": "compagnie",
}  # fmt: skip
_BEFORE_NUMBERS = {
    "n°": "numéro", "nº": "numéro", "no": "numéro", "no.": "numéro", "n°s": "numéros", "nos": "numéros", "№": "numéro",
    "p.": "page", "pp.": "pages", "chap.": "chapitre", "fig.": "figure", "vol.": "volume", "art.": "article",
    "al.": "alinéa", "ch.": "chapitre", "t.": "tome", "éd.": "édition", "max.": "maximum", "min.": "minimum",
    "oct.": "octobre", "nov.": "novembre", "déc.": "décembre", "janv.": "janvier", "févr.": "février",
    "avr.": "avril", "juil.": "juillet", "sept.": "septembre", "app.": "appartement", "appt": "appartement",
    "bât.": "bâtiment", "ex.": "exercice", "v.": "vers", "ann.": "annexe", "tab.": "tableau", "par.": "paragraphe",
}  # fmt: skip
_SYMBOLS = {
    "&": "et", "→": "vers", "©": "copyright", "™": "", "®": "", "½": "un demi", "⅓": "un tiers", "¼": "un quart",
    "¾": "trois quarts", "⅔": "deux tiers", "°": "degrés", "≈": "environ égal à", "≠": "différent de",
    "≥": "supérieur ou égal à", "≤": "inférieur ou égal à", "±": "plus ou moins", "√": "racine carrée de",
    "∞": "infini", "²": "au carré", "³": "au cube",
}  # fmt: skip
_OPERATORS = {
    "+": "plus", "-": "moins", "−": "moins", "×": "fois", "x": "fois", "*": "fois", "·": "fois", "÷": "divisé par",
    "/": "divisé par", "=": "égale", "<": "inférieur à", ">": "supérieur à", "≈": "environ égal à",
    "≠": "différent de", "≥": "supérieur ou égal à", "≤": "inférieur ou égal à",
}  # fmt: skip
_PARTS = {2: "demi", 3: "tiers", 4: "quart"}
_FEMININE = word_set("heure heures tasse journée bouteille douzaine livre cuillère baguette part page année pomme tonne")


def rules(region: str) -> Sequence[Rule]:  # noqa: ARG001 - one set of rules serves every region
    """Return the rules."""
    return _RULES


def _fraction(match: re.Match[str]) -> str | None:
    whole, top, bottom = match[1], int(match[2]), int(match[3])
    if top >= bottom or (bottom > 12 and bottom not in {16, 20, 100, 1000}):  # noqa: PLR2004 - fractions that are spoken
        return None
    if bottom == 2:  # noqa: PLR2004
        return _half(whole, match)
    name = _PARTS.get(bottom) or ("millième" if bottom == 1000 else ordinal(bottom))  # noqa: PLR2004
    name += "s" if top > 1 and not name.endswith("s") else ""
    return f"{whole} {cardinal(top)} {name}" if whole else f"{cardinal(top)} {name}"


def _half(whole: str | None, match: re.Match[str]) -> str:
    noun = after(match).rstrip(".,;:!?")
    if whole:
        number = "une" if whole == "1" and noun in _FEMININE else whole
        return f"{number} et demi"
    return "une demi" if noun in _FEMININE else "un demi"


def _vulgar(match: re.Match[str]) -> str:
    if match[2] == "½":
        return _half(match[1], match)
    return f"{match[1] or ''} {_SYMBOLS[match[2]]}".strip()


def _telephone(match: re.Match[str]) -> str:
    """Return a telephone number in the groups in which it is written; one without blanks in pairs."""
    groups = re.findall(r"\d+", match[0])
    if len(groups) == 1:
        groups = re.findall(r"\d\d", groups[0])
    spoken = (" ".join([*"0" * (len(group) - len(group.lstrip("0"))), group.lstrip("0")]).strip() for group in groups)
    return ("plus " if match[0].startswith("+") else "") + ", ".join(spoken)


def _ratio(match: re.Match[str]) -> str:
    return "16 neuvièmes" if match[0] == "16:9" else f"{match[1]} pour {match[2]}"


_RULES: Sequence[Rule] = (
    *french_dates.RULES[:-1],
    Rule(
        name="phone",
        pattern=r"(?<![\w.,])(?:\+\d{2,3}[ .]?(?:\(0\) ?)?[1-9]|0[1-9])(?:[ .\u00a0\u202f-]?\d\d){4}(?![\w]|[.,]\d)",
        say=_telephone,
        needs=DIGIT,
    ),
    Rule(name="phone", pattern=r"(?<![\w.,])0 ?8\d\d(?: \d{2,3}){2,3}(?![\w]|[.,]\d)", say=_telephone, needs="8"),
    *quantities(LANGUAGE)[:2],
    french_dates.RULES[-1],
    *quantities(LANGUAGE)[2:],
    *french_numbers.RULES,
    Rule(name="fraction", pattern=r"(?<![\w.,/-])(?:(\d{1,3}) )?([1-9]\d?)/([1-9]\d{0,3})(?![\w/-]|[.,]\d)", say=_fraction, needs="/"),
    Rule(name="fraction", pattern=r"(?<![\w.,])(?:(\d{1,3}) ?)?([½⅓¼¾⅔])", say=_vulgar, needs="½⅓¼¾⅔"),
    Rule(name="range", pattern=r"(?<![\w:.,])(\d{1,3}):(\d{1,2})(?![\w:]|,\d)", say=_ratio, needs=":"),
    *plain_numbers(LANGUAGE),
    abbreviations(_BEFORE_NUMBERS, before_numbers=True),
    abbreviations(_LAST, last=True),
    abbreviations(_ABBREVIATIONS),
    Rule(name="abbreviation", pattern=r"\bMe(?= [A-ZÉ][a-zéè]{2})", say=lambda _: "maître", needs="M"),
    Rule(name="symbol", pattern=rf"§§{BLANK}?", say=lambda _: "paragraphes ", needs="§"),
    Rule(name="symbol", pattern=rf"§{BLANK}?", say=lambda _: "paragraphe ", needs="§"),
    Rule(name="symbol", pattern=r"\bet/ou\b", say=lambda _: "et ou", needs="/"),
    Rule(name="symbol", pattern=rf"(?<![\w~])~{BLANK}?(?=\d)", say=lambda _: "environ ", needs="~"),
    Rule(name="symbol", pattern=r"(?<!\w)#(?=\d)", say=lambda _: "numéro ", needs="#"),
    Rule(name="symbol", pattern=r"(?<=\d)\+(?=[\s.,!?]|$)", say=lambda _: " plus", needs="+"),
    operators(_OPERATORS),
    symbols(_SYMBOLS),
)
