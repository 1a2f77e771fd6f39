"""Cleaning removes from a text what no voice can speak and no splitter should see."""

import unicodedata
from collections.abc import Iterator

from hailo_piper.text.lazy_pattern import lazily

_REMOVED = lazily(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\uffff\ud800-\udfff\ue000-\uf8ff]"
    "|[\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
"""Invisible characters: soft hyphen, zero widths, directions, surrogates, private use, tags and the like."""
_CONTROLS = lazily(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_LINE_BREAKS = lazily(r"\r\n?|[\x0b\x0c\x85]")
_COMPATIBILITY = lazily("[\ufb00-\ufb06\u2460-\u24ea\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff]")
"""Letters and digits in another shape, which espeak-ng spells by their code: ﬃ, ①, Ａ, 𝐇."""
_APOSTROPHE_LETTER = "\u02bc"
LONE_SYMBOLS = frozenset("%&@#*/\\")
"""Punctuation that is spoken where a text is nothing else, as screen readers send it."""
_MOST_MARKS = 30
"""Combining marks on one letter (Stream-Safe Text Format, Unicode annex 15): NFC sorts more in quadratic time."""
_MANY_MARKS = lazily(rf"[^\w\s!-~]{{{_MOST_MARKS + 1},}}")


def clean(text: str) -> str:
    """Return any text as the phonemizer can read it; words and sentence boundaries stay.

    The result is in NFC, with one kind of line break, and without control and invisible characters. `[[` is broken up,
    since Piper would read raw phonemes after it.
    """
    if text.isascii() and text.isprintable() and "[[" not in text:
        return text
    text = _LINE_BREAKS.sub("\n", _REMOVED.sub("", text))
    text = _CONTROLS.sub(" ", text)
    if _MANY_MARKS.search(text):
        text = "".join(_bound_marks(text))
    text = unicodedata.normalize("NFC", text)
    text = _COMPATIBILITY.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    text = text.replace(_APOSTROPHE_LETTER, "’")
    while "[[" in text:
        text = text.replace("[[", "[ [")
    return text


def _bound_marks(text: str) -> Iterator[str]:
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= _MOST_MARKS:
            yield character


def is_speakable(text: str) -> bool:
    """Return whether a text has a letter, a digit or a symbol: punctuation and blanks alone have no sound."""
    return any(unicodedata.category(character)[0] in "LNS" for character in text)
