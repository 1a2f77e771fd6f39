"""A sentence's characters are the marks of a take, timed by the words that espeak-ng tells."""

import math
from collections.abc import Callable

import numpy as np

from hailo_piper.audio.samples import Samples
from hailo_piper.engine.model import Delivery, Durations

_USUAL_RATE, _SLOWEST_RATE, _FASTEST_RATE = 175, 80, 450
"""Words a minute."""
_USUAL_PITCH, _HIGHEST_PITCH = 50, 99
"""In espeak-ng's numbers, for the pitch and for its range."""
_OCTAVE = 65
"""In these numbers, measured: with its range, the pitch reaches 0.6 to 1.8 times the usual one."""
_FRAME = 256
"""Samples; the whole unit is spoken already, so any number would serve."""

Speak = Callable[[str, int, int, int, int], tuple[Samples, tuple[tuple[int, int], ...]]]
"""Takes a text, a speaker_id, words a minute, a pitch and its range.

Returns samples, and the character and the first sample of each word.
"""


class FormantModel:
    """A `Model` of one language of espeak-ng. Its rate and its pitch are espeak-ng's own parameters."""

    knows_durations = True
    keeps_paces = False
    keeps_pitch = True
    mixes_speakers = False

    def __init__(self, speak: Speak) -> None:
        self._speak = speak

    def encode(self, unit: str, delivery: Delivery, *, is_alone: bool) -> "FormantTake":  # noqa: ARG002
        """Speak a unit. Raises as `Espeak.sound` does."""
        own = delivery.speed / self.tempo(delivery.speed) / delivery.length_scale
        rate = min(max(round(_USUAL_RATE * own), _SLOWEST_RATE), _FASTEST_RATE)
        pitch = round(_USUAL_PITCH + _OCTAVE * math.log2(delivery.pitch))
        pitch_range = round(_USUAL_PITCH * delivery.pitch)
        samples, words = self._speak(
            unit, delivery.speaker_id, rate, min(max(pitch, 0), _HIGHEST_PITCH), min(pitch_range, _HIGHEST_PITCH)
        )
        return FormantTake(samples, _shared_out(len(unit), words, len(samples)))

    def tempo(self, speed: float) -> float:
        """Return the part of the speed that espeak-ng cannot reach by itself."""
        return speed / min(max(speed, _SLOWEST_RATE / _USUAL_RATE), _FASTEST_RATE / _USUAL_RATE)

    def shrink(self, unit: str) -> None:
        """Do nothing: espeak-ng keeps no memory here."""


class FormantTake:
    """A `Take` that is already spoken."""

    samples_per_frame = _FRAME
    overlap = 0

    def __init__(self, samples: Samples, id_samples: Durations) -> None:
        self._samples = samples
        self.id_samples = id_samples
        self.num_samples = len(samples)
        self.frames = -(-len(samples) // _FRAME)

    def flow(self, start: int, end: int) -> None:
        """Do nothing: the samples exist already."""

    def decode(self, start: int, end: int) -> Samples:
        """Return the window's part of the samples."""
        return self._samples[start * _FRAME : end * _FRAME]


def _shared_out(characters: int, words: tuple[tuple[int, int], ...], num_samples: int) -> Durations:
    """Return the samples of each character, int64 (characters,): words begin as told, inside them all share alike."""
    places, samples = [0], [0]
    for place, sample in words:
        # It may tell a word before the one that it spoke last.
        if places[-1] < place < characters and samples[-1] <= sample <= num_samples:
            places.append(place)
            samples.append(sample)
    ends = np.interp(np.arange(characters + 1), [*places, characters], [*samples, num_samples]).astype(np.int64)
    return ends[1:] - ends[:-1]
