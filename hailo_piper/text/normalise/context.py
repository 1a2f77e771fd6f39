"""Context decides how a match is spoken: the words around it, the end of the sentence."""

import re
from collections.abc import Mapping
from typing import TypeVar

_T = TypeVar("_T")


def ended(match: re.Match[str], spoken: str) -> str:
    """Return what is spoken, with the full stop of its last word if that ends the sentence: the voice falls there."""
    is_last = match[0].endswith(".") and not match.string[match.end() :].strip("\"'”’»“) ")
    return f"{spoken}." if is_last else spoken


def before(match: re.Match[str]) -> str:
    """Return the word before a match, in lower case."""
    words = match.string[max(0, match.start() - 30) : match.start()].split()
    return words[-1].lower().lstrip("\"'„“‘«»([") if words else ""


def after(match: re.Match[str]) -> str:
    """Return the word after a match, as it was written."""
    words = match.string[match.end() : match.end() + 30].split()
    return words[0] if words else ""


def entry(table: Mapping[str, _T], written: str) -> _T:
    """Return the entry of a table, whatever blanks its name was written with: `c.à s.` is `c. à s.`."""
    bare = "".join(written.split())
    return next(value for name, value in table.items() if "".join(name.split()) == bare)
