"""A stage runs a unit block by block, and carries columns over from each to the next.

A convolution reads columns of its neighbours, and convolutions after it read further. So a block of a whole stage would
have to compute what its neighbours compute, too: four couplings that look 8 frames to each side look 32 together. A
prepared stage is therefore a row of steps. Each passes on only the columns that are exact, and puts before them the
last ones of the block before, which its own graph returned then.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from hailo_piper.engine.piper.prepared.window import Array, end_name, start_name


class Step(NamedTuple):
    """The part of a stage between two tensors that can be cut in time."""

    stride: int
    """Columns made of each column read."""

    reach: int
    """Columns read on each side of one."""


_CARRIED = "carry_"

Run = Callable[[dict[str, Array]], Sequence[Array]]
"""Runs the stage with its latent, trims and carries; returns its output, and what each later step carries over."""


def carry_name(number: int) -> str:
    """Return the name of the input for the columns that a step has carried over; the first step is 0 and has none."""
    return f"{_CARRIED}{number}"


def next_name(number: int) -> str:
    """Return the name of the output for the columns that a step carries over."""
    return f"{_CARRIED}{number}_next"


def most_carried(step: Step) -> int:
    """Return the most columns that a step needs of the block before."""
    return 2 * step.reach + 1


def nothing_carried(session: Any) -> dict[str, Array]:
    """Return what the steps of a loaded stage carry into its first block, by the names of its inputs: no columns."""
    return {
        entry.name: np.zeros((1, entry.shape[1], 0), np.float32)
        for entry in session.get_inputs()
        if entry.name.startswith(_CARRIED)
    }


class Carrier:
    """One unit on its way through a stage. Not thread-safe."""

    def __init__(self, latent: Array, name: str, steps: Sequence[Step], empty: Mapping[str, Array]) -> None:
        """Begin before the first frame of a latent, float32 (1, channels, frames), which the stage reads as `name`.

        `empty` is what `nothing_carried` returned for the stage.
        """
        self._latent, self._name, self._steps = latent, name, steps
        self._carried = dict(empty)
        self._known = [0] * (len(steps) + 1)
        """The columns that are known of what each step reads, and of the output."""
        self._lengths = [latent.shape[2]]
        for step in steps:
            self._lengths.append(self._lengths[-1] * step.stride)

    def advance(self, run: Run, end: int) -> Array:
        """Return the output's columns from the last end to this one, which is further right."""
        before, self._known = self._known, self._reads(end)
        lows = self._lows(before)
        feeds = {self._name: self._latent[:, :, lows[0] : self._known[0]], **self._carried}
        for number in range(1, len(self._steps)):
            origin = lows[number - 1] * self._steps[number - 1].stride
            feeds[start_name(number)] = np.array([before[number] - origin])
            feeds[end_name(number)] = np.array([self._known[number] - origin])
        output, *carried = run(feeds)
        following = self._lows(self._known)
        for number, columns in enumerate(carried, 1):
            count = self._known[number] - following[number]
            self._carried[carry_name(number)] = columns[:, :, columns.shape[2] - count :]
        origin = lows[-1] * self._steps[-1].stride
        return output[:, :, before[-1] - origin : end - origin]

    def _reads(self, end: int) -> list[int]:
        """Return how many columns each step must know so that the output has `end`, and last this number itself."""
        needed = [end]
        for step, length in zip(reversed(self._steps), self._lengths[-2::-1], strict=True):
            needed.append(min(length, -(-needed[-1] // step.stride) + step.reach))
        return needed[::-1]

    def _lows(self, known: list[int]) -> list[int]:
        """Return the first column that each step reads, to go on where these are known."""
        return [max(0, made // step.stride - step.reach) for step, made in zip(self._steps, known[1:], strict=True)]
