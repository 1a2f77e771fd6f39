"""Spanish, Italian and Portuguese share the shapes of fractions: "3/4", "1 1/2 tazas", "½ kg"."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hailo_piper.text.normalise.context import after
from hailo_piper.text.normalise.continental import Language
from hailo_piper.text.normalise.patterns import FRACTION
from hailo_piper.text.normalise.rule import Rule


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
        """Return a fraction as it is spoken: "tres cuartos", "2 y medio", "media taza"; None leaves other figures."""
        whole, top, bottom = match[1], int(match[2]), int(match[3])
        if top >= bottom:
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
