"""A text is cut into pieces that espeak-ng's buffers hold; beyond these it writes over its memory.

An ASAN build of the same espeak-ng showed which texts overrun which buffer.
"""

import re
import unicodedata
from collections.abc import Iterator

_LARGEST_PIECE = 500
"""The most of one piece, by `_size`: espeak-ng keeps a clause, with the blanks it adds, in 800 bytes and 300 words."""
_PLAIN = re.compile(r"[a-z ]+")
"""Characters between which espeak-ng adds nothing."""
_HANGUL = re.compile("[가-힣]+")
"""Hangul syllables: espeak-ng makes each into three letters of three bytes."""
_LONGEST_CHAIN = 12
"""Most single letters in a row, with marks between ("U.S.A."): espeak-ng joins them in 80 bytes, unchecked."""
_MOST_SIGNS = 3
"""Most vowel signs and accents, on a letter or without one, that still count as a single letter."""


def pieces_of(text: str) -> Iterator[str]:
    """Yield pieces of the text that espeak-ng's buffers hold, cut after a clause, else a word, else anywhere.

    A text of usual size is one piece. A row of single letters is cut after a dozen; they still sound as letters.
    """
    start = 0
    for cut in _chains(text):
        yield from _fitting(text[start:cut])
        start = cut
    yield from _fitting(text[start:])


def _chains(text: str) -> Iterator[int]:
    """Yield where to cut rows of single letters: before each letter that is one too many."""
    # espeak-ng counts as letters: Roman numerals, letters in circles, every code point of Indian and Asian scripts.
    links, is_joined = 0, False
    begun: int | None = None
    letters = signs = 0
    for place, character in enumerate(f"{text} "):
        kind = unicodedata.category(character)
        if kind[0] in "LM" or (character > "\x7f" and (kind[0] not in "PZ" or "\u0780" <= character <= "\u1dff")):
            if begun is None:
                begun, letters, signs = place, 0, 0
            letters += kind[0] != "M"
            signs += kind[0] == "M"
            continue
        if begun is not None:
            is_single = letters <= 1 and signs <= _MOST_SIGNS
            links = (links + 1 if is_joined else 1) if is_single else 0
            if links > _LONGEST_CHAIN:
                yield begun
                links = 1
            begun, is_joined = None, False
        is_joined = is_joined or kind[0] in "PS"


def _fitting(text: str) -> Iterator[str]:
    start = 0
    while (rest := len(text) - start) > _LARGEST_PIECE or _size(text[start:]) > _LARGEST_PIECE:
        end = start + min(rest, _LARGEST_PIECE)
        while _size(text[start:end]) > _LARGEST_PIECE:
            end = start + (end - start) * 3 // 4
        end = _cut(text, start, end)
        yield text[start:end]
        start = end
    yield text[start:]


def _size(text: str) -> int:
    """Return the bytes, and one more for each capital, digit, sign or other script, which may get a blank beside it."""
    size = len(text.encode(errors="replace")) + len(_PLAIN.sub("", text))
    return size if text.isascii() else size + 3 * sum(map(len, _HANGUL.findall(text)))


def _cut(text: str, start: int, end: int) -> int:
    """Return where to cut in the second half before `end`: after a clause, else at a blank, else at `end`."""
    half = start + (end - start) // 2
    for pattern in (r"[,;:.!?)\]–—]\s", r"[、，；：。！？]", r"\s"):
        places = [match.end() for match in re.finditer(pattern, text[half:end])]
        if places:
            return half + places[-1]
    return end
