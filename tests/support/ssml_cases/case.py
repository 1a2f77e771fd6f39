"""A case is a document, the element that it is about, and the judge of its sound."""

from typing import NamedTuple

from tests.support.ssml_judges import Judge


class Case(NamedTuple):
    """One document."""

    element: str
    document: str
    """Without its `speak`, where that is not what the case is about."""
    judge: Judge
    unsupported: str = ""
    """What has no effect here or is refused, for the table; empty where all is meant."""


def cases(element: str, *listed: tuple[str, Judge] | tuple[str, Judge, str]) -> list[Case]:
    """Return the cases of one element."""
    return [Case(element, *one) for one in listed]
