"""Within a line, markup is emphasis, code, links, footnotes, HTML tags and entities, escapes and emoji."""

import re

from hailo_piper.text.emoji import EMOJI, EMOJI_CHARACTERS, is_perhaps_heart, read_emoji, read_heart, read_smiley
from hailo_piper.text.found import Found
from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.maths import read_formula

SPOT = lazily(rf"[*_~`=\[<&!\\$\n\r{EMOJI_CHARACTERS}]|(?<!\S)[:;](?=[-'’^()DPp|/\\*oO]|\Z)|-(?:\r?\n|\r?\Z)")
"""The characters at which something may have to be taken off."""
_RUN = lazily(r"\*+|_+|~+|`+|=+")
_LABEL = lazily(r"!?\[([^\[\]\n]{0,300})(\]?)")
_LONGEST_TARGET = 600
_DEEPEST = 3
"""Brackets within brackets of an address."""
_CLOSING = {"(": ")", "[": "]"}
_OPEN_TAG = lazily(r"</?[A-Za-z][^<>]{0,600}\Z|</?\Z|<!-?\Z")
_TAG = lazily(r"</?([A-Za-z][A-Za-z0-9-]{0,15})(?:[\s/][^<>]{0,600})?>")
_LONGEST_COMMENT = 2000
_SILENT = lazily(r"<(?:script|style)(?:\s[^<>]{0,600})?>", re.IGNORECASE)
_SILENT_END = lazily(r"</(?:script|style)\s{0,9}>", re.IGNORECASE)
_LONGEST_SCRIPT = 2000
_AUTOLINK = lazily(r"<((?:https?://|mailto:)[^<>\s]{1,500}|[^<>\s@]{1,64}@[^<>\s]{1,255})>")
_ALTERNATIVE = lazily(r"\balt\s*=\s*(?:\"([^\"]{0,300})\"|'([^']{0,300})')", re.IGNORECASE)
_ENTITY = lazily(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_OPEN_ENTITY = lazily(r"&#?[A-Za-z0-9]{0,31}\Z")
_PAUSE = lazily(r"pause|break|silence|beat", re.IGNORECASE)
_ESCAPABLE = frozenset("\\`*_{}[]()#+-.!<>~|\"'$%&,/:;=?@^")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BLOCK_TAGS = _words(
    "br p div li ul ol h1 h2 h3 h4 h5 h6 tr table hr blockquote pre section article header footer main nav aside "
    "figure figcaption dl dt dd details summary center form"
)
_INLINE_TAGS = _words(
    "a abbr acronym b bdi bdo big body button caption cite code col colgroup del dfn em fieldset font head html "
    "i iframe img input ins kbd label legend link map mark meta meter object optgroup option output param picture "
    "progress q rp rt ruby s samp select small source span strike strong sub sup svg tbody td template "
    "speak emphasis prosody voice lang phoneme say-as "
    "textarea tfoot th thead time title tt u var video wbr audio canvas path"
)


def read_spot(text: str, at: int, before: str, *, is_whole: bool) -> Found | None:
    """Return the construct at an index; None where more text must come first. `before`: the character before it."""
    character = text[at]
    if character in "*_~`=":
        return _read_run(text, at, before, is_whole=is_whole)
    if EMOJI.match(character):
        return read_emoji(text, at, before, is_whole=is_whole)
    return _READERS[character](text, at, before, is_whole)


def _read_run(text: str, at: int, before: str, *, is_whole: bool) -> Found | None:
    run = _RUN.match(text, at)
    if run is None:
        raise AssertionError("a run has at least one mark")
    if run.end() == len(text) and not is_whole:
        return None
    after = text[run.end() : run.end() + 1] or "\n"
    return Found(run.end(), run[0] if _is_kept(run[0], before, after) else "")


def _is_kept(run: str, before: str, after: str) -> bool:
    """Return whether marks are text: `2*3`, `5 * 3`, `snake_case`, `~5`, `a = b`."""
    is_inside = before.isalnum() and after.isalnum()
    is_apart = before.isspace() and after.isspace()
    match run[0]:
        case "*":
            return (is_inside and before.isdigit()) or (len(run) == 1 and (is_apart or is_inside))
        case "_":
            return is_inside
        case "~":
            return len(run) == 1
        case "=":
            return len(run) < 3
    return False


def _read_bracket(text: str, at: int, before: str, is_whole: bool) -> Found | None:  # noqa: FBT001
    """Read a link, an image, a footnote mark, or a bracket that is only a bracket."""
    label = _LABEL.match(text, at)
    is_open = label.end() == len(text) if label else at + 1 == len(text)
    if is_open and not is_whole:
        return None
    literal = Found(at + 1, text[at])
    if label is None or not label[2]:
        return literal
    end = label.end()
    if _PAUSE.fullmatch(label[1]):
        return Found(end, "…")
    if text[end : end + 1] in _CLOSING:
        closed = _closing(text, end)
        if closed == len(text) + 1 and not is_whole:
            return None
        if closed <= len(text):
            return Found(closed, re.sub(r"\*{1,3}|~~|`|(?<!\w)_|_(?!\w)", "", label[1]))
    is_footnote = label[1].startswith("^") or (label[1].isdigit() and len(label[1]) <= 3 and not before.isspace())
    return Found(end + text.startswith(":", end), "") if is_footnote and text[at] == "[" else literal


def _closing(text: str, at: int) -> int:
    """Return the index after the bracket that closes the one at an index, within one line and a bound.

    Returns the length and one if it may still come, and more if it does not.
    """
    opening, closing, depth = text[at], _CLOSING[text[at]], 0
    for index in range(at, min(len(text), at + _LONGEST_TARGET)):
        character = text[index]
        depth += (character == opening) - (character == closing)
        if depth == 0:
            return index + 1
        if character == "\n" or depth > _DEEPEST:
            return len(text) + 2
    return len(text) + (1 if len(text) < at + _LONGEST_TARGET else 2)


def _read_angle(text: str, at: int, before: str, is_whole: bool) -> Found | None:  # noqa: FBT001
    """Read a comment, a script, an address in brackets, a tag, or a bracket that is only a bracket."""
    if text.startswith("<!--", at):
        return _read_comment(text, at, is_whole=is_whole)
    if not before.isalnum() and is_perhaps_heart(text, at):
        return read_heart(text, at, is_whole=is_whole)
    if silent := _SILENT.match(text, at):
        return _read_script(text, at, silent.end(), is_whole=is_whole)
    if link := _AUTOLINK.match(text, at):
        return Found(link.end(), link[1].removeprefix("mailto:"))
    if (tag := _TAG.match(text, at)) and (said := _said_by(tag)) is not None:
        return Found(tag.end(), said)
    return None if not is_whole and _OPEN_TAG.match(text, at) else Found(at + 1, "<")


def _read_comment(text: str, at: int, *, is_whole: bool) -> Found | None:
    end = text.find("-->", at + 4, at + _LONGEST_COMMENT)
    if end >= 0:
        return Found(end + 3, "")
    return None if not is_whole and len(text) < at + _LONGEST_COMMENT else Found(at + 1, "<")


def _read_script(text: str, at: int, begin: int, *, is_whole: bool) -> Found | None:
    """Leave out a script or a style sheet."""
    end = _SILENT_END.search(text, begin, begin + _LONGEST_SCRIPT)
    if end:
        return Found(end.end(), "")
    return None if not is_whole and len(text) < begin + _LONGEST_SCRIPT else Found(at + 1, "<")


def _said_by(tag: re.Match[str]) -> str | None:
    """Return what is handed on for a tag; None if HTML has no such tag."""
    name = tag[1].lower()
    if name in _BLOCK_TAGS:
        return "\n\n"
    if name == "break":
        return "…"
    if name == "img" and (alternative := _ALTERNATIVE.search(tag[0])):
        return _unescaped(alternative[1] or alternative[2] or "")
    return "" if name in _INLINE_TAGS else None


def _unescaped(text: str) -> str:
    # Few texts have entities, so a start does not wait for the table of their names.
    from html import unescape

    return unescape(text)


def _read_entity(text: str, at: int, _: str, is_whole: bool) -> Found | None:  # noqa: FBT001
    if entity := _ENTITY.match(text, at):
        return Found(entity.end(), _unescaped(entity[0]))
    if not is_whole and _OPEN_ENTITY.match(text, at):
        return None
    return Found(at + 1, "&")


def _read_escape(text: str, at: int, _: str, is_whole: bool) -> Found | None:  # noqa: FBT001
    if at + 1 == len(text) and not is_whole:
        return None
    after = text[at + 1 : at + 2]
    if after and after in "([":
        return read_formula(text, at, is_whole=is_whole)
    return Found(at + 2, after) if after in _ESCAPABLE and after else Found(at + 1, "\\")


def _read_dollar(text: str, at: int, before: str, is_whole: bool) -> Found | None:  # noqa: FBT001
    """Read a formula between `$`; behind a letter or a figure is a sum of money."""
    return Found(at + 1, "$") if before.isalnum() else read_formula(text, at, is_whole=is_whole)


def _read_hyphen(text: str, at: int, before: str, is_whole: bool) -> Found | None:  # noqa: FBT001
    """Join a word that is divided at a line's end: `exam-` and `ple`."""
    end = at + 1
    while end < len(text) and text[end] in "\r\n" and end < at + 3:
        end += 1
    if end == len(text) and not is_whole:
        return None
    is_divided = before.isalpha() and text[end - 1] == "\n" and text[end : end + 1].islower()
    return Found(end, "") if is_divided else Found(at + 1, "-")


def _read_return(text: str, at: int, _: str, is_whole: bool) -> Found | None:  # noqa: FBT001
    """Read a carriage return, which is nothing before a line feed."""
    if at + 1 == len(text) and not is_whole:
        return None
    return Found(at + 1, "" if text.startswith("\n", at + 1) else "\n")


_READERS = {
    "[": _read_bracket, "!": _read_bracket, "<": _read_angle, "&": _read_entity, "\\": _read_escape, "-": _read_hyphen,
    "$": _read_dollar, "\r": _read_return, ":": read_smiley, ";": read_smiley,
}  # fmt: skip
