"""Mastering brings a voice's chunks to the pauses, level and format that a request asks for, one by one."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from hailo_piper.audio.encoding import Encoder
from hailo_piper.audio.limiter import Limiter
from hailo_piper.audio.resample import resample
from hailo_piper.audio.samples import AudioChunk, Samples
from hailo_piper.audio.word import Mark, Word
from hailo_piper.speech.plan import Silences


class SpokenSentence(NamedTuple):
    """One sentence as it is spoken, and the silence before it."""

    chunks: Iterable[AudioChunk]
    between: float
    """Seconds between it and the sentence before."""
    pause: float | None = None
    """Seconds in place of that, before the first sentence, too."""
    marks_before: tuple[tuple[float, str], ...] = ()
    """Names of places in the silence before it, each with its seconds before the sentence."""


class Tail(NamedTuple):
    """The end of a text, after its last sentence."""

    pause: float
    """Seconds."""
    marks: tuple[tuple[float, str], ...]
    """Names of places, each with the seconds of the pause before it."""


OnWords = Callable[[Sequence[Word], Sequence[Mark]], None]
"""Takes the words and marks that became known, counted from the answer's first sample."""


def with_silence(
    sentences: Iterable[SpokenSentence], silences: Silences, on_words: OnWords, tail: Callable[[], Tail]
) -> Iterator[AudioChunk]:
    """Yield the chunks of all sentences, with silence before, between and after those that have a sound.

    The silence before the first leaves with the first chunk: an answer begins once the voice has a sound. `tail` is
    asked when the last one is spoken. Every later stage keeps the time, so words are handed to `on_words` here.
    """
    answer = _Answer(silences)
    for sentence in sentences:
        answer.expect(sentence)
        start: float | None = None
        for chunk in sentence.chunks:
            if start is None:
                yield from answer.begin(chunk.sample_rate)
                start = answer.seconds
                if sentence.marks_before:
                    on_words((), [Mark(name, start - before) for before, name in sentence.marks_before])
            if chunk.words or chunk.marks:
                on_words(
                    [word._replace(start=start + word.start, end=start + word.end) for word in chunk.words],
                    [mark._replace(start=start + mark.start) for mark in chunk.marks],
                )
            answer.samples += len(chunk.samples)
            yield chunk
    if answer.rate:
        end = tail()
        if end.marks:
            on_words((), [Mark(name, answer.seconds + after) for after, name in end.marks])
        yield from _silence((answer.pause or 0.0) + end.pause + silences.tail, answer.rate)


class _Answer:
    """An answer so far: how long it is, and the silence before its next sound."""

    def __init__(self, silences: Silences) -> None:
        self._silences = silences
        self._between = 0.0
        self.pause: float | None = None
        """Seconds that the text asks for; those before a sentence without a sound count before the next one."""
        self.samples = 0
        self.rate = 0
        """Hz; 0 until there is a sound."""

    @property
    def seconds(self) -> float:
        return self.samples / self.rate

    def expect(self, sentence: SpokenSentence) -> None:
        """Note the silence before a sentence, if it has a sound."""
        self._between = sentence.between if self.rate else 0.0
        if sentence.pause is not None:
            self.pause = (self.pause or 0.0) + sentence.pause

    def begin(self, sample_rate: int) -> Iterator[AudioChunk]:
        """Yield the silence before a sentence that has a sound."""
        length = self._between if self.pause is None else self.pause
        length += 0.0 if self.rate else self._silences.lead
        self.rate, self.pause = sample_rate, None
        for chunk in _silence(length, sample_rate):
            self.samples += len(chunk.samples)
            yield chunk


def _silence(seconds: float, sample_rate: int) -> Iterator[AudioChunk]:
    """Yield silence of this duration, in chunks of a second: a pause may be a minute."""
    left = num_silent(seconds, sample_rate)
    while left:
        size = min(left, sample_rate)
        yield AudioChunk(np.zeros(size, np.float32), sample_rate)
        left -= size


def num_silent(seconds: float, sample_rate: int) -> int:
    """Return the samples of a silence."""
    return round(seconds * sample_rate)


def matched(chunks: Iterable[AudioChunk], gain: float, sample_rate: int) -> Iterator[AudioChunk]:
    """Yield the chunks of one sentence at the level and the rate of another voice; words and marks stay with them."""
    words, marks = list[Word](), list[Mark]()

    def louder() -> Iterator[AudioChunk]:
        for chunk in chunks:
            words.extend(chunk.words)
            marks.extend(chunk.marks)
            yield AudioChunk(chunk.samples * np.float32(gain), chunk.sample_rate)

    def taken(samples: Samples) -> AudioChunk:
        chunk = AudioChunk(samples, sample_rate, tuple(words), tuple(marks))
        words.clear()
        marks.clear()
        return chunk

    for chunk in resample(louder(), sample_rate):
        yield taken(chunk.samples)
    if words or marks:
        yield taken(np.zeros(0, np.float32))


def at_level(chunks: Iterable[AudioChunk], gain: float, sample_rate: int) -> Iterator[AudioChunk]:
    """Yield the chunks with one gain for all of them (a factor), and no peak over the limiter's ceiling."""
    limiter = Limiter(sample_rate)
    for chunk in chunks:
        samples = limiter.push(chunk.samples * gain)
        # The limiter's look-ahead may hold back the whole of a very small chunk.
        if len(samples):
            yield AudioChunk(samples, chunk.sample_rate)
    yield AudioChunk(limiter.flush(), sample_rate)


def encode(chunks: Iterable[AudioChunk], encoder: Encoder, num_samples: Callable[[], int | None]) -> Iterator[bytes]:
    """Yield bytes, never none, as soon as there are any; `num_samples` is asked when the first chunk is there."""
    data, is_begun = b"", False
    for chunk in chunks:
        if not is_begun:
            is_begun = True
            data = encoder.header(num_samples())
        data += encoder.encode(chunk.samples)
        if data:
            yield data
            data = b""
    if data := data + encoder.flush():
        yield data
