"""Hard text of each language is spoken as its readers say it, and ordinary text stays as it is.

English has more of its own in `test_english`.
"""

from types import ModuleType
from typing import Any

import pytest

from hailo_piper.text.normalise.verbaliser import apply, rules_for, verbalise
from hailo_piper.text.reading import Reading
from hailo_piper.text.sentence import Sentence
from hailo_piper.text.splitter import split
from tests.support.growth import grows_slowly
from tests.text.normalise import (
    dutch_sentences,
    french_sentences,
    german_sentences,
    italian_sentences,
    polish_sentences,
    portuguese_sentences,
    spanish_sentences,
)

LANGUAGES: tuple[ModuleType, ...] = (
    german_sentences,
    french_sentences,
    spanish_sentences,
    italian_sentences,
    portuguese_sentences,
    dutch_sentences,
    polish_sentences,
)


def of_all(table: str) -> list[tuple[str, Any]]:
    """The rows of every language's table, each with the language."""
    return [(module.LANGUAGE, row) for module in LANGUAGES for row in getattr(module, table)]


@pytest.mark.parametrize(("language", "row"), of_all("SPOKEN"))
def test_hard_text_is_spoken_as_readers_say_it(language: str, row: tuple[str, str]) -> None:
    text, spoken = row
    assert verbalise(Sentence(text), language).text == spoken


@pytest.mark.parametrize(("language", "text"), of_all("UNCHANGED"))
def test_what_only_looks_hard_is_left(language: str, text: str) -> None:
    sentence = Sentence(text)
    assert verbalise(sentence, language) is sentence


@pytest.mark.parametrize(("language", "text"), of_all("ONE_SENTENCE"))
def test_an_abbreviation_does_not_end_a_sentence(language: str, text: str) -> None:
    assert split(text, Reading(language)) == (Sentence(text),)


@pytest.mark.parametrize(("language", "pattern"), of_all("PATTERNS"))
def test_the_cost_is_linear(language: str, pattern: str) -> None:
    assert grows_slowly(lambda text: apply(Sentence(text), rules_for(language)), pattern)


REGIONS = [(region, row) for region, rows in spanish_sentences.IN_REGION.items() for row in rows]


@pytest.mark.parametrize(("region", "row"), REGIONS)
def test_a_region_has_its_own(region: str, row: tuple[str, str]) -> None:
    text, spoken = row
    assert verbalise(Sentence(text), region).text == spoken
