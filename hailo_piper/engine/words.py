"""The words of a sentence that is spoken, whatever engine speaks it."""

import unicodedata
from typing import NamedTuple

from hailo_piper.text.lazy_pattern import lazily

_TOKEN = lazily(r"\S+")
_IDEOGRAPHS = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_IDEOGRAPH = lazily(f"[{_IDEOGRAPHS}][^\\w\\s]*|[^\\s{_IDEOGRAPHS}]+")


class SpokenWord(NamedTuple):
    """A word of a sentence as it is spoken."""

    start: int
    end: int
    """Code points of the spoken sentence."""

    first: int
    last: int
    """Its marks, from the first until before the last; a reader of phonemes counts these."""

    is_estimated: bool = False
    """Whether marks were shared out over words, since nobody tells where each begins."""


def words_of(text: str) -> list[tuple[int, int]]:
    """Return begin and end of each word: what stands between blanks, and each ideograph, if it has a letter or sign."""
    words: list[tuple[int, int]] = []
    for token in _TOKEN.finditer(text):
        parts = _IDEOGRAPH.finditer(text, *token.span()) if not token[0].isascii() else [token]
        words += [part.span() for part in parts if _is_heard(part[0])]
    return words


def _is_heard(word: str) -> bool:
    return any(unicodedata.category(character)[0] in "LNS" or character in "%&@#*/\\+" for character in word)
