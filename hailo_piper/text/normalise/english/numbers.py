"""English numbers are years, decades, ordinals, fractions and digits read one by one."""

_DECADES = (
    "hundreds",
    "tens",
    "twenties",
    "thirties",
    "forties",
    "fifties",
    "sixties",
    "seventies",
    "eighties",
    "nineties",
)
_PARTS = {
    2: "half",
    3: "third",
    4: "quarter",
    5: "fifth",
    6: "sixth",
    7: "seventh",
    8: "eighth",
    9: "ninth",
    10: "tenth",
    11: "eleventh",
    12: "twelfth",
    13: "thirteenth",
    14: "fourteenth",
    15: "fifteenth",
    16: "sixteenth",
    20: "twentieth",
    24: "twenty-fourth",
    25: "twenty-fifth",
    30: "thirtieth",
    32: "thirty-second",
    40: "fortieth",
    50: "fiftieth",
    60: "sixtieth",
    64: "sixty-fourth",
    100: "hundredth",
    1000: "thousandth",
}
_SUFFIXES = {1: "st", 2: "nd", 3: "rd"}

VULGAR = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5), "⅘": (4, 5),
    "⅙": (1, 6), "⅚": (5, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8), "⅐": (1, 7), "⅑": (1, 9),
    "⅒": (1, 10),
}  # fmt: skip
"""Fractions of one character."""
NUMBER = r"(?:\d{1,3}(?:,\d{3}){1,6}(?!\d)|\d{1,15}(?!\d))(?:\.\d{1,10}(?!\d))?"
"""A figure as it is written: `1,234.5`."""
DASH = r"\s?[-–—]\s?"


def year(figures: str) -> str:
    """Return a year of four figures as it is read: `1905` as `19 oh 5`; other numbers as they are."""
    if len(figures) != 4 or figures[1:3] == "00":
        return figures
    century, rest = figures[:2], figures[2:]
    if rest == "00":
        return f"{century} hundred"
    return f"{century} {short_year(rest)}"


def short_year(figures: str) -> str:
    """Return the last two figures of a year: `05` as `oh 5`."""
    return f"oh {figures[1]}" if figures[0] == "0" and len(figures) == 2 else figures


def decade(figures: str) -> str:
    """Return a decade in the plural: `1990` as `19 nineties`, `80` as `eighties`."""
    if figures[-3:] == "000":
        return f"{figures[:-3]} thousands"
    name = _DECADES[int(figures[-2])]
    return f"{figures[:-2]} {name}".strip()


def ordinal(number: str | int) -> str:
    """Return an ordinal in figures, or with a word where espeak-ng reads figures wrongly: `1 hundredth`."""
    number = int(number)
    for size, word in ((1_000_000, "millionth"), (1000, "thousandth"), (100, "hundredth")):
        if number and number % size == 0:
            return f"{number // size} {word}"
    suffix = "th" if number % 100 in {11, 12, 13} else _SUFFIXES.get(number % 10, "th")
    return f"{number}{suffix}"


def fraction(above: int, below: int) -> str:
    """Return a fraction: `1 half`, `3 quarters`, `2 over 45`."""
    if below == 2 and above != 1:
        return f"{above} halves"
    if below in _PARTS:
        return f"{above} {_PARTS[below]}{'' if above == 1 else 's'}"
    return f"{above} over {below}"


def mixed(figures: str) -> str:
    """Return a fraction as it is written, a whole number before it or not: `2 1/2`, `1½`, `3/4`."""
    for mark, (above, below) in VULGAR.items():
        figures = figures.replace(mark, f" {above}/{below}")
    *whole, part = figures.replace("-", " ").split()
    above, below = map(int, part.split("/"))
    if not whole:
        return fraction(above, below)
    return f"{whole[0]} and {'a half' if (above, below) == (1, 2) else fraction(above, below)}"


def is_part(figures: str) -> bool:
    """Return whether a figure is a fraction of one: `3/4`, `½`."""
    above, _, below = figures.partition("/")
    return figures in VULGAR or (below.isdigit() and above.isdigit() and int(above) < int(below))


def join_part(amount: str, name: str, figures: str, *, is_adjective: bool) -> str:
    """Return an amount and what it counts: 3 quarters `of a cup`, but a 3 quarter `inch` screw."""
    if not is_part(figures) or not amount.endswith("s"):
        return f"{amount} {name}"
    return (
        f"{amount[:-1]} {name}"
        if is_adjective
        else f"{amount} of {'an' if name[0] in 'aeiou' or name == 'hour' else 'a'} {name}"
    )


def digits(figures: str) -> str:
    """Return digits one by one, with a short pause where others were between them: `5 5 5, 0 1`."""
    groups = "".join(one if one.isdigit() else " " for one in figures).split()
    return ", ".join(" ".join(group) for group in groups)


def number_name(figures: str) -> str:
    """Return the number of a room, road, flight or error: `404` as `4 oh 4`, `101` as `1 oh 1`, `747` as `7 47`."""
    if len(figures) == 3 and figures[1:] != "00":
        return f"{figures[0]} {short_year(figures[1:]) if figures[1] == '0' else figures[1:]}"
    return figures


def is_one(figures: str) -> bool:
    """Return whether a figure takes the singular."""
    return figures in {"1", "-1", "−1"}
