"""English rules for measures, temperatures and percentages."""

import re
from collections.abc import Sequence

from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.normalise.english.numbers import DASH, NUMBER, VULGAR, is_one, is_part, join_part, mixed
from hailo_piper.text.normalise.rule import DIGIT, Rule

UNITS = {
    "km": "kilometer", "m": "meter", "cm": "centimeter", "mm": "millimeter", "µm": "micrometer", "μm": "micrometer",
    "nm": "nanometer", "mi": "mile", "yd": "yard", "yds": "yard", "ft": "foot", "in": "inch", "kg": "kilogram",
    "kgs": "kilogram", "g": "gram", "mg": "milligram", "µg": "microgram", "μg": "microgram", "mcg": "microgram",
    "lb": "pound", "lbs": "pound", "oz": "ounce", "fl oz": "fluid ounce", "l": "liter", "L": "liter",
    "ml": "milliliter", "mL": "milliliter", "cl": "centiliter", "dl": "deciliter", "dL": "deciliter",
    "gal": "gallon", "qt": "quart", "tsp": "teaspoon", "tbsp": "tablespoon", "ha": "hectare", "sq ft": "square foot",
    "sq. ft": "square foot", "cu ft": "cubic foot",
    "sq m": "square meter", "sq mi": "square mile", "sq km": "square kilometer", "W": "watt", "kW": "kilowatt",
    "MW": "megawatt", "GW": "gigawatt", "TW": "terawatt", "Wh": "watt hour", "kWh": "kilowatt hour",
    "MWh": "megawatt hour", "GWh": "gigawatt hour", "TWh": "terawatt hour", "V": "volt", "kV": "kilovolt",
    "mV": "millivolt", "mA": "milliamp", "mAh": "milliamp hour", "Ah": "amp hour", "Ω": "ohm",
    "kΩ": "kiloohm", "MΩ": "megaohm", "Hz": "hertz", "kHz": "kilohertz", "MHz": "megahertz", "GHz": "gigahertz",
    "THz": "terahertz", "KB": "kilobyte", "kB": "kilobyte", "MB": "megabyte", "GB": "gigabyte", "TB": "terabyte",
    "PB": "petabyte", "KiB": "kibibyte", "MiB": "mebibyte", "GiB": "gibibyte", "TiB": "tebibyte",
    "kbit": "kilobit", "Mbit": "megabit", "Gbit": "gigabit", "Mb": "megabit", "Gb": "gigabit", "dB": "decibel",
    "Pa": "pascal", "hPa": "hectopascal", "kPa": "kilopascal", "MPa": "megapascal", "mbar": "millibar",
    "kcal": "kilocalorie", "cal": "calorie", "kJ": "kilojoule", "MJ": "megajoule", "kN": "kilonewton",
    "Nm": "newton meter", "hp": "horsepower", "lm": "lumen", "lx": "lux", "px": "pixel", "MP": "megapixel",
    "ms": "millisecond", "µs": "microsecond", "μs": "microsecond", "ns": "nanosecond", "s": "second", "h": "hour",
    "°C": "degree Celsius", "℃": "degree Celsius", "°F": "degree Fahrenheit", "℉": "degree Fahrenheit",
    "° C": "degree Celsius", "° F": "degree Fahrenheit", "ºC": "degree Celsius", "ºF": "degree Fahrenheit",
    "°": "degree", "mph": "mile per hour", "kph": "kilometer per hour", "kmh": "kilometer per hour",
    "km/h": "kilometer per hour", "mpg": "mile per gallon", "kbps": "kilobit per second",
    "Mbps": "megabit per second", "Gbps": "gigabit per second", "MBps": "megabyte per second",
    "rpm": "revolution per minute", "RPM": "revolution per minute", "bpm": "beat per minute",
    "fps": "frame per second", "psi": "P S I", "ppm": "part per million", "ppb": "part per billion",
    "dpi": "dot per inch", "kt": "knot", "kts": "knot", "tn": "ton", "mmHg": "millimeter of mercury",
    "st": "stone", "gr": "gram", "lux": "lux", "A": "amp", "K": "kelvin", "J": "joule", "N": "newton", "B": "byte",
    "mol": "mole", "mmol": "millimole", "µmol": "micromole", "μmol": "micromole", "nmol": "nanomole",
}  # fmt: skip
_SAME = frozenset(["hertz", "kilohertz", "megahertz", "gigahertz", "terahertz", "horsepower", "lux", "P S I", "stone"])
_LONE = {"A", "K", "J", "N", "B", "h", "st", "s"}
"""Units that are something else as often: read with a decimal point, a blank, or not at all."""
_POWERS = {"²": "square", "³": "cubic", "2": "square", "3": "cubic"}

_NAMES = "|".join(
    sorted(
        (re.escape(unit) for unit in UNITS if unit not in {"A", "K", "J", "N", "B", "h", "st", "in"}),
        key=len,
        reverse=True,
    )
)
_LENGTHS = r"(?:km|m|cm|mm|ft|mi|yd)"
_PER = (
    r"(?:/(?P<per>km|mi|m|cm|mm|kg|g|lb|L|l|dL|dl|mL|ml|gal|sq ft|h|hr|s|sec|min|day|week|month|year)"
    r"(?P<perpower>[²³])?(?!\w))?"
)
_ARTICLE = r"(?P<article>\b(?:[Aa]n?|[Aa]nother|[Ee]ach|[Ee]very) )?"
_NOUN = (
    r"(?P<noun>(?=\s(?!(?:in|on|at|to|for|and|or|a|an|per|from|more|less|each|if|is|was|by|with|as|but|than|the"
    r"|of|that|away|"
    r"above|below|today|tomorrow|inside|outside|between|north|south|east|west)\b)[a-z]{3,}))?"
)
_SIGNED = rf"(?:(?<![\w.,\d$£€])[-−+±])?(?<![\w.,:/$£€])(?:{NUMBER}|\.\d{{1,6}}(?!\d))"
_PART = r"(?<![\w.,:/])(?:\d{1,3}[ -])?\d{1,2}/\d{1,2}(?=[ -])|(?<![\w.,:/])\d{0,3}\s?[½⅓⅔¼¾⅕⅛⅜⅝⅞]"
_AMOUNT = rf"(?P<amount>{_PART}|{_SIGNED})(?:(?:{DASH}| to )(?P<until>{NUMBER}))?"
_MEASURE = (
    rf"{_ARTICLE}{_AMOUNT}(?P<gap>[ \u00a0\u202f-]?)(?:(?P<area>{_LENGTHS})(?P<power>[²³]|[23](?!\d))|"
    rf"(?P<unit>{_NAMES}))"
    rf"(?:(?!\w)|(?<=°)(?=[NSEW]\b)){_PER}(?P<compass>\s?[NSEW]\b)?(?P<stop>(?<=[a-z])\.(?!\w))?{_NOUN}"
)
_DECIMAL = (
    rf"{_ARTICLE}(?P<amount>(?<![\w.,])\d{{1,6}}\.\d{{1,6}})(?P<until>(?!))?(?P<gap> ?)(?P<unit>[AKJNh])\b{_NOUN}"
)
_HOURS = (
    r"(?<![\w.,])(?P<amount>\d{1,3})(?P<until>(?!))?(?P<gap>)(?P<unit>h)\b(?!\s?\d)(?P<article>(?!))?(?P<noun>"
    r"(?!))?"
)
_FEET = (
    r"(?<![\w.])(?P<feet>\d{1,3})\s?(?:['′’]|ft\.?)\s?(?P<inches>\d{1,2}(?:\.\d|½)?)\s?(?:[\"″”]|''|in\b(?:\.(?!\w))?"
    r"(?!\.|\s(?:total|the|all|an?)\b)|(?=\s(?:tall|or|and)\b))"
)
_STONE = (
    r"(?<![\w.,/])(?P<stone>\d{1,2}(?= )|1[02-9]) ?st\b(?: (?P<pounds>\d{1,2})(?:(?P<unit> ?lbs?\b)"
    r"|(?! ?[a-z\d])))?(?! [A-Z])"
)
_PART_INCH = r"(?P<amount>(?<![\w.,:/])(?:\d{1,3}[ -])?\d{1,2}/\d{1,2}|(?<![\w.,:/])\d{0,3}[½¼¾⅛⅜⅝⅞])[\"″”]"
_INCHES = (
    r"(?P<before>\b(?:an?|the|of|by|with|x) )?(?<![\w.])(?P<amount>\d{1,4}(?:\.\d{1,3})?)(?:(?P<double>″)|[\"”])"
    r"(?P<after>\s?(?=(?:x|×|by|tall|wide|long|deep|thick|screen|monitor|tv|TV|display|pipe|wheel|pizza|vinyl"
    r"|nail)\b))?"
)
_PRIME = r"(?<![\w.])(?P<feet>\d{1,4})(?:′|'(?=\s?(?:x|×|by|tall|wide|long|deep|high)\b))"
_INCH = (
    r"(?<![\w.])(?P<amount>\d{1,4}(?:\.\d{1,3})?)\s?in\.?(?=\s(?:x|×|by|tall|wide|long|deep|thick|high|of rain"
    r"|of snow)\b)"
)
_DEGREES = r"(?<![\w°])°(?P<scale>[CF])(?!\w)"
_PERCENT = rf"(?P<amount>{_SIGNED})\s?%?(?:(?:{DASH})(?P<until>{NUMBER}))?\s?(?P<sign>%|‰)"
_COMPASS = {"N": " north", "S": " south", "E": " east", "W": " west"}


_THING = lazily(
    r"\s(?:bulbs?|batter(?:y|ies)|chargers?|adapters?|monitors?|screens?|drives?|disks?|cables?|laptops?"
    r"|phones?|models?"
    r"|versions?|lens(?:es)?|bags?|bottles?|cans?|packs?|tanks?|engines?|motors?|pipes?|tablets?|pills?|speakers?|runs?"
    r"|races?|walk|hike|radius|limit|cards?|sticks?|box(?:es)?|plates?|dumbbells?|tires?|nails?|screws?|boards?|hose"
    r"|ladder|pole|fence|pool|ruler|zone|camera|sensor|lamps?|heater|amplifier|connection|line|steaks?|mugs?|file)\b"
)
"""What is sold or made by measure: "60 W bulbs"."""


def units(*, british: bool) -> Sequence[Rule]:
    """Return the rules; `british` says "metre" and "litre", which sound longer in "millilitre"."""
    measure = (lambda match: _british(_measure(match))) if british else _measure
    return (
        Rule(name="percent", pattern=_PERCENT, say=_percent, needs="%‰"),
        Rule(name="unit", pattern=_FEET, say=_feet, needs="'′’f", digits=True),
        Rule(name="unit", pattern=_PART_INCH, say=_part_inch, needs="/½¼¾⅛⅜⅝⅞"),
        Rule(name="unit", pattern=_INCHES, say=_inches, needs="\"″”", digits=True),
        Rule(name="unit", pattern=_PRIME, say=lambda match: f"{match['feet']} feet", needs="'′", digits=True),
        Rule(name="unit", pattern=_INCH, say=_inch, needs="i", digits=True),
        Rule(name="unit", pattern=_STONE, say=_stone, needs="s", digits=True),
        Rule(name="unit", pattern=_MEASURE, say=measure, needs=DIGIT),
        Rule(name="unit", pattern=_DECIMAL, say=_decimal, needs=".", digits=True),
        Rule(name="unit", pattern=_HOURS, say=_decimal, needs="h", digits=True),
        Rule(name="unit", pattern=_DEGREES, say=_scale, needs="°"),
    )  # fmt: skip


def _british(spoken: str | None) -> str | None:
    return spoken and spoken.replace("meter", "metre").replace("liter", "litre")


def _stone(match: re.Match[str]) -> str:
    pounds = f" {match['pounds']}{' pounds' if match['unit'] else ''}" if match["pounds"] else ""
    return f"{match['stone']} stone{pounds}"


def plural(name: str) -> str:
    """Return the plural of a unit: of the word before "per", "of" or a scale."""
    first, blank, rest = name.partition(" ")
    if name in _SAME:
        return name
    if blank and (first in {"square", "cubic", "fluid", "watt", "amp", "newton"} or first.endswith(("watt", "amp"))):
        return f"{first} {plural(rest)}"
    first = {"foot": "feet", "inch": "inches"}.get(first, f"{first}s")
    return first + blank + rest


def _many(name: str, figures: str) -> str:
    """Return the name of a unit after a figure: half a pound is one, one and a half pounds are more."""
    return name if is_one(figures) or is_part(figures) else plural(name)


def _number(figures: str) -> str:
    if "/" in figures or not VULGAR.keys().isdisjoint(figures):
        return mixed(figures)
    if figures.startswith("."):
        return f"point {figures[1:]}"
    return figures.replace("±", "plus or minus ").replace("−", "-").replace("+", "plus ")


def _measure(match: re.Match[str]) -> str | None:
    unit, amount = match["unit"], match["amount"]
    if unit in _LONE and not match["gap"] and "." not in amount:
        return None  # "iPhone 5s"
    if (
        unit == "m"
        and not match["gap"]
        and re.search(r"\dh ?$", match.string[max(0, match.start() - 4) : match.start()])
    ):
        return None  # "2h 30m"
    name = f"{_POWERS[match['power']]} {UNITS[match['area']]}" if match["area"] else UNITS[unit]
    if match["per"]:
        per = {"hr": "hour", "sec": "second", "min": "minute"}.get(match["per"]) or UNITS.get(
            match["per"], match["per"]
        )
        if match["perpower"]:
            squared = {"²": " squared", "³": " cubed"}[match["perpower"]]
            per = f"{per}{squared}" if per == "second" else f"{_POWERS[match['perpower']]} {per}"
        name = f"{name if is_one(amount) else plural(name)} per {per}"
    elif not _is_adjective(match):
        name = plural(name) if match["until"] else _many(name, amount)
    spoken = join_part(_amount(match), name, amount, is_adjective=_is_adjective(match))
    if match["compass"]:
        if unit != "°":
            return None
        spoken += _COMPASS[match["compass"].strip()]
    return spoken + _kept_stop(match)


def _is_adjective(match: re.Match[str]) -> bool:
    """Return whether a measure stands before a noun: "a 5 km run", "a 10-kg bag"."""
    if match["noun"] is None:
        return False
    return bool(match["article"]) or match["gap"] == "-" or _THING.match(match.string, match.end()) is not None


def _amount(match: re.Match[str]) -> str:
    until = f" to {match['until']}" if match["until"] else ""
    return f"{match['article'] or ''}{_number(match['amount'])}{until}"


def _decimal(match: re.Match[str]) -> str:
    name = UNITS[match["unit"]]
    return f"{_amount(match)} {name if _is_adjective(match) or is_one(match['amount']) else plural(name)}"


def _kept_stop(match: re.Match[str]) -> str:
    """Return the full stop of an abbreviation where it ends the sentence, too."""
    return "." if match["stop"] and not match.string[match.end() : match.end() + 2].strip("\"'”’) ") else ""


def _feet(match: re.Match[str]) -> str:
    return f"{match['feet']} foot {match['inches']}"


def _part_inch(match: re.Match[str]) -> str:
    return join_part(mixed(match["amount"]), "inch", match["amount"], is_adjective=True)


def _inches(match: re.Match[str]) -> str | None:
    if not (match["double"] or match["before"] or match["after"] is not None):
        return None  # a quotation mark
    # "the 5" is a quotation as often as not: its noun must follow.
    if match["before"] in {"the ", "of ", "with "} and match["after"] is None and not match["double"]:
        return None
    return f"{match['before'] or ''}{match['amount']} inch{match['after'] or ''}"


def _inch(match: re.Match[str]) -> str:
    return f"{match['amount']} {_many('inch', match['amount'])}"


def _scale(match: re.Match[str]) -> str:
    return plural(UNITS[match[0]])


def _percent(match: re.Match[str]) -> str:
    until = f" to {match['until']}" if match["until"] else ""
    return f"{_number(match['amount'])}{until} {'percent' if match['sign'] == '%' else 'per mille'}"
