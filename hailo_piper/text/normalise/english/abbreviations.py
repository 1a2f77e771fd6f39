"""English rules for abbreviations and titles."""

import re
from collections.abc import Sequence

from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.normalise.context import ended
from hailo_piper.text.normalise.patterns import any_of
from hailo_piper.text.normalise.rule import DIGIT, Rule
from hailo_piper.text.normalise.wording import word_set

_STOPPED = {
    "approx": "approximately", "dept": "department", "depts": "departments", "avg": "average", "govt": "government",
    "gov't": "government", "univ": "university", "assn": "association", "assoc": "associate", "asst": "assistant",
    "bros": "brothers", "misc": "miscellaneous", "mgr": "manager", "mgmt": "management", "intl": "international",
    "incl": "including", "excl": "excluding", "attn": "attention", "qty": "quantity", "std": "standard",
    "temp": "temperature", "tel": "telephone", "max": "maximum", "min": "minimum", "orig": "originally",
    "esp": "especially", "usu": "usually", "abbr": "abbreviation", "appt": "appointment", "acct": "account",
    "tbsp": "tablespoon", "tsp": "teaspoon", "oz": "ounces", "lb": "pounds", "lbs": "pounds", "hrs": "hours",
    "mins": "minutes", "secs": "seconds", "yrs": "years", "wks": "weeks", "mos": "months", "ea": "each",
    "fwd": "forward", "cont": "continued", "cont'd": "continued", "pkg": "package", "ref": "reference", "tech": "tech",
    "cal": "calories", "corp": "corporation", "ltd": "limited", "inc": "incorporated", "pvt": "private",
    "vs": "versus", "viz": "namely", "cf": "compare", "e.g": "for example", "i.e": "that is", "a.k.a": "also known as",
    "et al": "et al", "n.b": "note", "encl": "enclosed", "dist": "district", "hwy": "highway", "blvd": "boulevard",
    "ave": "avenue", "apt": "apartment", "bldg": "building", "pop": "population", "nat'l": "national",
    "int'l": "international", "pls": "please", "est": "estimated", "fed": "federal",
    "etc": "et cetera", "sgt": "sergeant", "capt": "captain", "cmdr": "commander",
}  # fmt: skip
"""Abbreviations that are one with a full stop, in any case."""
_BARE = {
    "approx": "approximately", "dept": "department", "govt": "government", "mgmt": "management", "vs": "versus",
    "a.k.a": "also known as", "aka": "also known as", "w/o": "without", "w/": "with", "c/o": "care of",
    "w/out": "without", "N/A": "N eh", "n/a": "N eh",
    "b/c": "because", "b/w": "between", "tbsp": "tablespoons", "tsp": "teaspoons", "i.e": "that is",
    "e.g": "for example", "misc": "miscellaneous", "Ltd": "limited", "Inc": "incorporated", "Blvd": "boulevard",
    "qty": "quantity", "Qty": "quantity", "Dept": "department", "Corp": "corporation", "AKA": "also known as",
    "Approx": "approximately", "Hwy": "highway", "pls": "please", "plz": "please",
    "Pls": "please", "Plz": "please",
    "thx": "thanks", "Thx": "thanks", "gov't": "government", "Gov't": "government", "int'l": "international",
    "Int'l": "international", "nat'l": "national", "cont'd": "continued", "b'day": "birthday",
    "etc": "et cetera", "pcm": "per calendar month",
}  # fmt: skip
"""... and those that are one without."""
_TITLES = {
    "Gen": "General", "Capt": "Captain", "Cpt": "Captain", "Cmdr": "Commander", "Col": "Colonel", "Lt": "Lieutenant",
    "Sgt": "Sergeant", "Cpl": "Corporal", "Pvt": "Private", "Maj": "Major", "Adm": "Admiral", "Gov": "Governor",
    "Sen": "Senator", "Rep": "Representative", "Pres": "President", "Prof": "Professor", "Rev": "Reverend",
    "Hon": "Honorable", "Fr": "Father", "Mt": "Mount", "Ft": "Fort", "Messrs": "Messers", "Supt": "Superintendent",
    "Det": "Detective", "Insp": "Inspector", "Sec": "Secretary", "Amb": "Ambassador", "Br": "Brother", "Sr": "Sister",
    "Atty": "Attorney", "St": "Saint", "Dr": "Doctor", "Mr": "Mister", "Ms": "Miz", "Jr": "Junior",
}  # fmt: skip
"""Before a name."""
_NUMBERED = {
    "no": "number", "nos": "numbers", "nr": "number", "fig": "figure", "figs": "figures", "vol": "volume",
    "vols": "volumes", "p": "page", "pp": "pages", "ch": "chapter", "chap": "chapter", "sec": "section",
    "art": "article", "eq": "equation", "ext": "extension", "apt": "apartment", "ste": "suite", "rm": "room",
    "est": "established", "op": "opus", "ca": "circa", "c": "circa", "ver": "version", "ed": "edition", "fl": "floor",
    "tab": "table", "app": "appendix", "hwy": "highway", "rte": "route",
    "rt": "route", "pg": "page", "pt": "part", "lvl": "level",
    "bldg": "building", "para": "paragraph", "ep": "episode", "ex": "example", "exh": "exhibit", "sect": "section",
    "pts": "parts", "chs": "chapters", "arts": "articles", "secs": "sections", "l": "line", "ll": "lines",
}  # fmt: skip
"""Before a number; without a full stop only those that are no words."""
_UNSTOPPED = (
    "pp|fig|figs|vol|vols|ext|apt|ste|rm|hwy|rte|pg|bldg|Fig|Figs|Vol|Vols|Ext|Apt|Ste|Rm|Hwy|Rte|Bldg|No|Nos|Op|Ch"
)
_STOPPED_PATTERN = rf"(?<![\w.'-])(?P<short>{any_of(_STOPPED)})\.(?!\w)"
_BARE_PATTERN = rf"(?<![\w./'-])(?P<short>{any_of(_BARE)})(?![\w/.'-])|(?<![\w./])(?P<slash>w)/(?=[a-z]{{2}})"
_DOTTED = r"(?<![\w.])A\.(?:[A-Z]\.){2,5}(?!\w)"
"""Espeak-ng says the full stop after an A."""
_BARE_TITLES = "|".join(
    rf"(?<=\b{short}) "
    for short in ("Lt", "Sgt", "Capt", "Mt", "Cpl", "Col", "Maj", "Gov", "Prof", "Rev", "St", "Supt", "Insp")
)
_TITLE = rf"(?<![\w.])(?P<short>{any_of(_TITLES)})(?:\. ?|{_BARE_TITLES})(?=[A-Z][\w’'-]|[A-Z]\. )"
_PARTICIPLE = lazily(r" [a-z]{2,20}(?:ed|en|out)\b")
_NUMBERED_THINGS = word_set("tel ref acct phone telephone fax serial order item part model case room invoice")
_COUNTED = "|".join(
    rf"(?<=\b[{name[0].upper()}{name[0]}]{name[1:]}{stop} )"
    for name in sorted(_NUMBERED_THINGS)
    for stop in ("", r"\.")
)
_NUMBER_OF = rf" (?=[Nn]o\.)(?:(?<=\bID )|{_COUNTED})[Nn]o\.(?=:| (?:is|was|for|of|on|and|or|you|has|must)\b)"
_MT = r"(?<![\w.])(?P<short>Mt|Ft)\.? (?=[A-Z][a-z])"
_NUMBER = (
    rf"(?<![\w.'-])(?:(?P<stopped>(?i:{any_of(_NUMBERED)}))\. ?|(?P<bare>{_UNSTOPPED}) )"
    r"(?=#?\d|(?<=[a-z]\. )(?<!\bc\. )(?<!\bp\. )(?<!op\. )(?:[IVXLC]{2,7}|(?<![Nn]o\. )[A-HJ-Z])(?![\w’']|\.\w))"
)
_NUMBER_SIGN = r"(?<![\w&])(?:#|№ ?)(?=\d)"
_COMPANY = r"(?<=[a-z\d] )Co(?P<stop>\.)(?!\w)|(?<=& )Co\b(?!-)(?P<other>\.?)"
_JUNIOR = r"(?:(?<=[a-z] )|(?<=[a-z], ))(?P<short>Jr|Sr|Esq)\b(?P<stop>\.?)"
_DEGREE = r"(?<![\w.])(?P<letters>(?:Ph\.?|[BMJSD]\.)[ADSBMEL]\.(?:[AD]\.)?)(?!\w)|(?<![\w.])(?P<plain>PhDs?)\b"


def abbreviations() -> Sequence[Rule]:
    """Return the rules, the most specific first."""
    return (
        Rule(name="abbreviation", pattern=_JUNIOR, say=_junior, needs="JSE"),
        Rule(name="abbreviation", pattern=_DEGREE, say=_degree, needs=".P"),
        Rule(name="abbreviation", pattern=_DOTTED, say=_dotted, needs="A"),
        Rule(name="abbreviation", pattern=_TITLE, say=lambda match: f"{_TITLES[match['short']]} ", needs=".LSCM"),
        Rule(name="abbreviation", pattern=_MT, say=lambda match: f"{_TITLES[match['short']]} ", needs="MF"),
        Rule(name="abbreviation", pattern=_NUMBER_OF, say=lambda _: " number", needs="."),
        Rule(name="abbreviation", pattern=_NUMBER, say=_numbered, needs=DIGIT + "."),
        Rule(name="abbreviation", pattern=_NUMBER_SIGN, say=lambda _: "number ", needs="#№"),
        Rule(name="abbreviation", pattern=_COMPANY, say=lambda match: f"Company{_stop(match)}", needs="C"),
        Rule(name="abbreviation", pattern=_STOPPED_PATTERN, say=_stopped, needs=".", ignore_case=True),
        Rule(name="abbreviation", pattern=_BARE_PATTERN, say=_bare),
    )  # fmt: skip


def _stop(match: re.Match[str]) -> str:
    """Return the full stop of an abbreviation where it ends the sentence, too."""
    return ended(match, "")


def _junior(match: re.Match[str]) -> str:
    return {"Jr": "Junior", "Sr": "Senior", "Esq": "Esquire"}[match["short"]] + _stop(match)


def _degree(match: re.Match[str]) -> str:
    letters = match["letters"] or match["plain"]
    spoken = " ".join("eh" if one == "A" else one for one in letters.removesuffix("s").upper() if one.isalpha())
    return spoken + ("'s" if letters.endswith("s") else "") + _stop(match)


def _dotted(match: re.Match[str]) -> str:
    return ended(match, " ".join("eh" if one == "A" else one for one in match[0] if one != "."))


def _numbered(match: re.Match[str]) -> str | None:
    short = match["stopped"] or match["bare"]
    if short == "C":
        return None
    name = _NUMBERED[short.lower()]
    if name == "established" and not re.match(r"[12]\d{3}(?!\d|,\d)", match.string[match.end() : match.end() + 6]):
        name = "estimated"
    return f"{name.capitalize() if short[0].isupper() else name} "


def _stopped(match: re.Match[str]) -> str | None:
    short = match["short"]
    # "to the max." and "I took the temp." end with words; "in." and the like are measures.
    if ended(match, "") and short.lower() in {
        "max",
        "min",
        "temp",
        "tech",
        "pop",
        "cal",
        "ref",
        "cont",
        "inc",
        "ave",
        "fed",
        "est",
    }:
        return None
    name = _STOPPED.get(short.lower())
    if name is None or short in {"EST", "FED", "CAL", "MOS", "POP", "EA"}:
        return None  # "etal.", "5 PM EST."
    if name == "estimated" and match.string.startswith((" in ", " on "), match.end()):
        name = "established"
    if name == "temperature" and _PARTICIPLE.match(match.string, match.end()):
        name = "temporarily"
    return (name.capitalize() if short[0].isupper() else name) + _stop(match)


def _bare(match: re.Match[str]) -> str:
    if match["slash"]:
        return "with "
    is_one = match.string[max(0, match.start() - 2) : match.start()].strip() in {"1", "½", "¼", "¾", "⅓", "⅔", "a"}
    name = _BARE[match["short"]]
    return name.removesuffix("s") if is_one and match["short"] in {"tsp", "tbsp"} else name
