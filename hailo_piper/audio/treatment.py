"""A treatment is what becomes of the sound of a run of phonemes: its pitch, its tempo and its gain."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hailo_piper.audio.resample import resampler
from hailo_piper.audio.samples import Samples


class Treatment(NamedTuple):
    """What becomes of the samples of a run: they are resampled, then stretched, then made louder."""

    pitch: float = 1.0
    """2 is an octave higher, and half as long; formants move, too."""
    tempo: float = 1.0
    """2 is twice as fast, at the same pitch."""
    gain: float = 1.0

    @property
    def factor(self) -> float:
        """By which the run becomes shorter."""
        return self.pitch * self.tempo


class TreatedRun(NamedTuple):
    """A run of a sentence, which begins where the one before ends."""

    last: int
    """Phoneme ids of the sentence up to its end; what comes after the last run's belongs to it."""
    treatment: Treatment


IdSamples = NDArray[np.int64]
"""Samples of each phoneme id of a sentence, shape (ids,), before they are treated."""


def treated_ends(id_samples: IdSamples, runs: Sequence[TreatedRun]) -> IdSamples:
    """Return the end of each phoneme id, in samples of the treated sentence, shape (ids,); without runs, as it is."""
    ends, first, at = [np.zeros(0)], 0, 0.0
    for number, run in enumerate(runs or (TreatedRun(0, Treatment()),)):
        last = len(id_samples) if number + 1 >= len(runs) else run.last
        ends.append(at + np.cumsum(id_samples[first:last]) / run.treatment.factor)
        at, first = float(ends[-1][-1]) if len(ends[-1]) else at, max(first, last)
    rounded: IdSamples = np.rint(np.concatenate(ends)).astype(np.int64)
    return rounded


class TreatmentFilter:
    """A resampler, a stretch and a gain, each only where it is wanted. Holds back some samples until the end."""

    def __init__(self, treatment: Treatment, sample_rate: int) -> None:
        self._gain = np.float32(treatment.gain)
        self._resampler: Any = None
        self._tempo: Any = None
        if treatment.pitch != 1.0:
            self._resampler = resampler(sample_rate * treatment.pitch, sample_rate)
        if treatment.tempo != 1.0:
            from hailo_piper.audio.ffmpeg.tempo import Tempo

            self._tempo = Tempo(sample_rate, treatment.tempo)

    def push(self, samples: Samples) -> Samples:
        """Take the next samples, shape (n,), float32; return those that are finished, shape (m,)."""
        samples = samples * self._gain
        if self._resampler is not None:
            samples = self._resampler.resample_chunk(samples)
        return samples if self._tempo is None else self._tempo.push(samples)

    def flush(self) -> Samples:
        """Return the rest."""
        none = np.zeros(0, np.float32)
        rest = none if self._resampler is None else self._resampler.resample_chunk(none, last=True)
        return rest if self._tempo is None else np.concatenate([self._tempo.push(rest), self._tempo.flush()])
