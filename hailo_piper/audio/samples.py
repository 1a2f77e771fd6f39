"""PCM: chunks, loudness, silence, resampling.

Inside the process audio is one thing: mono float32 samples in [-1, 1] with their sample_rate. Encoders turn it to
16 bit once, at the very end.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

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


def loudness_lufs(samples: Samples, sample_rate: int) -> float:
    """Integrated loudness by ITU-R BS.1770-4, in LUFS; -inf for silence or less than 0.4 s."""
    size = len(samples) + sample_rate  # zeros after the end keep the filter's tail out of the beginning
    spectrum = np.fft.rfft(samples, size) * _k_weighting(np.fft.rfftfreq(size, 1 / sample_rate), sample_rate)
    squares = np.cumsum(np.concatenate([[0.0], np.fft.irfft(spectrum, size)[: len(samples)] ** 2]))
    block = round(0.4 * sample_rate)
    starts = np.arange(0, len(samples) - block + 1, round(0.1 * sample_rate))
    power = (squares[starts + block] - squares[starts]) / block
    gated = power[power > 10 ** ((-70 + 0.691) / 10)]
    if not gated.size:
        return float("-inf")
    gated = gated[gated > gated.mean() / 10]
    return float(-0.691 + 10 * np.log10(gated.mean()))


def _k_weighting(hertz: NDArray[np.floating], sample_rate: int) -> NDArray[np.complexfloating]:
    """BS.1770's two filters: a shelf for the head, +4 dB above 1.7 kHz, and a high-pass at 38 Hz."""
    delay = np.exp(-2j * np.pi * hertz / sample_rate)

    def biquad(b: tuple[float, float, float], a: tuple[float, float, float]) -> NDArray[np.complexfloating]:
        response: NDArray[np.complexfloating] = np.polyval(b[::-1], delay) / np.polyval(a[::-1], delay)  # type: ignore[assignment]
        return response

    k, q, v = np.tan(np.pi * 1681.974450955533 / sample_rate), 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    w = v**0.4996667741545416
    shelf = biquad(
        (v + w * k / q + k * k, 2 * (k * k - v), v - w * k / q + k * k),
        (1 + k / q + k * k, 2 * (k * k - 1), 1 - k / q + k * k),
    )
    k, q = np.tan(np.pi * 38.13547087602444 / sample_rate), 0.5003270373238773
    norm = 1 + k / q + k * k
    return shelf * biquad((1.0, -2.0, 1.0), (1.0, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm))


def length_at_tempo(num_samples: int, tempo: float) -> int:
    """How many samples are left of so many when they are played that much faster, at the same pitch."""
    return round(num_samples / tempo)


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
