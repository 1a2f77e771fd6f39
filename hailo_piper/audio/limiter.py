"""A look-ahead limiter keeps the true peak under the ceiling and leaves quieter sound untouched.

Gain moves on a grid of 1.5 ms blocks that is fixed in time, so the result is the same however the audio is cut. Gain
falls in a straight line over the look-ahead and recovers over about 60 ms; it is interpolated between blocks, so that
no sample inside a block gets more than the block allows. True peak is defined by ITU-R BS.1770-4, annex 2.
"""

import numpy as np
from numpy.typing import NDArray

from hailo_piper.audio.samples import Samples

CEILING = 10 ** (-1.2 / 20)
"""Highest peak that passes: -1.2 dBTP leaves 16 bit, resampling and codecs 0.2 dB under the promised -1 dBTP."""

_BLOCK_SECONDS = 0.0015
_LOOK_AHEAD_BLOCKS = 4
_RECOVERY = float(1 - np.exp(-_BLOCK_SECONDS / 0.06))
_FAR_BLOCKS = 8
"""Blocks between two loud places from which on two short searches cost less than one long one."""
_TAPS = 12
_PHASES = 4
_CONTEXT = _TAPS // 2
"""Samples on each side of a block that influence its true peak."""


def _interpolators() -> NDArray[np.float32]:
    """Return windowed sincs for the three points between two samples, shape (3, 12), float32."""
    place = np.arange(_TAPS) - (_CONTEXT - 1)
    offsets = np.arange(1, _PHASES)[:, None] / _PHASES
    distance = place - offsets
    window = np.cos(np.pi * distance / (_TAPS + 1)) ** 2
    taps = np.sinc(distance) * window
    normalized: NDArray[np.float32] = (taps / taps.sum(axis=1, keepdims=True)).astype(np.float32)
    return normalized


_INTERPOLATORS = _interpolators()
_EVEN = (_INTERPOLATORS + _INTERPOLATORS[:, ::-1])[:, :_CONTEXT] / 2
_ODD = (_INTERPOLATORS - _INTERPOLATORS[:, ::-1])[:, :_CONTEXT] / 2
"""The interpolators by their effect on sums and on differences of samples at equal distances, shape (3, 6)."""
_OVERSHOOT = float(np.abs(_INTERPOLATORS).sum(axis=1).max())
"""The factor by which a point between samples can exceed the largest of them."""


def _runs(places: NDArray[np.intp]) -> list[tuple[int, int]]:
    """Return (begin, end) of each run of places, joining those that are not far apart."""
    if not len(places):
        return []
    breaks = np.flatnonzero(np.diff(places) > _FAR_BLOCKS)
    begins, ends = places[[0, *(breaks + 1)]], places[[*breaks, -1]] + 1
    return list(zip(begins.tolist(), ends.tolist(), strict=True))


def _highest_between(samples: Samples, block: int) -> Samples:
    """Return the highest peak between samples in each block; (n * block + 12) samples give shape (n,), float32.

    The three points after a sample are sums over the six pairs of samples at equal distances around their middle. The
    points at a quarter and at three quarters are mirror images, so they share their products. Unlike a convolution,
    products and sums of whole arrays give the same bits wherever the audio is cut.
    """
    length = len(samples) - 2 * _CONTEXT
    even, odd, middle = np.zeros((3, length), np.float32)
    pair, product = np.empty((2, length), np.float32)
    for near in range(_CONTEXT):
        one, other = samples[1 + near :][:length], samples[2 * _CONTEXT - near :][:length]
        np.add(one, other, out=pair)
        even += np.multiply(pair, _EVEN[0, near], out=product)
        middle += np.multiply(pair, _EVEN[1, near], out=product)
        np.subtract(one, other, out=pair)
        odd += np.multiply(pair, _ODD[0, near], out=product)
    # Of a quarter and three quarters, even + odd and even - odd, the larger has both magnitudes.
    np.abs(even, out=even)
    even += np.abs(odd, out=odd)
    np.maximum(even, np.abs(middle, out=middle), out=even)
    highest: Samples = even.reshape(-1, block).max(axis=1)
    return highest


def _recovered(gain: float) -> float:
    """Return the gain of the next block where nothing bounds it."""
    gain += (1.0 - gain) * _RECOVERY
    return 1.0 if gain >= 0.9999 else gain


class Limiter:
    """A limiter of one stream: `push` samples in pieces of any size, then `flush`. Holds back about 8 ms."""

    def __init__(self, sample_rate: int) -> None:
        self._block = max(1, round(_BLOCK_SECONDS * sample_rate))
        self._pending = np.zeros(0, np.float32)
        """Samples still held back, from the beginning of a block."""
        self._history = np.zeros(_CONTEXT, np.float32)
        """The samples just before `_pending`."""
        self._needed: list[float] = []
        """The gain that each block of `_pending` allows, as far as it is known."""
        self._gain: float | None = None
        """Gain at the beginning of `_pending`; None before the first block."""

    def push(self, samples: Samples) -> Samples:
        """Take the next samples, shape (n,), float32; return those that are finished, shape (m,)."""
        self._pending = np.concatenate([self._pending, samples])
        self._measure(len(self._pending) - _CONTEXT)
        return self._pass(len(self._needed) - _LOOK_AHEAD_BLOCKS)

    def flush(self) -> Samples:
        """Return the samples still held back, shape (m,)."""
        length = len(self._pending)
        padding = -length % self._block + _CONTEXT
        self._pending = np.concatenate([self._pending, np.zeros(padding, np.float32)])
        self._measure(length + padding - _CONTEXT)
        self._needed += [1.0] * _LOOK_AHEAD_BLOCKS
        return self._pass(len(self._needed) - _LOOK_AHEAD_BLOCKS)[:length]

    def _measure(self, available: int) -> None:
        """Find the gain that each further whole block allows, as far as `available` samples reach."""
        first, last = len(self._needed), max(len(self._needed), available // self._block)
        if first == last:
            return
        padded = np.concatenate([self._history, self._pending])
        region = padded[first * self._block : last * self._block + 2 * _CONTEXT]
        magnitudes = np.abs(region)
        highest = magnitudes[_CONTEXT:-_CONTEXT].reshape(last - first, self._block).max(axis=1)
        # Blocks in which no point between samples can reach the ceiling need no interpolation.
        near = np.concatenate([[magnitudes[:_CONTEXT].max()], highest, [magnitudes[-_CONTEXT:].max()]])
        around = np.maximum(np.maximum(near[:-2], near[1:-1]), near[2:])
        for begin, end in _runs(np.flatnonzero(around * _OVERSHOOT > CEILING)):
            part = region[begin * self._block : end * self._block + 2 * _CONTEXT]
            highest[begin:end] = np.maximum(highest[begin:end], _highest_between(part, self._block))
        self._needed += np.minimum(1.0, CEILING / np.maximum(highest, CEILING)).tolist()

    def _pass(self, blocks: int) -> Samples:
        """Remove this many blocks from `_pending` and return them at their gain."""
        if blocks <= 0:
            return np.zeros(0, np.float32)
        size = blocks * self._block
        out, self._pending = self._pending[:size], self._pending[size:]
        self._history = np.concatenate([self._history, out])[-_CONTEXT:]
        gains = np.array(self._gains(blocks))
        lowered = np.flatnonzero(np.minimum(gains[:-1], gains[1:]) < 1.0)
        if len(lowered):
            begins = gains[lowered][:, None]
            slopes = (gains[lowered + 1][:, None] - begins) / self._block
            out = out.copy()
            by_block = out.reshape(blocks, self._block)
            by_block[lowered] *= (slopes * np.arange(self._block) + begins).astype(np.float32)
        return out

    def _gains(self, blocks: int) -> list[float]:
        """Return the gain at the beginning of each block and at the end of the last."""
        needed, self._needed = self._needed, self._needed[blocks:]
        gain = needed[0] if self._gain is None else self._gain
        bounds = np.array(needed[: blocks + _LOOK_AHEAD_BLOCKS])
        if gain == 1.0 and bounds.min() == 1.0:
            return [1.0] * (blocks + 1)
        # The gain at a block's end is bound by this block, the next and, ever less, those further ahead.
        allowed = bounds[:blocks]
        for ahead in range(1, _LOOK_AHEAD_BLOCKS + 1):
            later = bounds[ahead : ahead + blocks]
            allowed = np.minimum(allowed, later + (1.0 - later) * ((ahead - 1) / _LOOK_AHEAD_BLOCKS))
        gains = [gain]
        bounded, at = [*np.flatnonzero(allowed < 1.0).tolist(), blocks], 0
        limits = allowed.tolist()
        for low in bounded:
            # Up to the next bound the gain recovers, and then stays.
            while at < low and gain < 1.0:
                gain = _recovered(gain)
                gains.append(gain)
                at += 1
            gains += [1.0] * (low - at)
            if low < blocks:
                gain = min(_recovered(gain), limits[low])
                gains.append(gain)
            at = low + 1
        self._gain = gain
        return gains
