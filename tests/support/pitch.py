"""Pitch is measured in the sound, frame by frame, by normalised autocorrelation."""

import numpy as np
from numpy.typing import NDArray

LOWEST_HZ, HIGHEST_HZ = 60.0, 320.0
"""Of a man's voice that is not shifted; a second look searches around the median of the first alone."""
_AROUND = 1.6
_WINDOW_SECONDS, _HOP_SECONDS = 0.03, 0.005
_QUIETEST = 10 ** (-30 / 20)
"""Of the highest peak, as the root mean square of a frame."""
_CLEAREST = 0.5
"""Correlation from which on a frame counts as voiced. A higher bound would leave out more of what is shifted down,
where the pitch moves faster."""


def track(samples: NDArray[np.float64], rate: int, factor: float = 1.0) -> NDArray[np.float64]:
    """Return the pitch of each voiced frame in hertz, shape (frames,), float64.

    `factor`: by which the pitch is expected to be shifted. Windows and lags are scaled by it, so that the tracker
    decides between octaves in the shifted sound as it does in the plain one.
    """
    first = _tracked(samples, rate, factor, LOWEST_HZ * factor, HIGHEST_HZ * factor)
    if not len(first):
        return first
    middle = float(np.median(first))
    return _tracked(samples, rate, factor, middle / _AROUND, middle * _AROUND)


def _tracked(
    samples: NDArray[np.float64], rate: int, factor: float, lowest: float, highest: float
) -> NDArray[np.float64]:
    size, hop = round(_WINDOW_SECONDS * rate / factor), max(1, round(_HOP_SECONDS * rate / factor))
    shortest, longest = int(rate / highest), int(rate / lowest) + 1
    reach = size + longest + 2
    if len(samples) < reach:
        return np.zeros(0)
    frames = np.lib.stride_tricks.sliding_window_view(samples, reach)[::hop]
    frames = frames[np.sqrt((frames[:, :size] ** 2).mean(axis=1)) > _QUIETEST * np.abs(samples).max()]
    width = 1 << (reach + size).bit_length()
    heads = np.fft.rfft(frames[:, :size], width)
    products = np.fft.irfft(np.conj(heads) * np.fft.rfft(frames, width), width)[:, : longest + 2]
    sums = np.cumsum(np.pad(frames**2, ((0, 0), (1, 0))), axis=1)
    energies = sums[:, size : size + longest + 2] - sums[:, : longest + 2]
    likeness = products / np.sqrt(np.maximum(energies * energies[:, :1], 1e-12))
    found = [_lag(frame, shortest, longest) for frame in likeness]
    return rate / np.array([lag for lag in found if lag], dtype=np.float64)


def _lag(likeness: NDArray[np.float64], shortest: int, longest: int) -> float:
    """Return the lag of the first peak that is nearly as high as the highest, between samples; 0: not voiced."""
    inside = likeness[shortest : longest + 1]
    if inside.max(initial=0.0) < _CLEAREST:
        return 0.0
    is_peak = (inside > likeness[shortest - 1 : longest]) & (inside >= likeness[shortest + 1 : longest + 2])
    peaks = np.flatnonzero(is_peak & (inside > 0.9 * inside.max()))
    if not len(peaks):
        return 0.0
    at = int(peaks[0]) + shortest
    before, here, after = likeness[at - 1 : at + 2]
    return float(at + (before - after) / (2 * (before - 2 * here + after)))


def cents(shifted: NDArray[np.float64], plain: NDArray[np.float64]) -> float:
    """Return how much higher the median of one track is than that of another."""
    return float(1200 * np.log2(np.median(shifted) / np.median(plain)))
