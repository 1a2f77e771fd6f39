"""A sentence is the unit that is spoken, cached and paused after."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """The unit of synthesis: one sentence, list item or heading, on one line, with something to say."""

    text: str
