"""Pages of books: what is said of them, in which language, and where the pauses are."""

import pytest

from hailo_piper.jobs.books.blocks import blocks_of
from hailo_piper.jobs.books.book import Block, Chapter, Run
from hailo_piper.jobs.books.chapter_text import ssml_of
from hailo_piper.jobs.books.chapters import Entry, Page, by_contents, by_headings
from hailo_piper.jobs.books.events import events
from tests.support.growth import grows_slowly

XML = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="x"><head><title/></head><body>{}</body></html>'


def texts(markup: str, *, is_xml: bool = True) -> list[str]:
    page = XML.format(markup) if is_xml else markup
    return [block.text or block.kind for block in blocks_of(events(page.encode(), is_xml=is_xml))]


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        ("<p>One.</p><p> Two\n three. </p>", ["One.", "Two three."]),
        ("<div>One<p>Two</p>three</div>", ["One", "Two", "three"]),
        ("<p>a&nbsp;b &eacute; &amp; &lt;</p>", ["a b é & <"]),
        ("<p>so\u00adft, a\u200bb</p>", ["soft, ab"]),
        ("<h1>Part One<br/>The Sea</h1><p>a<br/>b</p>", ["Part One. The Sea", "a b"]),
        ("<p>It<sup><a href='#n'>12</a></sup> is m<sup>2</sup>.</p>", ["It is m2."]),
        ("<p>It<a epub:type='noteref' href='#n'>[1]</a> is.</p>", ["It is."]),
        ("<p>See <a href='#n'>12</a>.</p>", ["See 12."]),
        ("<p>a<span epub:type='pagebreak'>7</span>b</p>", ["ab"]),
        ("<p>One.</p><p>* * *</p><p>Two.</p><hr/><p>Three.</p>", ["One.", "break", "Two.", "break", "Three."]),
        ("<p>⁂</p><p>. . .</p><p>—</p>", ["break"] * 3),
        ("<p>&#160;</p><p/>", []),
        ("<table><tr><th>A</th><th>B.</th></tr><tr><td>c</td><td>d</td></tr></table>", ["A, B.", "c, d"]),
        ("<figure><img src='x' alt='A map.'/><figcaption>Bay.</figcaption></figure>", ["A map.", "Bay."]),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", ["a", "b", "c"]),
        ("<p>x</p><script src='y'/><style/><p hidden='hidden'>no</p><p>z</p>", ["x", "z"]),
        ("<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>字</p>", ["漢字"]),
        ("<svg><text>no</text></svg><p>yes</p>", ["yes"]),
    ],
)
def test_a_page_says_what_a_reader_would(markup: str, said: list[str]) -> None:
    assert texts(markup) == said


@pytest.mark.parametrize(
    "markup",
    [
        "<p>One <b>two<p>Three &nbsp; four",
        "<title/><script src=x /><p>One two</p><p>Three &nbsp; four</p>",
        "<p>One two</p></div></p><p title=a=b>Three &bogus &nbsp; four</p>",
    ],
)
def test_a_page_that_is_no_xml_loses_nothing(markup: str) -> None:
    said = " ".join(texts(markup, is_xml=False))
    assert "One two" in said
    assert "Three" in said
    assert said.endswith("four")


def test_xml_with_entities_of_its_own_is_read_as_html() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;">]><html><body><p>So &b; it is.</p></body></html>'
    (block,) = blocks_of(events(bomb.encode(), is_xml=True))
    assert "aaaaaaaa" not in block.text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<p>é</p>".encode("utf-16"), "é"),
        (b'<?xml version="1.0" encoding="iso-8859-1"?><p>\xe9</p>', "é"),
        (b'<?xml version="1.0" encoding="none-such"?><p>\xc3\xa9</p>', "é"),
        (b"<p>\x93\xe9\x94</p>", "“é”"),
    ],
)
def test_a_page_in_another_encoding_is_read(content: bytes, said: str) -> None:
    assert [block.text for block in blocks_of(events(content, is_xml=True))] == [said]


def test_a_run_has_its_language() -> None:
    page = XML.format("<p xml:lang='en'>He said <i lang='fr'>bon<b>jour</b></i>.</p>")
    (block,) = blocks_of(events(page.encode(), is_xml=True))
    assert block.runs == (Run("He said ", "en"), Run("bonjour", "fr"), Run(".", "en"))
    said = ssml_of(Chapter("x", (block,)), "en-GB")
    assert said == '<speak><p>He said <lang xml:lang="fr">bonjour</lang>.</p></speak>'


def test_headings_and_scenes_make_pauses() -> None:
    plain = Block("paragraph", (Run("a < b\0", None),))
    chapter = Chapter("x", (Block("break"), Block("heading", (Run("One", None),), 1), plain, Block("break"), plain))
    paragraph = "<p>a &lt; b </p>"
    said = ["<speak><p>One</p>", '<break time="1.2s"/>', paragraph, '<break time="1.8s"/>', f"{paragraph}</speak>"]
    assert ssml_of(chapter, None).split("\n\n") == said


def heading(text: str, level: int, *anchors: str) -> Block:
    return Block("heading", (Run(text, None),), level, anchors)


TEXT = Block("paragraph", (Run("Text.", None),))


def test_chapters_follow_the_headings() -> None:
    blocks = [heading("Title", 1), TEXT, heading("One", 2), TEXT, heading("Deep", 3), TEXT, heading("Two", 2), TEXT]
    assert [(found.title, found.level, len(found.blocks)) for found in by_headings(blocks, "Front")] == [
        ("Front", 1, 2),
        ("One", 1, 4),
        ("Two", 1, 2),
    ]


def test_a_text_without_headings_is_one_chapter() -> None:
    assert [found.title for found in by_headings([TEXT, TEXT], "Front")] == ["Front"]


def test_chapters_follow_the_contents_wherever_they_lead() -> None:
    pages = [Page("a", (TEXT, heading("One", 1, "one"), TEXT)), Page("b", (heading("Two", 1), TEXT))]
    entries = [
        Entry("One", "a", "one", 1),
        Entry("Lost", "missing", "", 1),
        Entry("Two", "b", "nowhere", 2),
    ]
    found = by_contents(pages, entries, "Front")
    assert [(chapter.title, chapter.level, len(chapter.blocks)) for chapter in found] == [
        ("Front", 1, 1),
        ("One", 1, 2),
        ("Two", 2, 2),
    ]


PIECES = ("<p>", "<b>", "<i lang='fr'>", "</p>", "<a", "<p>x", "&nbsp;", "<table><tr><td>x", "<sup><a>1", "<!--", "* ")


@pytest.mark.parametrize("piece", PIECES)
def test_a_page_costs_no_more_than_its_length(piece: str) -> None:
    assert grows_slowly(lambda page: blocks_of(events(page.encode(), is_xml=True)), piece)
