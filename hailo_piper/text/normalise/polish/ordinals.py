"""Polish ordinals are declined: hours ("o ósmej"), days ("siedemnastego"), years, centuries, rulers."""

_STEMS = (
    "zerow", "pierwsz", "drug", "trzec", "czwart", "piąt", "szóst", "siódm", "ósm", "dziewiąt", "dziesiąt", "jedenast",
    "dwunast", "trzynast", "czternast", "piętnast", "szesnast", "siedemnast", "osiemnast", "dziewiętnast",
)  # fmt: skip
_TENS = (
    "", "", "dwudziest", "trzydziest", "czterdziest", "pięćdziesiąt", "sześćdziesiąt", "siedemdziesiąt",
    "osiemdziesiąt", "dziewięćdziesiąt",
)  # fmt: skip
_HUNDREDS = (
    "", "setn", "dwusetn", "trzechsetn", "czterechsetn", "pięćsetn", "sześćsetn", "siedemsetn", "osiemsetn",
    "dziewięćsetn",
)  # fmt: skip
_CARDINALS = (
    "", "jeden", "dwa", "trzy", "cztery", "pięć", "sześć", "siedem", "osiem", "dziewięć", "dziesięć", "jedenaście",
    "dwanaście", "trzynaście", "czternaście", "piętnaście", "szesnaście", "siedemnaście", "osiemnaście",
    "dziewiętnaście",
)  # fmt: skip
_CARDINAL_HUNDREDS = (
    "", "sto", "dwieście", "trzysta", "czterysta", "pięćset", "sześćset", "siedemset", "osiemset", "dziewięćset",
)  # fmt: skip
_CARDINAL_TENS = ("", "", "dwadzieścia", "trzydzieści", "czterdzieści", "pięćdziesiąt")


def minutes(number: int) -> str:
    """Return a number, 0 to 59, in words: espeak-ng says "trzydzieści" better than "30"; nothing for 0."""
    if number < len(_CARDINALS):
        return _CARDINALS[number]
    return f"{_CARDINAL_TENS[number // 10]} {_CARDINALS[number % 10]}".rstrip()


def ordinal(number: int, ending: str) -> str:
    """Return an ordinal, 1 to 3999, with an ending: y, ego, ym, a, ej, ą, e; only tens and ones decline."""
    thousands, below = divmod(number, 1000)
    hundreds, rest = divmod(below, 100)
    if not rest and not hundreds:
        return _declined({1: "tysięczn", 2: "dwutysięczn", 3: "trzytysięczn"}[thousands], ending)
    thousand = ("", "tysiąc", "dwa tysiące", "trzy tysiące")[thousands]
    if not rest:
        return f"{thousand} {_declined(_HUNDREDS[hundreds], ending)}".strip()
    start = f"{thousand} {_CARDINAL_HUNDREDS[hundreds]}".strip()
    tens, ones = divmod(rest, 10)
    words = [_STEMS[rest]] if rest < len(_STEMS) else [_TENS[tens], *([_STEMS[ones]] if ones else [])]
    return " ".join(filter(None, [start, *(_declined(word, ending) for word in words)]))


def _declined(stem: str, ending: str) -> str:
    """Return a stem with its ending, which changes after k, g and a soft consonant."""
    if stem == "trzec":
        return stem + {"y": "i", "a": "ia", "e": "ie", "ą": "ią"}.get(ending, f"i{ending.removeprefix('y')}")
    if stem == "drug":
        return stem + {"y": "i", "ym": "im", "ego": "iego", "ej": "iej", "e": "ie"}.get(ending, ending)
    return stem + ending
