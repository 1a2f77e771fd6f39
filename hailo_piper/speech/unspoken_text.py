"""An unspoken text has its words and its length, but no sound: captions need only the encoder.

Of a sentence that is in the cache, the times are those of the speech that lies there.
"""

from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain

import numpy as np

from hailo_piper.audio.samples import AudioChunk
from hailo_piper.audio.treatment import treated_ends
from hailo_piper.errors import AbandonedError, InvalidRequestError
from hailo_piper.speech.plan import Plan
from hailo_piper.speech.sources import Sources, key_of
from hailo_piper.speech.spoken_text import SpokenSentence
from hailo_piper.speech.word_times import WordTimes
from hailo_piper.text.sentence import Sentence

_AHEAD = 4
"""Sentences that are encoded at once: the processors have work while the next one is phonemized."""


def unspoken(plan: Plan, sources: Sources, has_left: Callable[[], bool]) -> Iterator[SpokenSentence]:
    """Yield each sentence as one chunk of silence, as long as its speech, with all of its words.

    Raises AbandonedError where the client has left, InvalidRequestError if the voice has no sound for any of the text,
    and SynthesisError if the voice fails.
    """
    has_sound = False
    begun = deque[_Unspoken]()
    try:
        for sentence in chain(_sentences(plan, sources), [None] * _AHEAD):
            if has_left():
                raise AbandonedError("The client left before its captions were there")
            if sentence is not None:
                begun.append(sentence)
            if begun and (sentence is None or len(begun) == _AHEAD):
                done = begun.popleft()
                chunk = done.chunk()
                has_sound = has_sound or len(chunk.samples) > 0
                yield SpokenSentence(iter([chunk] * (len(chunk.samples) > 0)), done.begins_paragraph)
    finally:
        for sentence in begun:
            sentence.cancel()
    if not has_sound:
        raise InvalidRequestError("The text has nothing to say in this voice", param="text")


def _sentences(plan: Plan, sources: Sources) -> Iterator["_Unspoken"]:
    while True:
        sentences = plan.text.take()
        for written in sentences:
            yield _Unspoken(written, plan, sources, is_alone=len(sentences) == 1)
        if plan.text.is_spent:
            return
        plan.text.wait()


class _Unspoken:
    """A sentence whose times are known soon."""

    def __init__(self, written: Sentence, plan: Plan, sources: Sources, *, is_alone: bool) -> None:
        self.begins_paragraph = written.begins_paragraph
        self._located = plan.text.locate(written)
        self._sentence = plan.verbalise(written)
        self._engine, self._rate = sources.engine, plan.voice.sample_rate
        self._cached = sources.cache.get(key_of(plan, sources.engine, self._sentence)) if plan.use_cache else None
        if self._cached is not None and not len(self._cached.id_ends):
            self._cached = None
        self._pending = (
            None
            if self._cached is not None
            else self._engine.durations(self._sentence, plan.delivery, is_alone=is_alone)
        )
        # While it is encoded, espeak-ng is asked for its words.
        self._words = WordTimes(self._located, self._sentence, self._engine.words(self._sentence), self._rate)

    def chunk(self) -> AudioChunk:
        """Return silence that is as long as the sentence, with its words. Raises SynthesisError."""
        if self._cached is not None:
            ends, samples = self._cached.id_ends, len(self._cached.samples)
            is_known = self._cached.knows_durations
        elif self._pending is not None:
            durations = self._pending.result()
            ends, is_known = treated_ends(durations.id_samples, durations.runs), durations.are_known
            samples = int(ends[-1]) if len(ends) else 0
        # No memory is needed for it, however long it is.
        due = self._words.due(ends, is_estimated=not is_known)
        return AudioChunk(np.broadcast_to(np.float32(0), samples), self._rate, due)

    def cancel(self) -> None:
        """Encode no more of it."""
        if self._pending is not None:
            self._pending.cancel()
