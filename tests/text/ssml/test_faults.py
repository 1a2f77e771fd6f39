"""A document that is wrong is refused with the place and the cure; one that would cost too much, while it arrives."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hailo_piper.errors import InvalidRequestError
from hailo_piper.text.ssml.fault import SsmlError
from hailo_piper.text.ssml.reader import Ssml
from tests.text.ssml.rendering import heard, in_pieces, steps_of

LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))


def attributes(count: int) -> str:
    return " ".join(f"a{number}=''" for number in range(count))


def fault(document: str, **bounds: int) -> SsmlError:
    with pytest.raises(SsmlError) as caught:
        steps_of(Ssml(max_characters=bounds.get("max_characters", 150_000)), [document])
    assert isinstance(caught.value, InvalidRequestError)
    assert caught.value.param == "text"
    assert caught.value.code == "invalid_request"
    assert f"line {caught.value.line}, column {caught.value.column}:" in caught.value.message
    return caught.value


@pytest.mark.parametrize(
    ("document", "line", "column", "hint"),
    [
        ("<speak>AT&T is</speak>", 1, 10, "write &amp;"),
        ("AT&T is", 1, 3, "write &amp;"),
        ("Tom & Anna", 1, 5, "write &amp;"),
        ("Größe 😀 & so", 1, 9, "write &amp;"),
        ("a &", 1, 3, "write &amp;"),
        ("a &amp", 1, 3, "write &amp;"),
        ("a\n\nb &c d", 3, 3, "write &amp;"),
        ("a\r\nb\rc &c d", 3, 3, "write &amp;"),
        ("<speak><sub alias='R&D'>x</sub></speak>", 1, 21, "write &amp;"),
        ("&&amp;", 1, 1, "write &amp;"),
        ("a &nbsp; b", 1, 3, "write &#160;"),
        ("a &hellip; b", 1, 3, "write &#8230;"),
        ("a &nosuch; b", 1, 3, "write the character itself"),
        ("5 < 6", 1, 3, "write &lt;"),
        ("I <3 you", 1, 3, "write &lt;"),
        ("a <", 1, 3, "write &lt;"),
        ("<speak>\na <b and so on", 2, 3, "write &lt;"),
        ("<speak>a <!-- b", 1, 10, "does not end"),
        ("<speak><x y='a<b'/></speak>", 1, 15, "write &lt;"),
        ("<speak><p>a</speak>", 1, 12, "<p> is still open"),
        ("<p>a</b>", 1, 5, "<p> is still open"),
        ("<speak>\n<p>a", 2, 5, "<p> is still open"),
        ("<speak>", 1, 8, "<speak> is still open"),
        ("<speak>a</speak> b", 1, 18, "junk"),
        ("a</speak> b", 1, 11, "junk"),
        ("<speak>a]]>b</speak>", 1, 9, "write ]]&gt;"),
        ("<speak><!-- a -- b --></speak>", 1, 15, "no -- inside"),
        ("<x y='1' y='2'/>", 1, 10, "duplicate attribute"),
        ("<x y=1/>", 1, 6, "straight quotation marks"),
        ("<x y='1'\n z = ”1”/>", 2, 6, "straight quotation marks"),
        ("<x y='1'z='2'/>", 1, 1, "begins no tag"),
        ("<speak>\na <break time='61s'/>\nb</speak>", 2, 3, "60 s"),
        ("<p>a</p>\n <p>b</p><sub alias=\n'" + "c" * 2001 + "'/>", 2, 10, "2000 characters"),
        ("a" + "<p>" * 33, 1, 95, "32 deep"),
        ("a\x00b", 1, 2, "not well-formed"),
        ("a &#0; b", 1, 3, "invalid character number"),
        ("<?xml version='1.0'?>\nHello", 2, 1, "syntax error"),
        ("<!DOCTYPE speak>\n<speak>a</speak>", 1, 16, "leave <!DOCTYPE"),
    ],
)
def test_a_mistake_is_named_with_its_place(document: str, line: int, column: int, hint: str) -> None:
    error = fault(document)
    assert hint in error.message
    assert (error.line, error.column) == (line, column)


@settings(max_examples=100, deadline=None)
@given(
    text=st.text(st.sampled_from("aé😀 \n\r"), max_size=30),
    prefix=st.sampled_from(["", "<speak>", " \n<?xml version='1.0'?>\n<speak>"]),
    cuts=st.lists(st.integers(0, 60), max_size=5),
)
def test_lines_and_columns_count_as_in_an_editor(text: str, prefix: str, cuts: list[int]) -> None:
    before = f"{prefix}x{text}"
    lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    with pytest.raises(SsmlError) as caught:
        steps_of(Ssml(max_characters=1000), in_pieces(f"{before}& b", cuts))
    assert (caught.value.line, caught.value.column) == (len(lines), len(lines[-1]) + 1)


@pytest.mark.parametrize(
    "document",
    [
        f'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY l0 "lol">{LAUGHS}]><speak>&l9;</speak>',
        '<!DOCTYPE speak [<!ENTITY x SYSTEM "file:///etc/hostname">]><speak>&x;</speak>',
        '<!DOCTYPE speak [<!ENTITY % x SYSTEM "http://127.0.0.1/x.dtd"> %x;]><speak>a</speak>',
        '<!DOCTYPE speak SYSTEM "http://127.0.0.1/x.dtd"><speak>a</speak>',
        "<!DOCTYPE speak><speak>a</speak>",
        "<!DOCTYPE speak [" + '<!ENTITY a "b">' * 100_000,
        " \n<!DOCTYPE speak [<!ATTLIST p xml:lang CDATA 'de'>]><speak><p>a</p></speak>",
    ],
    ids=lambda document: document[:60],
)
@pytest.mark.parametrize("size", [1, 7, 10_000_000])
def test_a_document_type_is_refused_before_anything_in_it_is_read(document: str, size: int) -> None:
    with pytest.raises(SsmlError, match="document type is not allowed"):
        steps_of(Ssml(max_characters=10_000_000), (document[at : at + size] for at in range(0, 400, size)))


def test_an_entity_that_nobody_declared_is_refused() -> None:
    assert "XML does not know &l9;" in fault("<speak>&l9;</speak>").message


@pytest.mark.parametrize(
    ("document", "limit"),
    [
        ("<p>" * 33, "32 deep"),
        ("<speak>" + "<b/>" * 20_001 + "</speak>", "20000 elements"),
        (f"<b {attributes(33)}/>", "32 attributes"),
        (f"<sub alias='{'a' * 2001}'/>", "2000 characters"),
        (f"<sub alias='a'>{'a' * 2001}</sub>", "2000 characters"),
        (f"<say-as>{'a <b/>' * 1000}{'a' * 2000}</say-as>", "2000 characters"),
        (f"<b a='{'a' * 70_000}'/>", "65536 characters"),
        (f"<!-- {'a' * 70_000} -->", "65536 characters"),
        ("<break time='61s'/>", "60 s"),
        ("<break time='60001ms'/>", "60 s"),
        (f"<break time='{'9' * 1900}s'/>", "60 s"),
        ("<break time='60s'/>" * 11, "600 s together"),
        ("<mstts:silence type='Leading' value='61s'/>", "60 s"),
    ],
    ids=lambda value: value[:40],
)
def test_what_goes_over_a_bound_is_refused_with_the_bound(document: str, limit: str) -> None:
    assert limit in fault(document).message


@pytest.mark.parametrize(
    "document",
    [
        "<p>" * 31 + "a" + "</p>" * 31,
        "<speak>a" + "<b/>" * 19_999 + "</speak>",
        f"a<b {attributes(32)}/>",
        f"a<b x='{'a' * 2000}'/>",
        f"a<!-- {'b' * 65_000} -->",
        "a<break time='60s'/>" + "<break time='60s'/>" * 9,
    ],
    ids=lambda value: value[:40],
)
def test_what_keeps_to_the_bounds_is_read(document: str) -> None:
    assert heard(document).startswith("a")


def test_a_long_document_is_refused_by_its_characters() -> None:
    assert fault("<speak>abc</speak>", max_characters=17).message.endswith("the document has at most 17 characters")


@pytest.mark.parametrize("start", ["<speak><b a='", "<b a=", "<b ", "<b", "<!-- ", "<?x ", "&", "<!DOCTYPE s '"])
def test_what_never_ends_is_refused_while_it_arrives(start: str) -> None:
    read = 0

    def endless() -> Iterator[str]:
        nonlocal read
        yield start
        for _ in range(1 << 20):
            read += 1024
            yield "a" * 1024

    with pytest.raises(SsmlError, match="65536 characters"):
        steps_of(Ssml(max_characters=1 << 40), endless())
    assert read < 100_000


@pytest.mark.parametrize(
    ("start", "unit", "limit", "most"),
    [
        ("", "<p>", "32 deep", 200),
        ("", "<x/>", "20000 elements", 90_000),
        ("", "<break time='60s'/>", "600 s together", 1000),
        ("<b ", f"a='{'x' * 1900}' ", "65536 characters", 70_000),
        ("<sub alias='x'>", "<b/>text ", "2000 characters", 6000),
        ("", "<!-- a -->", "160000 characters", 161_000),
        ("<!DOCTYPE speak [", '<!ENTITY a "&b;&b;">', "document type", 200),
        ("<speak>", "&a;", "does not know &a;", 200),
    ],
)
def test_what_goes_on_for_ever_is_refused_after_so_many_characters(
    start: str, unit: str, limit: str, most: int
) -> None:
    read = 0

    def endless() -> Iterator[str]:
        nonlocal read
        yield start
        while True:
            read += len(unit)
            yield unit

    with pytest.raises(SsmlError) as caught:
        steps_of(Ssml(max_characters=160_000), endless())
    assert limit in caught.value.message
    assert read <= most


@pytest.mark.parametrize("prefix", ["amazon", "google", "mstts", "emo", "x", "_y"])
def test_a_prefix_needs_no_declaration(prefix: str) -> None:
    assert heard(f"<speak><{prefix}:effect {prefix}:name='a'>Hi</{prefix}:effect></speak>") == "Hi|"


@settings(max_examples=300, deadline=None)
@given(
    text=st.text(st.sampled_from("<>&;/!?[]-\"'= abp\n#x0é😀\x00\ud800") | st.characters(), max_size=60),
    cuts=st.lists(st.integers(0, 60), max_size=5),
)
def test_nothing_but_an_ssml_error_is_raised(text: str, cuts: list[int]) -> None:
    error: SsmlError | None = None
    try:
        steps_of(Ssml(max_characters=1000), in_pieces(text, cuts))
    except SsmlError as raised:
        error = raised
    assert error is None or 1 <= error.line <= text.count("\n") + text.count("\r") + 1
    assert error is None or error.column >= 1


def test_half_a_character_says_nothing() -> None:
    assert heard("a\ud800b") == "a\ufffdb|"


def test_a_document_that_may_be_very_long_may_have_more_elements() -> None:
    document = "<speak>a" + "<b/>" * 20_001 + "</speak>"
    assert steps_of(Ssml(max_characters=1_000_000), [document])
    assert "at most 20000 elements" in fault(document).message
