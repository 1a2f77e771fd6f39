"""SSML is heard as it is meant: each case by its samples, times, level or pitch; issue 17, Must show 1."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.support.hearing import RATE, Ear, ear_of_joe
from tests.support.pitch import cents, track
from tests.support.ssml_cases.case import Case
from tests.support.ssml_table import CASES, PAGE, with_table


@pytest.fixture(scope="module")
def ear(cache_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ear]:
    with ear_of_joe(cache_directory, tmp_path_factory.mktemp("derived")) as one:
        yield one


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.element}: {case.document[:70]}")
def test_a_document_is_heard_as_it_is_meant(ear: Ear, case: Case) -> None:
    case.judge.judge(ear, case.document)


LONG = (
    "The quick brown fox jumps over the lazy dog near the old river bank, and nobody there ever sees it.",
    "When the rain had stopped at last, the children ran out into the garden and jumped into every puddle.",
    "The train to the coast, which usually leaves at nine, has been delayed by forty minutes today.",
    "The farmer sang softly while he fed the animals, and the old woman waited for him by the wall.",
    "Our engineers are learning how memory and melody are related in an ordinary human brain.",
)


@pytest.mark.parametrize("semitones", [-2, 2])
def test_the_median_pitch_of_long_sentences_is_within_ten_cents(ear: Ear, semitones: int) -> None:
    plain = [track(ear.hear(sentence).samples, RATE) for sentence in LONG]
    documents = [f"<prosody pitch='{semitones:+d}st'>{sentence}</prosody>" for sentence in LONG]
    shifted = [track(ear.hear_ssml(document).samples, RATE, 2 ** (semitones / 12)) for document in documents]
    off = cents(np.concatenate(shifted), np.concatenate(plain)) - 100 * semitones
    assert abs(off) <= 10


def test_the_page_has_the_table_of_these_cases() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert with_table(page) == page
