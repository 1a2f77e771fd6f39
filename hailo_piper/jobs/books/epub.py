"""An EPUB names its pages in order, and has a table of contents, from which its chapters come.

Sources: EPUB 3.3, https://www.w3.org/TR/epub-33/; the NCX of EPUB 2. ebooklib was not taken: it reads all files at once
with lxml, and is under the AGPL; what is needed of a package are four elements.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from hailo_piper.jobs.books.archive import Archive, resolved
from hailo_piper.jobs.books.blocks import blocks_of
from hailo_piper.jobs.books.book import Block, Book, BookError
from hailo_piper.jobs.books.chapters import Entry, Page, by_contents, by_headings
from hailo_piper.jobs.books.events import Event, Tag, events

_CONTAINER = "META-INF/container.xml"
_PAGES = {"application/xhtml+xml", "text/html", "application/x-dtbook+xml"}
_COVERS = {"image/jpeg", "image/png"}
_FRONT = "Front matter"


class _Item(NamedTuple):
    name: str
    kind: str
    properties: frozenset[str]


class _Package:
    """The package document: what files there are, and what the book is called."""

    def __init__(self, content: bytes, place: str) -> None:
        self.items: dict[str, _Item] = {}
        self.spine: list[str] = []
        self.contents: str | None = None
        """The id of the NCX."""
        self.cover: str | None = None
        self.said: dict[str, list[str]] = {"title": [], "creator": [], "language": []}
        inside: str | None = None
        for event in events(content, is_xml=True):
            if isinstance(event, str):
                if inside is not None:
                    self.said[inside][-1] += event
            elif event.is_end:
                inside = None
            elif event.name in self.said:
                inside = event.name
                self.said[inside].append("")
            else:
                self._note(event, place)

    def _note(self, tag: Tag, place: str) -> None:
        given = tag.attributes
        if tag.name == "item" and given.get("id") and given.get("href"):
            name, _ = resolved(given["href"], place)
            properties = frozenset(given.get("properties", "").split())
            self.items[given["id"]] = _Item(name, given.get("media-type", ""), properties)
        elif tag.name == "itemref":
            self.spine.append(given.get("idref", ""))
        elif tag.name == "spine":
            self.contents = given.get("toc")
        elif tag.name == "meta" and given.get("name") == "cover":
            self.cover = given.get("content")

    def texts(self, name: str) -> list[str]:
        """Return what the book says of itself: `title`, `creator`, `language`."""
        return [text for said in self.said[name] if (text := " ".join(said.split()))]

    def with_property(self, wanted: str) -> _Item | None:
        return next((item for item in self.items.values() if wanted in item.properties), None)


def read_epub(path: Path) -> Book:
    """Return the book in an EPUB. Raises BookError, and OSError where the file cannot be read."""
    with closing(Archive(path)) as archive:
        if archive.has("META-INF/encryption.xml") and b"EncryptedData" in archive.read("META-INF/encryption.xml"):
            _refuse_locked(archive, path)
        place = _package_of(archive, path)
        package = _Package(archive.read(place), place)
        contents = package.with_property("nav")
        entries = _entries(archive, package, contents)
        pages = list(_pages(archive, package, skipped=contents))
        title = (package.texts("title") or [path.stem])[0]
        if entries:
            chapters = by_contents(pages, entries, _FRONT)
        else:
            blocks: list[Block] = [block for page in pages for block in page.blocks]
            chapters = by_headings(blocks, title)
        if not chapters:
            raise BookError(f"{path.name} has no text: its pages may be images")
        return Book(
            title=title,
            authors=tuple(package.texts("creator")),
            language=next(iter(package.texts("language")), None),
            cover=_cover(archive, package),
            chapters=chapters,
        )


def _refuse_locked(archive: Archive, path: Path) -> None:
    """Raise BookError where more than fonts is encrypted."""
    for event in events(archive.read("META-INF/encryption.xml"), is_xml=True):
        if isinstance(event, Tag) and event.name == "encryptionmethod" and not event.is_end:
            kind = event.attributes.get("Algorithm", event.attributes.get("algorithm", ""))
            if "font" not in kind.lower() and "obfuscation" not in kind.lower():
                raise BookError(f"{path.name} is locked (DRM), so nobody else's program can read it")


def _package_of(archive: Archive, path: Path) -> str:
    for event in events(archive.read(_CONTAINER), is_xml=True):
        if isinstance(event, Tag) and event.name == "rootfile" and event.attributes.get("full-path"):
            return event.attributes["full-path"]
    raise BookError(f"{path.name} is no EPUB: {_CONTAINER} names no package")


def _pages(archive: Archive, package: _Package, skipped: _Item | None) -> Iterator[Page]:
    """Yield the pages in reading order, each once, without the table of contents."""
    seen = {skipped.name} if skipped is not None else set[str]()
    for identifier in package.spine:
        item = package.items.get(identifier)
        if item is not None and item.kind in _PAGES and item.name not in seen:
            seen.add(item.name)
            yield Page(item.name, blocks_of(events(archive.read(item.name), is_xml=True)))


def _cover(archive: Archive, package: _Package) -> bytes | None:
    item = package.with_property("cover-image") or package.items.get(package.cover or "")
    is_there = item is not None and item.kind in _COVERS and archive.has(item.name)
    return archive.read(item.name) if item is not None and is_there else None


def _entries(archive: Archive, package: _Package, nav: _Item | None) -> Sequence[Entry]:
    """Return the table of contents: that of EPUB 3, else that of EPUB 2, else none."""
    readings: list[tuple[_Item | None, Callable[[Iterator[Event], str], Iterator[Entry]]]] = [
        (nav, _of_nav),
        (package.items.get(package.contents or ""), _of_ncx),
    ]
    for item, reading in readings:
        if item is not None and archive.has(item.name):
            found = list(reading(events(archive.read(item.name), is_xml=True), item.name))
            if found:
                return found
    return ()


def _of_nav(page: Iterator[Event], place: str) -> Iterator[Entry]:
    """Yield the links of the first `<nav epub:type="toc">`, whose lists lie in each other."""
    depth, href, title = 0, "", ""
    for event in _inside_nav(page):
        if isinstance(event, str):
            title += event
        elif event.name in ("ol", "ul"):
            depth += -1 if event.is_end else 1
        elif event.name == "a" and not event.is_end:
            href, title = event.attributes.get("href", ""), ""
        elif event.name == "a" and href:
            yield Entry(" ".join(title.split()), *resolved(href, place), max(1, depth))
            href = ""


def _inside_nav(page: Iterator[Event]) -> Iterator[Event]:
    is_inside = False
    for event in page:
        if isinstance(event, Tag) and event.name == "nav":
            if is_inside and event.is_end:
                return
            is_inside = not event.is_end and "toc" in event.attributes.get("epub:type", "toc").split()
        elif is_inside:
            yield event


def _of_ncx(page: Iterator[Event], place: str) -> Iterator[Entry]:
    """Yield the points of `<navMap>`, which lie in each other; a point's label comes before its place."""
    depth, title, is_label, is_map = 0, "", False, False
    for event in page:
        if isinstance(event, str):
            title += event if is_label else ""
        elif event.name == "navmap":
            is_map = not event.is_end
        elif event.name == "navpoint":
            depth += -1 if event.is_end else 1
        elif event.name == "navlabel":
            is_label = not event.is_end
            title = "" if is_label else title
        elif event.name == "content" and is_map and not event.is_end and event.attributes.get("src"):
            yield Entry(" ".join(title.split()), *resolved(event.attributes["src"], place), max(1, depth))
