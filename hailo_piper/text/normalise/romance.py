"""Romance languages share the shapes of Roman numerals, fractions, telephone numbers, formulas and agreement."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from hailo_piper.text.normalise.context import after, before
from hailo_piper.text.normalise.continental import BEFORE, BLANK, FRACTION, NUMBER, Language, any_of
from hailo_piper.text.normalise.numbers import roman, spaced
from hailo_piper.text.normalise.rule import DIGIT, Rule
from hailo_piper.text.normalise.wording import say_digits


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
    ends = r"\b(?![-'’/]?\w|\.\w)"
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

    return (replace(rule, say=wrapped(rule.say)) for rule in rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """How one language says fractions."""

    names: Mapping[int, str]
    """The lower number to its name in the singular, masculine."""
    plural: Callable[[str], str]
    ones: tuple[str, str]
    """Masculine and feminine."""
    singular: Callable[[str], str]
    half: tuple[str, str]
    """Masculine and feminine."""
    and_: str
    is_feminine: Callable[[str], bool]
    cardinal: Callable[[int], str]
    over: str
    of: str

    def say(self, match: re.Match[str]) -> str | None:
        """Return a fraction as it is spoken: "tres cuartos", "2 y medio", "media taza"; None leaves a date."""
        whole, top, bottom = match[1], int(match[2]), int(match[3])
        if top >= bottom or (before(match) in {"el", "del", "al", "il", "dal", "dia", "em"}):
            return None
        if (top, bottom) == (1, 2):
            noun = after(match).rstrip(".,;:!?")
            half = self.half[bool(noun and self.is_feminine(noun))]
            return f"{whole} {self.and_} {half}" if whole else half
        name = self.names.get(bottom)
        if name is None:
            return f"{top} {self.over} {bottom}" if bottom in {20, 100, 1000} else None
        spoken = f"{self.ones[0]} {name}" if top == 1 else f"{self.cardinal(top)} {self.plural(name)}"
        return f"{whole} {self.and_} {spoken}" if whole else spoken


def fractions(parts: Parts) -> tuple[Rule, ...]:
    """Return the rules of fractions in figures; those of one character are symbols, but after a figure."""

    def and_a_half(match: re.Match[str]) -> str:
        number, noun, is_feminine = match[1], match[2], parts.is_feminine(match[2])
        if number == "1":
            number, noun = parts.ones[is_feminine], parts.singular(noun)
        return f"{number} {noun} {parts.and_} {parts.half[is_feminine]}"

    return (
        Rule(
            name="fraction",
            pattern=r"(?<![\w.,/-])(\d{1,3}) ?(?:1/2|½) ([^\W\d_]{3,20})\b",
            say=and_a_half,
            needs="/½",
        ),
        Rule(name="fraction", pattern=FRACTION, say=parts.say, needs="/"),
        Rule(
            name="fraction",
            pattern=r"(?<![\w.,])(?<!\d )½ ([^\W\d_]{3,20})\b",
            say=lambda match: f"{parts.half[parts.is_feminine(match[1])]} {match[1]}",
            needs="½",
        ),
        Rule(name="fraction", pattern=r"(?<=\d) ?½", say=lambda _: f" {parts.and_} {parts.half[0]}", needs="½"),
    )


def measured_fractions(parts: Parts, language: Language, names: str) -> tuple[Rule, ...]:
    """Return the rule of a fraction of a unit ("1/2 kg", "3/4 l"), whose symbols are `names`."""

    def say(match: re.Match[str]) -> str | None:
        whole, unit = match[1], language.units[match[3]]
        noun = unit[0].rpartition("'")[2] if "'" in unit[0] else unit[0].partition(" ")[2]
        is_feminine = parts.is_feminine(noun)
        if match[2] in {"1/2", "½"}:
            half = parts.half[is_feminine]
            return f"{language.counted(whole, unit)} {parts.and_} {half}" if whole else f"{half} {noun}"
        top, bottom = (int(number) for number in {"¼": "1/4", "¾": "3/4"}.get(match[2], match[2]).split("/"))
        if top >= bottom or bottom not in parts.names or whole:
            return None
        name = f"{parts.ones[0]} {parts.names[bottom]}"
        if top > 1:
            name = f"{parts.cardinal(top)} {parts.plural(parts.names[bottom])}"
        return f"{name} {parts.of} {noun}"

    pattern = rf"(?<![\w.,/-])(?:(\d{{1,3}}) ?)?([1-9]/[1-9]|[½¼¾]) ?({names})(?!\w)"
    return (Rule(name="fraction", pattern=pattern, say=say, needs="/½¼¾"),)


def consumption(spoken: str) -> Rule:
    """Return the rule of fuel for a distance: "5 l/100 km"."""
    pattern = rf"{BEFORE}({NUMBER}){BLANK}?[lL]{BLANK}?/{BLANK}?100{BLANK}?km\b"
    return Rule(name="unit", pattern=pattern, say=lambda match: f"{match[1]} {spoken}", needs="/")


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


def formulas(power: str) -> tuple[Rule, ...]:
    """Return the rules of chemical formulas that are well known, letter by letter, and of powers."""

    def spelled(match: re.Match[str]) -> str:
        return spaced(match[0].translate(_SUBSCRIPTS))

    return (
        Rule(name="symbol", pattern=r"(?<![\w-])(?:CO|SO|NO|CH|NH|H)[2-4₂₃₄]O?(?![\w-])", say=spelled, needs="234₂₃₄"),
        Rule(name="math", pattern=r"(?<=[\dxy])\^(?=\d)", say=lambda _: f" {power} ", needs="^"),
    )


_SUBSCRIPTS = str.maketrans("₂₃₄", "234")
