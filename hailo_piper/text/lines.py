"""Lines show list items by their marks, and headings by being short."""

from hailo_piper.text.lazy_pattern import lazily

_BULLETS = "-*•‣◦–—●○■□▪▫►▶◆◇·∙⁃→"
LIST_ITEM = lazily(
    rf"\s*(?:[{_BULLETS}]\s+|\((?P<inner>\d{{1,2}}|[a-h])\)\s+|(?P<number>\d{{1,3}}(?=[.)])|[A-Za-z](?=\)))[.)]\s+"
    r"|(?P<roman>[IVX]{2,6})\.\s+|(?P<letter>[a-e])\.\s+(?=[A-ZÀ-ÖØ-Þ])(?!.\.))"
)
PERHAPS_ITEM = lazily(
    rf"\s*(?:[{_BULLETS}]|\((?:\d{{1,2}}|[a-h])?\)?|\d{{1,3}}[.)]?|[A-Za-z]\)?|[IVX]{{2,6}}\.?|[a-e]\.(?:\s+[^\W\d_]?)?)?"
)
"""The beginnings of a line that may still become a list marker."""
_FIRST_OR_ORDINAL = lazily(r"\s*1\.\s+")
_SECTION = lazily(r"\s*\d{1,2}\.\d")
_LONGEST_HELD = 300
_LONGEST_HEADING = 45
"""Characters: prose is wrapped at more."""


def may_be_first(line: str) -> bool:
    """Return whether only the next line shows what "1. " is, where it may be an ordinal: "1. FC Köln", or an item."""
    return len(line) < _LONGEST_HELD and _FIRST_OR_ORDINAL.match(line) is not None


def begins_anew(line: str) -> bool:
    """Return whether a line begins as one that does not go on with the line before, if that was a heading."""
    return line.lstrip()[:1].isupper() or _SECTION.match(line) is not None


def after_mark(line: str) -> str:
    """Return a line without the mark of its list item."""
    item = LIST_ITEM.match(line)
    return line[item.end() :] if item else line


class LineEnd:
    """The end of the line that is being read, as far as it shows whether the line is a heading."""

    def __init__(self) -> None:
        self._characters = 0
        self._tail = ""

    def add(self, text: str) -> None:
        """Add text of the line."""
        self._characters += len(text)
        self._tail = (self._tail + text)[-_LONGEST_HEADING:]

    def is_heading(self, starters: frozenset[str]) -> bool:
        """Return whether the line stands for itself, if the next one begins with a capital; forget the line.

        `starters`: words that no line of its own ends with, such as articles.
        """
        words, characters = self._tail.split(), self._characters
        self._characters, self._tail = 0, ""
        if not words or characters > _LONGEST_HEADING:
            return False
        return (words[-1][-1].isalnum() or words[-1][-1] in ")]:\"”’'!?") and words[-1].lower() not in starters
