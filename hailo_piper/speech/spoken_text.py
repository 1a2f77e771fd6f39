"""One request's speech as its text comes: what is there of it is spoken, part after part."""

from collections.abc import Iterator
from dataclasses import replace

from hailo_piper.audio.samples import AudioChunk
from hailo_piper.cache.in_progress import Flights
from hailo_piper.cache.store import Cache
from hailo_piper.engine.engine import Engine
from hailo_piper.speech.admission import Admission, Ticket
from hailo_piper.speech.plan import Plan
from hailo_piper.speech.spoken_sentences import SpokenSentences
from hailo_piper.text.sentence import Sentence
from hailo_piper.text.stream import TextStream


class SpokenText:
    """The speech of a text, whole or not yet. Iterate over its sentences, `read` each in its turn, then close it.

    A text that comes piece by piece sounds, to the bit, as it would have whole.
    """

    def __init__(  # noqa: PLR0913 - each is a part that the sentences are had from
        self, plan: Plan, *, engine: Engine, cache: Cache, flights: Flights, admission: Admission, ticket: Ticket
    ) -> None:
        """`ticket`: the place that this request has in `admission`."""
        self.plan = plan
        """With all the sentences there were so far."""
        self._engine = engine
        self._cache = cache
        self._flights = flights
        self._admission = admission
        self._ticket = ticket
        self._seconds_before = 0.0
        self._cached_before: str | None = None
        self._part = self._speak(plan)

    def __iter__(self) -> Iterator[int]:
        """The sentences of one part after the other, by their numbers in it; waits for text where there is none yet."""
        yield from range(len(self.plan.sentences))
        if self.plan.more is None:
            return
        while sentences := self._wait_for(self.plan.more):
            self._part.close()
            self._seconds_before += self._part.synthesis_seconds
            self._cached_before = self.cached
            self.plan = replace(
                self.plan, sentences=self.plan.sentences + sentences, characters=self.plan.more.characters
            )
            self._part = self._speak(replace(self.plan, sentences=sentences), starts_reply=False)
            yield from range(len(sentences))

    def read(self, sentence: int, *, deadline: float | None = None) -> Iterator[AudioChunk]:
        """The chunks of the sentence at hand; as `SpokenSentences.read`."""
        return self._part.read(sentence, deadline=deadline)

    @property
    def num_samples(self) -> int | None:
        """Samples of the whole, where they are known; ask when its first chunk is there."""
        return self._part.num_samples if self.plan.more is None else None

    @property
    def cached(self) -> str:
        """How much of it was in the cache: hit, miss or partial."""
        return self._part.cached if self._cached_before in (None, self._part.cached) else "partial"

    @property
    def synthesis_seconds(self) -> float:
        """Worker time spent on this request so far."""
        return self._seconds_before + self._part.synthesis_seconds

    def close(self) -> None:
        """Stop what is being spoken."""
        self._part.close()

    def _speak(self, plan: Plan, *, starts_reply: bool = True) -> SpokenSentences:
        admission, ticket = self._admission, self._ticket

        # Without self: what refers to itself keeps its engine, and so a voice's memory, until the collector comes by.
        def is_stalled() -> bool:
            return ticket.is_stalled(admission.clock())

        return SpokenSentences(
            plan,
            engine=self._engine,
            cache=self._cache,
            flights=self._flights,
            is_stalled=is_stalled,
            starts_reply=starts_reply,
        )

    def _wait_for(self, text: TextStream) -> tuple[Sentence, ...]:
        self._ticket.awaits_text = True
        try:
            return text.take()
        finally:
            self._ticket.characters = text.characters
            self._ticket.awaits_text = False
