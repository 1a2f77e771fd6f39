"""A spoken book becomes an EPUB 3 whose sentences light up as they sound.

It has the text that is said, chapter by chapter, and not the pages of the book that it was read from. Equal books and
sounds make equal bytes. Sources: EPUB 3.3, https://www.w3.org/TR/epub-33/
"""

import uuid
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from hailo_piper.audio.ffmpeg.audiobook import KINDS, write_audiobook
from hailo_piper.jobs.books.book import Book
from hailo_piper.jobs.books.chapter_text import valid
from hailo_piper.jobs.books.outputs import Encoding
from hailo_piper.jobs.books.overlay import ACTIVE_CLASS, Clip, follow, smil
from hailo_piper.jobs.books.workplace import SpokenChapter
from hailo_piper.jobs.output_files import writing

SOUNDS = {"m4b": ("m4a", "audio/mp4"), "mp3": ("mp3", "audio/mpeg")}
"""The ending and the content type of a chapter's sound, by the kind of audiobook that it is."""
_TIME = (1980, 1, 1, 0, 0, 0)
_MODIFIED = "2000-01-01T00:00:00Z"
"""Dates that do not tell one run from another one."""
_NAMESPACE = "http://www.idpf.org/2007/opf"
_CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>
<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>
"""
_STYLE = f""".{ACTIVE_CLASS} {{ background: #ffe9a8; color: #000; }}
body {{ line-height: 1.5; }}
"""
_COVERS = {b"\xff\xd8": ("cover.jpg", "image/jpeg"), b"\x89P": ("cover.png", "image/png")}


class _Made(NamedTuple):
    """A chapter that is in the archive."""

    title: str
    level: int
    page: str
    sound: str
    overlay: str | None
    """None where nothing of it can be followed."""
    seconds: float


def write_epub(path: Path, book: Book, texts: Sequence[str], spoken: Sequence[SpokenChapter], form: Encoding) -> None:
    """Write the book. `texts`: each chapter's SSML; `form.kind`: of `SOUNDS`. Raises OutputError, SynthesisError."""
    part_path, sound_path = (path.with_name(f".{path.name}{suffix}") for suffix in (".part", ".sound"))
    language = valid(book.language or "en")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with zipfile.ZipFile(part_path, "w") as file:
                archive = _Archive(file)
                archive.add("mimetype", "application/epub+zip", is_stored=True)
                archive.add("META-INF/container.xml", _CONTAINER)
                made = list[_Made]()
                for number, (text, one) in enumerate(zip(texts, spoken, strict=True), 1):
                    _write_sound(sound_path, one, form)
                    made.append(_add_chapter(archive, book, number, text, one, form, language))
                    archive.add_file(f"EPUB/{made[-1].sound}", sound_path)
                _add_package(archive, book, made, form, language)
            part_path.replace(path)
        finally:
            sound_path.unlink(missing_ok=True)
            part_path.unlink(missing_ok=True)


class _Archive:
    """A zip file whose bytes depend on what is in it alone."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file

    def add(self, name: str, content: str | bytes, *, is_stored: bool = False) -> None:
        """Add a file."""
        entry = zipfile.ZipInfo(name, _TIME)
        entry.compress_type = zipfile.ZIP_STORED if is_stored else zipfile.ZIP_DEFLATED
        self._file.writestr(entry, content)

    def add_file(self, name: str, path: Path) -> None:
        """Add a file from the disk, piece by piece, as it is: sound does not become smaller."""
        entry = zipfile.ZipInfo(name, _TIME)
        entry.file_size = path.stat().st_size
        with path.open("rb") as source, self._file.open(entry, "w") as target:
            while piece := source.read(1 << 20):
                target.write(piece)


def _write_sound(path: Path, spoken: SpokenChapter, form: Encoding) -> None:
    write_audiobook(
        path,
        KINDS[form.kind],
        spoken.pieces(),
        sample_rate=form.sample_rate,
        kbps=form.kbps,
        marks=[],
        tags={},
        cover=None,
    )


def _add_chapter(  # noqa: PLR0913, PLR0917 - each is a part of the chapter
    archive: _Archive, book: Book, number: int, text: str, spoken: SpokenChapter, form: Encoding, language: str
) -> _Made:
    chapter, seconds = book.chapters[number - 1], spoken.num_samples / form.sample_rate
    name = f"chapter-{number:03}"
    followed = follow(chapter, text, spoken.words, seconds=seconds, language=language)
    sound = f"{name}.{SOUNDS[form.kind][0]}"
    title = valid(chapter.title or book.title)
    archive.add(f"EPUB/{name}.xhtml", _page(title, followed.body, language))
    if followed.clips:
        archive.add(f"EPUB/{name}.smil", smil(f"{name}.xhtml", sound, followed.clips))
    overlay = f"{name}.smil" if followed.clips else None
    return _Made(title, chapter.level, f"{name}.xhtml", sound, overlay, _length(followed.clips))


def _length(clips: Sequence[Clip]) -> float:
    return clips[-1].end - clips[0].start if clips else 0.0


def _page(title: str, body: str, language: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops" xml:lang="{_attribute(language)}" lang="{_attribute(language)}">'
        f'<head><title>{escape(title)}</title><link rel="stylesheet" href="style.css"/></head>\n'
        f"<body>{body}</body></html>\n"
    )


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})


def _add_package(archive: _Archive, book: Book, made: Sequence[_Made], form: Encoding, language: str) -> None:
    """Add what names all others: the package, the table of contents, style and cover."""
    archive.add("EPUB/style.css", _STYLE)
    archive.add(
        "EPUB/nav.xhtml", _page("Contents", f'<nav epub:type="toc"><h1>Contents</h1>{_list(made)}</nav>', language)
    )
    items = ['<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>',
             '<item id="style" href="style.css" media-type="text/css"/>']  # fmt: skip
    cover = _COVERS.get((book.cover or b"")[:2])
    if cover is not None and book.cover is not None:
        archive.add(f"EPUB/{cover[0]}", book.cover, is_stored=True)
        items.append(f'<item id="cover" href="{cover[0]}" media-type="{cover[1]}" properties="cover-image"/>')
    for number, one in enumerate(made, 1):
        overlay = f' media-overlay="o{number}"' if one.overlay else ""
        items.append(f'<item id="c{number}" href="{one.page}" media-type="application/xhtml+xml"{overlay}/>')
        items.append(f'<item id="a{number}" href="{one.sound}" media-type="{SOUNDS[form.kind][1]}"/>')
        if one.overlay:
            items.append(f'<item id="o{number}" href="{one.overlay}" media-type="application/smil+xml"/>')
    spine = "".join(f'<itemref idref="c{number}"/>' for number in range(1, len(made) + 1))
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<package xmlns="{_NAMESPACE}" version="3.0" unique-identifier="id" xml:lang="{_attribute(language)}">',
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">',
        *_metadata(book, made, language),
        "</metadata>",
        f"<manifest>{''.join(items)}</manifest>",
        f"<spine>{spine}</spine>",
        "</package>",
    ]
    archive.add("EPUB/package.opf", "\n".join(parts))


def _metadata(book: Book, made: Sequence[_Made], language: str) -> list[str]:
    authors = list(map(valid, book.authors))
    said = "\n".join([valid(book.title), *authors, *(f"{one.title} {one.seconds:.3f}" for one in made)])
    durations = [
        f'<meta property="media:duration" refines="#o{number}">{one.seconds:.3f}s</meta>'
        for number, one in enumerate(made, 1)
        if one.overlay
    ]
    return [
        f'<dc:identifier id="id">urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, said)}</dc:identifier>',
        f"<dc:title>{escape(valid(book.title))}</dc:title>",
        *(f"<dc:creator>{escape(author)}</dc:creator>" for author in authors),
        f"<dc:language>{escape(language)}</dc:language>",
        f'<meta property="dcterms:modified">{_MODIFIED}</meta>',
        *durations,
        f'<meta property="media:duration">{sum(round(one.seconds, 3) for one in made):.3f}s</meta>',
        f'<meta property="media:active-class">{ACTIVE_CLASS}</meta>',
    ]


def _list(made: Sequence[_Made]) -> str:
    """Return the table of contents, with at most one list in each entry, whatever levels follow each other."""
    shown, levels = "", list[int]()
    for one in made:
        while len(levels) > 1 and levels[-2] >= one.level:
            levels.pop()
            shown += "</li></ol>"
        if levels and levels[-1] >= one.level:
            levels[-1] = one.level
            shown += "</li>"
        else:
            levels.append(one.level)
            shown += "<ol>"
        shown += f'<li><a href="{one.page}">{escape(one.title)}</a>'
    return shown + "</li></ol>" * len(levels)
