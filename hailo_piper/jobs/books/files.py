"""A book's file is read by what its name says: EPUB, HTML, Markdown or plain text."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from hailo_piper.jobs.books.blocks import blocks_of
from hailo_piper.jobs.books.book import Block, Book, BookError, Run
from hailo_piper.jobs.books.chapters import by_headings
from hailo_piper.jobs.books.epub import read_epub
from hailo_piper.jobs.books.events import Tag, decoded, events
from hailo_piper.text.lazy_pattern import lazily

_MOST_BYTES = 64_000_000
_CHAPTER = lazily(
    r"(?:chapter|part|book|volume|section|act|scene|kapitel|teil|buch|chapitre|partie|livre|cap[ií]tulo|parte|libro|livro"
    r"|capitolo|hoofdstuk|deel|rozdzia[lł]|cz[eę][sś][cć])\s+(?:\d{1,4}|[ivxlcdm]{1,9}|\w{1,20})\b.{0,100}+"
    r"|(?:prologue|epilogue|preface|introduction|foreword|afterword|prolog|epilog|vorwort|nachwort|einleitung"
    r"|pr[oó]logo|ep[ií]logo|prologue|[eé]pilogue|pr[eé]face)\W{0,3}",
    2,
)
"""A line by itself that begins a chapter in plain text; 2 is re.IGNORECASE."""
_SCENE = lazily(r"[\s*#~·•⁂_=–—.-]*+")


def read_book(path: Path) -> Book:
    """Return the book in a file. Raises BookError for what cannot be read, and OSError."""
    read = READERS.get(path.suffix.lower())
    if read is None:
        raise BookError(f"{path.name}: the name tells no kind of book; allowed: {', '.join(READERS)}")
    if read is not read_epub and path.stat().st_size > _MOST_BYTES:
        raise BookError(f"{path.name} is longer than {_MOST_BYTES} bytes")
    book = read(path)
    if not book.chapters:
        raise BookError(f"{path.name} has no text")
    return book


def _read_text(path: Path) -> Book:
    blocks: list[Block] = []
    for lines in _paragraphs(decoded(path.read_bytes())):
        text = " ".join(line.strip() for line in lines)
        if len(lines) == 1 and _CHAPTER.fullmatch(text):
            blocks.append(Block("heading", (Run(text, None),), 1))
        elif _SCENE.fullmatch(text):
            blocks.append(Block("break"))
        else:
            blocks.append(Block("paragraph", (Run(text, None),)))
    return Book(title=path.stem, chapters=by_headings(blocks, path.stem))


def _paragraphs(text: str) -> Iterator[list[str]]:
    """Yield the lines of each paragraph; blank lines are between them."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.strip():
            lines.append(line)
        elif lines:
            yield lines
            lines = []
    if lines:
        yield lines


def _read_markdown(path: Path) -> Book:
    from markdown_it import MarkdownIt

    # Lists in lists cost the parser a level of Python's stack each, so it has a bound of its own.
    page = MarkdownIt("commonmark", {"maxNesting": 50}).enable("table").render(decoded(path.read_bytes()))
    return _of_page(page.encode(), path)


def _read_html(path: Path) -> Book:
    return _of_page(path.read_bytes(), path)


def _of_page(content: bytes, path: Path) -> Book:
    is_xml = path.suffix.lower() == ".xhtml"
    blocks = blocks_of(events(content, is_xml=is_xml))
    headings = [block.text for block in blocks if block.kind == "heading" and block.level == 1]
    said = _said(content, is_xml=is_xml)
    title = said.get("title") or (headings[0] if len(headings) == 1 else path.stem)
    authors = (said["author"],) if said.get("author") else ()
    return Book(title=title, authors=authors, language=said.get("lang"), chapters=by_headings(blocks, title))


def _said(content: bytes, *, is_xml: bool) -> Mapping[str, str]:
    """Return what a page says of itself, before its body: `title`, `author` and `lang`."""
    said, is_title = dict[str, str](), False
    for event in events(content, is_xml=is_xml):
        if isinstance(event, str):
            said["title"] = said.get("title", "") + event if is_title else said.get("title", "")
        elif event.name == "title":
            is_title = not event.is_end
        elif event.name == "body":
            break
        else:
            said |= _of_tag(event)
    return {name: " ".join(value.split()) for name, value in said.items()}


def _of_tag(tag: Tag) -> dict[str, str]:
    given = tag.attributes
    language = given.get("lang") or given.get("xml:lang")
    if tag.name == "html" and language:
        return {"lang": language}
    if tag.name == "meta" and given.get("name", "").lower() == "author":
        return {"author": given.get("content", "")}
    return {}


READERS: Mapping[str, Callable[[Path], Book]] = {
    ".epub": read_epub,
    ".txt": _read_text,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".html": _read_html,
    ".htm": _read_html,
    ".xhtml": _read_html,
}
"""What reads a file, by the end of its name."""
