"""English rules for phone numbers, scores, ranges, ratios, fractions, sums and numbers of things."""

import re
from collections.abc import Sequence

from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.normalise.english.numbers import VULGAR, digits, join_part, mixed, number_name, ordinal
from hailo_piper.text.normalise.rule import DIGIT, Rule

_PHONES = (
    # American, with or without a country code; "1-800-FLOWERS" is left.
    r"(?<![\w.-])(?:\+?1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w-])"
    r"|(?<![\w.-])\d{3}-\d{4}(?![\w-])"
    r"|(?<![\w.-])\+\d{1,3}(?:[ .-]?\(?\d{1,5}\)?){1,6}(?![\w-])"
    r"|(?<![\w.-])\(?0\d{2,4}\)? \d{3,4} ?\d{3,4}(?![\w-])"
    r"|(?<![\w.-])[12]-8\d\d-\d{3}-\d{4}(?![\w-])"
    r"|(?<![\w.-])9-1-1(?![\w-])"
)
_SHORT_PHONE = (
    r"\b(?P<word>(?:[Cc]all(?:ed|ing)?|[Dd]ial(?:ed|ing|led)?|[Pp]hone|[Tt]ext(?:ed)?) )(?P<number>[1-9](?:11|12"
    r"|99|88|\d1))\b(?!\s[a-z]{3,}s\b)"
)
_PIN = (
    r"\b(?P<word>(?:PIN|pin|[Cc]ode|[Pp]asscode|[Pp]assword|ZIP|zip|[Ss]erial number|OTP)(?: code| number| is"
    r"|:){0,2} )(?P<number>\d{4,12})\b(?![.,]\d)"
)
_NAMED = (
    r"\b(?P<word>(?:[Ee]rror(?: code)?|HTTP|[Ss]tatus(?: code)?|[Rr]oom|[Ff]light|[Rr]oute|[Hh]ighway"
    r"|[Ii]nterstate|[Aa]rea code|"
    r"Boeing|Airbus|[Ee]xtension|[Gg]ate|[Ss]uite|[Bb]us|Peugeot|Porsche) )(?P<number>\d{3})(?P<plural>s?)\b(?![.,]\d)"
)
_ERRORS = frozenset(["error", "error code", "http", "status", "status code", "area code"])
_AIRCRAFT = (
    r"(?<![\w.,$£€-])(?P<number>7[0-8]7)(?P<plural>s?)\b(?=s|\s(?:jet|plane|pilot|aircraft|landed|crash|took"
    r"|flew))"
)
_SCORE = (
    r"\b(?P<word>(?:won|win|wins|lost|lose|loses|beat|beats|led|lead|leads|score|scored|victory|defeat|loss|tied"
    r"|drew|draw|final|"
    r"up|down|ahead|trail|trailed|trailing|leading)(?: (?:by|is|was|of|the|game|match|them|him|her|us|it"
    r"|[A-Z][a-z]+)){0,3} )"
    r"(?P<one>\d{1,3})[-–](?P<two>\d{1,3})(?P<more>(?:,? (?:and )?\d{1,2}[-–]\d{1,2}){0,5})(?![\w-])"
)
_RANGE = (
    r"(?<![\w.,/:+-])(?P<one>\d[\d,]{0,12}(?:\.\d{1,4})?(?:st|nd|rd|th)?)(?:(?P<dash>[-–—])|(?P<spaced> [–—-] ))"
    r"(?P<two>\d[\d,]{0,12}(?:\.\d{1,4})?(?:st|nd|rd|th)?)(?P<plus>\+?)(?![\w/:=-]|[.,]\d)(?! =)"
)
_HOURS = (
    r"\b(?P<word>(?:[Oo]pen(?:ed)?|[Cc]losed|[Ff]rom|[Hh]ours:?|[Ww]ork(?:s|ed|ing)?|an?|the)(?: is| are| daily)? )"
    r"(?P<one>9|1[0-2]|8|7|10)[-–](?P<two>[1-6])(?![\w/:-]|[.,]\d)(?= daily\b|[.,;!?]|$| (?:job|shift|on"
    r"|every|today|each|and|week)\b)"
)
_CHAIN = r"(?<![\w.-])\d{1,7}(?:-\d{1,7}){2,5}(?![\w-])"
_LETTERS = r"(?<![\w-])A[-–]Z(?![\w-])"
_RATIO = r"(?<![\w.,:/+-])(?P<one>\d{1,4}(?:\.\d{1,2})?):(?P<two>\d{1,4}(?:\.\d{1,2})?)(?![\w:/]|\.\d)"
_TIMES = r"(?:(?<=\d)(?: ?x ?|×)|(?<=[m\"′″]) x )(?!10(?:\^|⁻|[⁰¹²³⁴-⁹]))(?=\d{1,9}(?:\.\d{1,6})?(?! ?=|\d|\.\d))"
_TIMES_AS = (
    r"(?<![\w.,])(?P<number>\d{1,4}(?:\.\d{1,2})?)[x×](?=\s(?:as|faster|slower|more|better|larger|bigger|smaller"
    r"|less|higher|cheaper|longer|the|a|per)\b)"
)
_ALIKE = (
    r"(?<![\w./-])(?P<one>\d{1,3})/(?:(?P=one)|(?<=24/)7|(?<=20/)\d{2}|(?<=60/)40|(?<=80/)20|(?<=70/)30)(?![\w/]"
    r"|\.\d)"
)
_SIGNATURE = r"(?<![\w./])(?P<one>\d{1,2})/(?P<two>2|4|8|16)(?=\s(?:time|meter|metre|measure|beat|rhythm|bar)\b)"
_FRACTION = (
    r"(?<![\w./,:-])(?:(?P<whole>\d{1,4})(?: |-))?(?P<above>\d{1,4})/(?P<below>\d{1,4})(?:(?P<hyphen>-)(?=[a-z])|"
    r"(?![\w/-]|[.,]\d))(?P<of>\sof\b)?(?P<part>\s(?:cup|teaspoon|tablespoon|inch|mile|pound|ounce|pint|quart"
    r"|gallon|hour|acre"
    r"|liter|litre|kilo|meter|metre|yard|page|glass|bottle|can|stick|day|year|foot|bag|box)\b)?"
)
_MARK = r"(?<![\w.])(?:(?P<whole>\d{1,6})\s?)?(?P<mark>[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞⅐⅑⅒])"
_RATING = (
    r"\b(?P<word>(?:rated|rating|rates?|score|scored|scores|got|gave|give|grade|mark)(?: (?:of|it|is|was|a|an|him"
    r"|her|them|him|at)){0,2} )(?P<above>\d{1,3}(?:\.\d)?)/(?P<below>5|10|20|100)\b"
)
_HUNDREDTH = r"(?<![\w.])(?P<number>\d{1,3}(?:,\d{3}){0,2}|\d{1,9})(?P<ending>th|TH|ST|ND|RD)\b"
_SIZE = r"(?<![\w.,$£€-])(?P<number>\d{1,4}(?:\.\d{1,3})?)(?P<size>M|B|K)(?![\w-])(?P<noun>\s[a-z]{3,})?"
_POINT = r"(?<![\w.,])\.(?P<digits>\d{1,10})(?!\w)"
_MINUS = (
    r"(?<![\w.])(?P<one>\d{1,9}(?:\.\d{1,6})?|[a-z])(?: [-−–] |(?:-|−)(?=\d{1,9} ?=))(?P<two>\d{1,9}"
    r"(?:\.\d{1,6})?|[a-z])(?=\s?[=+*×÷]|\s?[.,;?!]?$|\s(?:is|equals)\b)"
)
_DIVIDED = r"(?<=\d) / (?=\d)"
_JOINED = r"(?<=\d)-(?P<word>to|by|on|in|for|and)-(?=\d)"
_SHORT_EXTENSION = r"(?<=\d-\d{4}) ?x ?(?=\d{1,5}\b)"
_SPACED = r"(?<![\w.,$£€+-])(?<!\d )[1-9]\d{0,2}(?:(?: \d{3}){2,5}|(?:[\u00a0\u202f]\d{3}){1,5})(?![\w-]|[., ]\d)"
_SERIAL = r"(?<![\w.,$£€:/-])(?P<number>0\d{2,12})(?![\w/:-]|[.,]\d)"


def figures() -> Sequence[Rule]:
    """Return the rules for numbers that are more than one figure, in their order."""
    return (
        Rule(name="phone", pattern=_SHORT_PHONE, say=_digits_after, needs=DIGIT),
        Rule(name="score", pattern=_SCORE, say=_score, needs="-–", digits=True),
        Rule(name="fraction", pattern=_RATING, say=_rating, needs="/", digits=True),
        Rule(name="fraction", pattern=_SIGNATURE, say=lambda match: f"{match['one']} {match['two']}", needs="/"),
        Rule(name="fraction", pattern=_ALIKE, say=lambda match: match[0].replace("/", " "), needs="/"),
        Rule(name="fraction", pattern=_FRACTION, say=_fraction, needs="/"),
        Rule(name="fraction", pattern=_MARK, say=lambda match: mixed(match[0]), needs="".join(VULGAR)),
        Rule(name="math", pattern=_MINUS, say=_minus, needs="-−–", digits=True),
        Rule(name="math", pattern=_DIVIDED, say=lambda _: " divided by ", needs="/"),
        Rule(name="range", pattern=_HOURS, say=_hours, needs="-–", digits=True),
        Rule(name="range", pattern=_RANGE, say=_range, needs="-–—", digits=True),
        Rule(name="range", pattern=_LETTERS, say=lambda _: "eh to Z", needs="Z"),
        Rule(name="ratio", pattern=_RATIO, say=_ratio, needs=":", digits=True),
        Rule(name="times", pattern=_TIMES, say=lambda _: " by ", needs="x×", digits=True),
        Rule(name="times", pattern=_TIMES_AS, say=lambda match: f"{match['number']} times", needs="x×", digits=True),
        Rule(name="range", pattern=_JOINED, say=lambda match: f" {match['word']} ", needs="-"),
        Rule(name="number", pattern=_SPACED, say=_joined, needs=" \u00a0\u202f", digits=True),
        Rule(name="digits", pattern=_AIRCRAFT, say=_named, needs="7"),
        Rule(name="digits", pattern=_SERIAL, say=_serial, needs="0"),
        Rule(name="ordinal", pattern=_HUNDREDTH, say=_ordinal, needs=DIGIT),
        Rule(name="number", pattern=_SIZE, say=_size, needs="MBK", digits=True),
        Rule(name="number", pattern=_POINT, say=lambda match: f"point {match['digits']}", needs=".", digits=True),
    )  # fmt: skip


def phones() -> Sequence[Rule]:
    """Return the rules for phone numbers, which look like dates and versions, and for codes and room numbers."""
    return (
        Rule(name="phone", pattern=_PHONES, say=_phone, needs=DIGIT),
        Rule(name="phone", pattern=_SHORT_EXTENSION, say=lambda _: " extension ", needs="x", digits=True),
        Rule(name="digits", pattern=_CHAIN, say=lambda match: digits(match[0]), needs="-", digits=True),
        Rule(name="digits", pattern=_PIN, say=_digits_after, needs=DIGIT),
        Rule(name="digits", pattern=_NAMED, say=_named, needs=DIGIT),
    )


def _phone(match: re.Match[str]) -> str | None:
    if sum(one.isdigit() for one in match[0]) < 3:
        return None
    return ("plus " if match[0].startswith("+") else "") + digits(match[0])


def _digits_after(match: re.Match[str]) -> str:
    return match["word"] + digits(match["number"])


def _rating(match: re.Match[str]) -> str:
    return f"{match['word']}{match['above']} out of {match['below']}"


def _hours(match: re.Match[str]) -> str:
    return f"{match['word']}{match['one']} to {match['two']}"


def _score(match: re.Match[str]) -> str:
    return match["word"] + re.sub(r"(?<=\d)[-–](?=\d)", " ", match[0][len(match["word"]) :])


def _fraction(match: re.Match[str]) -> str | None:
    above, below = int(match["above"]), int(match["below"])
    if match["above"][0] == "0" or match["below"][0] == "0":
        return None  # a date
    if not above or not below or (match["whole"] and above >= below):
        return None
    if match.string.startswith(" =", match.end()):
        return f"{above} divided by {below}"
    if match["part"] and not match["whole"] and above < below:
        is_adjective = match.string[max(0, match.start() - 2) : match.start()] == "a "
        return join_part(
            mixed(f"{above}/{below}"), match["part"].strip(), f"{above}/{below}", is_adjective=is_adjective
        )
    if below in {10, 100} and above != 1 and not match["part"] and not match["of"] and not match["whole"]:
        return f"{above} out of {below}"
    whole, of, gap = match["whole"], match["of"] or "", " " if match["hyphen"] else ""
    return mixed(f"{whole or ''} {above}/{below}") + gap + of + (match["part"] or "")


def _ratio(match: re.Match[str]) -> str:
    return f"{match['one']} to {match['two']}"


def _minus(match: re.Match[str]) -> str:
    return f"{match['one']} minus {match['two']}"


def _joined(match: re.Match[str]) -> str:
    return re.sub(r"\s", "", match[0])


_PLACE = lazily(
    r"\b(?:exit|gate|seat|room|flat|apt\.?|unit|suite|platform|route|row|door|bay|stand|hall|table) \Z", re.IGNORECASE
)
"""Words before a number with a letter: "exit 24B"."""
_PAGES = lazily(r"\b(?:pp?\.|pages?|lines?|verses?) \Z")


def _range(match: re.Match[str]) -> str | None:
    one, two = (float(re.sub(r"[^\d.]", "", match[group])) for group in ("one", "two"))
    if one > two and _PAGES.search(match.string[max(0, match.start() - 8) : match.start()]):
        # The second page leaves out the digits that it shares with the first.
        return f"{match['one']} to {match['one'][: -len(match['two'].rstrip(','))]}{match['two']}"
    is_range = one < two
    if match["spaced"] and not is_range:
        return f"{match['one']} minus {match['two']}" if "." not in match[0] and "-" in match["spaced"] else None
    if match["two"][0] == "0" and len(match["two"]) > 1 and match["two"][1] != ".":
        return digits(match[0])
    return f"{match['one']} {'to ' if is_range else ''}{match['two']}{' plus' if match['plus'] else ''}"


def _named(match: re.Match[str]) -> str:
    word, number = match.groupdict().get("word") or "", match["number"]
    if word.strip().lower() in _ERRORS:
        spoken = number_name(number) if number[1] == "0" else digits(number)
    else:
        spoken = number_name(number)
    # "747s": the plural of its last two figures.
    return word + spoken + ("" if not match["plural"] else "s")


def _serial(match: re.Match[str]) -> str:
    number = match["number"]
    if len(number) == 4 and number.endswith("00") and match.string.startswith(" hours", match.end()):
        return f"oh {number[1]} hundred"
    return digits(number)


def _ordinal(match: re.Match[str]) -> str | None:
    number = match["number"].replace(",", "")
    if not number.endswith("00") and match["ending"].islower():
        return None
    return ordinal(number)


def _size(match: re.Match[str]) -> str | None:
    word = {"M": "million", "B": "billion", "K": "thousand"}[match["size"]]
    if _PLACE.search(match.string[max(0, match.start() - 12) : match.start()]):
        return None
    if match["size"] == "K" or (match["size"] == "B" and not (match["noun"] or "." in match["number"])):
        return None
    return f"{match['number']} {word}{match['noun'] or ''}"
