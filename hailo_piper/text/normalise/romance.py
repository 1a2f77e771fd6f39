"""Romance languages share the shapes of Roman numerals, money, telephone numbers, units and agreement."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from hailo_piper.text.normalise.continental import Currency, Language
from hailo_piper.text.normalise.numbers import roman
from hailo_piper.text.normalise.patterns import BEFORE, BLANK, NUMBER, any_of
from hailo_piper.text.normalise.rule import DIGIT, Rule
from hailo_piper.text.normalise.wording import say_digits


@dataclass(frozen=True, slots=True, kw_only=True)
class RomanceLanguage(Language):
    """The words of one language for figures, in which a round million is a noun: "un millón de euros"."""

    million: str
    """Its name among the magnitudes."""

    def amount(self, number: str, currency: Currency) -> str:
        """Return an amount of money as it is spoken: "3 euros con 50", "2 millones de euros"."""
        whole, _, cents = number.partition(",")
        if cents.strip("0") or not whole.endswith("000000"):
            return Language.amount(self, number, currency)
        return f"{self.counted(whole[:-6], self.magnitudes[self.million])} {currency.after_magnitude}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Numerals:
    """How one language reads Roman numerals."""

    names: str
    """A pattern of rulers, whose number is an ordinal."""
    women: frozenset[str]
    numbered: str
    """A pattern of nouns before a number that may be a single letter: "capítulo|tomo"."""
    nouns: Mapping[str, bool]
    """Nouns after an ordinal, to whether they are feminine: "II Guerra"."""
    noun_names: Mapping[str, str] = field(default_factory=dict)
    """Short ones of those, to what is spoken: "XV sec."."""
    of_ruler: Callable[[int, bool], str]
    of_noun: Callable[[int, bool], str]
    number: Callable[[int], str]
    of_century: Callable[[int], str]
    centuries: Mapping[str, str]
    """Words before the number of a century, to what is spoken."""


def numerals(words: Numerals) -> tuple[Rule, ...]:
    """Return the rules of Roman numerals: of centuries, rulers, chapters, years, and before a noun."""

    def reads(say: Callable[[re.Match[str], int], str], greatest: int = 60) -> Callable[[re.Match[str]], str | None]:
        def read(match: re.Match[str]) -> str | None:
            value = roman(match["numeral"])
            return None if value is None or value > greatest else say(match, value)

        return read

    def of_century(match: re.Match[str], value: int) -> str:
        first = roman(match["first"] or "")
        numbers = [words.of_century(number) for number in (first, value) if number]
        return " ".join((words.centuries[match["before"]], *numbers))

    def of_noun(match: re.Match[str], value: int) -> str:
        first, is_feminine = roman(match["first"] or ""), words.nouns[match["noun"]]
        numbers = [words.of_noun(number, is_feminine) for number in (first, value) if number]
        return " ".join((*numbers, words.noun_names.get(match["noun"], match["noun"])))

    many, one = "(?P<numeral>[IVX]{2,7})", "(?P<numeral>[IVX]{1,7})"
    several = f"(?:(?P<first>[IVX]{{1,7}})[-–/])?{one}"
    # "Pablo V. ayer" has an initial.
    ends = r"\b(?![-'’/]?\w|\.\w|\. [a-zà-ú])"
    return (
        Rule(
            name="roman",
            pattern=rf"\b(?P<before>{any_of(words.centuries)}) {several}{ends}",
            say=reads(of_century),
            needs="IVX",
        ),
        Rule(
            name="roman",
            pattern=rf"\b(?P<before>{words.names}) {one}{ends}",
            say=reads(
                lambda match, value: f"{match['before']} {words.of_ruler(value, match['before'] in words.women)}"
            ),
            needs="IVX",
        ),
        Rule(
            name="roman",
            pattern=rf"(?<![\w.-]){several} (?P<noun>{any_of(words.nouns)})(?!\w)",
            say=reads(of_noun),
            needs="IVX",
        ),
        Rule(
            name="roman",
            pattern=rf"\b(?P<before>{words.numbered}) {one}{ends}",
            say=reads(lambda match, value: f"{match['before']} {words.number(value)}"),
            needs="IVX",
        ),
        Rule(
            name="roman", pattern=rf"(?<=\w ){many}{ends}", say=reads(lambda _, value: words.number(value)), needs="IVX"
        ),
        Rule(
            name="roman",
            pattern=r"(?<![\w.-])(?P<numeral>M[MDCLXVI]{3,12})(?![\w-])",
            say=reads(lambda _, value: str(value), 3999),
            needs="M",
        ),
    )


def agreeing(rules: Iterable[Rule], agree: Callable[[str], str]) -> Iterable[Rule]:
    """Yield rules whose figures agree with the nouns that they say: "21 kilómetros" as "veintiún kilómetros"."""

    def wrapped(say: Callable[[re.Match[str]], str | None]) -> Callable[[re.Match[str]], str | None]:
        def said(match: re.Match[str]) -> str | None:
            spoken = say(match)
            return None if spoken is None else agree(spoken)

        return said

    return (rule._replace(say=wrapped(rule.say)) for rule in rules)


def consumption(spoken: str) -> Rule:
    """Return the rule of fuel for a distance: "5 l/100 km"."""
    pattern = rf"{BEFORE}({NUMBER}){BLANK}?[lL]{BLANK}?/{BLANK}?100{BLANK}?km\b"
    return Rule(name="unit", pattern=pattern, say=lambda match: f"{match[1]} {spoken}", needs="/")


def inches(word: str) -> Rule:
    """Return the rule of inches: `27"`; a mark that has a sister in the sentence is a quotation mark."""

    def say(match: re.Match[str]) -> str | None:
        is_alone = match.string.find('"') == match.string.rfind('"')
        return f"{match[1]} {word}" if match[2] != '"' or is_alone else None

    pattern = r"(?<![\w.,])(\d{1,3}(?:[.,]\d)?) ?([\"″])(?=[\s.,;:!?)]|$)"
    return Rule(name="unit", pattern=pattern, say=say, needs='"″')


def telephone(pattern: str, plus: str) -> Rule:
    """Return the rule of telephone numbers of 8 to 13 figures, digit by digit."""

    def say(match: re.Match[str]) -> str | None:
        if not 8 <= sum(character.isdigit() for character in match[0]) <= 14:
            return None
        return say_digits(match[0]).replace("+", plus)

    return Rule(name="phone", pattern=pattern, say=say, needs=DIGIT)


def telephone_word(word: str) -> Rule:
    """Return the rule of "Tel.:" before a number that begins with a plus or a bracket."""
    return Rule(name="abbreviation", pattern=r"\b[Tt]el\.(?=:? ?[(+])", say=lambda _: word, needs="(+")
