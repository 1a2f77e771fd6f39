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
    lasts: float = 0.0
    """Samples of the result, of all runs beside each other with the same `timing`; 0: as the treatment says."""
    timing: int = 0
    bounds: tuple[float, float] = (1.0, 1.0)
    """Of the factor on the tempo that makes it last so long."""


class TimedRuns(NamedTuple):
    """Runs that have one length together, by their numbers from `first` until before `last`."""

    first: int
    last: int
    first_id: int
    last_id: int


IdSamples = NDArray[np.int64]
"""Samples of each phoneme id of a sentence, shape (ids,), before they are treated."""


def timed_runs(runs: Sequence[TreatedRun]) -> list[TimedRuns]:
    """Return the runs that have a length, those of one length together; the last id of a sentence's end may be 0."""
    found = list[TimedRuns]()
    for number, run in enumerate(runs):
        if run.lasts:
            first_id = runs[number - 1].last if number else 0
            joins = bool(found) and found[-1].last == number and runs[number - 1].timing == run.timing
            before = found.pop() if joins else TimedRuns(number, number, first_id, 0)
            found.append(before._replace(last=number + 1, last_id=run.last))
    return found


def in_time(runs: Sequence[TreatedRun], id_samples: IdSamples) -> Sequence[TreatedRun]:
    """Return the runs with tempos that give them their lengths, where the durations are known."""
    exact = list(runs)
    for timed in timed_runs(runs):
        if len(id_samples) >= timed.last_id:
            factor = time_factor(runs, timed, id_samples, runs[timed.first].lasts)
            factor = min(max(factor, runs[timed.first].bounds[0]), runs[timed.first].bounds[1])
            for number in range(timed.first, timed.last):
                treatment = runs[number].treatment
                exact[number] = runs[number]._replace(treatment=treatment._replace(tempo=treatment.tempo * factor))
    return exact


def time_factor(runs: Sequence[TreatedRun], timed: TimedRuns, id_samples: IdSamples, lasts: float) -> float:
    """Return by how much faster the runs must be for so many samples; 1.0 where they have none."""
    made, first = 0.0, timed.first_id
    for number in range(timed.first, timed.last):
        last = runs[number].last if number + 1 < len(runs) else len(id_samples)
        made += float(id_samples[first:last].sum()) / runs[number].treatment.factor
        first = max(first, last)
    return made / lasts if made else 1.0


def treated_ends(id_samples: IdSamples, runs: Sequence[TreatedRun]) -> IdSamples:
    """Return the end of each phoneme id, in samples of the treated sentence, shape (ids,); without runs, as it is.

    Ends that depend on durations that are still to come are left out.
    """
    for timed in timed_runs(runs):
        if len(id_samples) < timed.last_id:
            id_samples = id_samples[: timed.first_id]
    runs = in_time(runs, id_samples)
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
