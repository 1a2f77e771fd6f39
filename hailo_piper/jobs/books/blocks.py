"""A page becomes blocks: headings, paragraphs and breaks between scenes, without what nobody reads aloud.

Said are the texts of images, the rows of tables (cell by cell) and notes where they stand. Not said are the numbers
that refer to notes, page numbers, readings over ideographs (`rt`), scripts, styles and what is hidden.
"""

from collections.abc import Iterable, Mapping

from hailo_piper.jobs.books.book import Block, Run
from hailo_piper.jobs.books.events import Event, Tag
from hailo_piper.text.lazy_pattern import lazily

_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "header", "li", "main", "nav", "ol", "p", "pre", "section", "summary",
    "table", "tbody", "tfoot", "thead", "tr", "ul",
}  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SILENT = {"head", "script", "style", "template", "rt", "rp", "title", "object", "audio", "video", "svg", "noscript"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_CELLS = {"td", "th"}
_NOTE_REFERENCES = {"noteref", "doc-noteref", "pagebreak", "doc-pagebreak", "doc-backlink"}
_SCENE = lazily(r"(?:[\s*#~·•⁂❦❧†‡_=–—-]|\.(?=\s*\.))*+\.?\s*+")
"""A paragraph without a letter or a digit, of signs that part scenes."""
_BLANKS = lazily(r"[\s\u00ad\u200b\ufeff]++")
_ENDS = ".!?:;,…。！？"
_DIGITS = lazily(r"\s*[\[(]?\s*(?:\d{1,4}|[*†‡§]|[a-z]|[ivxl]{1,6})\s*[\])]?\s*")


class _Page:
    """A page that is being read. `open` holds the elements that end something, not all of them."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._runs: list[Run] = []
        self._anchors: list[str] = []
        self._level = 0
        self._open: list[tuple[str, str | None, bool]] = []
        """Name, language and silence of each element that is open."""
        self._names: dict[str, int] = {}
        """How many of each name are open, so that an end without a beginning costs no search."""
        self._silent = 0
        self._link: list[Run] | None = None
        """The text of a link in a raised place, which may be a number of a note."""
        self._raised = 0

    def start(self, tag: Tag) -> None:
        name, attributes = tag.name, tag.attributes
        if self._silent == 0:
            self._before(name, attributes)
        if name in _VOID:
            return
        is_silent = name in _SILENT or "hidden" in attributes or bool(_kinds(attributes) & _NOTE_REFERENCES)
        language = attributes.get("xml:lang") or attributes.get("lang") or (self._open[-1][1] if self._open else None)
        self._open.append((name, language, is_silent))
        self._names[name] = self._names.get(name, 0) + 1
        self._silent += is_silent
        self._raised += name == "sup"

    def end(self, name: str) -> None:
        if not self._names.get(name):
            return
        while True:
            last, _, is_silent = self._open.pop()
            self._names[last] -= 1
            self._silent -= is_silent
            self._raised -= last == "sup"
            if last == "a" and self._link is not None:
                self._end_link()
            if last == name:
                break
        if self._silent:
            return
        if name in _CELLS:
            self._end_cell()
        elif name in _BLOCKS or name in _HEADINGS:
            self.end_block()

    def text(self, text: str) -> None:
        if self._silent or not text:
            return
        run = Run(text, self._open[-1][1] if self._open else None)
        (self._runs if self._link is None else self._link).append(run)

    def end_block(self) -> None:
        """End the paragraph or heading that is being read, if it says anything."""
        self._end_link()
        runs = _tidy(self._runs)
        text = "".join(run.text for run in runs)
        self._runs = []
        level, self._level = self._level, 0
        if not text:
            return
        anchors, self._anchors = tuple(self._anchors), []
        if _SCENE.fullmatch(text):
            self.blocks.append(Block("break", anchors=anchors))
        elif any(map(str.isalnum, text)):
            self.blocks.append(Block("heading" if level else "paragraph", runs, level, anchors))

    def finish(self) -> tuple[Block, ...]:
        self.end_block()
        if self._anchors:
            self.blocks.append(Block("paragraph", anchors=tuple(self._anchors)))
        return tuple(self.blocks)

    def _before(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in _BLOCKS or name in _HEADINGS:
            self.end_block()
            self._level = _HEADINGS.get(name, self._level)
        elif name == "hr":
            self.end_block()
            self.blocks.append(Block("break"))
        elif name == "br":
            is_open = self._level and "".join(run.text for run in self._runs[-4:]).rstrip()[-1:].isalnum()
            self.text(". " if is_open else " ")
        elif name == "img" and attributes.get("alt", "").strip():
            self.text(f" {attributes['alt']} ")
        elif name == "a" and self._raised and self._link is None:
            self._link = []
        for place in (attributes.get("id"), attributes.get("name") if name == "a" else None):
            if place:
                self._anchors.append(place)

    def _end_cell(self) -> None:
        said = "".join(run.text for run in self._runs[-8:]).rstrip()
        if said and said[-1] not in _ENDS:
            self.text(", ")

    def _end_link(self) -> None:
        """Say the text of a raised link, unless it is the number of a note."""
        link, self._link = self._link, None
        if link and not _DIGITS.fullmatch("".join(run.text for run in link)):
            self._runs += link


def blocks_of(page: Iterable[Event]) -> tuple[Block, ...]:
    """Return the blocks of a page, in order."""
    read = _Page()
    for event in page:
        if isinstance(event, str):
            read.text(event)
        elif event.is_end:
            read.end(event.name)
        else:
            read.start(event)
    return read.finish()


def _kinds(attributes: Mapping[str, str]) -> set[str]:
    return {*attributes.get("epub:type", "").split(), *attributes.get("role", "").split()}


def _tidy(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Return the runs with single blanks between words and none around; neighbours of one language are one."""
    joined: list[tuple[list[str], str | None]] = []
    blank = True
    for run in runs:
        text = _BLANKS.sub(_blank, run.text)
        text = text.lstrip(" ") if blank else text
        if not text:
            continue
        blank = text.endswith(" ")
        if joined and joined[-1][1] == run.language:
            joined[-1][0].append(text)
        else:
            joined.append(([text], run.language))
    tidy = [Run("".join(parts), language) for parts, language in joined]
    if tidy:
        text = tidy[-1].text.rstrip().removesuffix(",")
        tidy[-1] = Run(text, tidy[-1].language)
    return tuple(run for run in tidy if run.text)


def _blank(match: "object") -> str:
    found = str(match[0])  # type: ignore[index]
    return " " if found.strip("\u00ad\u200b\ufeff") else ""
