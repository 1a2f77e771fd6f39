"""A stage runs one window of what it reads, and drops the overlap that later layers no longer need.

A window is run with `overlap` columns more on each side, and so equals the same columns of the whole run. The first
layers need all of the overlap, the last almost none. A prepared stage therefore has places where the tensor is cut
down: each is a `Trim`, whose two inputs say where to cut.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

Array = np.ndarray
_NO_END = np.iinfo(np.int64).max


class Trim(NamedTuple):
    """A place in a stage where the tensor can be cut down."""

    rate: int
    """Values of the tensor per column that the stage reads."""

    halo: int
    """Values that the rest of the stage needs on each side of the window."""


def start_name(number: int) -> str:
    """Return the name of the input for the first value that a trim keeps."""
    return f"trim_{number}_start"


def end_name(number: int) -> str:
    """Return the name of the input for the value before which a trim stops."""
    return f"trim_{number}_end"


def untrimmed(trims: Sequence[Trim]) -> dict[str, Array]:
    """Return feeds that cut nothing away."""
    starts = {start_name(number): np.zeros(1, np.int64) for number in range(len(trims))}
    return starts | {end_name(number): np.array([_NO_END]) for number in range(len(trims))}


def run_window(  # noqa: PLR0913 - a window has two ends, a stage three properties
    run: Callable[[Array, dict[str, Array]], Array],
    columns: Array,
    start: int,
    end: int,
    *,
    overlap: int,
    trims: Sequence[Trim] = (),
    scale: int = 1,
) -> Array:
    """Return the stage's output for the columns from start to end, equal to that part of a run on all of them.

    `columns` are float32, of shape (1, channels, columns), and at least `overlap` more than the window on each side
    where the whole has so many. `run` takes these and the trims' feeds; the last axis of what it returns has `scale`
    values per column.
    """
    low, high = max(0, start - overlap), min(columns.shape[2], end + overlap)
    feeds: dict[str, Array] = {}
    cut, rate = 0, 1
    for number, trim in enumerate(trims):
        cut, rate = cut * trim.rate // rate, trim.rate
        first = max(cut, (start - low) * rate - trim.halo)
        last = min((high - low) * rate, (end - low) * rate + trim.halo)
        feeds[start_name(number)], feeds[end_name(number)] = np.array([first - cut]), np.array([last - cut])
        cut = first
    result = run(columns[:, :, low:high], feeds)
    begin = (start - low) * scale - cut * scale // rate
    return result[..., begin : begin + (end - start) * scale]
