"""A unit that is spoken whole is cut into windows, like one that is made in them."""

import numpy as np

from hailo_piper.audio.samples import Samples
from hailo_piper.engine.model import Durations

_WHOLE_WINDOW = 256
"""Samples in a frame; any number would serve."""


class WholeUnit:
    """A unit that is already spoken."""

    samples_per_frame = _WHOLE_WINDOW
    overlap = 0

    def __init__(self, samples: Samples, shares: Durations) -> None:
        """`shares`: what each phoneme id has of the samples, in any unit."""
        self._samples = samples
        ends = np.cumsum(shares) * len(samples) // max(1, shares.sum())
        self.id_samples = np.diff(ends, prepend=0)
        self.num_samples = len(samples)
        self.frames = -(-len(samples) // _WHOLE_WINDOW)

    def flow(self, start: int, end: int) -> None:
        """Do nothing: the samples exist already."""

    def decode(self, start: int, end: int) -> Samples:
        """Return the window's part of the samples."""
        return self._samples[start * _WHOLE_WINDOW : end * _WHOLE_WINDOW]
