"""A reply is one answer: what its headers say, and its bytes as they are made."""

from collections.abc import Generator, Iterator
from itertools import chain
from typing import TypeVar

from hailo_piper.audio.encoding import ALL_ENCODERS, Encoder
from hailo_piper.audio.word import Mark, Word
from hailo_piper.speech.plan import Plan
from hailo_piper.speech.tally import Tally

_T = TypeVar("_T")


class Reply:
    """One answer. Read its bytes once, then close it; no piece of them is empty."""

    def __init__(
        self, plan: Plan, encoder: Encoder, tally: Tally, *, first: bytes, rest: Generator[bytes, None, None]
    ) -> None:
        self._encoder = encoder
        self.characters = plan.characters
        """Of the text, after trimming."""
        self.content_type = ALL_ENCODERS[plan.response_format].content_type
        self.extension = plan.response_format.rpartition("-")[2]
        self.sample_rate = plan.sample_rate
        """Hz."""
        self.cached = tally.cached
        """How much of it came from the cache: hit, miss or partial."""
        self.content_length = None if tally.num_samples is None else encoder.size(tally.num_samples)
        """Bytes; None while the end is not known."""
        self.other_language = plan.other_language
        """The language that the text seems to be in, if the voice speaks another."""
        self.engine = plan.voice.engine
        """The engine that speaks it."""
        self.stands_in = plan.voice.id if plan.stands_in else None
        """The id of the voice that speaks, where the one that was asked for failed."""
        self._tally = tally
        self._first = first
        self._rest = rest

    def __iter__(self) -> Iterator[bytes]:
        first, self._first = self._first, b""
        return chain(filter(None, [first]), self._rest)

    def take_words(self) -> tuple[Word, ...]:
        """Return the words that became known since the last call; ask before bytes are sent, which sound them."""
        return _taken(self._tally.words)

    def take_marks(self) -> tuple[Mark, ...]:
        """Return the marks that became known since the last call; ask as for words."""
        return _taken(self._tally.marks)

    @property
    def audio_seconds(self) -> float:
        """Seconds of sound encoded so far."""
        return self._encoder.num_samples / self.sample_rate

    def exact_header(self) -> bytes:
        """Return what the header should have been, once all bytes have been read."""
        return self._encoder.header(self._encoder.num_samples)

    def close(self) -> None:
        """Stop the work, at the latest after the inference under way, and release its place."""
        self._first = b""
        self._rest.close()


def _taken(known: list[_T]) -> tuple[_T, ...]:
    taken = tuple(known)
    del known[: len(taken)]
    return taken
