"""A script is a plan's sentences in the order in which they are spoken, in parts of one role each."""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from hailo_piper.audio.samples import AudioChunk
from hailo_piper.speech.casting import Role
from hailo_piper.speech.mastering import Tail
from hailo_piper.speech.plan import Plan
from hailo_piper.speech.ticket import Ticket
from hailo_piper.text.sentence import Sentence

if TYPE_CHECKING:
    from hailo_piper.text.places import Located


_NOTHING = Tail(0.0, ())
_MOST_CHARACTERS = 20_000
"""Of a part: the first sound of a book must not wait until all of its sentences are written as they are spoken."""


class Line(NamedTuple):
    """One sentence, and what stands before it."""

    role: Role
    sentence: Sentence
    """As it is spoken; its marks are at its own places."""
    between: float
    """Seconds of silence between it and the sentence before; a pause of the text stands in its place."""


class Part(NamedTuple):
    """The sentences that are there, up to where another role begins."""

    role: Role
    lines: tuple[Line, ...]
    """At least one."""
    located: "Iterator[Located] | None"
    """Each sentence as it was written, to be asked for one by one; None where nobody wants times of words."""
    offset: int
    """Code points of all that was sent before the turn."""

    def moved(self, chunk: AudioChunk) -> AudioChunk:
        """Return a chunk whose words stand in their turn at their places in all that was sent."""
        words = (
            word._replace(start_char=word.start_char + self.offset, end_char=word.end_char + self.offset)
            for word in chunk.words
        )
        return replace(chunk, words=tuple(words))


class Script:
    """The parts of a plan. Take them from one thread."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._turn = 0
        self._is_begun = False
        """Whether a part of the turn was taken."""
        self._pending: deque[Sentence] = deque()
        """Sentences that were taken from the turn's text, as they were written."""
        self._written: deque[Sentence] = deque()
        self._waiting: deque[Line] = deque()
        """Those of the next part, as they are spoken."""
        self._offset = 0
        self._carried = _NOTHING
        """The end of the turn before, until a sentence follows it."""

    @property
    def is_over(self) -> bool:
        """Whether no part is left, as far as is known now."""
        plan = self._plan
        return (
            not self._waiting
            and not self._pending
            and self._turn + 1 == len(plan.turns)
            and plan.turns[-1].text.is_spent
        )

    def take(self, ticket: Ticket | None = None) -> Part | None:
        """Return the next part, as soon as it is there; None after the last. `ticket` is given up meanwhile.

        Raises as `TextStream.take` does, and RefusedTextError.
        """
        while not self._waiting:
            if self._pending:
                self._add()
                continue
            turn = self._plan.turns[self._turn]
            if self._is_begun and turn.text.is_spent:
                if self._turn + 1 == len(self._plan.turns):
                    return None
                self._end_turn()
                continue
            if self._is_begun and ticket is not None:
                with ticket.awaiting(self._plan):
                    turn.text.wait()
            # There are none where its end came while it was waited for.
            self._pending += turn.text.take()
        return self._next_part()

    @property
    def next_role(self) -> Role | None:
        """The role of the next part, if it is known; of a turn to come, that of its own voice."""
        if self._waiting:
            return self._waiting[0].role
        if self._pending:
            return None
        following = self._plan.turns[self._turn + 1 :][:1]
        return following[0].cast.main if following and self._plan.turns[self._turn].text.is_spent else None

    @property
    def tail(self) -> Tail:
        """The end of the text, once it is over."""
        text = self._plan.turns[-1].text
        return Tail(text.tail_pause or 0.0, text.tail_marks if self._plan.words else ())

    def _add(self) -> None:
        """Write sentences as they are spoken, as many as a part may have."""
        turn = self._plan.turns[self._turn]
        characters = 0
        while self._pending and characters < _MOST_CHARACTERS:
            written = self._pending.popleft()
            characters += len(written.text)
            role, sentence = turn.cast.spoken(written)
            is_new_turn = self._turn > 0 and not self._is_begun
            begins_paragraph = written.begins_paragraph or is_new_turn
            between = self._plan.silences.paragraph if begins_paragraph else role.sentence_silence
            self._waiting.append(Line(role, self._with_carried(sentence), between))
            self._written.append(written)
            self._is_begun = True

    def _with_carried(self, sentence: Sentence) -> Sentence:
        """Return a sentence with the end of the turn before it."""
        carried, self._carried = self._carried, _NOTHING
        if carried == _NOTHING:
            return sentence
        pause = carried.pause + (sentence.pause or 0.0)
        marks = tuple((pause - at, name) for at, name in carried.marks)
        return replace(sentence, pause=pause or sentence.pause, marks_before=marks + sentence.marks_before)

    def _next_part(self) -> Part:
        role = self._waiting[0].role
        lines = [self._waiting.popleft()]
        while self._waiting and self._waiting[0].role is role:
            lines.append(self._waiting.popleft())
        written = [self._written.popleft() for _ in lines]
        text = self._plan.turns[self._turn].text
        # Of a long text, each sentence is located when it is spoken: the first sound does not wait for the others.
        located = map(text.locate, written) if self._plan.words else None
        return Part(role, tuple(lines), located, self._offset)

    def _end_turn(self) -> None:
        if self._plan.words:
            # A line break stands between the texts of two turns.
            self._offset += len(self._plan.turns[self._turn].text.sent) + 1
        text = self._plan.turns[self._turn].text
        self._carried = Tail(text.tail_pause or 0.0, text.tail_marks)
        self._turn += 1
        self._is_begun = False
