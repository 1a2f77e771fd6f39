import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hailo_piper.errors import AbandonedError, InvalidRequestError, NotReadyError, SpeechError, TextTooLongError
from hailo_piper.text.reading import Reading
from hailo_piper.text.sentence import Sentence
from hailo_piper.text.splitter import Splitter, split
from hailo_piper.text.ssml.fault import SsmlError
from hailo_piper.text.stream import TextStream

PARTS = (
    "Dr", "No", "U.S", "J", "p.m", "The", "hello", "Word", "3", "14", "1.", "2) ", "a)", "- ", "* ", "–", ".", "...",
    "…", "!", "?", "؟", "।", "。", "”", '"', "(", "[", "[[", "]", "¿", ",", " ", "  ", "\n", "\n\n", "\r", "\r\n", "\t",
    "\x00", "\x85", "\u2028", "\u3000", "\u200b", "e", "\u0301", "가", "\u1100", "\u1161", "\u11a8", "\u0bc6", "\u0bbe",
    "你",
)  # fmt: skip


def pieces(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def spoken(text: str, size: int) -> list[Sentence]:
    splitter = Splitter()
    found = [sentence for piece in pieces(text, size) for sentence in splitter.push(piece)]
    return [*found, *splitter.finish()]


def whole(text: str) -> list[Sentence]:
    try:
        return list(split(text))
    except InvalidRequestError:
        return []


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.lists(st.sampled_from(PARTS), max_size=40).map("".join) | st.text(max_size=60))
def test_the_sentences_are_the_same_however_the_text_is_cut(text: str) -> None:
    for size in (1, 2, 3, 7):
        assert spoken(text, size) == whole(text)


@pytest.mark.parametrize(
    ("text", "following"),
    [
        ("One is here. ", "Tw"),
        ("Is it? ", "Ye"),
        ("He said no! ", '"Wh'),
        ("It was 3.14. ", "Ye"),
        ("We met Dr. Smith. ", "He"),
        ("He lives in the U.S. ", "She d"),
        ("A heading\n\n", "T"),
        ("A heading\u2028", "T"),
        ("你好。", "再见"),
        ("هل انت هنا؟ ", "ن"),
        ("Buy:\n", "- m"),
    ],
)
def test_a_sentence_is_released_as_soon_as_it_has_certainly_ended(text: str, following: str) -> None:
    splitter = Splitter()
    assert [sentence for character in text for sentence in splitter.push(character)] == []
    released = [[sentence.text for sentence in splitter.push(character)] for character in following]
    assert released == [[]] * (len(following) - 1) + [[text.strip()]]


@pytest.mark.parametrize(
    "text", ["It was 3.", "We met Dr. S", "He lives in the U.S. She", "Wait. (", "你好。", "A line\n1"]
)
def test_what_may_still_go_on_is_not_released(text: str) -> None:
    splitter = Splitter()
    assert [sentence for character in text for sentence in splitter.push(character)] == []


def stream(*, max_text_length: int = 100, patience_seconds: float = 60) -> TextStream:
    return TextStream(max_text_length=max_text_length, patience_seconds=patience_seconds)


def test_a_text_is_taken_as_it_comes() -> None:
    text = stream()
    text.push("One. Two")
    assert text.is_ready
    assert [sentence.text for sentence in text.take()] == ["One."]
    assert not text.is_ready
    text.push(" two. ")
    text.finish()
    text.finish()
    assert [sentence.text for sentence in text.take()] == ["Two two."]
    assert text.take() == ()


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_characters_count_as_those_of_the_trimmed_whole(size: int) -> None:
    text, written = stream(), "  \n One. \n Two.  \n"
    for piece in pieces(written, size):
        text.push(piece)
    assert text.characters == len(written.strip())


def failure(text: TextStream) -> SpeechError:
    with pytest.raises(SpeechError) as raised:
        text.take()
    return raised.value


def test_a_text_that_becomes_too_long_is_refused_and_not_kept() -> None:
    text = stream(max_text_length=10)
    text.push("One. Two. Three. ")
    assert isinstance(failure(text), TextTooLongError)
    before = text.characters
    text.push("x" * 1000)
    assert text.characters == before


@pytest.mark.parametrize("written", ["", " \n ", "...", "\u200b"])
def test_a_text_with_nothing_to_say_is_refused(written: str) -> None:
    text = stream()
    text.push(written)
    text.finish()
    assert failure(text).code == "invalid_request"


def test_a_text_that_stops_coming_is_refused() -> None:
    text = stream(patience_seconds=0.01)
    text.push("One and no")
    assert "No more text" in failure(text).message


def test_who_waits_for_text_is_told_that_nobody_listens() -> None:
    text, raised = stream(), list[SpeechError]()
    thread = threading.Thread(target=lambda: raised.append(failure(text)))
    thread.start()
    text.abandon()
    thread.join(10)
    assert isinstance(raised[0], AbandonedError)


def test_a_text_that_is_cut_short_is_spoken_as_far_as_it_came() -> None:
    stream = TextStream(max_text_length=100, patience_seconds=60)
    stream.push("One is here. And then")
    stream.cut_short(NotReadyError("draining"))
    stream.push(" more.")
    stream.finish()
    assert [sentence.text for sentence in stream.take()] == ["One is here.", "And then"]
    with pytest.raises(NotReadyError):
        stream.take()


def test_a_text_that_has_ended_cannot_be_cut_short() -> None:
    stream = TextStream(max_text_length=100, patience_seconds=60)
    stream.push("One")
    stream.finish()
    stream.cut_short(NotReadyError("draining"))
    assert [sentence.text for sentence in stream.take()] == ["One"]
    assert stream.take() == ()


def test_a_mistake_that_comes_after_the_last_sentence_was_taken_is_still_raised() -> None:
    stream = TextStream(max_text_length=100, patience_seconds=60, reading=Reading("en", "ssml"))
    stream.push("<s>One is here.</s><s>")
    assert [sentence.text for sentence in stream.take()] == ["One is here."]
    stream.push("</p>")
    stream.finish()
    assert not stream.is_spent
    with pytest.raises(SsmlError):
        stream.take()


def flushed(text: str, cuts: set[int], **options: bool) -> TextStream:
    """A text that is flushed at these places, and has ended."""
    stream = TextStream(max_text_length=1000, patience_seconds=1, reading=Reading(markup="none"), **options)
    for at, character in enumerate(text):
        if at in cuts:
            stream.flush()
        stream.push(character)
    stream.finish()
    return stream


@pytest.mark.parametrize("markup", ["auto", "none"])
@pytest.mark.parametrize("text", ["Good morning", "I met Dr.", "1. ", "One is here. Two", "# Heading", "a **bold"])
def test_a_flush_releases_all_that_came(text: str, markup: str) -> None:
    stream = TextStream(max_text_length=1000, patience_seconds=1, reading=Reading("en_US", markup))
    stream.push(text)
    stream.flush()
    came = "".join(sentence.text for sentence in stream.take())
    assert [one for one in came if one.isalnum()] == [one for one in text if one.isalnum()]
    stream.push(" and more")
    stream.finish()
    assert [sentence.text for sentence in stream.take()] == ["and more"]


@pytest.mark.parametrize("text", ["", " ", "...", "\n\n"])
def test_a_flush_of_nothing_says_nothing(text: str) -> None:
    stream = TextStream(max_text_length=1000, patience_seconds=1)
    stream.push(text)
    stream.flush()
    assert not stream.is_ready
    stream.push("Word")
    stream.finish()
    assert [sentence.text for sentence in stream.take()] == ["Word"]


def test_a_flush_between_sentences_changes_nothing() -> None:
    text = "One is here. Two is there.\n\nThree."
    for cut in (13, 28):
        assert flushed(text, {cut}).take() == split(text)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    text=st.text("ab1 .\n-é\u0301", min_size=1, max_size=40).filter(lambda text: any(map(str.isalnum, text))),
    cuts=st.sets(st.integers(0, 40), max_size=4),
)
def test_the_places_of_a_flushed_text_are_right(text: str, cuts: set[int]) -> None:
    stream = flushed(text, cuts, keeps_places=True)
    for sentence in stream.take():
        located = stream.locate(sentence)
        for character, place in zip(sentence.text, located.places, strict=True):
            if character in "ab1":
                assert place is not None
                assert text[place.start] == character


def test_a_text_is_taken_again_until_it_is_forgotten() -> None:
    stream = TextStream(max_text_length=100, patience_seconds=0, reading=Reading("en"), keeps_places=True)
    stream.push("One is here. Two is here. ")
    first = stream.take()
    located = [stream.locate(sentence) for sentence in first]
    stream.rewind()
    stream.push("Three.")
    stream.finish()
    again = stream.take()
    assert again[: len(first)] == first
    assert again[-1].text == "Three."
    assert [stream.locate(sentence) for sentence in again][: len(first)] == located
    stream.forget()
    with pytest.raises(ValueError, match="not kept"):
        stream.rewind()
