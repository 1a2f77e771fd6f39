"""A construct of markup was found: it ends somewhere, and something is said in its place."""

from typing import NamedTuple


class Found(NamedTuple):
    """A construct that was read."""

    end: int
    """The index after it."""
    said: str
    """What is handed on in its place."""
    left_out: str = ""
    """An emoji or a smiley, which may be named."""
