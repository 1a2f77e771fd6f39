"""A timed model notes when each step of a request that is traced begins and ends.

It stands between a stream and its model, so that other requests pay nothing.
"""

import time
from collections.abc import Iterator

from hailo_piper.audio.samples import Samples
from hailo_piper.engine.model import Delivery, Model, Take, Unit
from hailo_piper.monitoring.tracing import NO_STEPS, Steps


class _NumberedIds(tuple[int, ...]):
    """Phoneme ids that know their sentence."""

    sentence: int


def timed_model(model: Model, steps: Steps) -> Model:
    """Return a model whose steps are noted; the model itself, if nobody looks at them."""
    return model if steps is NO_STEPS else _TimedModel(model, steps)


def timed_units(units: Iterator[tuple[int, Unit]], steps: Steps) -> Iterator[tuple[int, Unit]]:
    """Return the units, and note how long the phonemes of each sentence took, if anybody looks at that."""
    return units if steps is NO_STEPS else _timed_units(units, steps)


def _timed_units(units: Iterator[tuple[int, Unit]], steps: Steps) -> Iterator[tuple[int, Unit]]:
    while True:
        started = time.monotonic()
        following = next(units, None)
        if following is None:
            return
        sentence, ids = following
        steps.note(sentence, "phonemize", started)
        numbered = _NumberedIds(ids)
        numbered.sentence = sentence
        yield sentence, numbered


class _TimedModel:
    """A model of whose work the steps are noted."""

    def __init__(self, model: Model, steps: Steps) -> None:
        self._model = model
        self._steps = steps
        self.knows_durations = model.knows_durations
        self.keeps_paces = model.keeps_paces
        self.keeps_pitch = model.keeps_pitch
        self.mixes_speakers = model.mixes_speakers

    def encode(self, unit: Unit, delivery: Delivery, *, is_alone: bool) -> Take:
        """Encode a unit."""
        started = time.monotonic()
        encoded = self._model.encode(unit, delivery, is_alone=is_alone)
        sentence = unit.sentence if isinstance(unit, _NumberedIds) else 0
        self._steps.note(sentence, "encode", started)
        return _TimedUnit(encoded, sentence, self._steps)

    def tempo(self, speed: float) -> float:
        """Return the model's own."""
        return self._model.tempo(speed)

    def shrink(self, unit: Unit) -> None:
        """Do what the model does."""
        self._model.shrink(unit)


class _TimedUnit:
    """An encoded unit of which the steps are noted."""

    def __init__(self, unit: Take, sentence: int, steps: Steps) -> None:
        self._unit = unit
        self._sentence = sentence
        self._steps = steps
        self.frames, self.samples_per_frame = unit.frames, unit.samples_per_frame
        self.num_samples, self.id_samples, self.overlap = unit.num_samples, unit.id_samples, unit.overlap

    def flow(self, start: int, end: int) -> None:
        started = time.monotonic()
        self._unit.flow(start, end)
        self._steps.note(self._sentence, "flow", started)

    def decode(self, start: int, end: int) -> Samples:
        started = time.monotonic()
        samples = self._unit.decode(start, end)
        self._steps.note(self._sentence, "decode", started)
        return samples
