"""PCM: chunks, loudness, silence, resampling.

Inside the process audio is one thing: mono float32 samples in [-1, 1] with their sample_rate. Encoders turn it to
16 bit once, at the very end.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]


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


def to_int16(samples: Samples) -> NDArray[np.int16]:
    """Float samples to 16 bit, clipped at full scale and rounded to the nearest step. Shape (n,), int16."""
    rounded: NDArray[np.int16] = np.rint(np.clip(samples, -1.0, 1.0) * 32767.0).astype("<i2")
    return rounded


def length_at_tempo(num_samples: int, tempo: float) -> int:
    """How many samples are left of so many when they are played that much faster, at the same pitch."""
    return round(num_samples / tempo)
