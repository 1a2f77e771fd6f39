import random

import pytest

from hailo_piper.errors import InvalidRequestError
from hailo_piper.text.clean import clean, is_speakable
from hailo_piper.text.splitter import Splitter, split
from tests.support.growth import PATTERNS, grows_slowly


def sentences(text: str) -> list[str]:
    return [sentence.text for sentence in split(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Dr. Smith met Mrs. Jones. They talked.", ["Dr. Smith met Mrs. Jones.", "They talked."]),
        ("J. R. R. Tolkien wrote. He smoked.", ["J. R. R. Tolkien wrote.", "He smoked."]),
        ("Fruit, e.g. Apples, is good.", ["Fruit, e.g. Apples, is good."]),
        ("No. 5 is alive.", ["No. 5 is alive."]),
        ("No. I will not.", ["No.", "I will not."]),
        ("See Fig. 3 and p. 12. Done.", ["See Fig. 3 and p. 12.", "Done."]),
        ("Due Jan. 5. Pay!", ["Due Jan. 5.", "Pay!"]),
        ("The U.S. Army is big.", ["The U.S. Army is big."]),
        ("He lives in the U.S. She does not.", ["He lives in the U.S.", "She does not."]),
        ("Come at 5 p.m. Bring cake. Or 6 p.m. The end.", ["Come at 5 p.m. Bring cake.", "Or 6 p.m.", "The end."]),
        ("Pi is 3.14. Yes.", ["Pi is 3.14.", "Yes."]),
        ("Yahoo! is a company. Good.", ["Yahoo! is a company.", "Good."]),
        ('He said "Why?" and left. "Go." She went.', ['He said "Why?" and left.', '"Go."', "She went."]),
        ("What?! No!", ["What?!", "No!"]),
        ("Wait... what", ["Wait; what"]),
        ("Wait… What", ["Wait…", "What"]),
        ("...and then", ["...and then"]),
        ("A line\nthat goes on.", ["A line that goes on."]),
        ("A heading\n\nA text.", ["A heading", "A text."]),
        ("A heading\r\n \r\nA text.", ["A heading", "A text."]),
        ("Buy:\n- milk\n- eggs\n* bread\n• jam", ["Buy:", "milk", "eggs", "bread", "jam"]),
        ("1. First thing\n2) Second thing", ["1, First thing", "2, Second thing"]),
        ("你好。再见！", ["你好。", "再见！"]),
        ("هل انت هنا؟ نعم.", ["هل انت هنا؟", "نعم."]),
        ("Hello. ... World. --", ["Hello.", "World."]),
        ("  too \t many   blanks  ", ["too many blanks"]),
    ],
)  # fmt: skip
def test_a_sentence_ends_where_a_listener_hears_it_end(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[[h@l'oU]]", "[ [h@l'oU]]"),
        ("[[[[x", "[ [ [ [x"),
        ("[\u200b[x", "[ [x"),
        ("a\x00b\x1bc", "a b c"),
        ("soft\u00adhyphen\u200b", "softhyphen"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("\u202eright to left\u202c", "right to left"),
        ("e\u0301", "é"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
    ],
)
def test_clean_leaves_only_what_can_be_read(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize("text", ["", "   ", "...", "?!", "\u200b", "-- \n\n --", "\x00\x01", "“”"])
def test_text_with_nothing_to_say_is_refused(text: str) -> None:
    assert not is_speakable(text)
    with pytest.raises(InvalidRequestError) as refusal:
        split(text)
    assert refusal.value.param == "text"


def test_no_letter_is_lost_or_moved_whatever_the_text() -> None:
    alphabet = "aB1 .!?…\n-\"'”(é中。😀\u200b\x07\ud800["
    generator = random.Random(5)
    for _ in range(500):
        text = "x" + "".join(generator.choices(alphabet, k=generator.randrange(80)))
        spoken = "".join(sentences(text))
        assert [c for c in spoken if c.isalnum()] == [c for c in text if c.isalnum()], repr(text)
        for sentence in sentences(text):
            assert "\n" not in sentence
            assert "[[" not in sentence
            assert is_speakable(sentence)
            sentence.encode()


@pytest.mark.parametrize("pattern", PATTERNS, ids=ascii)
@pytest.mark.parametrize("length", [None, 1, 3])
def test_cost_grows_with_the_text_and_not_faster(pattern: str, length: int | None) -> None:
    """`length` of the pieces that it comes in; None is whole."""

    def read(text: str) -> None:
        splitter = Splitter()
        for start in range(0, len(text), length or len(text)):
            splitter.push(text[start : start + (length or len(text))])
        splitter.finish()

    assert grows_slowly(read, pattern)


@pytest.mark.parametrize(
    "text", ["." * 4999 + "a", "…" * 300 + " Go", "He said . . . no. Then ( 5 left", "a\u0301\u0323" * 80]
)
def test_a_text_in_pieces_is_the_same_text(text: str) -> None:
    whole = sentences(text)
    for length in (1, 2, 7, 100):
        splitter = Splitter()
        found = [splitter.push(text[start : start + length]) for start in range(0, len(text), length)]
        assert [one.text for part in [*found, splitter.finish()] for one in part] == whole


def test_marks_beyond_thirty_on_one_letter_are_dropped() -> None:
    assert len(clean("a" + "\u0301" * 5000)) == 30
    assert clean("a" + "\u0301" * 20 + "b") == "á" + "\u0301" * 19 + "b"
