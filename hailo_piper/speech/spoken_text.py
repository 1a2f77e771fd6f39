"""Speaks a text that may still be arriving, each part of it as soon as it is there.

A part is every sentence that has come since the last one; a whole text is one part. A text that comes piece by piece
sounds, to the bit, as it would have whole.
"""

import logging
from collections.abc import Iterator
from typing import NamedTuple

from hailo_piper.audio.samples import AudioChunk
from hailo_piper.errors import InvalidRequestError
from hailo_piper.speech.admission import Ticket
from hailo_piper.speech.plan import Plan
from hailo_piper.speech.sources import Sources
from hailo_piper.speech.spoken_sentences import SpokenSentences

logger = logging.getLogger(__name__)


class SpokenSentence(NamedTuple):
    """One sentence as it is spoken."""

    chunks: Iterator[AudioChunk]
    begins_paragraph: bool


class SpokenText:
    """The speech of one request. Iterate over it once, from one thread, then close it."""

    def __init__(self, plan: Plan, sources: Sources, *, ticket: Ticket, deadline: float) -> None:
        """`ticket`: this request's place. `deadline` bounds the wait for the first chunk (time.monotonic seconds)."""
        self._plan = plan
        self._sources = sources
        self._ticket = ticket
        self._deadline = deadline
        self._has_sounded = False
        self._spoken_before: list[SpokenSentences] = []
        self._part = self._open_next(starts_reply=True)

    def __iter__(self) -> Iterator[SpokenSentence]:
        """Yield each sentence, whose chunks must be read before the next sentence; wait for text in between.

        The chunks have the voice's own level and rate. Raises BusyError when the deadline passes, SynthesisError if
        the voice fails, and InvalidRequestError if it has no sound for any of the text.
        """
        while len(self._part):
            for number in range(len(self._part)):
                yield SpokenSentence(self._read(number), self._part.begins_paragraph(number))
            if self._plan.text.is_spent:
                break
            self._part.close()
            self._spoken_before.append(self._part)
            with self._ticket.awaiting(self._plan.text):
                self._plan.text.wait()
            self._part = self._open_next(starts_reply=False)
        if not self._has_sounded:
            raise InvalidRequestError("The text has nothing to say in this voice", param="text")

    @property
    def num_samples(self) -> int | None:
        """Samples of the whole at the voice's own rate, if known; ask when the first chunk is there."""
        return self._part.num_samples if self._plan.text.is_spent and not self._spoken_before else None

    @property
    def lufs(self) -> float:
        """The level of the voice, in LUFS."""
        return self._sources.engine.lufs

    @property
    def cached(self) -> str:
        """How much of it was in the cache: hit, miss or partial."""
        kinds = {part.cached for part in (*self._spoken_before, self._part) if len(part)}
        return kinds.pop() if len(kinds) == 1 else "partial"

    @property
    def synthesis_seconds(self) -> float:
        """Worker time spent on this request so far."""
        return sum(part.synthesis_seconds for part in (*self._spoken_before, self._part))

    def close(self) -> None:
        """Stop speaking."""
        self._part.close()

    def _open_next(self, *, starts_reply: bool) -> SpokenSentences:
        """Take the sentences that are there, and begin to speak them. Every later stage on text belongs here."""
        plan = self._plan
        written = plan.text.take()
        sentences = tuple(map(plan.verbalise, written))
        # Of a long text, each sentence is located when it is spoken: the first sound does not wait for the others.
        located = map(plan.text.locate, written) if plan.words else None
        logger.debug("text", extra={"fields": {"sentences": [sentence.text for sentence in sentences]}})
        return SpokenSentences(sentences, plan, self._sources, starts_reply=starts_reply, located=located)

    def _read(self, number: int) -> Iterator[AudioChunk]:
        for chunk in self._part.read(number, deadline=None if self._has_sounded else self._deadline):
            self._has_sounded = True
            yield chunk
