import random

import pytest

from hailo_piper.errors import InvalidRequestError
from hailo_piper.text.clean import clean, is_speakable
from hailo_piper.text.reading import Reading
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
        ("The State . . . and capital . . . grow.", ["The State; and capital; grow."]),
        ("It ends . . . Then it starts. .. .", ["It ends…", "Then it starts."]),
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
        ("● Milk\n▪ Eggs\n→ Jam", ["Milk", "Eggs", "Jam"]),
        ("(1) Milk\n(2) Eggs\n(a) Jam", ["1, Milk", "2, Eggs", "a, Jam"]),
        ("(212) 555-0147", ["(212) 555-0147"]),
        ("a. Milk\nb. Eggs\nz. B. so", ["a, Milk", "b, Eggs z. B. so"]),
        ("1.1 Milk\n1.2 Eggs", ["1.1 Milk", "1.2 Eggs"]),
        ("Milk\nBread\nButter", ["Milk", "Bread", "Butter"]),
        ("CHAPTER ONE\nIt was dark.", ["CHAPTER ONE", "It was dark."]),
        ("Roses are red,\nViolets are blue", ["Roses are red, Violets are blue"]),
        ("We went to see the\nTower of London", ["We went to see the Tower of London"]),
        (f"{'Long ' * 10}\nBob", [f"{'Long ' * 10}Bob"]),
        ("I. Milk\nII. Eggs\nXI. Jam", ["I. Milk", "II, Eggs", "XI, Jam"]),
        ("25. July was a Sunday", ["25, July was a Sunday"]),
        ("« Viens-tu ? » dit-il. « Non. » Elle part.", ["« Viens-tu ? » dit-il.", "« Non. »", "Elle part."]),
        ("« Viens-tu ? », dit-il. « Oui ! »", ["« Viens-tu ? », dit-il.", "« Oui ! »"]),
        ("Er kam. »Wie?« Ja.", ["Er kam.", "»Wie?« Ja."]),
        ("Run 100 m in 9.5 s. They’re fast.", ["Run 100 m in 9.5 s.", "They’re fast."]),
        ("Cool for 1/2 hr. Makes 24.", ["Cool for 1/2 hr.", "Makes 24."]),
        ("Musterstr. 12, Berlin", ["Musterstr. 12, Berlin"]),
    ],
)  # fmt: skip
def test_a_sentence_ends_where_a_listener_hears_it_end(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It takes approx. 5 minutes. Go.", ["It takes approx. 5 minutes.", "Go."]),
        ("Martin Luther King Jr. Day is near.", ["Martin Luther King Jr. Day is near."]),
        ("Sammy Davis Jr. He sang.", ["Sammy Davis Jr.", "He sang."]),
        ("Apt. 4 is free. See App. B, Art. II, Ch. IV.", ["Apt. 4 is free.", "See App. B, Art. II, Ch. IV."]),
        ("I said no. V came. No. IV is here.", ["I said no.", "V came.", "No. IV is here."]),
        ("I like the app. But no.", ["I like the app.", "But no."]),
        ("Choose option A. Click next. Vitamin C. Go.", ["Choose option A.", "Click next.", "Vitamin C.", "Go."]),
        ("[Avrich, Op. Cit., p. 91] Smith et al. (2019).", ["[Avrich, Op. Cit., p. 91] Smith et al. (2019)."]),
        ("We read C. S. Lewis. He and A. Smith.", ["We read C. S. Lewis.", "He and A. Smith."]),
        ("At 7 p.m. Call me. At 9 a.m. Customers wait.", ["At 7 p.m.", "Call me.", "At 9 a.m.", "Customers wait."]),
        ("I live on Elm St. She too. Mr. St. John", ["I live on Elm St.", "She too.", "Mr. St. John"]),
        ("At 7 p.m. Monday and 8 a.m. EST.", ["At 7 p.m. Monday and 8 a.m. EST."]),
        ("Read 1 Cor. 13 aloud. Go to Elm Ave. NW now.", ["Read 1 Cor. 13 aloud.", "Go to Elm Ave. NW now."]),
    ],
)  # fmt: skip
def test_english_has_its_own(text: str, expected: list[str]) -> None:
    for length in (1, 3, len(text)):
        splitter = Splitter(Reading("en_US"))
        pieces = [splitter.push(text[start : start + length]) for start in range(0, len(text), length)]
        assert [one.text for found in [*pieces, splitter.finish()] for one in found] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. FC Köln", ["1. FC Köln"]),
        ("25. Juli war ein Sonntag.", ["25. Juli war ein Sonntag."]),
        ("Hallo\n1. Mai ist frei\nund der 2. auch", ["Hallo 1. Mai ist frei und der 2. auch"]),
        ("1. Waschen\n2. Trocknen\n\n3. Bügeln", ["1, Waschen", "2, Trocknen", "3, Bügeln"]),
        ("1. Waschen\n\n2. Trocknen", ["1, Waschen", "2, Trocknen"]),
        ("1. Eins.\n\nNein.", ["1. Eins.", "Nein."]),
        ("1) Waschen", ["1, Waschen"]),
        ("1. Waschen\n   - kalt\n2. Trocknen", ["1, Waschen", "kalt", "2, Trocknen"]),
        ("II. Weltkrieg", ["II. Weltkrieg"]),
        ("Am 3. Oktober, der 17. Versuch. Siehe Kap. IV.", ["Am 3. Oktober, der 17. Versuch.", "Siehe Kap. IV."]),
    ],
)  # fmt: skip
def test_an_ordinal_at_the_beginning_of_a_line_is_no_list(text: str, expected: list[str]) -> None:
    for length in (1, 3, len(text)):
        splitter = Splitter(Reading("de_DE"))
        pieces = [splitter.push(text[start : start + length]) for start in range(0, len(text), length)]
        assert [one.text for found in [*pieces, splitter.finish()] for one in found] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"Well…" she said.', '"Well;" she said.'),
        ("(maybe…) they", "(maybe;) they"),
        ("1...2...3", "1; 2; 3"),
        ("Today—not tomorrow—is", "Today – not tomorrow – is"),
        ("This is it -- the end", "This is it – the end"),
        ("Yes - no, 5 - 3, A - B, well-known, 5—7", "Yes – no, 5 - 3, A - B, well-known, 5—7"),
        ("The man (see below) left", "The man, (see below), left"),
        ("He left (in May).", "He left, (in May)."),
        ("file(s), f (x), (212) 555, NASA (USA)", "file(s), f (x), (212) 555, NASA (USA)"),
    ],
)
def test_a_pause_is_heard_where_a_reader_makes_one(text: str, expected: str) -> None:
    assert sentences(text) == [expected]


@pytest.mark.parametrize("text", ["%", "&", "@", "#", "*", " / "])
def test_a_symbol_alone_is_spoken(text: str) -> None:
    assert sentences(text) == [text.strip()]
    assert [one.text for one in split(text, Reading())] == [text.strip()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("eﬃcient oﬃce", "efficient office"),
        ("𝐇𝐞𝐥𝐥𝐨 ① Ａ１", "Hello 1 A1"),
        ("donʼt", "don’t"),
        ("x² ½ 5！", "x² ½ 5！"),
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


@pytest.mark.parametrize("language", ["en_US", "de_DE"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two.\nThree.", ["One.", "Two.", "Three."]),
        ("One. Two.\n\nThree. Four.", ["One.", "Two.", "¶Three.", "Four."]),
        ("\n\nOne.\r\n \r\n\r\nTwo.", ["One.", "¶Two."]),
        ("One.\n\n--\n\n\nTwo.", ["One.", "¶Two."]),
        ("One.\u2029Two.", ["One.", "¶Two."]),
        ("هل انت هنا؟ \n\nنعم.", ["هل انت هنا؟", "¶نعم."]),
        ("Buy:\n- milk\n- eggs\n\nGo.", ["Buy:", "milk", "eggs", "¶Go."]),
        ("Do:\n\n1. Wash\n\n2. Dry", ["Do:", "¶1, Wash", "¶2, Dry"]),
        ("# Heading\nText.", ["Heading", "¶Text."]),
        ("| a | b |\n|---|---|\n| c | d |\n", ["a, b", "¶c, d"]),
        ("<p>One.</p><p>Two.</p>", ["One.", "¶Two."]),
        ("MILK\nBread.", ["MILK", "Bread."]),
    ],
)  # fmt: skip
def test_a_sentence_knows_that_it_begins_a_paragraph(text: str, expected: list[str], language: str) -> None:
    for length in (1, 2, 5, len(text)):
        splitter = Splitter(Reading(language, "auto", "skip"))
        pieces = [splitter.push(text[start : start + length]) for start in range(0, len(text), length)]
        found = [one for part in [*pieces, splitter.finish()] for one in part]
        assert ["¶" * one.begins_paragraph + one.text for one in found] == expected
