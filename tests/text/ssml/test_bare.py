"""In ordinary text, `<break>` and `<phoneme>` alone are meant; all else stands as it is, however the text is cut."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hailo_piper.text.markup import Markup, NoMarkup
from hailo_piper.text.reading import Reading
from hailo_piper.text.ssml.bare import Bare
from hailo_piper.text.ssml.fault import SsmlError
from tests.support.growth import grows_slowly
from tests.text.ssml.rendering import characters, in_pieces, rendered, steps_of


def tight(line: str) -> str:
    """The line without the blanks beside pauses and ends: those before an empty line may come after it."""
    return re.sub(r"\s*([|\[\]])\s*", r"\1", line).strip()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('Hello <break time="1.0s"/> world.', "Hello,|  [1]world."),
        ("Hello <break time='1s' /> world", "Hello,|  [1]world"),
        ("Hello.<break/>World", "Hello.|[0.5]World"),
        ("Hello, <break strength='strong'/>you", "Hello,| [1]you"),
        ("A <break time='0s'/>b", "A b"),
        ("<break time='1s'/>A", "|[1]A"),
        ("A<break time='1s'/>", "A|[1]"),
        ("A <break/><break time='1s'/> b", "A,|  [0.5][1]b"),
        ("Head\n<break/>\nnext", "Head|\n\n[0.5]next"),
        ("A <break/> (b)", "A|  [0.5](b)"),
        ('Eat <phoneme alphabet="ipa" ph="təˈmɑːtəʊ">tomato</phoneme>.', "Eat {phonemes=təˈmɑːtəʊ}tomato{}."),
        ("<phoneme alphabet='cmu-arpabet' ph='K AE1 T'>cat</phoneme>s", "{phonemes=kˈæt}cat{}s"),
        ("<phoneme alphabet='ipa' ph='a&amp;b'>x</phoneme>", "{phonemes=a&b}x"),
        ("<phoneme ph='kæt'/> x", "{phonemes=kæt}kæt{} x"),
        ("<phoneme alphabet='no' ph='k'>cat</phoneme>", "cat"),
        # All else stands.
        ("AT&T <b>x</b> a < b &amp; <speak>", "AT&T <b>x</b> a < b &amp; <speak>"),
        ("<breaker/> <break <break", "<breaker/> <break <break"),
        ("<break time=1s/> <phoneme ph='a'>x", "<break time=1s/> <phoneme ph='a'>x"),
        ("<phoneme ph='a'>x<b>y</b></phoneme>", "<phoneme ph='a'>x<b>y</b></phoneme>"),
        ("<break>", "<break>"),
        ("a\ufdd0b", "a\ufffdb"),
    ],
)
@pytest.mark.parametrize("size", [1, 5, 1000])
def test_two_tags_are_meant(text: str, line: str, size: int) -> None:
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert tight(rendered(Bare(NoMarkup()), pieces)) == tight(line)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("**Hello <break/> world** _x_", "Hello,| [0.5]world x"),
        ("A [link <break time='1s'/> text](http://x/y) b", "A link  text,|[1]b"),
        ("- One<break/>\n- **Two**", "- One|[0.5]\n- Two"),
        ("<b>A <phoneme ph='kæt'>cat</phoneme></b> &amp; b", "A {phonemes=kæt}cat{} & b"),
        ("<!-- <break/> --> x", "|[0.5]x"),
    ],
)
def test_markup_around_the_tags_is_taken_off(text: str, line: str) -> None:
    assert tight(rendered(Bare(Markup(Reading())), [text])) == tight(line)


PARTS = [
    "word", " ", "\n", "\n\n", ".", "é", "😀", "**", "[", "](u)", "<b>", "</b>", "&amp;", "<", ">", "- ", "```", "`",
    "<break/>", "<break time='1s' />", "<phoneme ph='kæt'>cat</phoneme>", "<phoneme ph='x'>", "<phoneme ph='kæt'/>",
    "<bre", "<phoneme alphabet=", "</phoneme>", "<!-- ", " -->", "<a href='x'>", "</a>",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    parts=st.lists(st.sampled_from(PARTS), max_size=25),
    cuts=st.lists(st.integers(0, 300), max_size=8),
    has_markup=st.booleans(),
)
def test_however_a_text_is_cut_the_same_is_read(parts: list[str], cuts: list[int], has_markup: bool) -> None:  # noqa: FBT001
    text = "".join(parts)

    def outcome(pieces: list[str]) -> tuple[object, ...]:
        reader = Bare(Markup(Reading()) if has_markup else NoMarkup())
        steps = steps_of(reader, pieces)
        assert sum(step.length for step in steps) == len(text)
        # Blanks may come before an empty line or after it.
        letters = [(character, start) for character, start, _ in characters(steps, text) if character.isalnum()]
        return letters, "".join(said for _, said in steps).split(), reader.events, reader.states

    assert outcome(in_pieces(text, cuts)) == outcome([text])
    assert outcome(list(text)) == outcome([text])


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("A\nb <break time='61s'/>", 2, 3),
        ("<break time='60s'/>" * 11, 1, 191),
        ("é😀<break time='999999s'/>", 1, 3),
    ],
)
def test_a_pause_that_is_too_long_is_refused(text: str, line: int, column: int) -> None:
    with pytest.raises(SsmlError, match="at most") as caught:
        Bare(NoMarkup()).push(text)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_an_open_tag_holds_back_little() -> None:
    reader = Bare(NoMarkup())
    assert reader.push("a <break time='") == "a"
    assert reader.push("1" * 3000) == " <break time='" + "1" * 3000


@pytest.mark.parametrize(
    "unit",
    [
        "<",
        "<break ",
        "<break time='0s'/>",
        "a <break time='1ms'/> ",
        "<phoneme ph='a'>",
        "<phoneme ph='a'>a</phoneme>",
        " ",
    ],
)
@pytest.mark.parametrize("size", [1, 10_000])
def test_the_cost_is_linear(unit: str, size: int) -> None:
    def read(text: str) -> None:
        reader = Bare(NoMarkup())
        for start in range(0, len(text), size):
            reader.push(text[start : start + size])
        reader.finish()

    assert grows_slowly(read, unit)
