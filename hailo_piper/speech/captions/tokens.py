"""Tokens are words as captions show them, with the punctuation that stands beside them in the text.

Markup, and whatever else stands between two words without being heard, is left out.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hailo_piper.audio.word import Word
from hailo_piper.text.lazy_pattern import lazily

LONGEST_LINE = 42
"""Columns."""
_LONGEST_SIGNS = 8
"""Characters on each side of a word that is longer than a line with all of its signs."""
_OPENERS = "“‘«‹([{¿¡„‚「『（【《〈"
_MARKUP = lazily(r"!?\[(?=[^\[\]]{1,300}\]\()|\]\([^()]{0,500}\)|<[/!]?[A-Za-z][^<>]{0,500}>|&(?:#\w{1,7}|\w{2,31});")
_MARKS = lazily(r"[*_`~|#\\\x00]+")
_LINE_BREAK = lazily(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_LINE_START = lazily(r"\s*(?:(?:>|#{1,6}|[-*+•‣◦–—])\s+)+|[>|]\s*|#{1,6}\s")
_UNSHOWN = lazily(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]+")
_LONE_SURROGATE = lazily("[\ud800-\udfff]")
_MODIFIERS = lazily("[\u200d\ufe0f\U0001f3fb-\U0001f3ff]")


class Token(NamedTuple):
    """A word as it is shown."""

    text: str
    """On one line, at most `LONGEST_LINE` columns."""
    word: Word
    is_apart: bool
    """Whether a blank stands before it."""
    ends_paragraph: bool


class _Gap(NamedTuple):
    """The signs between two words."""

    suffix: str
    """Shown after the first of them."""
    prefix: str
    is_apart: bool
    ends_paragraph: bool


def tokens_of(words: Sequence[Word], text: str) -> list[Token]:
    """Return words with their punctuation, in order. A word of control characters alone is left out.

    A word that is too long for a line becomes several, which share out its time by their letters.
    """
    # As long as the text, so that offsets stay what they are.
    masked = _MARKUP.sub(lambda match: (" " if match[0][0] == "&" else "\0") * len(match[0]), text)
    ends = [0, *(word.end_char for word in words)]
    starts = [*(word.start_char for word in words), len(text)]
    between = [masked[end:start] for end, start in zip(ends, starts, strict=True)]
    lead = _Gap("", _signs(_begun(_LINE_BREAK.split(between[0])[-1])), is_apart=True, ends_paragraph=False)
    tail = _Gap(_signs(_LINE_BREAK.split(between[-1])[0]), "", is_apart=True, ends_paragraph=True)
    gaps = [lead, *map(_gap, between[1:-1]), tail]
    tokens: list[Token] = []
    for number, word in enumerate(words):
        before, after = gaps[number], gaps[number + 1]
        shown = _clean(before.prefix + word.text + after.suffix)
        if columns(shown) > LONGEST_LINE:
            tokens += _cut(word, before, after)
        elif shown:
            tokens.append(Token(shown, word, before.is_apart, after.ends_paragraph))
    return tokens


def columns(text: str) -> int:
    """Return how wide a text is: an ideograph takes two columns, anything else one."""
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _gap(text: str) -> _Gap:
    """Share out what stands between two words."""
    lines = _LINE_BREAK.split(text)
    if len(lines) == 1:
        return _gap_in_line(text)
    last = _begun(lines[-1])
    return _Gap(
        suffix=_signs(lines[0]),
        prefix=_signs(last),
        is_apart=True,
        ends_paragraph=len(lines) > 2 or last != lines[-1],
    )


def _begun(line: str) -> str:
    """Return the beginning of a line without the marks of quotes, headings, list items and table rows."""
    start = _LINE_START.match(line)
    return line[start.end() :] if start else line


def _gap_in_line(text: str) -> _Gap:
    gap = _MARKS.sub("", text)
    if not gap or gap.isspace():
        return _Gap("", "", is_apart=bool(gap), ends_paragraph=False)
    pieces = gap.split()
    if len(pieces) == 1 and len(pieces[0]) == len(gap):
        closing = gap.rstrip(_OPENERS)
        return _Gap(_signs(closing), gap[len(closing) :], is_apart=False, ends_paragraph=False)
    # Of signs with blanks on both sides, those that open something belong to the word after them.
    middle = pieces[not gap[0].isspace() : len(pieces) - (not gap[-1].isspace())]
    at = len(middle)
    while at and not middle[at - 1].strip(_OPENERS):
        at -= 1
    head = "" if gap[0].isspace() else pieces[0]
    tail = "" if gap[-1].isspace() else pieces[-1]
    return _Gap(
        suffix=_signs(" ".join([head, *middle[:at]])),
        prefix="".join(f"{piece} " for piece in middle[at:]) + _signs(tail),
        is_apart=True,
        ends_paragraph=False,
    )


def _signs(text: str) -> str:
    """Return the signs of a text; letters that nobody hears, such as those of an address, are markup."""
    leading = " " if text[:1].isspace() else ""
    trailing = " " if text[-1:].isspace() else ""
    shown = [piece for piece in _MARKS.sub("", text).split() if not any(map(str.isalnum, piece))]
    return f"{leading}{' '.join(shown)}{trailing}" if shown else ""


def _clean(text: str) -> str:
    """Return a text on one line, without control characters."""
    return _LONE_SURROGATE.sub("\ufffd", " ".join(_UNSHOWN.sub("", text).split()))


def _cut(word: Word, before: _Gap, after: _Gap) -> Iterator[Token]:
    """Yield the parts of a word that is longer than a line."""
    prefix, suffix = before.prefix[-_LONGEST_SIGNS:], after.suffix[:_LONGEST_SIGNS]
    parts = list(_parts(word.text, LONGEST_LINE - columns(prefix) - columns(suffix)))
    per_letter = (word.end - word.start) / max(1, len(word.text))
    at = 0
    for number, part in enumerate(parts):
        is_first, is_last = number == 0, number + 1 == len(parts)
        shown = _clean((prefix if is_first else "") + part + (suffix if is_last else ""))
        stop = at + len(part)
        own = Word(
            text=part,
            start=word.start + at * per_letter,
            end=word.end if is_last else word.start + stop * per_letter,
            start_char=word.start_char + at,
            end_char=word.end_char if is_last else word.start_char + stop,
            is_estimated=True,
        )
        if shown:
            is_apart = before.is_apart if is_first else part[:1].isspace() or parts[number - 1][-1:].isspace()
            yield Token(shown, word if len(parts) == 1 else own, is_apart, is_last and after.ends_paragraph)
        at = stop


def _parts(text: str, longest: int) -> Iterator[str]:
    """Yield the parts of a word, each at most so many columns wide: cut after a blank, else between two letters."""
    start, width, blank, letter = 0, 0, 0, 0
    for at, character in enumerate(text):
        width += _width(character)
        if not at or not _belongs(text, at):
            letter = at
        if width > longest and at > start:
            # Inside a letter only if that alone is longer than a line.
            cut = next((place for place in (blank, letter) if place > start), at)
            yield text[start:cut]
            start, width = cut, columns(text[cut : at + 1])
        if character.isspace():
            blank = at + 1
    yield text[start:]


def _belongs(text: str, at: int) -> bool:
    """Return whether a character is one with the character before it."""
    is_mark = unicodedata.category(text[at])[0] == "M" or _MODIFIERS.match(text[at]) is not None
    return is_mark or text[at - 1] == "\u200d"
