"""Reads a document once and tells its steps twice: to a splitter, and to the places of its sentences."""

from collections import deque
from collections.abc import Iterable

from hailo_piper.text.markup import Step
from hailo_piper.text.ssml.bare import Bare
from hailo_piper.text.ssml.reader import Ssml


class Recorded:
    """A reader of SSML, or of its two bare tags, that keeps its steps."""

    def __init__(self, reader: Ssml | Bare) -> None:
        self._reader = reader
        self.kept: deque[Step] = deque()
        self.characters = 0
        """Characters that were said."""

    def push(self, piece: str) -> str:
        """Add a piece; return the text that no further piece can change. Raises SsmlError."""
        return _said(self.steps(piece))

    def finish(self) -> str:
        """Return the rest: no more text comes. Raises SsmlError."""
        return _said(self.last_steps())

    def steps(self, piece: str) -> list[Step]:
        """Add a piece, as `push` does; return what it says step by step."""
        return self._keep(self._reader.steps(piece))

    def last_steps(self) -> list[Step]:
        """Return the rest, as `finish` does, step by step."""
        return self._keep(self._reader.last_steps())

    def flush(self) -> list[Step]:
        """Return what is held back, step by step, as if no more came; a tag that is open stays so."""
        return self._keep(self._reader.flush())

    def _keep(self, steps: list[Step]) -> list[Step]:
        self.kept.extend(steps)
        said = _said(steps)
        self.characters += len(said) - said.count("\n") - said.count("\n ")
        return steps


class Again:
    """The steps of a recorded reader once more; they are counted by their lengths, so pieces need not match."""

    def __init__(self, recorded: Recorded) -> None:
        self._kept = recorded.kept

    def push(self, piece: str) -> str:
        """Return the text that was read since the last call."""
        return _said(self.steps(piece))

    def finish(self) -> str:
        """Return the rest."""
        return _said(self.flush())

    def steps(self, piece: str) -> list[Step]:  # noqa: ARG002 - it was read before
        """Return the steps that were read since the last call."""
        return self.flush()

    def last_steps(self) -> list[Step]:
        """Return the rest, step by step."""
        return self.flush()

    def flush(self) -> list[Step]:
        """Return the steps that were read since the last call."""
        steps = list(self._kept)
        self._kept.clear()
        return steps


def _said(steps: Iterable[Step]) -> str:
    return "".join(said for _, said in steps)
