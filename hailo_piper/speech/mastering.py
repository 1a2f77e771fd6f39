"""Mastering brings a voice's chunks to the pauses, level and format that a request asks for, one by one."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from hailo_piper.audio.encoding import Encoder
from hailo_piper.audio.limiter import Limiter
from hailo_piper.audio.samples import AudioChunk, silence
from hailo_piper.audio.word import Word
from hailo_piper.speech.plan import Silences
from hailo_piper.speech.spoken_text import SpokenSentence


def with_silence(
    sentences: Iterable[SpokenSentence], silences: Silences, on_words: Callable[[Sequence[Word]], None]
) -> Iterator[AudioChunk]:
    """Yield the chunks of all sentences, with silence before, between and after those that have a sound.

    The silence before the first leaves with the first chunk: an answer begins once the voice has a sound.
    Every later stage keeps the time, so words are handed to `on_words` here, counted from the answer's first sample.
    """
    samples, rate = 0, 0
    for chunks, begins_paragraph in sentences:
        start = None
        for chunk in chunks:
            if start is None:
                between = silences.paragraph if begins_paragraph else silences.sentence
                pause = silence(between if rate else silences.lead, chunk.sample_rate)
                if len(pause.samples):
                    samples += len(pause.samples)
                    yield pause
                rate = chunk.sample_rate
                start = samples / rate
            if chunk.words:
                on_words([word._replace(start=start + word.start, end=start + word.end) for word in chunk.words])
            samples += len(chunk.samples)
            yield chunk
    if rate and silences.tail:
        yield silence(silences.tail, rate)


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
