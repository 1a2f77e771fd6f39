"""A text in pieces that espeak-ng's buffers hold: beyond them it writes over its own memory."""

import re
from collections.abc import Iterator

_LARGEST_PIECE = 500
"""Of one piece, by `_size`. espeak-ng keeps a clause, with the blanks that it adds, in 800 bytes and 300 words."""
_PLAIN = re.compile(r"[a-z ]+")
"""Nothing is added between these."""
_HANGUL = re.compile("[가-힣]+")
"""Each becomes three letters of three bytes."""
_CHAIN = re.compile(r"(?:(?<![^\W\d_])[^\W\d_](?![^\W\d_])[\W\d_]*+){13,}")
"""Single letters in a row ("U.S.A."): espeak-ng joins those with full stops in a buffer of 80 bytes, unchecked."""
_LINK = re.compile(r"[^\W\d_][\W\d_]*+")
_LONGEST_CHAIN = 12
_PLAIN_CHAIN = re.compile(r"[\w\s]*")


def pieces_of(text: str) -> Iterator[str]:
    """The text cut so that espeak-ng's buffers hold each piece: after a clause, else a word, else anywhere.

    A text of usual size is one piece. Single letters in a row stay a dozen at most, and are heard as letters.
    """
    start = 0
    for chain in _CHAIN.finditer(text):
        if _PLAIN_CHAIN.fullmatch(chain[0]):
            continue
        for number, link in enumerate(_LINK.finditer(text, chain.start(), chain.end())):
            if number and number % _LONGEST_CHAIN == 0:
                yield from _fitting(text[start : link.start()])
                start = link.start()
        yield from _fitting(text[start : chain.end()])
        start = chain.end()
    if start < len(text) or not text:
        yield from _fitting(text[start:])


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
    """Bytes, and one more for what may get a blank beside it: a capital, a digit, a sign, another script."""
    size = len(text.encode(errors="replace")) + len(_PLAIN.sub("", text))
    return size if text.isascii() else size + 3 * sum(map(len, _HANGUL.findall(text)))


def _cut(text: str, start: int, end: int) -> int:
    """Where to cut at `end` or before it, in the second half: after a clause, else at a blank, else there."""
    half = start + (end - start) // 2
    for pattern in (r"[,;:.!?)\]–—]\s", r"[、，；：。！？]", r"\s"):
        places = [match.end() for match in re.finditer(pattern, text[half:end])]
        if places:
            return half + places[-1]
    return end
