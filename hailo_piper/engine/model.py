"""A loaded voice encodes a unit of phonemes, then makes any window of its samples.

Every engine answers to these types; the stream and the scheduler know no others.
"""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from hailo_piper.audio.samples import Samples
from hailo_piper.audio.treatment import TreatedRun

PhonemeIds = tuple[int, ...]
"""The symbols of one unit, as the voice's own table numbers them."""


Durations = NDArray[np.int64]
"""Samples of each phoneme id of a unit, shape (ids,)."""


class SentenceDurations(NamedTuple):
    """How long each phoneme of a sentence is."""

    id_samples: Durations
    """Of all units, one after the other."""
    runs: tuple[TreatedRun, ...]
    """What would be done to the samples of each run; no run where nothing would."""
    are_known: bool
    """Whether they are the voice's own; else they are shares of each unit's length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The speaker, the pace and the variation that a text is spoken with; part of what makes two syntheses equal."""

    length_scale: float
    """Duration factor of every phoneme; > 1 is slower."""

    noise_scale: float
    """Variation of timbre; with 0 here and below, equal requests sound the same."""

    noise_w_scale: float
    """Variation of phoneme durations; see above."""

    speaker_id: int
    """Index of the speaker; 0 for a voice with one."""

    speed: float = 1.0
    """2 is twice as fast as `length_scale` alone; see `Model.tempo`."""

    pitch: float = 1.0
    """2 is an octave higher."""

    paces: tuple[float, ...] = ()
    """Of each phoneme id of one unit: 2 halves its duration. Empty: all 1. See `Model.keeps_paces`."""

    speaker_mix: tuple[tuple[int, float], ...] = ()
    """Speakers that are mixed into one, by index, with weights whose sum is 1. Empty: `speaker_id` alone."""

    @property
    def speakers(self) -> tuple[tuple[int, float], ...]:
        """The speakers that are mixed; one alone has all the weight."""
        return self.speaker_mix or ((self.speaker_id, 1.0),)


NOISELESS = Delivery(length_scale=1.0, noise_scale=0.0, noise_w_scale=0.0, speaker_id=0)
"""The voice at its own pace, the same at each time."""


class EncodedUnit(Protocol):
    """A unit whose length is known; its samples are made window by window."""

    frames: int
    samples_per_frame: int
    num_samples: int
    """Samples of the whole unit; its last frame may be cut short."""
    id_samples: Durations
    """Durations; their sum is `num_samples`."""
    overlap: int
    """Frames of `flow`'s work that `decode` reads on each side of its window."""

    def flow(self, start: int, end: int) -> None:
        """Prepare the frames from start to end: each frame once, before a window that reads it is decoded."""

    def decode(self, start: int, end: int) -> Samples:
        """Return the samples of the frames from start to end, the same whatever windows the rest is decoded in."""


class Model(Protocol):
    """A loaded voice. Thread-safe."""

    def encode(self, unit: PhonemeIds, delivery: Delivery, *, is_alone: bool) -> EncodedUnit:
        """Encode a unit. `is_alone`: nothing else waits to be done, so every thread may work on this unit."""

    knows_durations: bool
    """Whether the durations are the voice's own; else they are shares of the unit's length."""

    keeps_paces: bool
    """Whether durations follow `Delivery.paces`; else the samples alone can be stretched."""

    mixes_speakers: bool
    """Whether it follows `Delivery.speaker_mix`; else that must be empty."""

    def tempo(self, speed: float) -> float:
        """Return the factor by which the samples must be played faster than they are made, to reach this speed."""

    def shrink(self, unit: PhonemeIds) -> None:
        """Release the memory that many requests at once needed, by speaking a short unit."""
