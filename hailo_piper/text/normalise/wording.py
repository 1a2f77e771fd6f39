"""Tables of words become rules: abbreviations, symbols between words, telephone numbers digit by digit."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.normalise.context import ended
from hailo_piper.text.normalise.numbers import spaced
from hailo_piper.text.normalise.patterns import BLANK, DAY_FIRST, YEAR_FIRST, any_of
from hailo_piper.text.normalise.rule import DIGIT, Rule

if TYPE_CHECKING:
    from hailo_piper.text.normalise.continental import Language


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


def abbreviations(table: Mapping[str, str], *, before_numbers: bool = False, last: bool = False) -> Rule:
    """Return the rule of abbreviations, their full stops included; a blank in one is any blank or none.

    One in lower case may begin with a capital. Only those that may be the `last` word end a sentence: then the full
    stop is the sentence's, too, whose voice falls there.
    """
    words = {**{short[0].upper() + short[1:]: word for short, word in table.items()}, **table}
    spoken = {_compact(short): word for short, word in words.items()}

    def say(match: re.Match[str]) -> str:
        word = spoken[_compact(match[0])]
        if match.string[match.end() : match.end() + 1].isdigit():
            return f"{word} "
        return ended(match, word) if last else word

    ends_word = r"(?:(?<=[.°º/])|(?!\w))"
    if before_numbers:
        follows, needs = rf"(?={BLANK}?\d|{BLANK}[IVX])", DIGIT + "IVX"
    else:
        follows = r"(?!\w)" if last else r"(?=[ ,;:)/\u00a0\u202f-]{0,3}[\w§„«(+])"
        needs = "." if all("." in short for short in table) else ""
    # The look ahead for a full stop spares most words of a sentence the long list.
    dotted = {short: word for short, word in words.items() if re.match(r"[^\W\d_]+\.", short)}
    longest = max((short.index(".") for short in dotted), default=0)
    lists = [rf"(?=[^\W\d_]{{1,{longest}}}\.)(?:{any_of(dotted)})"] if dotted else []
    others = [short for short in words if short not in dotted]
    pattern = "|".join([*lists, *([any_of(others)] if others else [])])
    return Rule(name="abbreviation", pattern=rf"(?<![\w.])(?:{pattern}){ends_word}{follows}", say=say, needs=needs)


def _compact(written: str) -> str:
    return re.sub(BLANK, "", written)


def initialisms(words: frozenset[str]) -> Rule:
    """Return the rule of initialisms that espeak-ng would read as words; it has letters apart: "U S B-Stick"."""
    return Rule(
        name="initialism",
        pattern=r"(?<![\w.&@#/-])[^\W\d_a-z]{2,5}(?=s?(?![\w&@]|\.\w))",
        say=lambda match: spaced(match[0]) if match[0] in words else None,
    )


def symbols(table: Mapping[str, str]) -> Rule:
    """Return the rule of symbols of one character that are spoken as words wherever they stand."""

    def say(match: re.Match[str]) -> str:
        text, (start, end) = match.string, match.span()
        before = " " if start and not text[start - 1].isspace() else ""
        after = " " if end < len(text) and (text[end].isalnum() or text[end] in "-−") else ""
        return before + table[match[0]] + after

    characters = "".join(table)
    return Rule(name="symbol", pattern=f"[{re.escape(characters)}]", say=say, needs=characters)


def operators(table: Mapping[str, str]) -> Rule:
    """Return the rule of marks that are arithmetic only between a figure, a bracket or a letter and another."""
    # Without blanks a hyphen, a slash, a colon and an x are of a name or a number: "030/901820", "4x4".
    tight = [sign for sign in table if sign not in "-/:x"]
    pattern = rf"(?<=[\w)²³] )({any_of(table)})(?= [-−(√]?\w)|(?<=\d)({any_of(tight)})(?=\d)"

    def say(match: re.Match[str]) -> str | None:
        text, (start, end) = match.string, match.span()
        sides = text[max(0, start - 2) : start].strip() + text[end : end + 2].strip()
        if match[0] not in "×÷≈≠≥≤±" and not (any(side.isdigit() for side in sides) or len(_term(text, start)) == 1):
            return None
        # "21,5 °C / 45 %" are two measures.
        if match[0] == "/" and match[1] and _term(text, start)[0] in "°%‰€£$":
            return None
        return table[match[0]] if match[1] else f" {table[match[0]]} "

    return Rule(name="math", pattern=pattern, say=say, needs="".join({sign[0] for sign in table}))


def _term(text: str, end: int) -> str:
    """Return the word before an operator."""
    return text[max(0, end - 20) : end].rsplit(maxsplit=1)[-1]


def telephone(pattern: str) -> Rule:
    """Return the rule of telephone numbers that are spoken digit by digit, with a pause at each blank."""
    return Rule(name="phone", pattern=pattern, say=lambda match: say_digits(match[0]), needs=DIGIT)


def say_digits(written: str) -> str:
    """Return a telephone number digit by digit; a plus stays before it."""
    groups = [spaced(group) for group in re.split(r"[^\d]+", written) if group]
    return ("+ " if written.startswith("+") else "") + ", ".join(groups)


def dates_in_figures(say: Callable[[re.Match[str]], str | None]) -> tuple[Rule, Rule]:
    """Return the rules of dates in figures, day or year first. `say` reads the groups day, month, year."""
    return (
        Rule(name="date", pattern=DAY_FIRST, say=say, needs=DIGIT),
        Rule(name="date", pattern=YEAR_FIRST, say=say, needs="-"),
    )


def day_and_month(say: Callable[[re.Match[str]], str | None]) -> Rule:
    """Return the rule of day and month without a year whose figures no fraction has: "25/12", "1/07"."""
    # 16/10 is the shape of a screen.
    pattern = r"(?<![\w.,/-])(?!16/10)(?P<day>0?[1-9]|[12]\d|3[01])/(?P<month>0[1-9]|1[0-2])(?P<year>)(?![\w/-]|[.,]\d)"

    def date(match: re.Match[str]) -> str | None:
        return say(match) if int(match["day"]) > 12 or match["month"][0] == "0" else None

    return Rule(name="date", pattern=pattern, say=date, needs="/")


def month_and_year(say: Callable[[int, str], str]) -> Rule:
    """Return the rule of a month and a year in figures: "12/2023". `say` gets the month and the year."""
    pattern = r"(?<![\w.,/-])(0?[1-9]|1[0-2])/((?:19|20)\d\d)(?![\w/-]|[.,]\d)"
    return Rule(name="date", pattern=pattern, say=lambda match: say(int(match[1]), match[2]), needs="/")


def vulgar_fractions(say: Callable[[re.Match[str]], str | None]) -> Rule:
    """Return the rule of fractions that are one character. `say` gets the whole number, if any, and the character."""
    return Rule(name="fraction", pattern=r"(?<![\w.,])(?:(\d{1,3}) ?)?([½⅓¼¾⅔])", say=say, needs="½⅓¼¾⅔")


def dimensions(by: str) -> Rule:
    """Return the rule of the sides of a picture or a screen without a unit: "1920x1080"."""
    return Rule(
        name="math",
        pattern=r"(?<![\w.,])(\d{3,5})[x×](\d{3,5})(?![\w.,]*\d)",
        say=lambda match: f"{match[1]} {by} {match[2]}",
        needs="x×",
    )


_WITH_WHOLE = lazily(r"\d (?:\d/\d|[½⅓¼¾⅔]) ?\Z|\d[½⅓¼¾⅔] ?\Z")


def units_of_fractions(language: "Language", form: int = 0, with_whole: int | None = None) -> Rule:
    """Return the rule of units after a fraction, in one form of the noun: "1/3 l", "½ kg".

    `with_whole`: the form after a whole number and a fraction, if it is another: "2 1/2 Std.".
    """
    units = {name: forms for name, forms in language.units.items() if name[0].isalpha()}

    def say(match: re.Match[str]) -> str:
        before = match.string[max(0, match.start() - 8) : match.start()]
        is_whole = with_whole is not None and _WITH_WHOLE.search(before) is not None
        unit = ended(match, language.noun(units[match[1]], with_whole if is_whole and with_whole is not None else form))
        return unit if match.string[match.start() - 1].isspace() else f" {unit}"

    signs = "½⅓¼¾⅔"
    pattern = rf"(?:(?<=\d/\d )|(?<=\d/\d)|(?<=[{signs}] )|(?<=[{signs}]))({any_of(units)})(?![\w²³'’./-])"
    return Rule(name="unit", pattern=pattern, say=say, needs=f"/{signs}")


def proportions(name: str, between: str) -> Rule:
    """Return the rule of two figures with a colon, a score or a proportion, with the word between them."""
    pattern = r"(?<![\w:.,])(\d{1,3}):(\d{1,3})(?![\w:]|,\d| ?=)"
    return Rule(name=name, pattern=pattern, say=lambda match: f"{match[1]} {between} {match[2]}", needs=":")


def short_years() -> Rule:
    """Return the rule of two years of which the second is short: "2020-21", "1998/99"."""
    pattern = r"(?<![\w.,/-])((?:1\d|20)\d\d)[-–/](\d\d)(?![\w/-])"
    return Rule(name="year", pattern=pattern, say=lambda match: f"{match[1]} {int(match[2])}", needs="-–/")


def pairs_with_slash() -> Rule:
    """Return the rule of figures whose slash is silent: "50/50", "24/7"."""
    pattern = r"(?<![\w.,/-])(?:50/50|24/7|7/7)(?![\w/-]|[.,]\d)"
    return Rule(name="range", pattern=pattern, say=lambda match: match[0].replace("/", " "), needs="/")


def signs_of_figures(about: str, number: str) -> Sequence[Rule]:
    """Return the rules of signs beside a figure: "~5", "#5", "18+"."""
    return (
        Rule(name="symbol", pattern=rf"(?<![\w~])~{BLANK}?(?=\d)", say=lambda _: f"{about} ", needs="~"),
        Rule(name="symbol", pattern=r"(?<!\w)#(?=\d)", say=lambda _: f"{number} ", needs="#"),
        Rule(name="symbol", pattern=r"(?<=\d)\+(?=[\s.,!?]|$)", say=lambda _: " plus", needs="+"),
    )
