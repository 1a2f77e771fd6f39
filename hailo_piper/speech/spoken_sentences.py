"""One request's sentences, each from where it is had soonest: the cache, a request that speaks it, or the engine."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import astuple

import numpy as np

from hailo_piper import __version__
from hailo_piper.audio.samples import AudioChunk, Samples, length_at_tempo
from hailo_piper.cache.in_progress import Claim, Flights
from hailo_piper.cache.store import Cache, CachedSpeech
from hailo_piper.engine.engine import Engine
from hailo_piper.engine.stream import Stream
from hailo_piper.speech.plan import Plan
from hailo_piper.text.sentence import Sentence

_FIRST_PIECE, _LARGEST_PIECE = 2048, 32768
"""Samples of a sentence out of the cache that go on together."""


class SpokenSentences:
    """The speech of one plan at the voice's own level and rate. Read it from one thread, in order, then close it."""

    def __init__(  # noqa: PLR0913 - each is a place where speech is had from, or a bound
        self,
        plan: Plan,
        *,
        engine: Engine,
        cache: Cache,
        flights: Flights,
        is_stalled: Callable[[], bool],
        starts_reply: bool = True,
    ) -> None:
        """`is_stalled`: whether this request's reader takes nothing. `starts_reply`: whether its reply begins here."""
        self._plan = plan
        self._engine = engine
        self._cache = cache
        self._flights = flights
        self._is_stalled = is_stalled
        self._starts_reply = starts_reply
        self._streams: dict[int, tuple[Stream, int]] = {}
        """Where the sentences that this request speaks itself come from: a stream, and the place in it."""
        self._claims: dict[int, Claim] = {}
        self._length: int | None = None
        """Samples of the sentence last had from the cache, where its length was announced."""
        self._is_shared = plan.use_cache and cache.statistics.enabled
        self._keys = [_key(plan, engine, sentence) for sentence in plan.sentences] if self._is_shared else []
        everything = list(range(len(plan.sentences)))
        # First the claim: what another request finishes between the two is in the cache by then.
        claimed = self._claim(everything)
        found = cache.has(self._keys) if self._is_shared else [False] * len(everything)
        for claim in set(claimed.values()):
            flights.give_back(claim, [self._keys[number] for number in everything if found[number]])
        self._missing = [number for number in everything if not found[number]]
        self._claims = {number: claim for number, claim in claimed.items() if not found[number]}
        self.cached = {0: "hit", len(found): "miss"}.get(len(self._missing), "partial")
        """How much of it was in the cache: hit, miss or partial."""
        self._open([number for number in self._missing if not self._is_shared or number in claimed])

    @property
    def num_samples(self) -> int | None:
        """Samples of the whole, where it is one sentence whose length is known; ask when its first chunk is there."""
        if len(self._plan.sentences) > 1:
            return None
        if not self._streams:
            return self._length
        stream, _ = self._streams[0]
        # Of several units all may be encoded by now, or not: equal requests are to get equal headers.
        if stream.num_samples is None or stream.num_units[0] > 1:
            return None
        return length_at_tempo(stream.num_samples, stream.tempo)

    @property
    def synthesis_seconds(self) -> float:
        """Worker time spent on this request so far."""
        return sum(stream.synthesis_seconds for stream in self._opened())

    def read(self, number: int, *, deadline: float | None = None) -> Iterator[AudioChunk]:
        """The chunks of one sentence, as they come; ask for the sentences in order.

        `deadline` bounds the wait for the first of them. Raises BusyError when it passes and SynthesisError where the
        voice failed.
        """
        if number not in self._streams:
            speech = self._had_elsewhere(number, deadline)
            if speech is not None:
                self._length = len(speech.samples) if speech.length_announced else None
                # In pieces, as it was made: the first of them leaves at once, and each costs its own.
                start, size = 0, _FIRST_PIECE
                while start < len(speech.samples):
                    yield AudioChunk(speech.samples[start : start + size], self._plan.voice.sample_rate)
                    start, size = start + size, min(_LARGEST_PIECE, size * 4)
                return
            rest = [other for other in self._missing if other > number and other not in self._streams]
            claimed = self._claim([number, *rest])
            self._open(sorted({number, *claimed}))
        yield from self._speak(number, deadline)

    def close(self) -> None:
        """Stop what is being spoken, and leave to others what they wait for."""
        for stream in self._opened():
            stream.close()
        for claim in set(self._claims.values()):
            self._flights.release(claim)

    def _opened(self) -> set[Stream]:
        return {stream for stream, _ in self._streams.values()}

    def _claim(self, numbers: list[int]) -> dict[int, Claim]:
        """Take upon this request those of the sentences that no other is going to speak."""
        if not self._is_shared:
            return {}
        claim = self._flights.claim([self._keys[number] for number in numbers], is_stalled=self._is_stalled)
        first = {self._keys[number]: number for number in reversed(numbers)}
        claimed = {first[key]: claim for key in claim.keys}
        self._claims |= claimed
        return claimed

    def _open(self, numbers: list[int]) -> None:
        """Have the engine speak these sentences."""
        if numbers:
            try:
                # Where the first one is had from elsewhere, the others have the bits of those that go on.
                stream = self._engine.stream(
                    [self._plan.sentences[number] for number in numbers],
                    self._plan.delivery,
                    starts_reply=self._starts_reply and 0 in numbers,
                )
            except BaseException:
                self.close()
                raise
            self._streams |= {number: (stream, place) for place, number in enumerate(numbers)}

    def _had_elsewhere(self, number: int, deadline: float | None) -> CachedSpeech | None:
        """A sentence out of the cache, at once or after the request that speaks it now has finished it."""
        if not self._is_shared:
            return None
        speech = self._cache.get(self._keys[number])
        if speech is None:
            self._flights.wait_for(self._keys[number], deadline=deadline)
            speech = self._cache.get(self._keys[number])
        return speech

    def _speak(self, number: int, deadline: float | None) -> Iterator[AudioChunk]:
        stream, place = self._streams[number]
        made: list[Samples] = []
        for chunk in _at_tempo(stream.read(place, deadline=deadline), stream):
            # A sentence may be a whole book: what nobody will keep is not gathered.
            if self._is_shared:
                made.append(chunk.samples)
            yield chunk
        if self._is_shared and made:
            speech = CachedSpeech(np.concatenate(made), length_announced=stream.num_units[place] == 1)
            self._cache.put(self._keys[number], speech)
        if number in self._claims:
            self._flights.finish(self._claims[number], self._keys[number])


def _at_tempo(chunks: Iterator[AudioChunk], stream: Stream) -> Iterator[AudioChunk]:
    """One sentence as fast as it was asked for, where the voice alone does not reach that."""
    if stream.tempo == 1.0:
        return chunks
    from hailo_piper.audio.ffmpeg.tempo import at_tempo

    return at_tempo(chunks, stream.tempo)


def _key(plan: Plan, engine: Engine, sentence: Sentence) -> str:
    """Whatever makes two syntheses equal, as one word."""
    parts = [__version__, engine.digest, plan.voice.sample_rate, *astuple(plan.delivery), sentence.text]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
