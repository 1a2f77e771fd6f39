"""English rules for addresses: streets, house numbers, compass points, states and their ZIP codes."""

import re
from collections.abc import Sequence

from hailo_piper.text.normalise.context import ended
from hailo_piper.text.normalise.english.numbers import digits
from hailo_piper.text.normalise.patterns import any_of
from hailo_piper.text.normalise.rule import DIGIT, Rule

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
_WORDS = "OR|IN|ME|HI|MA|PA|LA|ID|CO|AL|CT|MS"
"""States that are also words or initialisms: only behind a city, and before a mark."""
_OPENING = frozenset(
    ["The", "It", "He", "She", "Then", "And", "But", "We", "I", "In", "On", "There", "They", "A", "My"]
)

_STREET = (
    rf"(?P<name>\b(?:[A-Z][a-z]+(?:['’]s)?|\d{{1,3}}(?:st|nd|rd|th))) (?P<street>{any_of(_STREETS)})\b(?P<stop>\.?+)"
    r"(?P<side> (?:NE|NW|SE|SW|[NSEW])\b\.?)?"
)
_SIDE = (
    rf"(?P<number>\b\d{{1,5}} )(?P<side>NE|NW|SE|SW|[NSEW])\.?(?= (?:[A-Z][a-z]+|\d{{1,3}}(?:st|nd|rd|th)) "
    rf"(?:{any_of(_STREETS)}|Street|Avenue|Road|Drive)\b)"
)
_STATE = rf"(?<=\w, )(?:(?P<state>{any_of(_STATES)}) (?P<zip>\d{{5}}(?:-\d{{4}})?)(?!\d)|(?P<certain>{_CERTAIN})(?!\w))"
_CITY = rf"(?<!\w)(?P<city>[A-Z][a-z]{{2,20}}, )(?P<state>{_WORDS})(?=[.,;)](?!\w)|$| (?:is|was|has)\b)"
_ROAD = (
    r"(?<![\w-])(?P<road>(?:I-|US-|(?:I|US|Route|Rte|Rt|Hwy|Highway|Interstate"
    r"|Exit) )\d{1,3} )(?P<side>[NSEW])(?![\w’'-])"
)
_BOX = r"\bP\. ?O\. ?(?=Box\b)"
_HOUSE = (
    r"(?<![\w.,-])(?P<number>[1-9]\d{2})(?= (?:[NSEW]\.? )?[A-Z][a-z]+ (?:St|Ave|Blvd|Rd|Dr|Ln|Ct|Ter|Street"
    r"|Avenue|Road|Drive|Lane|Boulevard|Terrace|Court|Way)\b)"
)


def places() -> Sequence[Rule]:
    """Return the rules, the most specific first."""
    return (
        Rule(name="address", pattern=_BOX, say=lambda _: "P O ", needs="P"),
        Rule(name="address", pattern=_STATE, say=_state, needs=","),
        Rule(name="address", pattern=_CITY, say=lambda match: match["city"] + _STATES[match["state"]], needs=","),
        Rule(name="address", pattern=_SIDE, say=lambda match: match["number"] + _COMPASS[match["side"]], needs=DIGIT),
        Rule(name="address", pattern=_HOUSE, say=_house, needs=DIGIT),
        Rule(name="address", pattern=_ROAD, say=lambda match: match["road"] + _COMPASS[match["side"]], needs=DIGIT),
        Rule(name="address", pattern=_STREET, say=_street, needs="SABRDLCPTHEF"),
    )


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
    stop = "." if is_title and match["stop"] else ended(match, "")
    return f"{match['name']} {_STREETS[match['street']]}{side}{stop}"
