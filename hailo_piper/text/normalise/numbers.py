"""Number helpers serve the rules of every language: Roman numerals, digits one by one, grouped figures."""

from hailo_piper.text.lazy_pattern import lazily

_ROMAN = lazily("M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


def roman(numeral: str) -> int | None:
    """Return the value of a Roman numeral in capitals, 1 to 3999; None if it is not one."""
    if not numeral or not _ROMAN.fullmatch(numeral):
        return None
    values = [_ROMAN_VALUES[letter] for letter in numeral]
    return sum(-one if one < other else one for one, other in zip(values, [*values[1:], 0], strict=True))


def spaced(characters: str) -> str:
    """Return letters and digits one by one: `404` as `4 0 4`."""
    return " ".join(character for character in characters if character.isalnum())
