"""docs/ssml.md has the figures and the elements of the reader."""

import re

import pytest

from hailo_piper.text.reading import DOCUMENT_PER_CHARACTER
from hailo_piper.text.ssml import elements, gate, measures, reader, timed
from tests.support import ROOT
from tests.text.ssml.rendering import heard

PAGE = (ROOT / "docs" / "ssml.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| (.+?) \| (.+?) \|$", PAGE, flags=re.MULTILINE))

ELEMENTS = re.findall(r"^\| (.+?) \|", PAGE.partition("## Elements")[2].partition("## Pauses")[0], flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("what", "bound"),
    [
        ("one pause", elements.LONGEST_PAUSE_SECONDS),
        ("all pauses of a text", elements.LONGEST_PAUSES_SECONDS),
        ("elements inside each other", reader.DEEPEST),
        ("elements of a text", reader.MOST_ELEMENTS),
        ("attributes of an element", reader.MOST_ATTRIBUTES),
        ("characters of an attribute", reader.LONGEST_ATTRIBUTE),
        ("characters in a `sub`, `phoneme` or `say-as`", elements.LONGEST_REPLACED),
        ("characters in a `prosody` with `duration` or `contour`", timed.LONGEST_TIMED),
        ("characters of a tag or a comment", gate.LONGEST_CONSTRUCT),
    ],
)
def test_a_bound_is_the_readers(what: str, bound: float) -> None:
    assert float(ROWS[what].removesuffix(" s")) == bound


def test_a_document_may_be_as_long_as_the_page_says() -> None:
    assert f"{DOCUMENT_PER_CHARACTER} times as long" in " ".join(PAGE.split())


def test_strengths_are_the_readers() -> None:
    names, seconds = ROWS["strength"].split(" | "), ROWS["seconds"].split(" | ")
    assert {name: float(length) for name, length in zip(names, seconds, strict=True)} == measures.STRENGTHS


@pytest.mark.parametrize(
    ("attribute", "value", "factor"),
    [
        (attribute, value, factor)
        for attribute in ("rate", "pitch", "volume")
        for value, factor in re.findall(r"`([a-z-]+)` ([-+]?[\d.]+(?: st| dB)?)", ROWS[f"`{attribute}`"])
    ],
)
def test_words_have_the_figures_of_the_page(attribute: str, value: str, factor: str) -> None:
    amount, _, unit = factor.partition(" ")
    written = f"{amount}{unit}" if unit else amount
    assert heard(f"<prosody {attribute}='{value}'>a</prosody>") == heard(
        f"<prosody {attribute}='{written}'>a</prosody>"
    )


@pytest.mark.parametrize(
    "name",
    [
        "speak", "p", "s", "break", "prosody", "emphasis", "say-as", "sub", "phoneme", "voice", "lang", "w", "token",
        "mark", "bookmark", "audio", "lookup", "desc", "meta", "metadata", "lexicon", "mstts:silence",
    ],
)  # fmt: skip
def test_an_element_is_on_the_page(name: str) -> None:
    cells = [cell for cell in ELEMENTS if f"`{name}`" in cell.partition(" on ")[0]]
    says_nothing = heard(f"<{name}>word</{name}>") == ""
    assert len(cells) == 1
    assert says_nothing == ROWS[cells[0]].startswith("nothing; nothing is fetched")
