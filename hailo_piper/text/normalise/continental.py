"""Figures of languages that write decimals with a comma: grouping, money, units, percent, ranges, signs.

A language gives its words as a `Language`; `quantities` makes the rules of them, in the order in which they must be
tried. A noun has several forms: the first is the whole phrase for exactly one ("ein Euro"), the others follow a figure.
`Language.form` chooses among them.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.normalise.context import ended, entry
from hailo_piper.text.normalise.patterns import BEFORE, BLANK, GROUPED, NUMBER, any_of
from hailo_piper.text.normalise.rule import DIGIT, Rule

_SIGN = r"(?:(?<![\w)€$£¥%])[-−–](?=\d))?"
_DASH = rf"{BLANK}?[-–—]{BLANK}?"
_ONE = lazily("0*1")

Forms = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Currency:
    """A currency's names in one language."""

    signs: Sequence[str]
    """As it is written, before or after the figure: a sign, a code, its name."""
    whole: Forms
    cents: Forms = ()
    """None: it has no hundredths that are named."""
    after_magnitude: str
    """After "2 Millionen": "Euro"; in French "d'euros"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The words of one language for figures."""

    minus: str
    to: str
    """Between the ends of a range."""
    score: str
    """Between the goals of two sides: "3 zu 2"."""
    by: str
    """Between the sides of a surface."""
    per: str
    """Before the unit that something is counted by: "Euro pro Monat"."""
    form: Callable[[str], int]
    """Return the index of a noun's form after a figure, which is not exactly one."""
    units: Mapping[str, Forms]
    currencies: Sequence[Currency]
    magnitudes: Mapping[str, Forms]
    per_names: Mapping[str, str] = field(default_factory=dict)
    """What stands after a slash to what is spoken after `per`, beside the units."""
    cents: str = ""
    """Between the whole and the cents."""
    thousand: str = ""
    """The magnitude that is a numeral and not a noun: "500 mille euros", not "d'euros"."""
    agreed: Callable[[str, Forms], str] = lambda number, _: number
    """Write a figure as it agrees with the noun's gender: "20 dwie minuty"."""
    names_cents: bool = False
    """Whether the cents after a whole are named: "3 euro 50 cent"."""

    def counted(self, number: str, forms: Forms) -> str:
        """Return a figure and the noun that it counts."""
        sign, digits = ("", number) if number[:1] not in {"-", "−", "–"} else (f"{self.minus} ", number[1:])
        if _ONE.fullmatch(digits):
            return sign + forms[0]
        return f"{sign}{self.agreed(digits, forms)} {forms[min(self.form(digits), len(forms) - 1)]}"

    def noun(self, forms: Forms, form: int = 0) -> str:
        """Return a noun alone, by default without the "one" before it."""
        return forms[form] if form else forms[0].partition(" ")[2] or forms[0]

    def amount(self, number: str, currency: Currency) -> str:
        """Return an amount of money as it is spoken: "3 Euro 50"."""
        whole, _, cents = number.partition(",")
        if not currency.cents or len(cents) != 2:
            return self.counted(number, currency.whole)
        if cents == "00":
            return self.counted(whole, currency.whole)
        small = cents.lstrip("0")
        if whole == "0":
            return self.counted(small, currency.cents)
        spoken = self.counted(small, currency.cents) if self.names_cents else small
        return " ".join(filter(None, (self.counted(whole, currency.whole), self.cents, spoken)))


def noun_table(text: str) -> dict[str, Forms]:
    """Read a table of nouns, a line each: "symbol symbol: ein Meter, Meter"; "_" is a blank in a symbol."""
    table: dict[str, Forms] = {}
    for line in filter(str.strip, text.splitlines()):
        symbols, _, names = line.partition(": ")
        forms = tuple(name.strip() for name in names.split(","))
        table.update({symbol.replace("_", " "): forms for symbol in symbols.split()})
    return table


def figure(written: str) -> str:
    """Return a figure without its grouping, its decimals after a comma: `1.234,5` as `1234,5`, `20.3` as `20,3`."""
    grouped = re.match(rf"[-−–]?{GROUPED}", written)
    if grouped:
        return re.sub(r"[^\d−–-]", "", grouped[0]) + written[grouped.end() :].replace(".", ",")
    return written.replace(".", ",")


def quantities(language: Language) -> tuple[Rule, ...]:
    """Return the rules of money, magnitudes and units; of `plain_numbers` the others, which come last."""
    return (*_money(language), _magnitude(language), _unit(language))


def plain_numbers(language: Language) -> tuple[Rule, ...]:
    """Return the rules of ranges, signs and grouped figures."""
    return (_range(language), _minus(language), _cardinal())


def _money(language: Language) -> tuple[Rule, ...]:
    of_sign = {sign: currency for currency in language.currencies for sign in currency.signs}
    signs = any_of(of_sign)
    magnitudes = rf"(?:{BLANK}?(?P<magnitude>{any_of(language.magnitudes)})(?:{BLANK}?d(?:[ei]{BLANK}|['’]))?)?"
    low = rf"(?P<low>{NUMBER})(?:{BLANK}?(?:{signs}))?{_DASH}(?:(?:{signs}){BLANK}?)?"
    figures = rf"(?:{low})?(?P<high>{_SIGN}{NUMBER})(?:,[-–—]{{1,2}})?"
    per = _per_pattern(language)

    def say(match: re.Match[str]) -> str:
        currency = entry(of_sign, match["code"] or match["sign"])
        low, high = match["low"], figure(match["high"])
        if match["magnitude"]:
            forms = entry(language.magnitudes, match["magnitude"])
            name = currency.whole[1] if forms[1] == language.thousand else currency.after_magnitude
            spoken = f"{language.counted(high, forms)} {name}"
        else:
            spoken = language.amount(high, currency)
        if low:
            spoken = f"{_low(figure(low), spoken)} {language.to} {spoken}"
        if match["minus"]:
            spoken = f"{language.minus} {spoken}"
        return ended(match, spoken + _per(language, match["per"]))

    # In "$20 USD" the code says more than the sign.
    after = rf"{BEFORE}(?<!\$)(?P<minus>(?!))?{figures}{magnitudes}{BLANK}?(?P<sign>{signs})(?P<code>(?!))?(?!\w){per}"
    code = rf"(?:{BLANK}?(?P<code>{signs}))?"
    before = rf"(?<!\w)(?P<minus>[-−])?(?P<sign>{signs}){BLANK}?{figures}{magnitudes}{code}(?!\w){per}"
    return (
        Rule(name="money", pattern=after, say=say, needs=DIGIT),
        Rule(name="money", pattern=before, say=say, needs=DIGIT),
    )


def _low(low: str, high: str) -> str:
    """Return the lower end of a range of money, whose decimals are cents if the upper end's are."""
    whole, _, cents = low.partition(",")
    return whole if cents == "00" and high else low


def _per_pattern(language: Language) -> str:
    names = {**language.units, **language.per_names}
    return rf"(?:{BLANK}?/{BLANK}?(?P<per>{any_of(names)})(?![\w/]))?"


def _per(language: Language, unit: str | None) -> str:
    if unit is None:
        return ""
    names = {name: language.noun(forms) for name, forms in language.units.items()} | dict(language.per_names)
    return f" {language.per} {entry(names, unit)}"


def _magnitude(language: Language) -> Rule:
    short = {name: forms for name, forms in language.magnitudes.items() if name.endswith(".") or len(name) <= 3}
    several = {name for name in short if len(name) > 1}

    def say(match: re.Match[str]) -> str:
        return ended(match, language.counted(figure(match[1]), entry(short, match[2])))

    pattern = rf"{BEFORE}({_SIGN}{NUMBER}){BLANK}?({any_of(tuple(several))})(?!\w)"
    return Rule(name="cardinal", pattern=pattern, say=say, needs=DIGIT)


def _unit(language: Language) -> Rule:
    def say(match: re.Match[str]) -> str:
        unit = match["unit"]
        if unit == "m" and re.search(r"\d ?h ?$", match.string[max(0, match.start() - 5) : match.start()]):
            unit = "min"
        spoken = language.counted(figure(match["high"]), entry(language.units, unit))
        if match["low"]:
            spoken = f"{figure(match['low'])} {language.to} {spoken}"
        sides = [side for side in re.split(r"\s?[x×]\s?", match["sides"] or "") if side]
        spoken = "".join(f"{figure(side)} {language.by} " for side in sides) + spoken
        return ended(match, spoken + _per(language, match["per"]))

    pattern = (
        rf"{BEFORE}(?P<sides>(?:{NUMBER}{BLANK}?[x×]{BLANK}?){{0,2}})(?:(?P<low>{NUMBER}){_DASH})?"
        rf"(?P<high>{_SIGN}{NUMBER})(?:{BLANK}|-)?(?P<unit>{any_of(language.units)})(?![\w²³'’]){_per_pattern(language)}"
    )
    return Rule(name="unit", pattern=pattern, say=say, needs=DIGIT)


def _range(language: Language) -> Rule:
    def say(match: re.Match[str]) -> str | None:
        low, high = match[1], match[2]
        if float(figure(low).replace(",", ".")) < float(figure(high).replace(",", ".")):
            return f"{figure(low)} {language.to} {figure(high)}"
        return " ".join(filter(None, (low, language.score, high))) if len(match[0]) == len("3-2") else None

    decimals = r"(?:0|[1-9]\d{0,3})(?:[.,]\d{1,2})?"
    pattern = rf"(?<![\w.,:/+-])({decimals}){BLANK}?[-–]{BLANK}?({decimals})(?![\w/:-]|[.,]\d| ?=)"
    return Rule(name="range", pattern=pattern, say=say, needs="-–")


def _minus(language: Language) -> Rule:
    pattern = r"(?<![^\s(\[„\"«])(?<!\d\s)[-−–](?=\d)"
    return Rule(name="cardinal", pattern=pattern, say=lambda _: f"{language.minus} ", needs="-−–")


_VERSIONED = lazily(
    r"(?:[Vv]ers\w*|[Ww]ersj\w|Python|Windows|Android|iOS|macOS|Ubuntu|Debian|Release|PHP|Java|HTTP|v) $"
)
"""What has versions, whose full stop is no decimal one."""


def _cardinal() -> Rule:
    def say(match: re.Match[str]) -> str | None:
        is_version = _VERSIONED.search(match.string[max(0, match.start() - 12) : match.start()])
        return None if is_version else figure(match[0])

    pattern = rf"{BEFORE}{GROUPED}(?:,\d{{1,6}})?(?![\w'’]|[.,]\d)|{BEFORE}\d{{1,4}}\.\d{{1,2}}(?![\w.:]|,\d)"
    return Rule(name="cardinal", pattern=pattern, say=say, needs=DIGIT)
