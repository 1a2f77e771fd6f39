"""File names that ids become: safe on every system, and never one for two ids."""

import os
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hailo_piper.jobs.file_names import FileNames


@pytest.mark.parametrize("plain", ["a", "Intro 1", "part-1/chapter.2", "vm_password", "Straße", "0"])
def test_a_plain_id_is_the_name(plain: str) -> None:
    assert FileNames().name(plain) == plain


@pytest.mark.parametrize(
    "odd",
    ["../a", "/etc/passwd", "a/../b", "", ".hidden", "a\0b", "a\nb", "nul", "COM1.x", "a.", "a ", "x" * 300, "-o"],
)
def test_an_odd_id_gets_a_name_inside_the_directory(odd: str) -> None:
    name = FileNames().name(odd)
    assert name != odd
    assert "/" not in name
    assert not name.startswith((".", "-"))
    assert len(os.fsencode(name)) < 200


def test_ids_that_differ_by_case_have_names_that_differ_otherwise() -> None:
    names = FileNames()
    assert names.name("Intro") == "Intro"
    assert names.name("intro").casefold() != "intro"


@given(st.lists(st.text(), unique=True))
def test_no_two_ids_share_a_name(identifiers: list[str]) -> None:
    names = FileNames()
    made = [names.name(identifier) for identifier in identifiers]
    assert len({name.casefold() for name in made}) == len(made)
    assert all(".." not in PurePosixPath(name).parts and not PurePosixPath(name).is_absolute() for name in made)


def test_an_id_that_looks_like_a_name_with_a_digest_takes_nobodys() -> None:
    made = FileNames().name("..")
    names = FileNames()
    assert names.name(made) == made
    assert names.name("..") != made
