"""One window of a stage, and what of its overlap each part of the stage still needs.

A window is run with `overlap` frames more on each side. The first layers need all of them, the last almost none, so a
prepared stage has places where what is no longer needed is cut away: a `Trim` each, fed with where to cut.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

Array = np.ndarray
_NO_END = np.iinfo(np.int64).max


class Trim(NamedTuple):
    """A place in a stage where the tensor can be cut shorter."""

    rate: int
    """Values of the tensor for each frame."""

    halo: int
    """Values that the rest of the stage needs on each side of the window."""


def start_name(number: int) -> str:
    """The stage's input that says which value a trim keeps first."""
    return f"trim_{number}_start"


def end_name(number: int) -> str:
    """The stage's input that says before which value a trim stops."""
    return f"trim_{number}_end"


def untrimmed(trims: Sequence[Trim]) -> dict[str, Array]:
    """Feeds by which nothing is cut away."""
    starts = {start_name(number): np.zeros(1, np.int64) for number in range(len(trims))}
    return starts | {end_name(number): np.array([_NO_END]) for number in range(len(trims))}


def run_window(  # noqa: PLR0913 - a window has two ends, a stage three properties
    run: Callable[[Array, dict[str, Array]], Array],
    latent: Array,
    start: int,
    end: int,
    *,
    overlap: int,
    trims: Sequence[Trim] = (),
    scale: int = 1,
) -> Array:
    """What the stage makes of the frames from start to end, as if it had been run on all of them.

    `run` takes a latent, shape (1, channels, frames), and the trims' feeds; its last axis has `scale` values a frame.
    """
    low, high = max(0, start - overlap), min(latent.shape[2], end + overlap)
    feeds: dict[str, Array] = {}
    cut, rate = 0, 1
    for number, trim in enumerate(trims):
        cut, rate = cut * trim.rate // rate, trim.rate
        first = max(cut, (start - low) * rate - trim.halo)
        last = min((high - low) * rate, (end - low) * rate + trim.halo)
        feeds[start_name(number)], feeds[end_name(number)] = np.array([first - cut]), np.array([last - cut])
        cut = first
    result = run(latent[:, :, low:high], feeds)
    begin = (start - low) * scale - cut * scale // rate
    return result[..., begin : begin + (end - start) * scale]
