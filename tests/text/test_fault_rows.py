"""Texts that users found read wrongly are spoken as they meant them, from the splitter to the words."""

import pytest

from hailo_piper.text.normalise.verbaliser import verbalise
from hailo_piper.text.reading import Reading
from hailo_piper.text.splitter import split


@pytest.mark.parametrize(
    ("language", "text", "spoken"),
    [
        ("en_US", "The eﬃcient oﬃce, 𝐇𝐞𝐥𝐥𝐨 ①, donʼt", ["The efficient office, Hello 1, don’t"]),
        ("en_US", '"Well…" she said.', ['"Well;" she said.']),
        ("en_US", "(maybe…) they", ["(maybe;) they"]),
        ("en_US", "1...2...3", ["1; 2; 3"]),
        ("de_DE", "Der 3. Oktober ist ein Feiertag.", ["Der dritte Oktober ist ein Feiertag."]),
        ("de_DE", "der 17. Versuch", ["der siebzehnte Versuch"]),
        ("de_DE", "1. FC Köln", ["erster FC Köln"]),
        ("de_DE", "25. Juli war ein Sonntag", ["fünfundzwanzigster Juli war ein Sonntag"]),
        ("en_US", "It takes approx. 5 minutes.", ["It takes approximately 5 minutes."]),
        ("en_US", "Martin Luther King Jr. Day", ["Martin Luther King Junior Day"]),
        ("en_US", "Apt. 4", ["Apartment 4"]),
        ("en_US", "Choose option A. Click next.", ["Choose option eh.", "Click next."]),
        ("en_US", "at 9 a.m. Customers wait.", ["at 9 A.M.", "Customers wait."]),
        ("en_US", "● Milk\n● Eggs", ["Milk", "Eggs"]),
        ("en_US", "▪ Milk\n→ Eggs\n✓ Jam\n(1) Tea", ["Milk", "Eggs", "Jam", "1, Tea"]),
        ("en_US", "a. Milk\n1.1 Eggs\nII. Jam", ["a, Milk", "1.1 Eggs", "2, Jam"]),
        ("en_US", "we say YES now", ["we say yes now"]),
        ("en_US", "Milk\nBread\nButter", ["Milk", "Bread", "Butter"]),
        ("en_US", "CHAPTER ONE\nIt was", ["CHAPTER ONE", "It was"]),
        ("en_US", "don&#39;t <b>bold</b>", ["don't bold"]),
        ("en_US", "I ❤️ it 🎉🎉🎉 yes", ["I it yes"]),
        ("en_US", "Today—not tomorrow—is", ["Today – not tomorrow – is"]),
        ("en_US", "The man (see below) left", ["The man, (see below), left"]),
        ("en_US", "%", ["%"]),
        ("en_US", "*", ["*"]),
        ("en_US", "exam-\nple", ["example"]),
        ("en_US", "Wait [pause] and <break> go", ["Wait; and; go"]),
    ],
)
def test_a_fault_that_was_found_is_mended(language: str, text: str, spoken: list[str]) -> None:
    assert [verbalise(sentence, language).text for sentence in split(text, Reading(language))] == spoken
