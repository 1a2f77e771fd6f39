"""An unspoken text has its words and its length, but no sound: captions need only the encoder.

Of a sentence that is in the cache, the times are those of the speech that lies there.
"""

from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain

import numpy as np

from hailo_piper.audio.resample import resampled_length
from hailo_piper.audio.samples import AudioChunk
from hailo_piper.audio.treatment import treated_ends
from hailo_piper.engine.engine import Engine
from hailo_piper.errors import AbandonedError, InvalidRequestError
from hailo_piper.speech.mastering import SpokenSentence, Tail
from hailo_piper.speech.place import Place
from hailo_piper.speech.plan import Plan
from hailo_piper.speech.script import Line, Part, Script
from hailo_piper.speech.sources import Sources, key_of
from hailo_piper.speech.ticket import Ticket
from hailo_piper.speech.word_times import WordTimes
from hailo_piper.text.places import Located

_AHEAD = 4
"""Sentences that are encoded at once: the processors have work while the next one is phonemized."""


class UnspokenText:
    """The sentences of one request, which nobody hears. Iterate over it once, from one thread."""

    def __init__(
        self,
        plan: Plan,
        place: Place,
        ticket: Ticket,
        sources: Callable[[Engine], Sources],
        has_left: Callable[[], bool],
    ) -> None:
        """`sources` returns those of a voice."""
        self._plan = plan
        self._place = place
        self._ticket = ticket
        self._sources_of = sources
        self._has_left = has_left
        self._script = Script(plan)

    def __iter__(self) -> Iterator[SpokenSentence]:
        """Yield each sentence as one chunk of silence, as long as its speech, with all of its words.

        Raises AbandonedError where the client has left, InvalidRequestError if no voice has a sound for any of the
        text, and SynthesisError if one fails.
        """
        has_sound = False
        sources: Sources | None = None
        while (part := self._script.take()) is not None:
            if sources is None or sources.engine.voice != part.role.voice:
                sources = self._sources_of(self._place.borrow(part.role.voice, self._ticket))
            for line, chunk in self._chunks(part, sources):
                has_sound = has_sound or len(chunk.samples) > 0
                chunks = [part.moved(chunk)] * (len(chunk.samples) > 0)
                yield SpokenSentence(chunks, line.between, line.sentence.pause)
        if not has_sound:
            raise InvalidRequestError("The text has nothing to say in this voice", param="text")

    def tail(self) -> Tail:
        """Return what the text wants after its last sentence; ask when it is over."""
        return self._script.tail

    def _chunks(self, part: Part, sources: Sources) -> Iterator[tuple[Line, AudioChunk]]:
        begun = deque[tuple[Line, _Unspoken]]()
        try:
            for line in chain(part.lines, [None] * _AHEAD):
                if self._has_left():
                    raise AbandonedError("The client left before its captions were there")
                if line is not None and part.located is not None:
                    is_alone = len(part.lines) == 1
                    begun.append((line, _Unspoken(line, next(part.located), self._plan, sources, is_alone=is_alone)))
                if begun and (line is None or len(begun) == _AHEAD):
                    own, done = begun.popleft()
                    yield own, done.chunk()
        finally:
            for _, unspoken in begun:
                unspoken.cancel()


class _Unspoken:
    """A sentence whose times are known soon."""

    def __init__(self, line: Line, located: Located, plan: Plan, sources: Sources, *, is_alone: bool) -> None:
        engine, role = sources.engine, line.role
        sentence = engine.in_own_sounds(line.sentence)
        self._rate, self._told_rate = role.voice.sample_rate, plan.voice.sample_rate
        cached = sources.cache.get(key_of(role, engine, sentence))
        self._cached = cached if cached is not None and len(cached.id_ends) else None
        self._pending = None
        if self._cached is None:
            self._pending = engine.durations(sentence, role.delivery, is_alone=is_alone)
        # While it is encoded, espeak-ng is asked for its words.
        self._words = WordTimes(located, sentence, engine.words(sentence), self._rate)

    def chunk(self) -> AudioChunk:
        """Return silence that is as long as the sentence, with its words. Raises SynthesisError."""
        if self._cached is not None:
            ends, samples = self._cached.id_ends, len(self._cached.samples)
            is_known = self._cached.knows_durations
        elif self._pending is not None:
            durations = self._pending.result()
            ends, is_known = treated_ends(durations.id_samples, durations.runs), durations.are_known
            samples = int(ends[-1]) if len(ends) else 0
        due = self._words.due(ends, is_estimated=not is_known)
        # No memory is needed for it, however long it is.
        length = resampled_length(samples, self._rate, self._told_rate)
        return AudioChunk(np.broadcast_to(np.float32(0), length), self._told_rate, due)

    def cancel(self) -> None:
        """Encode no more of it."""
        if self._pending is not None:
            self._pending.cancel()
