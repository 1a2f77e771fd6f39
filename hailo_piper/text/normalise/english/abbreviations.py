"""English rules for abbreviations, addresses and states."""

import re
from collections.abc import Sequence

from hailo_piper.text.normalise.english.numbers import digits
from hailo_piper.text.normalise.rule import DIGIT, Rule

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
    "int'l": "international", "sgt": "sergeant", "capt": "captain", "cmdr": "commander",
}  # fmt: skip
"""Abbreviations that are one with a full stop, in any case."""
_BARE = {
    "approx": "approximately", "dept": "department", "govt": "government", "mgmt": "management", "vs": "versus",
    "a.k.a": "also known as", "aka": "also known as", "w/o": "without", "w/": "with", "c/o": "care of",
    "w/out": "without", "N/A": "N eh", "n/a": "N eh",
    "b/c": "because", "b/w": "between", "tbsp": "tablespoons", "tsp": "teaspoons", "i.e": "that is",
    "e.g": "for example", "misc": "miscellaneous", "Ltd": "limited", "Inc": "incorporated", "Blvd": "boulevard",
    "qty": "quantity", "Qty": "quantity", "Dept": "department", "Corp": "corporation", "AKA": "also known as",
    "Approx": "approximately", "Hwy": "highway",
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
    "bldg": "building", "para": "paragraph", "ep": "episode",
}  # fmt: skip
"""Before a number; without a full stop only those that are no words."""
_UNSTOPPED = (
    "pp|fig|figs|vol|vols|ext|apt|ste|rm|hwy|rte|pg|bldg|Fig|Figs|Vol|Vols|Ext|Apt|Ste|Rm|Hwy|Rte|Bldg|No|Nos|Op|Ch"
)
_STREETS = {
    "St": "Street", "Ave": "Avenue", "Av": "Avenue", "Blvd": "Boulevard", "Rd": "Road", "Dr": "Drive", "Ln": "Lane",
    "Ct": "Court", "Pl": "Place", "Ter": "Terrace", "Terr": "Terrace", "Pkwy": "Parkway", "Hwy": "Highway",
    "Sq": "Square", "Cir": "Circle", "Trl": "Trail", "Expy": "Expressway", "Fwy": "Freeway", "Aly": "Alley",
    "Cres": "Crescent", "Hts": "Heights", "Plz": "Plaza",
}  # fmt: skip
_COMPASS = {"N": "North", "S": "South", "E": "East", "W": "West", "NE": "Northeast", "NW": "Northwest",
            "SE": "Southeast", "SW": "Southwest"}  # fmt: skip
_STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "FL": "Florida", "GA": "Georgia", "HI": "Hawaii", "ID": "Idaho",
    "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine",
    "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri",
    "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico",
    "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon",
    "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee",
    "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia", "WA": "Washington", "WV": "West Virginia",
    "WI": "Wisconsin", "WY": "Wyoming", "DC": "D C",
}  # fmt: skip
_CERTAIN = "|".join(
    sorted(set(_STATES) - {"OK", "OR", "IN", "ME", "HI", "MA", "PA", "LA", "ID", "CO", "MD", "AL", "CT", "DC", "MS"})
)


_OPENING = frozenset(
    ["The", "It", "He", "She", "Then", "And", "But", "We", "I", "In", "On", "There", "They", "A", "My"]
)


def _any(table: dict[str, str]) -> str:
    return "|".join(sorted(map(re.escape, table), key=len, reverse=True))


_STOPPED_PATTERN = rf"(?<![\w.'-])(?P<short>{_any(_STOPPED)})\.(?!\w)"
_BARE_PATTERN = rf"(?<![\w./'-])(?P<short>{_any(_BARE)})(?![\w/.'-])|(?<![\w./])(?P<slash>w)/(?=[a-z]{{2}})"
_TITLE = (
    rf"(?<![\w.])(?P<short>{_any(_TITLES)})(?:\. ?|(?<=Lt) |(?<=Sgt) |(?<=Capt) |(?<=Mt) )(?=[A-Z][\w’'-]|[A-Z]\. )"
)
_MT = r"(?<![\w.])(?P<short>Mt|Ft)\.? (?=[A-Z][a-z])"
_NUMBER = (
    rf"(?<![\w.'-])(?:(?P<stopped>(?i:{_any(_NUMBERED)}))\. ?|(?P<bare>{_UNSTOPPED}) )"
    r"(?=#?\d|(?<=[a-z]\. )(?<![cp]\. )(?<!op\. )(?:[IVX]{1,5}|[A-Z])(?![\w.’']))"
)
_NUMBER_SIGN = r"(?<![\w&])(?:#|№ ?)(?=\d)"
_COMPANY = r"(?<=[a-z\d] )Co(?P<stop>\.)(?!\w)|(?<=& )Co\b(?P<other>\.?)"
_JUNIOR = r"(?:(?<=[a-z] )|(?<=[a-z], ))(?P<short>Jr|Sr|Esq)\b(?P<stop>\.?)"
_DEGREE = r"(?<![\w.])(?P<letters>(?:Ph\.?|[BMJSD]\.)[ADSBMEL]\.(?:[AD]\.)?)(?!\w)|(?<![\w.])(?P<plain>PhDs?)\b"
_STREET = (
    rf"(?P<name>\b(?:[A-Z][a-z]+|\d{{1,3}}(?:st|nd|rd|th))) (?P<street>{_any(_STREETS)})\b(?P<stop>\.?+)"
    r"(?P<side> (?:NE|NW|SE|SW|[NSEW])\b\.?)?"
)
_SIDE = (
    rf"(?P<number>\b\d{{1,5}} )(?P<side>NE|NW|SE|SW|[NSEW])\.?(?= (?:[A-Z][a-z]+|\d{{1,3}}(?:st|nd|rd|th)) "
    rf"(?:{_any(_STREETS)}|Street|Avenue|Road|Drive)\b)"
)
_STATE = rf"(?<=\w, )(?:(?P<state>{_any(_STATES)}) (?P<zip>\d{{5}}(?:-\d{{4}})?)(?!\d)|(?P<certain>{_CERTAIN})(?!\w))"
_BOX = r"\bP\. ?O\. ?(?=Box\b)"
_HOUSE = (
    r"(?<![\w.,-])(?P<number>[1-9]\d{2})(?= (?:[NSEW]\.? )?[A-Z][a-z]+ (?:St|Ave|Blvd|Rd|Dr|Ln|Ct|Ter|Street"
    r"|Avenue|Road|Drive|Lane|Boulevard|Terrace|Court|Way)\b)"
)


def abbreviations() -> Sequence[Rule]:
    """Return the rules, the most specific first."""
    return (
        Rule(name="address", pattern=_BOX, say=lambda _: "P O ", needs="P"),
        Rule(name="address", pattern=_STATE, say=_state, needs=","),
        Rule(name="address", pattern=_SIDE, say=lambda match: match["number"] + _COMPASS[match["side"]], needs=DIGIT),
        Rule(name="address", pattern=_HOUSE, say=_house, needs=DIGIT),
        Rule(name="address", pattern=_STREET, say=_street, needs="SABRDLCPTHEF"),
        Rule(name="abbreviation", pattern=_JUNIOR, say=_junior, needs="JSE"),
        Rule(name="abbreviation", pattern=_DEGREE, say=_degree, needs=".P"),
        Rule(name="abbreviation", pattern=_TITLE, say=lambda match: f"{_TITLES[match['short']]} ", needs=".LSCM"),
        Rule(name="abbreviation", pattern=_MT, say=lambda match: f"{_TITLES[match['short']]} ", needs="MF"),
        Rule(name="abbreviation", pattern=_NUMBER, say=_numbered, needs=DIGIT + "."),
        Rule(name="abbreviation", pattern=_NUMBER_SIGN, say=lambda _: "number ", needs="#№"),
        Rule(name="abbreviation", pattern=_COMPANY, say=lambda match: f"Company{_kept_stop(match)}", needs="C"),
        Rule(name="abbreviation", pattern=_STOPPED_PATTERN, say=_stopped, needs=".", ignore_case=True),
        Rule(name="abbreviation", pattern=_BARE_PATTERN, say=_bare),
    )  # fmt: skip


def _is_last(match: re.Match[str]) -> bool:
    return not match.string[match.end() : match.end() + 2].strip("\"'”’) ")


def _kept_stop(match: re.Match[str]) -> str:
    """Return the full stop of an abbreviation where it ends the sentence, too."""
    return "." if _is_last(match) and match[0].endswith(".") else ""


def _state(match: re.Match[str]) -> str:
    if match["certain"]:
        return _STATES[match["certain"]]
    return f"{_STATES[match['state']]} {digits(match['zip'])}"


def _house(match: re.Match[str]) -> str | None:
    number = match["number"]
    if number[1:] == "00":
        return None
    return f"{number[0]} {'oh ' + number[2] if number[1] == '0' else number[1:]}"


def _street(match: re.Match[str]) -> str | None:
    following = match.string[match.end() : match.end() + 12].split(" ")
    is_title = (
        match["street"] in {"St", "Dr"} and len(following) > 1 and following[0] == "" and following[1][:1].isupper()
    )
    if is_title and match["name"][0].isalpha() and following[1] not in _OPENING:
        return None  # "Lake St. Clair"
    side = f" {_COMPASS[match['side'].strip(' .')]}" if match["side"] else ""
    stop = "." if is_title and match["stop"] else _kept_stop(match)
    return f"{match['name']} {_STREETS[match['street']]}{side}{stop}"


def _junior(match: re.Match[str]) -> str:
    return {"Jr": "Junior", "Sr": "Senior", "Esq": "Esquire"}[match["short"]] + _kept_stop(match)


def _degree(match: re.Match[str]) -> str:
    letters = match["letters"] or match["plain"]
    spoken = " ".join("eh" if one == "A" else one for one in letters.removesuffix("s").upper() if one.isalpha())
    return spoken + ("'s" if letters.endswith("s") else "") + _kept_stop(match)


def _numbered(match: re.Match[str]) -> str | None:
    short = match["stopped"] or match["bare"]
    name = _NUMBERED[short.lower()]
    if name == "established" and not re.match(r"[12]\d{3}(?!\d|,\d)", match.string[match.end() : match.end() + 6]):
        name = "estimated"
    return f"{name.capitalize() if short[0].isupper() else name} "


def _stopped(match: re.Match[str]) -> str | None:
    short = match["short"]
    # "to the max." and "I took the temp." end with words; "in." and the like are measures.
    if _is_last(match) and short in {"max", "min", "temp", "tech", "pop", "cal", "ref", "cont", "inc", "ave"}:
        return None
    name = _STOPPED[short.lower()]
    return (name.capitalize() if short[0].isupper() else name) + _kept_stop(match)


def _bare(match: re.Match[str]) -> str:
    if match["slash"]:
        return "with "
    is_one = match.string[max(0, match.start() - 2) : match.start()].strip() in {"1", "½", "¼", "¾", "⅓", "⅔", "a"}
    name = _BARE[match["short"]]
    return name.removesuffix("s") if is_one and match["short"] in {"tsp", "tbsp"} else name
