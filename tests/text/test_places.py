"""Each letter of a sentence is found again in the text that was sent, whatever markup stood around it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hailo_piper.text.places import Located
from hailo_piper.text.reading import Reading
from hailo_piper.text.stream import TextStream, whole


def located(text: str, reading: Reading) -> list[Located]:
    stream = whole(text, reading, max_text_length=10_000, keeps_places=True)
    return [stream.locate(sentence) for sentence in stream.take()]


def found(text: str) -> list[str]:
    """What stands in the text for each word of its sentences."""
    words = []
    for sentence, places, sent in located(text, Reading("en_US")):
        at = 0
        for word in sentence.split():
            at = sentence.index(word, at)
            own = [place for place in places[at : at + len(word)] if place is not None]
            words.append(sent[own[0].start : own[-1].end] if own else "")
            at += len(word)
    return words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello there.", ["Hello", "there"]),
        ("**Bold** wor**ld**, [a link](http://b/link).", ["Bold", "wor**ld", "a", "link"]),
        ("# Head\n\n- one\n2. two", ["Head", "one", "2", "two"]),
        ("<b class='the'>the</b> end &amp; 5", ["the", "end", "&", "5"]),
        ("exam-\nple (aside here) word", ["exam-\nple", "(aside", "here)", "word"]),
        ("![alt](alt.png) | no", ["alt", "|", "no"]),
        ("| a | b |\n|---|---|\n| c | d |\n", ["a", "b", "c", "d"]),
        ("cafe\u0301 ﬃ ① Ⅳ x\u200by", ["cafe\u0301", "ﬃ", "①", "Ⅳ", "x\u200by"]),
        ("한국어 日本語です。", ["한국어", "日本語です。"]),
        ("a\r\nb\u00a0c", ["a", "b", "c"]),
    ],
)
def test_a_word_is_found_where_it_was_written(text: str, words: list[str]) -> None:
    assert [word.rstrip(".,") for word in found(text)] == words


PIECES = [
    "word", "two words", " ", "\n", "\n\n", "**", "`", "[", "](u)", "<b>", "</b>", "&amp;", "# ", "- ", "1. ", ". ",
    "| ", "é", "e\u0301", "ﬁ", "日本", "…", "\u200b", "5", "$3", "😀", "\\(", "x^2", "\\)", "---", "-\n",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(parts=st.lists(st.sampled_from(PIECES), min_size=1, max_size=25), markup=st.sampled_from(["auto", "none"]))
def test_letters_are_those_of_the_text_and_in_order(parts: list[str], markup: str) -> None:
    text = "Begin " + "".join(parts)
    at = 0
    for sentence, places, sent in located(text, Reading("en_US", markup)):
        assert sent == text
        for character, place in zip(sentence, places, strict=True):
            if place is None:
                assert not character.isalnum()
                continue
            assert 0 <= place.start < place.end <= len(text)
            if character.isalnum() and place.end - place.start == 1 and character.isascii():
                assert text[place.start] == character or not text[place.start].isascii()
                assert place.start >= at
                at = place.start


@settings(max_examples=150, deadline=None)
@given(parts=st.lists(st.sampled_from(PIECES), min_size=1, max_size=25), cuts=st.lists(st.integers(0, 200), max_size=6))
def test_pieces_have_the_places_of_the_whole(parts: list[str], cuts: list[int]) -> None:
    text, reading = "Begin " + "".join(parts), Reading("en_US")
    stream = TextStream(max_text_length=10_000, patience_seconds=10, reading=reading, keeps_places=True)
    bounds = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    told = []
    for start, end in zip(bounds, [*bounds[1:], len(text)], strict=True):
        stream.push(text[start:end])
        if stream.is_ready:
            told += [stream.locate(sentence).places for sentence in stream.take()]
    stream.finish()
    told += [stream.locate(sentence).places for sentence in stream.take()]
    assert told == [one.places for one in located(text, reading)]


def test_a_stream_that_keeps_no_places_says_so() -> None:
    stream = whole("Hello.", Reading(), max_text_length=10)
    with pytest.raises(ValueError, match="keeps no places"):
        stream.locate(stream.take()[0])
    with pytest.raises(ValueError, match="keeps no places"):
        _ = stream.sent
