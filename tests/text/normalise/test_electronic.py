"""Addresses, paths, files, versions and tags, in the words of a language that a test made up."""

import pytest

from hailo_piper.text.normalise.electronic import Vocabulary, addresses, versions
from hailo_piper.text.normalise.verbaliser import apply
from hailo_piper.text.sentence import Sentence
from tests.support.growth import PATTERNS, grows_slowly

WORDS = Vocabulary(
    marks={".": "dot", "@": "at", "/": "slash", "-": "dash", "_": "underscore", ":": "colon", "\\": "backslash"},
    version="version", hashtag="hashtag", hexadecimal="hex",
)  # fmt: skip
RULES = (*addresses(WORDS), *versions(WORDS))
HOSTILE = (
    *PATTERNS, "a.b", "a@", "a@b.", "@a", "http://", "http://a/", "www.", "1.2.3.4 ", "1.2.3.4", "v1.", "/a", "/a/",
    "~/",    "C:\\a", "\\a", "a-", "a_", "#a", "#", "a.com", "0x", "a.pdf", "localhost:80", "../", "..", "a/b.",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Visit www.example.com today.", "Visit example dot com today."),
        ("See (https://example.de).", "See (example dot D E)."),
        ("At http://example.org/one/two.html, look.", "At example dot org slash one slash two dot H T M L, look."),
        ("Try example.co.uk.", "Try example dot co dot U K."),
        ("Open localhost:8080 now", "Open localhost colon 8080 now"),
        ("Mail john.doe@mail.example.org.", "Mail john dot doe at mail dot example dot org."),
        ("Mail a_b@example.com.", "Mail a underscore b at example dot com."),
        ("At 192.168.1.1:80 it is.", "At 192 dot 168 dot 1 dot 1 colon 80 it is."),
        ("Edit /etc/hosts.", "Edit slash E T C slash hosts."),
        ("See ~/notes/", "See slash notes slash"),
        ("In C:\\Users\\Anna it is.", "In C colon backslash Users backslash Anna it is."),
        ("Open report.pdf first.", "Open report dot P D F first."),
        ("Read README.md first.", "Read readme dot M D first."),
        ("Run src/main.py.", "Run S R C slash main dot P Y."),
        ("Version 2.0.1 is out.", "Version 2 dot 0 dot 1 is out."),
        ("It is v1.2-rc1 now.", "It is version 1 dot 2 R C 1 now."),
        ("So #ThrowbackThursday!", "So hashtag Throwback Thursday!"),
        ("Thanks to @anna.", "Thanks to at anna."),
        ("The mask 0xFF.", "The mask hex F F."),
    ],
)
def test_what_computers_name_is_read(text: str, spoken: str) -> None:
    assert apply(Sentence(text), RULES).text == spoken


@pytest.mark.parametrize(
    "text",
    [
        "It rained.It was cold.", "and/or", "He/she came.", "e.g. this", "U.S.A.", "1.5 and 2,000.5",
        "The end...so it goes.", "300.1.1.400", "#1 of 5", "at 5 @ 3", "w/o", "24/7", "Mr.Smith", "a.m. or p.m.",
        "1/2/3", "ratio 3:4",
    ],
)  # fmt: skip
def test_what_only_looks_like_it_is_left(text: str) -> None:
    sentence = Sentence(text)
    assert apply(sentence, addresses(WORDS)) is sentence


@pytest.mark.parametrize("pattern", HOSTILE)
def test_hostile_text_costs_little(pattern: str) -> None:
    assert grows_slowly(lambda text: apply(Sentence(text), RULES), pattern)
