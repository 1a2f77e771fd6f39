"""Chapters are cut out of blocks, by a table of contents, or by the headings where there is none."""

from collections.abc import Sequence
from typing import NamedTuple

from hailo_piper.jobs.books.book import Block, Chapter

_LONGEST_TITLE = 200
"""Characters; what is longer is a paragraph that was marked as a heading."""
_DEEPEST = 2
"""The deepest headings that begin chapters."""


class Page(NamedTuple):
    """A file of a book, and what stands in it."""

    name: str
    blocks: tuple[Block, ...]


class Entry(NamedTuple):
    """A line of a table of contents."""

    title: str
    page: str
    anchor: str
    """Empty: the page's beginning."""
    level: int


def by_contents(pages: Sequence[Page], entries: Sequence[Entry], front: str) -> tuple[Chapter, ...]:
    """Return a chapter for each entry that has text of its own. `front`: the title of what stands before the first.

    An entry whose place is not found begins at its page's beginning; one whose page is not there is left out.
    """
    starts: dict[tuple[int, int], Entry] = {}
    numbers = {page.name: number for number, page in enumerate(pages)}
    anchors = [
        {anchor: at for at, block in enumerate(page.blocks) for anchor in reversed(block.anchors)} for page in pages
    ]
    for entry in entries:
        number = numbers.get(entry.page)
        if number is not None:
            # Of two entries for one place the deeper one stays: the other is a part that begins there.
            starts[number, anchors[number].get(entry.anchor, 0)] = entry
    chapters: list[tuple[str, int, list[Block]]] = [(front, 1, [])]
    for number, page in enumerate(pages):
        for at, block in enumerate(page.blocks):
            found = starts.get((number, at))
            if found is not None:
                chapters.append((found.title, found.level, []))
            chapters[-1][2].append(block)
    return _with_text(chapters)


def by_headings(blocks: Sequence[Block], front: str) -> tuple[Chapter, ...]:
    """Return a chapter for each heading of the first two levels, or of the first that is there more than once.

    `front`: the title of what stands before. A lone heading of its level at the beginning is the book's title.
    """
    levels = [block.level for block in blocks if block.kind == "heading" and len(block.text) <= _LONGEST_TITLE]
    most = min((level for level in levels if levels.count(level) > 1), default=min(levels, default=1))
    deepest = max(_DEEPEST, most)
    chapters: list[tuple[str, int, list[Block]]] = [(front, 1, [])]
    for block in blocks:
        if block.kind == "heading" and block.level <= deepest and len(block.text) <= _LONGEST_TITLE:
            is_title = len(chapters) == 1 and not chapters[0][2] and levels.count(block.level) == 1
            if not is_title:
                chapters.append((block.text, 1 + (block.level > most), []))
        chapters[-1][2].append(block)
    return _with_text(chapters)


def _with_text(chapters: Sequence[tuple[str, int, list[Block]]]) -> tuple[Chapter, ...]:
    return tuple(
        Chapter(title, tuple(block for block in blocks if block.runs or block.kind == "break"), level)
        for title, level, blocks in chapters
        if any(block.runs for block in blocks)
    )
