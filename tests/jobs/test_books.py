"""Books of each kind of file: title, people, chapters, and what is wrong with one that cannot be read."""

from pathlib import Path

import pytest

from hailo_piper.jobs.books.book import BookError
from hailo_piper.jobs.books.files import read_book
from tests.support.sample_book import LEVELS, PAGES, TITLES, jpeg, page, write_epub

NCX = """<?xml version="1.0"?><!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://www.daisy.org/z.dtd">
<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><docTitle><text>Not this</text></docTitle><navMap>
<navPoint><navLabel><text>One &amp; all</text></navLabel><content src="text/one.xhtml"/>
<navPoint><navLabel><text>Map</text></navLabel><content src="text/two.xhtml#two"/></navPoint></navPoint></navMap>
</ncx>"""


def test_an_epub_has_its_own_chapters(tmp_path: Path) -> None:
    book = read_book(write_epub(tmp_path / "book.epub"))
    assert (book.title, book.authors, book.language) == ("The Green Boat", ("Ada Writer", "Ben Other"), "en-GB")
    assert book.cover == jpeg()
    assert [chapter.title for chapter in book.chapters] == TITLES
    assert [chapter.level for chapter in book.chapters] == LEVELS
    assert [block.text or block.kind for block in book.chapters[2].blocks] == [
        "The Boat",
        "Anna had a small boat. It was green & old.",
        "Her uncle said: Bonjour, ma petite. He came from Brittany.",
        "break",
        "In the evening the wind turned.",
        "A boat of three metres.",
    ]
    assert [block.text or block.kind for block in book.chapters[3].blocks] == [
        "The Map",
        "A map of the bay.",
        "The bay in spring.",
        "Place, Depth",
        "Harbour, four metres",
        "break",
    ]


def test_an_epub_without_contents_has_chapters_by_its_headings(tmp_path: Path) -> None:
    book = read_book(write_epub(tmp_path / "book.epub", has_contents=False))
    assert [chapter.title for chapter in book.chapters] == [
        "The Green Boat", "Part One. The Harbour", "The Boat", "The Map", "Part Two", "The Storm",
    ]  # fmt: skip


def test_the_contents_of_epub_2_are_read(tmp_path: Path) -> None:
    package = """<package><metadata><title>T</title></metadata><manifest>
        <item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
        <item id="a" href="text/one.xhtml" media-type="application/xhtml+xml"/>
        <item id="b" href="text/two%2Exhtml" media-type="application/xhtml+xml"/>
        </manifest><spine toc="ncx"><itemref idref="a"/><itemref idref="b"/><itemref idref="lost"/></spine></package>"""
    path = write_epub(tmp_path / "book.epub", changed={"OEBPS/book.opf": package, "OEBPS/toc.ncx": NCX})
    assert [(found.title, found.level) for found in read_book(path).chapters] == [("One & all", 1), ("Map", 2)]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"META-INF/container.xml": "<container/>"}, "names no package"),
        ({"META-INF/encryption.xml": '<x><EncryptedData/><EncryptionMethod Algorithm="aes256"/></x>'}, "locked"),
        ({f"OEBPS/{name}": page("<p/>") for name in PAGES}, "no text"),
    ],
)
def test_an_epub_that_cannot_be_read_says_why(tmp_path: Path, changed: dict[str, str], words: str) -> None:
    with pytest.raises(BookError, match=words):
        read_book(write_epub(tmp_path / "book.epub", changed=changed))


def test_fonts_may_be_obfuscated(tmp_path: Path) -> None:
    fonts = '<x><EncryptedData/><EncryptionMethod Algorithm="http://www.idpf.org/2008/embedding"/></x>'
    obfuscated = fonts.replace("2008/embedding", "2008/embedding#font-obfuscation")
    path = write_epub(tmp_path / "book.epub", changed={"META-INF/encryption.xml": obfuscated})
    assert len(read_book(path).chapters) == len(TITLES)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"text"])
def test_a_file_that_is_no_archive_says_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "book.epub").write_bytes(content)
    with pytest.raises(BookError, match="no EPUB"):
        read_book(tmp_path / "book.epub")


def test_a_damaged_archive_says_so(tmp_path: Path) -> None:
    path = write_epub(tmp_path / "book.epub")
    content = bytearray(path.read_bytes())
    at = content.index(b"OEBPS/text/one.xhtml") + 40
    content[at : at + 20] = bytes(20)
    path.write_bytes(content)
    with pytest.raises(BookError, match="damaged"):
        read_book(path)


def test_a_file_larger_than_a_book_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hailo_piper.jobs.books.archive._MOST_IN_ALL", 2000)
    with pytest.raises(BookError, match="larger than a book"):
        read_book(write_epub(tmp_path / "book.epub"))


def test_plain_text_has_chapters_by_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "boat.txt"
    path.write_text("For all.\n\nCHAPTER I. The Boat\n\nAnna had\na boat.\n\n* * *\n\nLater.\n\nChapter Two\n\nEnd.\n")
    book = read_book(path)
    assert [chapter.title for chapter in book.chapters] == ["boat", "CHAPTER I. The Boat", "Chapter Two"]
    said = [block.text or block.kind for block in book.chapters[1].blocks]
    assert said == ["CHAPTER I. The Boat", "Anna had a boat.", "break", "Later."]


def test_markdown_has_chapters_by_its_headings(tmp_path: Path) -> None:
    path = tmp_path / "boat.md"
    table = "| A | B |\n|---|---|\n| c | d |\n"
    path.write_text(f"# The Boat\n\nHello *you*.\n\n## One\n\n- a\n- b\n\n---\n\n## Two\n\n{table}")
    book = read_book(path)
    assert book.title == "The Boat"
    assert [chapter.title for chapter in book.chapters] == ["The Boat", "One", "Two"]
    assert [block.text for block in book.chapters[2].blocks] == ["Two", "A, B", "c, d"]


def test_html_says_title_author_and_language(tmp_path: Path) -> None:
    path = tmp_path / "boat.html"
    path.write_text(
        '<html lang="de"><head><title>Das\n Boot</title><meta name="author" content="Ada"></head>'
        "<body><h1>Eins</h1><p>Ja.<h1>Zwei</h1><p>Nein."
    )
    book = read_book(path)
    assert (book.title, book.authors, book.language) == ("Das Boot", ("Ada",), "de")
    assert [chapter.title for chapter in book.chapters] == ["Eins", "Zwei"]


@pytest.mark.parametrize(("name", "words"), [("a.pdf", "allowed: .epub"), ("a.txt", "no text")])
def test_what_is_no_book_says_so(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / name).write_text("\n\n* * *\n")
    with pytest.raises(BookError, match=words):
        read_book(tmp_path / name)
