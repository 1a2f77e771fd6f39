"""Changes the sample rate of chunks as they come; sole owner of soxr."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from hailo_piper.audio.samples import AudioChunk


def resampled_length(num_samples: int, sample_rate: int, new_rate: int) -> int:
    """How many samples `resample` makes of so many."""
    return round(num_samples * new_rate / sample_rate)


def resample(chunks: Iterable[AudioChunk], sample_rate: int) -> Iterator[AudioChunk]:
    """The same audio at `sample_rate` Hz; the filter's state runs on across chunks, so that seams are inaudible.

    All chunks have one rate and may come in any size; one chunk in gives at most one out, and a last one flushes the
    filter. The whole is exactly `resampled_length` samples, so that a length can be told before it is made.
    """
    stream: Any = None
    rate_before = taken = made = 0
    for chunk in chunks:
        if chunk.sample_rate == sample_rate:
            yield chunk
            continue
        if stream is None:
            rate_before = chunk.sample_rate
            stream = _resampler(rate_before, sample_rate)
        taken += len(chunk.samples)
        samples = stream.resample_chunk(chunk.samples)
        made += len(samples)
        if len(samples):
            yield AudioChunk(samples, sample_rate)
    if stream is not None:
        missing = resampled_length(taken, rate_before, sample_rate) - made
        samples = stream.resample_chunk(np.zeros(0, dtype=np.float32), last=True)[: max(0, missing)]
        samples = np.concatenate([samples, np.zeros(max(0, missing - len(samples)), np.float32)])
        if len(samples):
            yield AudioChunk(samples, sample_rate)


def _resampler(sample_rate: int, new_rate: int) -> Any:
    # Most answers have the voice's own rate, and a start need not wait for this import.
    import soxr

    return soxr.ResampleStream(sample_rate, new_rate, 1, dtype="float32", quality="HQ")
