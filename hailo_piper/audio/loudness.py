"""Loudness is measured in LUFS, as ITU-R BS.1770-4 defines it."""

import numpy as np
from numpy.typing import NDArray

from hailo_piper.audio.samples import Samples


def loudness_lufs(samples: Samples, sample_rate: int) -> float:
    """Return the integrated loudness in LUFS of mono samples, shape (n,); -inf for silence or less than 0.4 s."""
    size = len(samples) + sample_rate  # zeros at the end, since the FFT would wrap the filter's tail to the beginning
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
    """Return the response of BS.1770's two filters: a +4 dB shelf above 1.7 kHz and a high-pass at 38 Hz."""
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
