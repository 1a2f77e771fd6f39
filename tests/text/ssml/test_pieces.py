"""However a document is cut, the same is read, and every letter that is said is found where it was written."""

from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hailo_piper.text.ssml.events import Event, State
from hailo_piper.text.ssml.fault import SsmlError
from hailo_piper.text.ssml.reader import Ssml
from tests.support.growth import grows_slowly
from tests.text.ssml.rendering import characters, in_pieces, steps_of

PARTS = [
    "word", "two  words", " ", "\n", "\r\n", "\r", ".", ", ", "...", "é", "e\u0301", "日本", "😀", "5", "\u2028",
    "]", "]]",
    "&amp;", "&#160;", "&#x1F600;", "<!-- a <b> - -->", "<?go on?>", "<![CDATA[a <b> ]] & c]]>",
    "<break/>", "<break strength='none'/>", "<break time='1s'/>", "<mark name=\"a>b\"/>", "<p>", "</p>", "<s>", "</s>",
    "<w>", "</w>", "<prosody rate='fast'>", "</prosody>", "<emphasis>", "</emphasis>", "<voice name='x'>", "</voice>",
    "<lang xml:lang='fr'>", "</lang>", "<sub alias='in place'>\n it is </sub>", "<sub alias='日本'/>",
    "<prosody duration='1s'>", "<prosody contour='(0%,+1st)'>", "<desc>no</desc>",
    "<phoneme ph='kæt'>cat</phoneme>", "<phoneme ph='kæt'/>", "<say-as interpret-as='x'>a b</say-as>", "<audio/>",
    "<", "&", "&nbsp;", ">", "<x y='1'z='2'>",
]  # fmt: skip
ENDS = {f"<{name}": f"</{name}>" for name in ("p", "s", "w", "prosody", "emphasis", "voice", "lang")}

Outcome = tuple[list[tuple[str, int, int]], list[tuple[int, Event]], list[tuple[int, State]], str]


def outcome(document: str, cuts: list[int]) -> Outcome:
    """What is read: characters with their places, events, states, and the error, if there is one."""
    reader = Ssml(max_characters=10_000)
    try:
        steps = steps_of(reader, in_pieces(document, cuts))
    except SsmlError as error:
        return [], [], [], str(error)
    assert sum(step.length for step in steps) == len(document)
    # A run of blanks may be read in parts; nobody asks for its place.
    said = [(character, *(place if character.strip() else (0, 0))) for character, *place in characters(steps, document)]
    return said, reader.events, reader.states, ""


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Documents, most of them with their elements closed."""
    parts = draw(st.lists(st.sampled_from(PARTS), max_size=30))
    if draw(st.integers(0, 4)):
        parts, open_ones = [part for part in parts if part not in {"<", "&", "&nbsp;", "<x y='1'z='2'>"}], list[str]()
        closed = list[str]()
        for part in parts:
            if part.startswith("</"):
                closed.append(open_ones.pop() if open_ones else "")
                continue
            closed.append(part)
            end = ENDS.get(part.split()[0].rstrip(">") if part.strip() else "")
            open_ones += [end] if end and part[-2:] != "/>" and "</" not in part else []
        parts = [*closed, *reversed(open_ones)]
    text = "".join(parts)
    return draw(st.sampled_from(["{}", "<speak>{}</speak>", " <?xml version='1.0'?>\n<speak>{}</speak>\n"])).replace(
        "{}", text
    )


@settings(max_examples=400, deadline=None)
@given(document=documents(), cuts=st.lists(st.integers(0, 400), max_size=8))
@example(document="a]] >b\r\nc", cuts=[1, 2, 3, 7, 8])
@example(document="<speak>a\r\r\n<!-- - --></speak>", cuts=list(range(40)))
def test_however_a_document_is_cut_the_same_is_read(document: str, cuts: list[int]) -> None:
    whole = outcome(document, [])
    assert outcome(document, cuts) == whole
    assert outcome(document, list(range(len(document)))) == whole


@settings(max_examples=200, deadline=None)
@given(document=documents())
def test_a_letter_is_found_where_it_was_written(document: str) -> None:
    said, events, states, _ = outcome(document, [])
    at = 0
    for character, start, end in (one for one in said if one[0].strip()):
        assert 0 <= at <= start <= end <= len(document)
        at = start
        if character.isalnum() and end - start == 1 and character.isascii():
            # An alias is longer than its content, so it has the whole content as its place.
            assert document[start] == character or document[start:end] not in {"i", "t", "s"}
    for places in ([place for place, _ in events], [place for place, _ in states]):
        assert places == sorted(places)
        assert all(0 <= place <= len(document) for place in places)
    assert len({place for place, _ in states}) == len(states)


@pytest.mark.parametrize(
    ("document", "word", "written"),
    [
        ("<speak>Hi <b>there</b></speak>", "there", "there"),
        ("<speak><sub alias='World'>W</sub> x</speak>", "World", "W"),
        ("<speak><sub alias='World'>  WW \n</sub> x</speak>", "World", "WW"),
        ("<speak><sub alias='World'/> x</speak>", "World", "<sub alias='World'/>"),
        ("<speak>caf&#233; x</speak>", "é", "&#233;"),
        ("<speak>日本 <phoneme ph='a'>語</phoneme></speak>", "語", "語"),
        ("<speak>😀 <s>x</s></speak>", "x", "x"),
        ("\ufeff <?xml version='1.0'?> <speak>x</speak>", "x", "x"),
        ("a <![CDATA[<x>]]>", "x", "x"),
    ],
)
def test_a_word_has_the_place_of_what_stands_for_it(document: str, word: str, written: str) -> None:
    said = characters(steps_of(Ssml(max_characters=1000), [document]), document)
    at = "".join(character for character, _, _ in said).index(word)
    assert document[said[at][1] : said[at + len(word) - 1][2]] == written


def test_what_is_said_does_not_wait_for_the_end() -> None:
    reader = Ssml(max_characters=1000)
    assert reader.push("<speak><s>Hel") == "Hel"
    assert reader.push("lo.</s") == "lo"
    assert reader.push(">") == ".\n\n "
    assert reader.push("<s>You <break time='1") == "You"
    assert reader.push("s'/> there") == ",\n\n there"
    assert reader.push(" now.</s></speak>") == " now.\n\n "
    assert reader.finish() == ""


@pytest.mark.parametrize(
    "unit",
    [
        "a ", "a", ". ", ".", "&amp;", "<b/>", "<p>a</p>", "<break strength='none'/>", ".<break strength='none'/>",
        "<!-- a -->", "<?a?>", "<![CDATA[a]]>", "\r\n", "a<w>b</w>", "]", "é", "<x y='1'/> .",
        " <emphasis>.</emphasis>",
    ],
)  # fmt: skip
@pytest.mark.parametrize("size", [1, 10_000])
@pytest.mark.parametrize("opening", ["<speak>", "<speak><x y='", "<speak><!-- ", "<speak><?x ", "<speak>&"])
def test_the_cost_is_linear(unit: str, size: int, opening: str) -> None:
    def read(text: str) -> None:
        reader, document = Ssml(max_characters=10_000_000), opening + text
        # The text may end, or the opening go on, as no document does.
        with suppress(SsmlError):
            for start in range(0, len(document), size):
                reader.push(document[start : start + size])
            reader.finish()

    assert grows_slowly(read, unit)
