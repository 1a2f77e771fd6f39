"""SSML is heard as it is meant: each case by its samples, times, level or pitch; issue 17, Must show 1."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.hearing import Ear, ear_of_joe
from tests.support.ssml_cases.case import Case
from tests.support.ssml_table import CASES, PAGE, with_table


@pytest.fixture(scope="module")
def ear(cache_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ear]:
    with ear_of_joe(cache_directory, tmp_path_factory.mktemp("derived")) as one:
        yield one


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.element}: {case.document[:70]}")
def test_a_document_is_heard_as_it_is_meant(ear: Ear, case: Case) -> None:
    case.judge.judge(ear, case.document)


def test_the_page_has_the_table_of_these_cases() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert with_table(page) == page
