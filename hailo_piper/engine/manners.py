"""The manner of a run is shared out between the voice's own durations and what is done to its samples.

Slower speech and another pitch have more or fewer frames: the encoder makes them, phoneme by phoneme, and a resampler
brings them to the pitch. Faster speech is stretched afterwards, as `Model.tempo` says. A voice that is spoken whole has
its own durations, so that a stretch does all.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from hailo_piper.audio.treatment import TreatedRun, Treatment
from hailo_piper.engine.model import Delivery, Model, PhonemeIds
from hailo_piper.engine.piper.phonemes import Phonemizer
from hailo_piper.text.manner import PLAIN, Manner
from hailo_piper.text.sentence import Sentence

if TYPE_CHECKING:
    from hailo_piper.engine.piper.spoken_words import SpokenWord

_SLOWEST, _FASTEST = 0.25, 4.0
"""Of a request's speed and a run's rate together."""
_LOWEST, _HIGHEST = 0.5, 2.0
"""Of a request's pitch and a run's together."""


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
    if len(manners) < 2:
        return tuple(MannerRun(0, manner) for _, manner in manners)
    ends = [end for end, _ in manners]
    starts = [(word.first, manners[bisect_right(ends, word.start)][1]) for word in words(sentence)]
    changes = [start for number, start in enumerate(starts) if not number or start[1] != starts[number - 1][1]]
    lasts = [first for first, _ in changes[1:]] + [0]
    return tuple(MannerRun(last, manner) for last, (_, manner) in zip(lasts, changes, strict=True))


def units_of(
    sentences: Sequence[Sentence], phonemizer: Phonemizer, runs: dict[int, tuple[MannerRun, ...]]
) -> Iterator[tuple[int, PhonemeIds]]:
    """Yield the units of each sentence, with its number; add the runs of those that are not plain."""
    for number, sentence in enumerate(sentences):
        if found := runs_of(sentence, phonemizer.words):
            runs[number] = found
        for unit in phonemizer.phonemize(sentence):
            yield number, unit


_OWN_CHANGE = 1.03
"""A power of the pitch: what is spoken with more frames comes out lower by itself, 3 cents a semitone of them."""


class Manners:
    """The manners of a stream's sentences, by their numbers, in one delivery by one model."""

    def __init__(self, runs: Mapping[int, Sequence[MannerRun]], delivery: Delivery, model: Model) -> None:
        """`runs`: of each sentence that is not plain; they may come with its first unit."""
        self._runs = runs
        self._delivery = delivery
        self._model = model
        self._usual = (MannerRun(0, PLAIN),) if delivery.pitch != 1.0 else ()
        """The runs of a sentence that is plain."""

    def delivery(self, sentence: int, first: int, ids: int) -> Delivery:
        """Return how a unit of so many ids is spoken, whose first one is the sentence's number `first`."""
        runs = self._runs.get(sentence, self._usual)
        if not runs:
            return self._delivery
        own = self._delivery.speed / self._model.tempo(self._delivery.speed)
        paces, number = list[float](), 0
        for place in range(first, first + ids):
            while number + 1 < len(runs) and place >= runs[number].last:
                number += 1
            speed = self._speed(runs[number].manner)
            paces.append(speed / self._model.tempo(speed) / self._pitch(runs[number].manner) / own)
        return replace(self._delivery, paces=tuple(paces))

    def treatments(self, sentence: int) -> tuple[TreatedRun, ...]:
        """Return what is still to be done to the samples of each run; no run where nothing is."""
        runs = tuple(TreatedRun(run.last, self._treatment(run.manner)) for run in self._runs.get(sentence, self._usual))
        tempo = self._model.tempo(self._delivery.speed)
        return runs or ((TreatedRun(0, Treatment(tempo=tempo)),) if tempo != 1.0 else ())

    def _treatment(self, manner: Manner) -> Treatment:
        tempo, pitch = self._model.tempo(self._speed(manner)), self._pitch(manner)
        if not self._model.keeps_paces:
            tempo /= pitch
        return Treatment(pitch, tempo, manner.volume)

    def _pitch(self, manner: Manner) -> float:
        pitch = min(max(self._delivery.pitch * manner.pitch, _LOWEST), _HIGHEST)
        return float(pitch**_OWN_CHANGE) if self._model.keeps_paces else pitch

    def _speed(self, manner: Manner) -> float:
        return min(max(self._delivery.speed * manner.rate, _SLOWEST), _FASTEST)
