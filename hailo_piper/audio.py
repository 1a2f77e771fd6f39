"""PCM: chunks, gain, limiter, silence, resampling.

Inside the process audio is one thing: mono float32 samples in [-1, 1] with their sample_rate. Encoders turn it to
16 bit once, at the very end.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

Samples = NDArray[np.float32]

_SILENT_PEAK = 1e-8
"""Below this peak a chunk is silence and peak normalisation would only raise noise (Piper's own bound)."""


@dataclass(frozen=True, slots=True)
class AudioChunk:
    """A piece of speech."""

    samples: Samples
    """Shape (n,), float32, nominally in [-1, 1]."""

    sample_rate: int
    """Hz."""

    @property
    def seconds(self) -> float:
        """How long the chunk plays."""
        return len(self.samples) / self.sample_rate


def silence(seconds: float, sample_rate: int) -> AudioChunk:
    """That many seconds of zeros, rounded to whole samples."""
    return AudioChunk(np.zeros(round(seconds * sample_rate), dtype=np.float32), sample_rate)


def normalize_peak(samples: Samples) -> Samples:
    """The samples scaled so that the largest is 1, as Piper does; silence stays as it is."""
    peak = float(np.max(np.abs(samples), initial=0.0))
    return samples / np.float32(peak) if peak > _SILENT_PEAK else samples


def to_int16(samples: Samples) -> NDArray[np.int16]:
    """Float samples to 16 bit, clipped at full scale and rounded to the nearest step. Shape (n,), int16."""
    return np.rint(np.clip(samples, -1.0, 1.0) * 32767.0).astype("<i2")


def resample(chunks: Iterable[AudioChunk], sample_rate: int) -> Iterator[AudioChunk]:
    """The same audio at `sample_rate` Hz; the filter's state runs on across chunks, so that seams are inaudible.

    Chunks may come in any size; one chunk in gives at most one out, and a last one flushes the filter.
    """
    stream: soxr.ResampleStream | None = None
    for chunk in chunks:
        if chunk.sample_rate == sample_rate:
            yield chunk
            continue
        if stream is None:
            stream = soxr.ResampleStream(chunk.sample_rate, sample_rate, 1, dtype="float32", quality="HQ")
        samples = stream.resample_chunk(chunk.samples)
        if len(samples):
            yield AudioChunk(samples, sample_rate)
    if stream is not None:
        samples = stream.resample_chunk(np.zeros(0, dtype=np.float32), last=True)
        if len(samples):
            yield AudioChunk(samples, sample_rate)
