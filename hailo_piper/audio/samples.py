"""Audio inside the process is mono float32 samples in [-1, 1] with their sample_rate.

Encoders convert it to 16 bit once, at the very end.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hailo_piper.audio.word import Mark, Word

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class AudioChunk:
    """A piece of speech."""

    samples: Samples
    """Shape (n,), float32, nominally in [-1, 1]."""

    sample_rate: int
    """Hz."""

    words: tuple[Word, ...] = ()
    """Words that become known with this chunk, in order; none of them sounds before it."""

    marks: tuple[Mark, ...] = ()
    """Likewise."""

    @property
    def seconds(self) -> float:
        """Duration of the chunk in seconds."""
        return len(self.samples) / self.sample_rate


def silence(seconds: float, sample_rate: int) -> AudioChunk:
    """Return a chunk of zeros of this duration, rounded to whole samples."""
    return AudioChunk(np.zeros(round(seconds * sample_rate), dtype=np.float32), sample_rate)


def to_int16(samples: Samples) -> NDArray[np.int16]:
    """Return samples as 16-bit integers, clipped at full scale and rounded. Shape (n,), little-endian int16."""
    rounded: NDArray[np.int16] = np.rint(np.clip(samples, -1.0, 1.0) * 32767.0).astype("<i2")
    return rounded


def length_at_tempo(num_samples: int, tempo: float) -> int:
    """Return how many samples remain of `num_samples` at this tempo; 2 is twice as fast."""
    return round(num_samples / tempo)
