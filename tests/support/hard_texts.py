"""Texts that native code may stumble over: scripts, marks, numbers and abbreviations, long and repeated."""

import random
from collections.abc import Callable, Iterator

SCRIPTS = {
    "latin": (0x41, 0x7A), "accents": (0xC0, 0x24F), "greek": (0x370, 0x3FF), "cyrillic": (0x400, 0x4FF),
    "hebrew": (0x5D0, 0x5EA), "arabic": (0x620, 0x6FF), "devanagari": (0x900, 0x97F), "bengali": (0x980, 0x9FF),
    "tamil": (0xB80, 0xBFF), "thai": (0xE00, 0xE7F), "georgian": (0x10A0, 0x10FF), "jamo": (0x1100, 0x11FF),
    "greek extended": (0x1F00, 0x1FFF), "punctuation": (0x2000, 0x206F), "currency": (0x20A0, 0x20CF),
    "letterlike": (0x2100, 0x214F), "fractions": (0x2150, 0x218F), "arrows": (0x2190, 0x21FF),
    "mathematics": (0x2200, 0x22FF), "enclosed": (0x2460, 0x24FF), "kana": (0x3041, 0x30FF), "han": (0x4E00, 0x9FFF),
    "hangul": (0xAC00, 0xD7A3), "emoji": (0x1F300, 0x1F6FF), "bold letters": (0x1D400, 0x1D7FF),
    "gothic": (0x10330, 0x1034A), "combining": (0x300, 0x36F),
}  # fmt: skip
"""First and last code point of each."""

LANGUAGES = (
    "en-us",
    "de",
    "fr",
    "es",
    "ru",
    "ar",
    "hi",
    "ne",
    "cmn",
    "ja",
    "ko",
    "vi",
    "th",
    "el",
    "he",
    "ta",
    "ka",
)

_MARKS = ".,;:!?'\"-–—…()[]{}<>/\\@#%&*+=_~|^`$€£°·•‘’“”«»।。、！？\n\t "
_GLUE = (" ", " . ", ". ", ", ", "'", "-", "\u00ad", "\u200d", "\ufe0f")
_STOPS = (".", ". ", " . ", ".-", ".'s ", ")", ".,", "．", "…")
_WORDS = (
    "I", "V", "X", "MCM", "vi", "U.S.", "e.g.", "Dr.", "http://", "www.", "%", "1st", "3/4", "0x1F", "10:30", "$5",
    "1,000,000.5", "a@b.c", "1.", "-1", "+1", "½", "²", "II.", "word",
)  # fmt: skip
_LENGTHS = (1, 2, 3, 5, 9, 20, 60, 170, 400)


def hard_texts(seed: int, *, longest: int = 4000) -> Iterator[tuple[str, str]]:
    """Texts without end, each with a language of espeak-ng to read it in; the same for the same seed."""
    chance = random.Random(seed)
    while True:
        yield chance.choice(LANGUAGES), _text(chance)[:longest]


def _text(chance: random.Random) -> str:
    script, kind = chance.choice(list(SCRIPTS.values())), chance.random()
    if kind < 0.1:
        return (chr(chance.randint(*script)) + chance.choice(_STOPS)) * chance.choice((20, 60, 100, 300))
    if kind < 0.6:
        return "".join(_atom(chance, script) for _ in range(chance.randint(1, 5))) * chance.choice((2, 5, 20, 100, 300))
    if kind < 0.8:
        return "".join(_atom(chance, script) for _ in range(chance.choice((5, 30, 120, 400))))
    other = chance.choice(list(SCRIPTS.values()))
    first, second = ("".join(_atom(chance, one) for _ in range(3)) for one in (script, other))
    return first * chance.randint(1, 120) + second * chance.randint(1, 120)


def _atom(chance: random.Random, script: tuple[int, int]) -> str:
    def run(length: int) -> str:
        return "".join(chr(chance.randint(*script)) for _ in range(length))

    kinds: tuple[tuple[float, Callable[[], str]], ...] = (
        (0.3, lambda: run(1)),
        (0.15, lambda: run(chance.choice(_LENGTHS))),
        (0.15, lambda: chance.choice(_MARKS)),
        (0.1, lambda: chance.choice("0123456789") * chance.choice((1, 2, 3, 8, 30, 70))),
        (0.1, lambda: chance.choice(_GLUE)),
        (0.1, lambda: chance.choice(_WORDS)),
        (0.1, lambda: chr(chance.randint(*chance.choice(list(SCRIPTS.values()))))),
    )
    weights, makers = zip(*kinds, strict=True)
    made: str = chance.choices(makers, weights)[0]()
    return made
