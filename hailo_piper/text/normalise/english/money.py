"""English rules for sums of money."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from hailo_piper.text.normalise.english.numbers import DASH, NUMBER
from hailo_piper.text.normalise.rule import DIGIT, Rule


class _Currency(NamedTuple):
    one: str
    many: str
    cent: str = ""
    cents: str = ""


_DOLLAR = _Currency("dollar", "dollars", "cent", "cents")
_EURO = _Currency("euro", "euros", "cent", "cents")
_POUND = _Currency("pound", "pounds", "penny", "pence")
_YEN = _Currency("yen", "yen")
_WON = _Currency("won", "won")
_RUPEE = _Currency("rupee", "rupees", "paisa", "paise")
_FRANC = _Currency("Swiss franc", "Swiss francs", "centime", "centimes")


def _of(country: str) -> _Currency:
    return _Currency(f"{country} dollar", f"{country} dollars", "cent", "cents")


_SIGNS = {
    "$": _DOLLAR, "US$": _of("U S"), "C$": _of("Canadian"), "CA$": _of("Canadian"), "A$": _of("Australian"),
    "AU$": _of("Australian"), "NZ$": _of("New Zealand"), "HK$": _of("Hong Kong"), "S$": _of("Singapore"),
    "R$": _Currency("real", "reais", "centavo", "centavos"), "MX$": _Currency("Mexican peso", "Mexican pesos"),
    "€": _EURO, "£": _POUND, "¥": _YEN, "₩": _WON, "₹": _RUPEE, "₽": _Currency("ruble", "rubles"),
    "₺": _Currency("lira", "lira"), "₪": _Currency("shekel", "shekels"), "₫": _Currency("dong", "dong"),
    "₱": _Currency("peso", "pesos"), "฿": _Currency("baht", "baht"), "₿": _Currency("bitcoin", "bitcoins"),
    "₴": _Currency("hryvnia", "hryvnias"), "₦": _Currency("naira", "naira"), "zł": _Currency("zloty", "zlotys"),
    "Rs": _RUPEE, "Rs.": _RUPEE,
}  # fmt: skip
_CODES = {
    "USD": _of("U S"), "CAD": _of("Canadian"), "AUD": _of("Australian"), "NZD": _of("New Zealand"), "EUR": _EURO,
    "GBP": _POUND, "JPY": _YEN, "KRW": _WON, "INR": _RUPEE, "CHF": _FRANC, "CNY": _Currency("yuan", "yuan"),
    "RMB": _Currency("yuan", "yuan"), "SEK": _Currency("Swedish krona", "Swedish kronor"),
    "NOK": _Currency("Norwegian krone", "Norwegian kroner"), "DKK": _Currency("Danish krone", "Danish kroner"),
    "PLN": _Currency("zloty", "zlotys"), "BTC": _Currency("bitcoin", "bitcoins"),
}  # fmt: skip
_CURRENCIES = _SIGNS | _CODES

_SIGN = r"(?:(?:US|CA?|AU?|NZ|HK|S|R|MX)?\$|[€£¥₩₹₽₺₪₫₱฿₿₴₦]|Rs\.?)"
_CODE = rf"(?:{'|'.join(_CODES)})"
_SIZES = {"k": "thousand", "m": "million", "mm": "million", "mn": "million", "b": "billion", "bn": "billion",
          "t": "trillion", "tn": "trillion"}  # fmt: skip
_SIZE = (
    r"(?P<size>\s?(?:[kKmMbBtT]|[Mm][MmNn]|[Bb][Nn]|[Tt][Nn])(?!\w)|[\s-](?:hundred|thousand|million|billion"
    r"|trillion)\b)?"
)
_PER = (
    r"(?:\s?/\s?(?P<per>second|minute|min|hour|hr|h|day|week|wk|month|mo|year|yr|night|person|kg|lb|gal|gallon"
    r"|liter|litre|mile|user|seat|unit|share|piece|each|kWh|MWh|GB|TB|MB|oz|ounce|pound|ton|tonne|barrel|dozen|ride"
    r"|game|call|page|word|child|adult|student|head|ticket|visit|acre|sq ft|bottle|pack|box|token|hit|class|lesson)\b)?"
)
_EACH = {"min": "minute", "hr": "hour", "h": "hour", "wk": "week", "mo": "month", "yr": "year", "kg": "kilogram",
         "lb": "pound", "gal": "gallon", "kWh": "kilowatt hour", "MWh": "megawatt hour", "GB": "gigabyte",
         "TB": "terabyte", "MB": "megabyte", "oz": "ounce", "sq ft": "square foot"}  # fmt: skip
_ARTICLE = (
    r"(?P<article>\b(?:[Aa]n?|[Aa]nother|[Ee]very|[Ee]ach|[Tt]he(?:ir)?|[Tt]his|[Tt]hat|[Mm]y|[Yy]our|[Hh]is"
    r"|[Hh]er|[Ii]ts|[Oo]ur) )?"
)
_NOUN = (
    r"(?P<noun>(?=[\s-](?!(?:in|on|at|to|for|and|or|a|an|per|from|more|less|each|if|is|was|by|with|as|but|than"
    r"|the|of|that|today|apiece|are|were|has|have|had|will|would|could|should|can|may|might|must|did|does"
    r"|went|goes|came"
    r"|comes|gets?|got|made|paid|left|you|she|they|who|which|when|while|because|then|not|into|out|off|back|now|here"
    r"|there|last|next|this|yesterday|tomorrow|only|just|also|again|after|before|until|since|over|under|about|above"
    r"|below|between|during|through|without|within|against|plus|minus|spent|lent|sent|lost|gave|gone|so|up|down"
    r"|him|her|his|their|your|our|its|both|all|i|we|he|it)\b|[a-z]{3,20}(?:ed|ly)\b)(?:[A-Za-z]{3}|[A-Z]{2}\b)))?"
)
_BEFORE = (
    rf"{_ARTICLE}(?P<minus>(?<![\w.])[-−+])?(?<![\w.$/])(?P<sign>{_SIGN}|{_CODE}) ?(?P<amount>{NUMBER}|\.\d{{1,2}}"
    rf"(?!\d))(?:s\b)?"
    rf"(?:(?P<firstsize>[kKmMbB](?!\w))?{DASH}(?P<until>(?:(?P=sign) ?)?(?:{NUMBER})))?{_SIZE}(?: USD\b)?{_PER}{_NOUN}"
)
_AFTER = (
    rf"{_ARTICLE}(?<![\w.,$£€-])(?P<minus>[-−])?(?P<amount>{NUMBER}|\d{{1,3}},\d\d(?!\d))(?:{DASH}"
    rf"(?P<until>{NUMBER}))?{_SIZE}"
    rf"\s?(?P<sign>[€£¥₩₹₽₺₪₫₿₴]|zł|\$(?!\w)|{_CODE}\b){_PER}{_NOUN}"
)
_CENTS = rf"(?<![\w.,])(?P<amount>{NUMBER})(?:{DASH}(?P<until>{NUMBER}))?\s?¢{_PER}"
_PENCE = rf"(?<![\w.,])(?P<amount>\d{{1,2}})(?P<until>(?!))?p\b{_PER}"


def money(*, has_pence: bool) -> Sequence[Rule]:
    """Return the rules for money; `has_pence` reads "50p" as pence."""
    pence = (
        Rule(name="money", pattern=_PENCE, say=lambda match: _cents(match, "penny", "pence"), needs="p", digits=True),
    )
    return (
        Rule(name="money", pattern=_BEFORE, say=_money, needs=DIGIT),
        Rule(name="money", pattern=_AFTER, say=_money, needs=DIGIT),
        Rule(name="money", pattern=_CENTS, say=lambda match: _cents(match, "cent", "cents"), needs="¢"),
        *(pence if has_pence else ()),
    )


def _cents(match: re.Match[str], one: str, many: str) -> str:
    until = f" to {match['until']}" if match["until"] else ""
    return f"{match['amount']}{until} {one if match['amount'] == '1' else many}{_per(match)}"


def _money(match: re.Match[str]) -> str:
    currency = _CURRENCIES[match["sign"]]
    amount = match["amount"]
    if re.fullmatch(r"\d{1,3},\d\d", amount):
        amount = amount.replace(",", ".")
    size = _size(match["size"])
    until = (match["until"] or "").removeprefix(match["sign"]).strip()
    # "a $500 bike", "a $20-million deal": the currency is an adjective.
    is_adjective = (match["noun"] is not None and bool(match["article"])) or (match["size"] or "").startswith("-")
    spoken = _sum(amount, until, size, currency, is_adjective=is_adjective)
    minus = "minus " if match["minus"] in {"-", "−"} else "plus " if match["minus"] else ""
    return f"{match['article'] or ''}{minus}{spoken}{_per(match)}"


def _per(match: re.Match[str]) -> str:
    if not match["per"]:
        return ""
    return f" {'' if match['per'] == 'each' else 'per '}{_EACH.get(match['per'], match['per'])}"


def _size(written: str | None) -> str:
    """Return a magnitude with a blank before it: `k` as ` thousand`."""
    word = (written or "").strip(" -\u00a0")
    return f" {_SIZES.get(word.lower(), word)}" if word else ""


def _sum(amount: str, until: str, size: str, currency: _Currency, *, is_adjective: bool) -> str:
    whole, _, part = amount.partition(".")
    if until:
        return f"{amount} to {until}{size} {currency.one if is_adjective else currency.many}"
    if part.strip("0") == "" and not size:
        is_one = whole == "1" or is_adjective
        return f"{whole} {currency.one if is_one else currency.many}"
    if is_adjective and len(part) == 2 and not size and currency.cent:
        return (
            f"{whole} {currency.one} {int(part)} {currency.cent}"
            if whole.strip("0")
            else f"{int(part)} {currency.cent}"
        )
    if len(part) != 2 or size or not currency.cent or is_adjective:
        return f"{amount}{size} {currency.one if is_adjective or (amount == '1' and not size) else currency.many}"
    cents = f"{int(part)} {currency.cent if int(part) == 1 else currency.cents}"
    if whole.strip("0") == "":
        return cents
    return f"{whole} {currency.one if whole == '1' else currency.many} and {cents}"
