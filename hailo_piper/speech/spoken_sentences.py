"""A request gets each sentence from the quickest source: the cache, a request already speaking it, or the engine."""

import time
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from hailo_piper.audio.samples import AudioChunk, Samples
from hailo_piper.audio.treatment import IdSamples, treated_ends
from hailo_piper.audio.word import Mark, Word
from hailo_piper.cache.in_progress import Claim
from hailo_piper.cache.store import CachedSpeech
from hailo_piper.engine.stream import Stream
from hailo_piper.monitoring.tracing import NO_STEPS, Steps
from hailo_piper.speech.casting import Role
from hailo_piper.speech.sources import Sources, key_of, share_out
from hailo_piper.text.sentence import Sentence

if TYPE_CHECKING:
    from hailo_piper.speech.word_times import WordTimes
    from hailo_piper.text.places import Located

_FIRST_PIECE, _LARGEST_PIECE = 4096, 131072
"""Samples of a cached sentence that are handed on together: the first chunk is small, so that it leaves at once."""


class SpokenSentences:
    """The speech of sentences at the voice's own level and rate. Read them from one thread, in order, then close it."""

    def __init__(
        self,
        sentences: Sequence[Sentence],
        role: Role,
        sources: Sources,
        *,
        starts_reply: bool,
        located: "Iterator[Located] | None" = None,
    ) -> None:
        """`starts_reply`: whether the reply begins with these sentences. `located`: each as written, if words count."""
        self._sentences = sentences
        self._located = located
        self._role = role
        self._sources = sources
        self._starts_reply = starts_reply
        self._steps: dict[int, Steps] = {}
        self._streams: dict[int, tuple[Stream, int]] = {}
        """Sources of the sentences that this request speaks itself: a stream, and the place in it."""
        self._length: int | None = None
        """Samples of the sentence last taken from the cache, if its length was announced."""
        everything = range(len(sentences))
        self._is_shared = sources.cache.statistics.enabled
        self._keys: list[str] = []
        self._claims: dict[int, Claim] = {}
        self._first: CachedSpeech | None = None
        own, found = list(everything), [False] * len(sentences)
        if self._is_shared:
            self._keys = [key_of(role, sources.engine, sentence) for sentence in sentences]
            found, self._claims, self._first = share_out(self._keys, sources)
            own = sorted(self._claims)
        self._missing = [number for number in everything if not found[number]]
        self.cached = {0: "hit", len(sentences): "miss"}.get(len(self._missing), "partial")
        """How much of it was in the cache: hit, miss or partial."""
        self._open(own)

    def __len__(self) -> int:
        """Return how many sentences there are."""
        return len(self._sentences)

    @property
    def num_samples(self) -> int | None:
        """Samples of the whole, if it is one sentence whose length is known; ask when its first chunk is there."""
        if len(self) != 1:
            return None
        if not self._streams:
            return self._length
        stream, _ = self._streams[0]
        # Several units may or may not be encoded by now, and equal requests must get equal headers.
        if stream.num_samples is None or stream.num_units[0] > 1:
            return None
        return int(_id_ends(stream, 0)[-1])

    @property
    def synthesis_seconds(self) -> float:
        """Worker time spent on this request so far."""
        return sum(stream.synthesis_seconds for stream in self._opened())

    def read(self, number: int, *, deadline: float | None = None) -> Iterator[AudioChunk]:
        """Yield the chunks of one sentence, as they come; ask for the sentences in order.

        `deadline` bounds the wait for the first of them (time.monotonic seconds). Raises BusyError when it passes and
        SynthesisError if the voice failed.
        """
        chunks = self._read(number, deadline)
        return self._traced(number, chunks) if self._sources.spans.is_recording else chunks

    def _traced(self, number: int, chunks: Iterator[AudioChunk]) -> Iterator[AudioChunk]:
        """Yield the chunks, and show the sentence and its steps to those who trace the request."""
        started, seconds = time.monotonic(), 0.0
        try:
            for chunk in chunks:
                seconds += chunk.seconds
                yield chunk
        finally:
            place = self._streams[number][1] if number in self._streams else 0
            attributes = {
                "speech.characters": len(self._sentences[number].text),
                "speech.audio_seconds": round(seconds, 3),
                "speech.cached": number not in self._streams,
            }
            steps = self._steps.get(number, NO_STEPS).take(place)
            self._sources.spans.show(steps, started=started, attributes=attributes)

    def _read(self, number: int, deadline: float | None) -> Iterator[AudioChunk]:
        # Found while the engine works.
        words = self._words(number)
        if number not in self._streams:
            speech = self._fetch(number, deadline)
            if speech is not None:
                self._length = len(speech.samples) if speech.length_announced else None
                due = words.due(speech.id_ends, is_estimated=not speech.knows_durations)
                marks = words.due_marks(speech.id_ends)
                # In few pieces: each costs time in the limiter, the encoder and the socket.
                start, size = 0, _FIRST_PIECE
                while start < len(speech.samples):
                    yield AudioChunk(speech.samples[start : start + size], self._role.voice.sample_rate, due, marks)
                    start, size, due, marks = start + size, _LARGEST_PIECE, (), ()
                return
            rest = [other for other in self._missing if other > number and other not in self._streams]
            self._open(sorted({number, *self._claim([number, *rest])}))
        yield from self._speak(number, words, deadline)

    def close(self) -> None:
        """Stop speaking, and release the claims that others wait for."""
        for stream in self._opened():
            stream.close()
        for claim in set(self._claims.values()):
            self._sources.in_progress.release(claim)

    def _opened(self) -> set[Stream]:
        return {stream for stream, _ in self._streams.values()}

    def _claim(self, numbers: list[int]) -> dict[int, Claim]:
        """Claim those of the sentences that no other request is going to speak."""
        if not self._is_shared:
            return {}
        keys = [self._keys[number] for number in numbers]
        claim = self._sources.in_progress.claim(keys, is_stalled=self._sources.are_slow)
        claimed = {numbers[keys.index(key)]: claim for key in claim.keys}
        self._claims |= claimed
        return claimed

    def _open(self, numbers: list[int]) -> None:
        """Have the engine begin these sentences."""
        if numbers:
            try:
                steps = self._sources.spans.steps()
                # If the first one comes from elsewhere, the others get the windows of a reply that goes on.
                stream = self._sources.engine.stream(
                    [self._sentences[number] for number in numbers],
                    self._role.delivery,
                    starts_reply=self._starts_reply and 0 in numbers,
                    gives_way=self._sources.ticket.gives_way,
                    steps=steps,
                )
            except BaseException:
                self.close()
                raise
            self._streams |= {number: (stream, place) for place, number in enumerate(numbers)}
            self._steps |= dict.fromkeys(numbers, steps)

    def _fetch(self, number: int, deadline: float | None) -> CachedSpeech | None:
        """Return a sentence from the cache, at once or when the request that is speaking it has finished it."""
        if not self._is_shared:
            return None
        # Not kept any longer than it is needed.
        first, self._first = self._first, None
        speech = first if first is not None and number == 0 else self._sources.cache.get(self._keys[number])
        if speech is None:
            self._sources.in_progress.wait_for(self._keys[number], deadline=deadline)
            speech = self._sources.cache.get(self._keys[number])
        return speech

    def _words(self, number: int) -> "WordTimes | _NoWordTimes":
        if self._located is None:
            return _NoWordTimes()
        # Few requests want them, so a start does not wait for this import.
        from hailo_piper.speech.word_times import WordTimes

        sentence = self._sentences[number]
        spoken = self._sources.engine.words(sentence)
        return WordTimes(next(self._located), sentence, spoken, self._role.voice.sample_rate)

    def _speak(self, number: int, words: "WordTimes | _NoWordTimes", deadline: float | None) -> Iterator[AudioChunk]:
        stream, place = self._streams[number]
        made: list[Samples] = []
        chunks = stream.read(place, deadline=deadline)
        if runs := stream.manners.treatments(place):
            # Few requests change their speed, so a start does not wait for this import.
            from hailo_piper.audio.joining import treated

            chunks = treated(chunks, runs, partial(stream.durations, place))
        for chunk in chunks:
            # A sentence may be a whole book, so it is gathered only if the cache will keep it.
            if self._is_shared:
                made.append(chunk.samples)
            if self._located is not None:
                ends = _id_ends(stream, place)
                due = words.due(ends, is_estimated=not stream.knows_durations)
                yield AudioChunk(chunk.samples, chunk.sample_rate, due, words.due_marks(ends))
            else:
                yield chunk
        if self._is_shared and made:
            speech = CachedSpeech(
                np.concatenate(made),
                length_announced=stream.num_units[place] == 1,
                id_ends=_id_ends(stream, place),
                knows_durations=stream.knows_durations,
            )
            self._sources.cache.put(self._keys[number], speech)
        if number in self._claims:
            self._sources.in_progress.finish(self._claims[number], self._keys[number])


class _NoWordTimes:
    """The words of a sentence that nobody asks for."""

    def due(self, ends: IdSamples, *, is_estimated: bool) -> tuple[Word, ...]:  # noqa: ARG002
        """Return none."""
        return ()

    def due_marks(self, ends: IdSamples) -> tuple[Mark, ...]:  # noqa: ARG002
        """Return none."""
        return ()


def _id_ends(stream: Stream, place: int) -> IdSamples:
    return treated_ends(stream.durations(place), stream.manners.treatments(place))
