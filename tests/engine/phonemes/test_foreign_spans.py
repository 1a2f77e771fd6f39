"""Runs in other languages get phonemes, each word its own where as many are heard as are written."""

from typing import Any

import pytest

from hailo_piper.engine.phonemes.foreign_spans import in_own_sounds
from hailo_piper.text.manner import Manner
from hailo_piper.text.sentence import Sentence, Span

SLOW = Manner(rate=0.5)


def read(text: str, language: str) -> list[str] | None:
    """Every word as its capitals, but for "du pain", which is one breath."""
    return None if language == "xx" else list(text.upper().replace("DU PAIN", "DUPAIN"))


def sentence(*spans: Span) -> Sentence:
    return Sentence("".join(span.spoken for span in spans), spans)


def french(spoken: str, start: int, **fields: Any) -> Span:
    return Span(spoken, start, start + len(spoken), language="fr-FR")._replace(**fields)


def given(found: Sentence) -> list[tuple[str, str]]:
    assert found.text == "".join(span.spoken for span in found.spans)
    assert not any(span.language for span in found.spans)
    return [(span.spoken, span.phonemes) for span in found.spans]


def test_each_word_has_its_phonemes_and_its_place() -> None:
    found = in_own_sounds(sentence(Span("say ", 0, 4), french("mon ami, oui", 4)), "en", read)
    assert given(found) == [("say ", ""), ("mon", "MON"), (" ", ""), ("ami,", "AMI,"), (" ", ""), ("oui", "OUI")]
    assert [(span.start, span.end) for span in found.spans] == [(0, 4), (4, 7), (7, 8), (8, 12), (12, 13), (13, 16)]


def test_words_that_are_said_in_one_breath_stay_together() -> None:
    found = in_own_sounds(sentence(french("mange ", 0), french("du pain", 6, manner=SLOW)), "en", read)
    assert given(found) == [("mange ", "MANGE"), ("du pain", "DUPAIN")]


def test_a_manner_begins_with_its_word() -> None:
    found = in_own_sounds(sentence(french("mon ", 0), french("ami", 4, manner=SLOW), Span(".", 7, 8)), "en", read)
    assert [span.manner for span in found.spans if span.phonemes] == [Manner(), SLOW]


def test_words_that_a_rule_wrote_come_from_the_whole_of_what_was_written() -> None:
    run = (french("mes ", 0), Span("vingt et un", 4, 6, "number", language="fr-FR"), french(" amis", 6))
    found = in_own_sounds(sentence(*run), "en", read)
    places = {span.spoken: (span.start, span.end) for span in found.spans if span.phonemes}
    assert places == {"mes": (0, 3), "vingt": (4, 6), "et": (4, 6), "un": (4, 6), "amis": (7, 11)}


@pytest.mark.parametrize(
    "span",
    [
        french("ami", 0, language="en-GB"),
        french("ami", 0, language="xx"),
        french(" ... ", 0),
        Span("ami", 0, 3, phonemes="x", language="fr"),
    ],
)
def test_what_the_voice_reads_itself_stays(span: Span) -> None:
    assert in_own_sounds(sentence(span), "en", read).spans == (span._replace(language=""),)
