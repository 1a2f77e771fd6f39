import io
from collections.abc import Iterator

import pytest

from hailo_piper.cli.text_input import TextInput, of_argument, of_stream
from hailo_piper.errors import InvalidRequestError
from hailo_piper.text.reading import Reading
from hailo_piper.text.splitter import split

BOOK = "".join(f"This is sentence number {number} of a long book, Grüße. " for number in range(2000))


def taken(text: TextInput) -> Iterator[str]:
    while sentences := text.take():
        yield from (sentence.text for sentence in sentences)


def read(data: bytes, told: list[str] | None = None, *, at_once: int = 4096) -> TextInput:
    stream = io.BytesIO(data)
    return of_stream(lambda size: stream.read(min(size, at_once)), (told if told is not None else []).append)


@pytest.mark.parametrize("at_once", [1, 7, 4096])
@pytest.mark.parametrize(
    "text", [BOOK[:3000], "One. Two.\n\n- Three\n- Four", "Only one", "Ｗide。Ｔext。", "🎉 Party. 🎉"]
)
def test_a_text_has_the_sentences_that_it_has_as_a_whole(text: str, at_once: int) -> None:
    expected = [sentence.text for sentence in split(text, Reading())]
    assert list(taken(read(text.encode(), at_once=at_once))) == expected
    assert list(taken(of_argument(text, print))) == expected


def test_no_more_is_read_than_is_wanted() -> None:
    pieces = iter([BOOK[start : start + 4096] for start in range(0, len(BOOK), 4096)])
    text = TextInput(pieces, size=len(BOOK.encode()))
    text.take()
    assert len(list(pieces)) > 20


def test_a_text_without_end_is_spoken_as_it_comes() -> None:
    text = of_stream(lambda size: b"And on and on it goes. " * (size // 23), print)
    for _ in range(100):
        assert len(text.take()) < 50


def test_how_much_is_spoken_grows_to_the_whole() -> None:
    text = of_argument(BOOK, print)
    shares = []
    while text.take():
        shares.append(text.share_spoken or 0.0)
    assert shares[0] == 0.0
    assert shares == sorted(shares)
    assert len(shares) > 100
    assert text.share_spoken == pytest.approx(1.0, abs=0.01)
    assert read(b"One.").share_spoken is None


@pytest.mark.parametrize("data", [b"", b" \n\t ", b"...", "\ufeff\u200b".encode(), b"\xff\xfd"])
def test_a_text_without_anything_to_say_is_told(data: bytes) -> None:
    with pytest.raises(InvalidRequestError, match="at least one letter or digit"):
        read(data).take()


@pytest.mark.parametrize("at_once", [1, 2, 4096])
@pytest.mark.parametrize(
    ("data", "offset", "byte", "spoken"),
    [
        (b"caf\xe9 and more", 3, "e9", "caf and more"),
        ("Grüße ".encode() + b"\xff ok", 8, "ff", "Grüße ok"),
        (b"cut \xf0\x9f", 4, "f0", "cut"),
        (b"\x80", 0, "80", None),
        (b"a\xed\xa0\x80b", 1, "ed", "ab"),
        (b"a" * 5000 + b"\xc0 b\xc1", 5000, "c0", "a" * 5000 + " b"),
    ],
)
def test_what_is_not_utf8_is_told_once_with_its_place(
    data: bytes, offset: int, byte: str, spoken: str | None, at_once: int
) -> None:
    told: list[str] = []
    argument: list[str] = []
    for text in (
        read(data, told, at_once=at_once),
        of_argument(data.decode(errors="surrogateescape"), argument.append),
    ):
        if spoken is None:
            with pytest.raises(InvalidRequestError):
                text.take()
        else:
            assert list(taken(text)) == [spoken]
    assert len(told) == len(argument) == 1
    assert told[0].startswith(f"standard input is not UTF-8 at byte {offset} (0x{byte})")
    assert argument[0].startswith(f"the text is not UTF-8 at byte {offset} (0x{byte})")


@pytest.mark.parametrize("at_once", [1, 4096])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_what_is_no_text_is_refused_with_a_hint(encoding: str, at_once: int) -> None:
    text = "Hello."
    data = ("\ufeff" + text if encoding == "utf-16-be" else text).encode(encoding)
    if at_once == 1 and encoding == "utf-16-le":
        data = b"\xff\xfe" + data
    named = "UTF-32" if encoding == "utf-32" else "UTF-16"
    with pytest.raises(InvalidRequestError, match=rf"standard input is .*iconv -f {named} -t UTF-8"):
        read(data, at_once=at_once).take()


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert list(taken(read(b"\xef\xbb\xbfHello."))) == ["Hello."]


def test_what_has_ended_is_known_to_be_the_whole() -> None:
    short, long = of_argument("Hello world.", print), of_argument(BOOK, print)
    short.take()
    long.take()
    assert (short.is_spent, long.is_spent) == (True, False)


@pytest.mark.parametrize("at_once", [7, 4096])
def test_ssml_of_any_size_is_read_piece_by_piece(at_once: int) -> None:
    line = "<s>This is <emphasis>sentence</emphasis><mark name='m'/> number {}.</s>\n"
    document = "<speak>" + "".join(map(line.format, range(7000 if at_once > 7 else 50))) + "</speak>"
    stream = io.BytesIO(document.encode())
    text = of_stream(lambda size: stream.read(min(size, at_once)), print)
    text.read_as(Reading("en", "ssml"))
    first = text.take()
    assert first[0].text == "This is sentence number 0."
    assert stream.tell() <= 4096
    assert len(first) + len(list(taken(text))) == document.count("<s>")
    assert text.share_spoken is None
