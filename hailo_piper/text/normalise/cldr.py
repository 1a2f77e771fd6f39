"""A language without rules of its own gets the names of units, currencies and months from CLDR, through Babel.

CLDR is the Unicode project's data on languages. Its plurals are right and its nouns in the nominative, so what could
be wrong (ordinals in a case, dates, abbreviations) stays as it is written. The first figure with a unit imports Babel;
a voice that has rules of its own never does.
"""

import datetime
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from hailo_piper.text.normalise.kinds import GivenDate, Kinds, Place
from hailo_piper.text.normalise.patterns import BEFORE, BLANK, NUMBER, any_of
from hailo_piper.text.normalise.rule import DIGIT, Rule

if TYPE_CHECKING:
    from babel import Locale

_FIGURE = rf"(?:\d{{1,3}}(?:,\d{{3}}){{1,5}}(?:\.\d{{1,6}})?(?!\d)|{NUMBER})"
_UNITS = {
    "mm мм": "length-millimeter", "cm см": "length-centimeter", "m м": "length-meter", "km км χλμ": "length-kilometer",
    "m² m2 м²": "area-square-meter", "km² km2 км²": "area-square-kilometer",
    "m³ m3 м³": "volume-cubic-meter", "ml mL мл": "volume-milliliter", "cl cL": "volume-centiliter",
    "dl dL": "volume-deciliter", "l L л": "volume-liter", "mg мг": "mass-milligram", "g": "mass-gram",
    "kg кг κιλά": "mass-kilogram", "t": "mass-metric-ton", "km/h км/ч км/год": "speed-kilometer-per-hour",
    "m/s м/с": "speed-meter-per-second", "mph": "speed-mile-per-hour", "ms мс": "duration-millisecond",
    "s": "duration-second", "min мин хв": "duration-minute", "h": "duration-hour",
    "°C ºC ℃": "temperature-celsius", "°F ºF ℉": "temperature-fahrenheit", "°": "angle-degree",
    "W Вт": "power-watt", "kW кВт": "power-kilowatt",
    "MW МВт": "power-megawatt", "GW ГВт": "power-gigawatt", "kWh кВт·ч": "energy-kilowatt-hour",
    "kcal": "energy-kilocalorie", "Hz Гц": "frequency-hertz", "kHz кГц": "frequency-kilohertz",
    "MHz МГц": "frequency-megahertz", "GHz ГГц": "frequency-gigahertz", "kB KB": "digital-kilobyte",
    "MB МБ": "digital-megabyte", "GB ГБ": "digital-gigabyte", "TB ТБ": "digital-terabyte",
    "hPa": "pressure-hectopascal",
}  # fmt: skip
"""Symbols of units, with CLDR's name of each; none that is a word or a part of an address somewhere."""
_UNIT_OF = {symbol: name for symbols, name in _UNITS.items() for symbol in symbols.split()}
_CURRENCY_OF = {
    "€": "EUR", "EUR": "EUR", "$": "USD", "US$": "USD", "USD": "USD", "£": "GBP", "GBP": "GBP", "¥": "JPY",
    "JPY": "JPY", "CHF": "CHF", "₽": "RUB", "₴": "UAH", "₺": "TRY", "₹": "INR", "₩": "KRW", "₪": "ILS",
    "₫": "VND", "₸": "KZT", "₾": "GEL", "zł": "PLN",
}  # fmt: skip
_OWN_CURRENCY_OF = {
    "cs": {"Kč": "CZK"}, "da": {"kr.": "DKK", "kr": "DKK"}, "nb": {"kr": "NOK"}, "no": {"kr": "NOK"},
    "sv": {"kr": "SEK"}, "is": {"kr.": "ISK", "kr": "ISK"}, "hu": {"Ft": "HUF"}, "tr": {"TL": "TRY"},
    "ru": {"руб.": "RUB", "руб": "RUB"}, "uk": {"грн": "UAH"}, "zh": {"¥": "CNY", "元": "CNY"}, "bg": {"лв.": "BGN"},
}  # fmt: skip
"""Signs that mean a currency in one language alone, by its family."""
_NAMED_UNITS = {
    "inch": "length-inch", "foot": "length-foot", "mile": "length-mile", "pound": "mass-pound", "ounce": "mass-ounce",
}  # fmt: skip
_YEARS = {"ru": (" г.", " года"), "uk": (" р.", " року"), "bg": (" г.", " година")}
"""Short forms of "year" after a date, which CLDR writes, and their whole words."""


def rules(language: str) -> Sequence[Rule]:
    """Return the rules of any language. `language`: a code, `sv_SE`."""
    family = language.replace("_", "-").partition("-")[0].lower()
    signs = {**_CURRENCY_OF, **_OWN_CURRENCY_OF.get(family, {})}
    needs = "".join({sign[0] for sign in signs})
    figure = rf"{BEFORE}({_FIGURE}){BLANK}?"
    return (
        Rule(
            name="money", pattern=rf"{figure}({any_of(signs)})(?!\w)", needs=needs,
            say=lambda match: _money(match[1], signs[_plain(match[2])], language),
        ),
        Rule(
            name="money", pattern=rf"(?<!\w)({any_of(signs)}){BLANK}?({_FIGURE})(?![\w.,]*\d)", needs=needs,
            say=lambda match: _money(match[2], signs[_plain(match[1])], language),
        ),
        Rule(
            name="unit", pattern=rf"{figure}({any_of(_UNIT_OF)})(?![\w²³/'’])", needs=DIGIT,
            say=lambda match: unit(match[1], _UNIT_OF[_plain(match[2])], language),
        ),
    )  # fmt: skip


def load(language: str) -> None:
    """Import Babel and its data on a language now, so that the first unit does not wait for it."""
    unit("1", "length-meter", language)


def _plain(sign: str) -> str:
    return re.sub(BLANK, " ", sign)


def _money(figure: str, currency: str, language: str) -> str | None:
    def name(value: Decimal, locale: "Locale") -> str:
        from babel.numbers import get_currency_name

        return f"{{0}} {get_currency_name(currency, count=value, locale=locale)}"

    return _counted(figure, language, name)


def unit(figure: str, unit: str, language: str) -> str | None:
    """Return a figure and the unit that CLDR names so: `length-meter`; None where CLDR does not know the language."""

    def name(value: Decimal, locale: "Locale") -> str:
        from babel.numbers import format_decimal
        from babel.units import format_unit

        said = format_unit(value, unit, "long", locale=locale)
        # Some have no other name for what is counted by the hour than a slash.
        return said.replace(format_decimal(value, locale=locale), "{0}").replace("/", " ")

    return _counted(figure, language, name)


def _counted(figure: str, language: str, phrase: Callable[[Decimal, "Locale"], str]) -> str | None:
    """Return a figure in the phrase of what it counts; None where CLDR does not know the language."""
    locale = _locale(language)
    if locale is None:
        return None
    group, point = locale.number_symbols["latn"]["group"], locale.number_symbols["latn"]["decimal"]
    whole, decimals = _parts(figure, group)
    said = phrase(Decimal(f"{whole}.{decimals}" if decimals else whole), locale)
    return said.replace("{0}", f"{whole}{point}{decimals}" if decimals else whole)


def _parts(figure: str, group: str) -> tuple[str, str]:
    """Return the digits before and after the decimal point; one mark before three digits is a group's or the point."""
    marked = re.fullmatch(r"(\d+)([.,])(\d{3})", figure)
    if marked and marked[2] != group and group in ".,":
        return marked[1], marked[3]
    found = re.fullmatch(r"(.*?)(?:[.,](\d{1,2}|\d{4,}))?", figure)
    whole, decimals = (found[1], found[2] or "") if found else (figure, "")
    return re.sub(r"\D", "", whole), decimals


@lru_cache(maxsize=64)
def _locale(language: str) -> "Locale | None":
    """Return what CLDR knows of a language, by its code or by its family alone."""
    from babel import Locale, UnknownLocaleError

    for code in (language.replace("-", "_"), language.replace("-", "_").partition("_")[0]):
        try:
            return Locale.parse(code)
        except (UnknownLocaleError, ValueError):
            continue
    return None


def kinds(language: str) -> Kinds:
    """Return the kinds of a language. `language`: a code, `sv_SE`."""
    locale = _locale(language)
    if locale is None:
        return Kinds(point=".")
    return Kinds(
        point="." if locale.number_symbols["latn"]["decimal"] == "." else ",",
        date=partial(_date, locale),
        counted=lambda figure, name: unit(figure, _NAMED_UNITS.get(name, f"duration-{name}"), language),
    )


def _date(locale: "Locale", given: GivenDate, _: Place) -> str | None:
    """Say a date in the genitive or whatever CLDR has; a day alone stays as it is."""
    from babel.dates import format_date, format_skeleton, get_month_names

    if not given.month:
        return given.year or None if not given.day else None
    if not given.day and not given.year:
        return str(get_month_names("wide", "stand-alone", locale)[given.month])
    try:
        date = datetime.date(int(given.year or 2000), given.month, given.day or 1)
        if given.day and given.year:
            said = format_date(date, "long", locale)
        else:
            said = format_skeleton("MMMMd" if given.day else "yMMMM", date, locale=locale)
    except (ValueError, KeyError):
        # The 31st of April, a year 0, or a language that has no such form.
        return None
    said = " ".join(said.split())
    short, year = _YEARS.get(locale.language, ("", ""))
    return f"{said.removesuffix(short)}{year}" if short and said.endswith(short) else said
