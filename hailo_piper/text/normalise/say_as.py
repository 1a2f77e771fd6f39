"""SSML's say-as is spoken here: its author says that a text is a date, a number or letters.

Values of `interpret-as` are in no standard: these are those of the W3C's note of 2005 and of vendors. What a
text is not (no date by its format) is left to the rules. What is spoken has words, and figures that espeak-ng reads
rightly.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from typing import NamedTuple, cast

from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.normalise import cldr
from hailo_piper.text.normalise.given_dates import given_date, given_duration, given_time
from hailo_piper.text.normalise.given_numbers import given_fraction, given_number, given_ordinal
from hailo_piper.text.normalise.kinds import Kinds, Place, one_by_one
from hailo_piper.text.normalise.rule import Rule
from hailo_piper.text.normalise.spelling import say_telephone, spelled
from hailo_piper.text.normalise.verbaliser import LANGUAGES, MOST_LANGUAGES, apply, family_and_region, rules_for
from hailo_piper.text.sentence import Sentence

MOST_CHARACTERS = 1000
"""A longer text is no single number, date or name: it is left as it is."""
_CONTEXT = 60
"""Code points around the text that its ending may depend on."""
_GENDERS = {
    "feminine": "f", "female": "f", "fem": "f", "f": "f", "masculine": "m", "male": "m", "m": "m", "neuter": "n",
    "n": "n",
}  # fmt: skip


class _Asked(NamedTuple):
    """A text and what its author says of it."""

    text: str
    form: str
    detail: str
    language: str
    kinds: Kinds
    before: str
    after: str

    def place(self, figures: str) -> Place:
        """Return the place of figures between what stands around the text."""
        start = len(self.before)
        whole = f"{self.before}{figures}{self.after}"
        return cast("Place", _ANY.match(whole, start, start + len(figures)))


_ANY = lazily(r"((?s:.*))")


def say_as(  # noqa: PLR0913 - four of them are what an element of SSML has
    text: str, kind: str, form: str, detail: str, language: str, *, before: str = "", after: str = ""
) -> str | None:
    """Return what is said for `<say-as interpret-as=kind format=form detail=detail>text</say-as>`.

    `language`: a code, `en_US`. `before`, `after`: the text around it, for what depends on it ("am 3." is "dritten").
    Returns None where the text is not of that kind, or nobody knows the kind: then it is read as ordinary text.
    """
    text = " ".join(unicodedata.normalize("NFC", text).split()) if len(text) <= MOST_CHARACTERS else ""
    name, form = _named(kind, form.strip())
    read = _KINDS.get(name)
    if not text or read is None:
        return None
    kinds = _kinds_of(language)
    return read(_Asked(text, form, detail.strip(), language, kinds, before[-_CONTEXT:], after[:_CONTEXT])) or None


def _named(kind: str, form: str) -> tuple[str, str]:
    """Return a kind and its format, which older documents write as one: `date:mdy`, `vxml:date`, `number` `ordinal`."""
    name, _, own = kind.strip().lower().removeprefix("vxml:").replace("_", "-").partition(":")
    name = _SYNONYMS.get(name, name)
    form = form or own
    if name == "cardinal" and form.lower() in {"ordinal", "digits", "telephone", "fraction", "currency", "date"}:
        return form.lower(), ""
    return name, form


@lru_cache(maxsize=MOST_LANGUAGES)
def _kinds_of(language: str) -> Kinds:
    family, region = family_and_region(language)
    if family not in LANGUAGES:
        return cldr.kinds(language)
    kinds: Kinds = import_module(f"{__package__}.{LANGUAGES[family]}.kinds").kinds(region)
    return kinds


_SIZES = lazily(r"[0-9]{1,3}")


def _characters(asked: _Asked) -> str:
    """Return letters, figures and signs by their names; numbers in the detail or format are sizes of groups."""
    sizes = [int(size) for size in _SIZES.findall(asked.detail) or _SIZES.findall(asked.form)]
    groups = asked.text.split()
    if sizes:
        characters, groups = "".join(groups), []
        for size in filter(None, sizes):
            groups.append(characters[:size])
            characters = characters[size:]
        groups = [group for group in (*groups, characters) if group]
    return ", ".join(filter(None, (spelled(group, asked.kinds) for group in groups)))


_DIGITS = lazily(r"[0-9](?:[0-9]| ?[-–/] ?| ){0,999}")


def _digits(asked: _Asked) -> str | None:
    """Return figures one by one, with a pause where a blank or a hyphen is; others with the names of their signs."""
    if _DIGITS.fullmatch(asked.text):
        return one_by_one(re.findall(r"[0-9]+", asked.text))
    return _characters(asked) if any(sign in "0123456789" for sign in asked.text) else None


def _cardinal(asked: _Asked) -> str | None:
    number = given_number(asked.text, asked.kinds.point)
    if number is None:
        return _fraction(asked)
    decimals = f"{asked.kinds.point}{number.decimals}" if number.decimals else ""
    if len(decimals) > len(",123456") or " " in number.whole:
        return None if decimals else _signed(number.sign, number.whole, asked.kinds)
    return _signed(number.sign, number.whole + decimals, asked.kinds)


def _signed(sign: str, said: str, kinds: Kinds) -> str:
    return {"-": kinds.minus, "+": kinds.plus}.get(sign, "") + said


def _ordinal(asked: _Asked) -> str | None:
    number = given_ordinal(asked.text)
    if number is None or asked.kinds.ordinal is None:
        return None
    gender = _GENDERS.get(asked.detail.lower()) or _GENDERS.get(asked.form.lower()) or number[1]
    return asked.kinds.ordinal(number[0], gender, asked.place(str(number[0])))


def _fraction(asked: _Asked) -> str | None:
    given, kinds = given_fraction(asked.text), asked.kinds
    if given is None or kinds.fraction is None:
        return None
    said = kinds.fraction(given.whole, given.top, given.bottom)
    if said is None:
        said = f"{given.top} {kinds.over} {given.bottom}"
        said = f"{given.whole} {kinds.and_} {said}" if given.whole else said
    return _signed(given.sign, said, kinds)


def _date(asked: _Asked) -> str | None:
    given = given_date(asked.text, asked.form, is_month_first=asked.kinds.is_month_first)
    return asked.kinds.date(given, asked.place(asked.text)) if given and asked.kinds.date else None


def _time(asked: _Asked) -> str | None:
    given = given_time(asked.text, asked.form)
    if given is None:
        # Some write durations as times: 1'21".
        return None if ":" in asked.text else _duration(asked)
    return asked.kinds.time(given, asked.place(asked.text)) if asked.kinds.time else None


def _duration(asked: _Asked) -> str | None:
    kinds, counted = asked.kinds, asked.kinds.counted
    if counted is None:
        return None
    parts = [
        counted(figure.replace(",", ".").replace(".", kinds.point), name)
        for figure, name in given_duration(asked.text, asked.form)
    ]
    if not all(parts):
        return None
    *first, last = map(str, parts or [""])
    return f"{' '.join(first)} {kinds.and_} {last}".replace("  ", " ") if first else last


def _telephone(asked: _Asked) -> str | None:
    """Return a telephone number in its groups; the format is the code of the country that it is dialled in."""
    return say_telephone(asked.text, asked.form.lstrip("+"), asked.kinds)


_CODE = lazily(r"[A-Za-z]{3}")
_AMOUNT = lazily(r"[-−+]?[0-9.,'’ ]{1,40}")


def _currency(asked: _Asked) -> str | None:
    """Return a sum of money; the format or the detail may be the currency's code."""
    text = asked.text
    code = next((part.upper() for part in (asked.form, asked.detail) if _CODE.fullmatch(part)), "")
    if code and _AMOUNT.fullmatch(text):
        text = f"{text} {code}"
    return _by_rules(text, asked.language, {"money"})


_MEASURE = lazily(r"([-−+]?[0-9.,]{1,20}) ?([a-z]{2}\.?)")
_IMPERIAL = {"in": "inch", "ft": "foot", "mi": "mile", "lb": "pound", "oz": "ounce"}
"""Units that are words or rare in the rules of a language, and plain where an author says that they are units."""


def _unit(asked: _Asked) -> str | None:
    said = _by_rules(asked.text, asked.language, {"unit", "percent", "duration"})
    found = None if said else _MEASURE.fullmatch(asked.text)
    if found is None or asked.kinds.counted is None:
        return said
    number = given_number(found[1], asked.kinds.point)
    name = _IMPERIAL.get(found[2].rstrip("."))
    if number is None or name is None or not number.whole.isdigit():
        return None
    decimals = f"{asked.kinds.point}{number.decimals}" if number.decimals else ""
    counted = asked.kinds.counted(number.whole + decimals, name)
    return counted and _signed(number.sign, counted, asked.kinds)


def _by_rules(text: str, language: str, names: set[str]) -> str | None:
    """Return what rules of some names say, of the language's own or CLDR's; None where they leave a word of it."""
    own = rules_for(language)
    return _said(text, own, names) or (_said(text, cldr.rules(language), names) if language else None)


def _said(text: str, rules: Sequence[Rule], names: set[str]) -> str | None:
    sentence = apply(Sentence(text), [rule for rule in rules if rule.name in names])
    left = "".join(span.spoken for span in sentence.spans if not span.rule)
    is_whole = bool(sentence.spans) and not any(sign.isalnum() for sign in left)
    return sentence.text if is_whole else None


def _address(asked: _Asked) -> str | None:
    if family_and_region(asked.language)[0] not in LANGUAGES:
        return None
    return apply(Sentence(asked.text), rules_for(asked.language)).text


def _beep(asked: _Asked) -> str:
    return asked.kinds.beep


_KINDS: Mapping[str, Callable[[_Asked], str | None]] = {
    "characters": _characters, "digits": _digits, "cardinal": _cardinal, "ordinal": _ordinal, "fraction": _fraction,
    "unit": _unit, "date": _date, "time": _time, "duration": _duration, "telephone": _telephone,
    "currency": _currency, "address": _address, "expletive": _beep,
}  # fmt: skip
_SYNONYMS = {
    "spell-out": "characters", "spell": "characters", "verbatim": "characters", "letters": "characters",
    "number-digit": "digits", "number-digits": "digits", "digit": "digits", "number": "cardinal", "phone": "telephone",
    "money": "currency", "measure": "unit", "percentage": "unit", "percent": "unit", "bleep": "expletive",
}  # fmt: skip
