"""G.711 writes 16-bit samples as telephones do: one byte each, finer where the sound is quiet.

Source: ITU-T Recommendation G.711, and its reference software in G.191.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Law = Literal["ulaw", "alaw"]

_ULAW_BIAS = 132
_ULAW_LOUDEST = 32767 - _ULAW_BIAS
_ULAW_BOUNDS = 256 << np.arange(7)
"""The first biased magnitude of each segment but the lowest."""
_ALAW_BOUNDS = 32 << np.arange(7)
"""The first 13-bit magnitude of each segment but the lowest."""


def to_ulaw(samples: NDArray[np.int16]) -> NDArray[np.uint8]:
    """Return µ-law bytes of samples; shape (n,), int16 to uint8."""
    wide = samples.astype(np.int32)
    biased = np.minimum(np.abs(wide), _ULAW_LOUDEST) + _ULAW_BIAS
    segment = np.searchsorted(_ULAW_BOUNDS, biased, side="right")
    step = (biased >> (segment + 3)) & 15
    sign = np.where(wide < 0, 128, 0)
    data: NDArray[np.uint8] = (~(sign | segment << 4 | step) & 255).astype(np.uint8)
    return data


def to_alaw(samples: NDArray[np.int16]) -> NDArray[np.uint8]:
    """Return A-law bytes of samples; shape (n,), int16 to uint8."""
    wide = samples.astype(np.int32) >> 3
    # A negative sample has the magnitude of its bits turned round, so that no value is twice there.
    magnitude = np.where(wide < 0, ~wide, wide)
    segment = np.searchsorted(_ALAW_BOUNDS, magnitude, side="right")
    step = (magnitude >> np.maximum(segment, 1)) & 15
    # A-law turns every other bit round; a set sign bit means a positive sample.
    mask = np.where(wide < 0, 0x55, 0xD5)
    data: NDArray[np.uint8] = ((segment << 4 | step) ^ mask).astype(np.uint8)
    return data


LAWS = {"ulaw": to_ulaw, "alaw": to_alaw}
"""The function of each law by its name."""
WAVE_TAGS = {"ulaw": 7, "alaw": 6}
"""The number of each law in the header of a WAVE."""
