"""The beginning of a line shows its kind: a heading, a quote, a table row, a rule, a code block."""

import re
from collections.abc import Callable
from typing import NamedTuple

from hailo_piper.text.lazy_pattern import lazily

FENCE_END = lazily(r"[ \t]*(?:`{3,}|~{3,})[ \t\r]*")
_QUOTE = lazily(r"[ \t]{0,12}(?:>[ \t]{0,4}){0,8}")
_HEADING = lazily(r"#{1,6}(?=[ \t\r\n]|\Z)[ \t]*")
_FENCE = lazily(r"(`{3,}|~{3,})[^`\n]{0,200}")
_RULE = lazily(r"(?:\*[ \t]*){3,200}|(?:-[ \t]*){2,200}|(?:_[ \t]*){3,200}|(?:=[ \t]*){2,200}")
_RUN_BEFORE_TEXT = lazily(r"={2,200}[ \t]*")
_BULLET = lazily(r"[-*+][ \t]+(?:\[[ xX]\][ \t]+)?")
_LONGEST_ROW = 2000
_LONGEST_HEADING = 20


class LineStart(NamedTuple):
    """The beginning of a line."""

    end: int
    """The index after it."""
    said: str = ""
    """What is handed on in its place."""
    line_end: str = "\n"
    """What ends the line: an empty line where a pause belongs."""
    fence: str = ""
    """The marks that will close a code block which begins here."""
    is_dropped: bool = False
    """Whether the whole line, with its end, says nothing."""


class _Rest(NamedTuple):
    """The line from its first mark on, as far as it is here."""

    text: str
    begin: int
    after: int
    """The index after the line and its end."""
    is_open: bool
    """Whether more of the line may come."""


def read_start(text: str, at: int, *, is_whole: bool) -> LineStart | None:
    """Return the beginning of the line at an index; None where more text must come before it is decided."""
    quote = _QUOTE.match(text, at)
    begin = quote.end() if quote else at
    if begin == len(text) and not is_whole:
        return None
    reader = _READERS.get(text[begin : begin + 1])
    if reader is None:
        return LineStart(begin)
    end = text.find("\n", begin)
    line = text[begin:] if end < 0 else text[begin:end]
    return reader(_Rest(line, begin, len(text) if end < 0 else end + 1, is_open=end < 0 and not is_whole))


def _read_row(rest: _Rest) -> LineStart | None:
    """Read a table row as its cells with commas; the line under a table's head says nothing."""
    if rest.is_open and len(rest.text) < _LONGEST_ROW:
        return None
    cells = [cell.strip() for cell in rest.text.strip("| \t\r").split("|")]
    is_ruling = all(cell.strip(":-") == "" for cell in cells)
    said = "" if is_ruling else ", ".join(filter(None, map(_plain, cells))) + "\n\n"
    return LineStart(rest.after, said, is_dropped=True)


def _plain(cell: str) -> str:
    return re.sub(r"[*`~]+|\[([^\[\]]{0,300})\]\([^()]{0,500}\)", lambda match: match[1] or "", cell)


def _read_heading(rest: _Rest) -> LineStart | None:
    heading = _HEADING.match(rest.text)
    if rest.is_open and len(rest.text) <= _LONGEST_HEADING and rest.text.strip("# \t") == "":
        return None
    return LineStart(rest.begin + heading.end(), line_end="\n\n") if heading else LineStart(rest.begin)


def _read_fence(rest: _Rest) -> LineStart | None:
    fence = _FENCE.match(rest.text)
    if fence is None:
        is_undecided = rest.is_open and len(rest.text) < 3 and len(set(rest.text)) == 1
        return None if is_undecided else LineStart(rest.begin)
    if fence.end() == len(rest.text):
        return None if rest.is_open else LineStart(rest.after, "\n\n", fence=fence[1])
    return LineStart(rest.begin)


def _read_rule(rest: _Rest) -> LineStart | None:
    """Read a rule, which says nothing, or a list mark, which the splitter knows as `- `."""
    rule = _RULE.match(rest.text)
    if rule and rule.end() == len(rest.text.rstrip("\r")):
        return None if rest.is_open else LineStart(rest.after, "\n\n", is_dropped=True)
    if rest.is_open and len(rest.text) < 4 and len(set(rest.text)) == 1:
        return None
    if run := _RUN_BEFORE_TEXT.match(rest.text):
        return LineStart(rest.begin + run.end(), line_end="\n\n")
    if bullet := _BULLET.match(rest.text):
        is_box = rest.is_open and bullet.end() + 4 > len(rest.text) and "[" in rest.text
        return (
            None
            if rest.is_open and (bullet.end() == len(rest.text) or is_box)
            else LineStart(rest.begin + bullet.end(), "- ")
        )
    return LineStart(rest.begin)


_READERS: dict[str, Callable[[_Rest], LineStart | None]] = {
    "|": _read_row, "#": _read_heading, "`": _read_fence, "~": _read_fence,
    "*": _read_rule, "-": _read_rule, "_": _read_rule, "=": _read_rule, "+": _read_rule,
}  # fmt: skip
