"""soxr changes the sample rate of chunks as they come."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from hailo_piper.audio.samples import AudioChunk


def resampled_length(num_samples: int, sample_rate: int, new_rate: int) -> int:
    """Return how many samples `resample` makes of `num_samples`."""
    return round(num_samples * new_rate / sample_rate)


def resample(chunks: Iterable[AudioChunk], sample_rate: int) -> Iterator[AudioChunk]:
    """Yield the same audio at `sample_rate` Hz; one filter runs across all chunks, so there are no seams.

    All chunks have one rate and any size. Each gives at most one chunk, and the flushed filter a last one. The whole
    has exactly `resampled_length` samples, so the length can be announced before the audio exists.
    """
    stream: Any = None
    rate_before = taken = made = 0
    for chunk in chunks:
        if chunk.sample_rate == sample_rate:
            yield chunk
            continue
        if stream is None:
            rate_before = chunk.sample_rate
            stream = resampler(rate_before, sample_rate)
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


def resampler(sample_rate: float, new_rate: float) -> Any:
    """Return a soxr.ResampleStream; its whole output begins with the input's first sample."""
    # Most answers keep the voice's own rate, so a start does not pay for this import.
    import soxr

    return soxr.ResampleStream(sample_rate, new_rate, 1, dtype="float32", quality="HQ")
