"""The manner of a run is shared out between the voice's own durations and what is done to its samples.

Slower speech and another pitch have more or fewer frames: the encoder makes them, phoneme by phoneme, and a resampler
brings them to the pitch. Faster speech is stretched afterwards, as `Model.tempo` says. A voice that is spoken whole has
its own durations, so that a stretch does all.

A run that has a length is encoded to tell how long it is by itself. Where it must be slower, it is encoded once more at
such a pace, and what is left of the difference a stretch takes away. A contour makes a run of each word.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hailo_piper.audio.treatment import IdSamples, TreatedRun, Treatment, time_factor, timed_runs
from hailo_piper.engine.model import Delivery, Model, Speaker, Take, Unit
from hailo_piper.text.manner import FASTEST, HIGHEST, LOWEST, PLAIN, SLOWEST, Manner
from hailo_piper.text.sentence import Sentence

if TYPE_CHECKING:
    from hailo_piper.engine.words import SpokenWord


class MannerRun(NamedTuple):
    """Phoneme ids of a sentence in one manner; it begins where the one before ends."""

    last: int
    """Ids of the sentence up to its end; what comes after the last run's belongs to it."""
    manner: Manner


def runs_of(sentence: Sentence, words: "Callable[[Sentence], Sequence[SpokenWord]]") -> tuple[MannerRun, ...]:
    """Return the runs of a sentence; none where all of it is plain.

    A manner begins with a word. `words` returns those of the sentence with their ids: espeak-ng takes some milliseconds
    for that, so it is asked only where the manner changes inside the sentence.
    """
    manners = sentence.manners
    if len(manners) < 2 and not any(manner.contour for _, manner in manners):
        return tuple(MannerRun(0, manner) for _, manner in manners)
    ends = [end for end, _ in manners]
    spoken = words(sentence)
    own = _in_contour(spoken, [manners[bisect_right(ends, word.start)][1] for word in spoken])
    starts = [(word.first, manner) for word, manner in zip(spoken, own, strict=True)]
    changes = [start for number, start in enumerate(starts) if not number or start[1] != starts[number - 1][1]]
    lasts = [first for first, _ in changes[1:]] + [0]
    return tuple(MannerRun(last, manner) for last, (_, manner) in zip(lasts, changes, strict=True))


def _in_contour(words: "Sequence[SpokenWord]", manners: Sequence[Manner]) -> list[Manner]:
    """Return the manner of each word, with the pitch that the contour around it has at its middle."""
    found = list[Manner]()
    for contour, numbers in groupby(range(len(words)), key=lambda number: manners[number].contour):
        if not contour:
            found += [manners[number] for number in numbers]
            continue
        run = [(words[number], manners[number]) for number in numbers]
        first, last = run[0][0].first, run[-1][0].last
        places, factors = zip(*contour, strict=True)
        for word, manner in run:
            middle = ((word.first + word.last) / 2 - first) / max(1, last - first)
            pitch = manner.pitch * float(np.interp(middle, places, factors))
            found.append(manner._replace(pitch=min(max(pitch, LOWEST), HIGHEST), contour=()))
    return found


def units_of(
    sentences: Sequence[Sentence], speaker: Speaker, runs: dict[int, tuple[MannerRun, ...]]
) -> Iterator[tuple[int, Unit]]:
    """Yield the units of each sentence, with its number; add the runs of those that are not plain."""
    for number, sentence in enumerate(sentences):
        found = runs_of(sentence, speaker.words)
        units = speaker.units(sentence)
        if found:
            runs[number] = (*found[:-1], found[-1]._replace(last=sum(map(len, units))))
        for unit in units:
            yield number, unit


_OWN_CHANGE = 1.03
"""A power of the pitch: what is spoken with more frames comes out lower by itself, 3 cents a semitone of them."""


class Manners:
    """The manners of a stream's sentences, by their numbers, in one delivery by one model."""

    def __init__(
        self, runs: Mapping[int, Sequence[MannerRun]], delivery: Delivery, model: Model, sample_rate: int
    ) -> None:
        """`runs`: of each sentence that is not plain; they may come with its first unit."""
        self._runs = runs
        self._delivery = delivery
        self._model = model
        self._own_pitch = 1.0 if model.keeps_pitch else delivery.pitch
        """What is left of the pitch of the delivery for the samples."""
        self._usual = (MannerRun(0, PLAIN),) if self._own_pitch != 1.0 else ()
        """The runs of a sentence that is plain."""
        self._sample_rate = sample_rate

    def encode(self, unit: Unit, sentence: int, first: int, *, is_alone: bool) -> Take:
        """Encode a unit whose first id is the sentence's number `first`. `is_alone`: see `Model.encode`."""
        delivery = self.delivery(sentence, first, len(unit))
        encoded = self._model.encode(unit, delivery, is_alone=is_alone)
        runs = self._runs.get(sentence, ())
        if not self._model.keeps_paces or not any(run.manner.seconds for run in runs):
            return encoded
        paces = self._in_time(sentence, first, delivery.paces, encoded.id_samples)
        if paces == delivery.paces:
            return encoded
        return self._model.encode(unit, replace(delivery, paces=paces), is_alone=is_alone)

    def delivery(self, sentence: int, first: int, ids: int) -> Delivery:
        """Return how a unit of so many ids is spoken, whose first one is the sentence's number `first`."""
        runs = self._runs.get(sentence, self._usual)
        if not runs:
            return self._delivery
        own = self._own(self._delivery.speed)
        paces, number = list[float](), 0
        for place in range(first, first + ids):
            while number + 1 < len(runs) and place >= runs[number].last:
                number += 1
            speed = self._speed(runs[number].manner)
            paces.append(self._own(speed) / self._pitch(runs[number].manner) / own)
        return replace(self._delivery, paces=tuple(paces))

    def treatments(self, sentence: int) -> tuple[TreatedRun, ...]:
        """Return what is still to be done to the samples of each run; no run where nothing is."""
        runs = tuple(
            TreatedRun(
                run.last,
                self._treatment(run.manner),
                run.manner.seconds * self._sample_rate,
                run.manner.timing,
                self._bounds(run.manner),
            )
            for run in self._runs.get(sentence, self._usual)
        )
        tempo = self._model.tempo(self._delivery.speed)
        return runs or ((TreatedRun(0, Treatment(tempo=tempo)),) if tempo != 1.0 else ())

    def _treatment(self, manner: Manner) -> Treatment:
        tempo, pitch = self._model.tempo(self._speed(manner)), self._pitch(manner)
        if not self._model.keeps_paces:
            # All of the sentence has the durations of the delivery.
            tempo = self._speed(manner) / self._own(self._delivery.speed) / pitch
        return Treatment(pitch, tempo, manner.volume)

    def _pitch(self, manner: Manner) -> float:
        pitch = min(max(self._own_pitch * manner.pitch, LOWEST), HIGHEST)
        return float(pitch**_OWN_CHANGE) if self._model.keeps_paces else pitch

    def _in_time(self, sentence: int, first: int, paces: tuple[float, ...], id_samples: IdSamples) -> tuple[float, ...]:
        """Return paces at which the runs of a unit that have a length are not too short, as far as the voice can."""
        changed, runs = np.array(paces), self.treatments(sentence)
        # As if the unit were the sentence.
        inside = [run._replace(last=min(max(run.last - first, 0), len(paces))) for run in runs]
        for timed, part in zip(timed_runs(runs), timed_runs(inside), strict=True):
            size = part.last_id - part.first_id
            if size > 0:
                lasts = runs[timed.first].lasts * size / (timed.last_id - timed.first_id)
                speed = self._speed(self._runs[sentence][timed.first].manner)
                factor = time_factor(inside, part, id_samples, lasts)
                wanted = min(max(speed * factor, SLOWEST), FASTEST)
                changed[part.first_id : part.last_id] *= self._own(wanted) / self._own(speed)
        return tuple(map(float, changed))

    def _bounds(self, manner: Manner) -> tuple[float, float]:
        """Return the bounds of what is still to be stretched of a run that has a length."""
        speed = self._speed(manner)
        return SLOWEST / self._own(SLOWEST) / self._model.tempo(speed), FASTEST / speed

    def _own(self, speed: float) -> float:
        """Return the part of a speed that the durations give."""
        return speed / self._model.tempo(speed)

    def _speed(self, manner: Manner) -> float:
        return min(max(self._delivery.speed * manner.rate, SLOWEST), FASTEST)
