"""The level of each speaker is measured when it is first asked for, behind all speech that somebody hears."""

import math
import threading
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, wait
from dataclasses import replace
from functools import partial

import numpy as np

from hailo_piper.audio.samples import Samples
from hailo_piper.engine.model import NOISELESS, Delivery, Model, Unit
from hailo_piper.engine.scheduler import Scheduler
from hailo_piper.engine.windows import LARGEST_WINDOW, windows
from hailo_piper.errors import BusyError, SpeechError, SynthesisError
from hailo_piper.text.sentence import Sentence

SENTENCES_MEASURED = 3
"""Of the calibration's own."""
_FIRST_SPEAKER = ((0, 1.0),)
_SPEECH_FIRST_SECONDS = 0.5
_PATIENCE_SECONDS, _LOOK_SECONDS = 60.0, 0.5
_MOST_KEPT = 1024
"""Levels: mixes are as many as clients think of."""

Speakers = tuple[tuple[int, float], ...]


class SpeakerLevels:
    """The levels of one voice's speakers. Thread-safe; each is measured once at a time, for all who ask."""

    def __init__(
        self,
        model_for: Callable[[Delivery], Model],
        units_of: Callable[[Sentence], Sequence[Unit]],
        scheduler: Scheduler,
        sample_rate: int,
        own: Callable[[], float],
    ) -> None:
        """`model_for`, `units_of`: as `Speaker` has them; `own`: returns the level of speaker 0, in LUFS."""
        self._model_for = model_for
        self._units_of = units_of
        self._scheduler = scheduler
        self._sample_rate = sample_rate
        self._own = own
        self._lock = threading.Lock()
        self._levels: dict[Speakers, Future[float]] = {}

    def lufs(self, speaker_id: int, mix: Speakers = (), *, patience_seconds: float = _PATIENCE_SECONDS) -> float:
        """Return the integrated loudness of a speaker, or of a `Delivery.speaker_mix`, without gain, in LUFS.

        Waits for a measurement, which speaks some sentences; speaker 0 has none, since the voice's level is its own.
        Others have that level and the difference between theirs and that of speaker 0 in the same sentences. Raises
        BusyError where that takes longer than `patience_seconds`, and as `Engine.stream`.
        """
        delivery = replace(NOISELESS, speaker_id=speaker_id, speaker_mix=mix)
        if delivery.speakers == _FIRST_SPEAKER:
            return self._own()
        end = time.monotonic() + patience_seconds
        begun = [(each.speakers, self._begun(each)) for each in (delivery, NOISELESS)]
        level, first = (self._result(speakers, level, end) for speakers, level in begun)
        return self._own() + level - first

    def _begun(self, delivery: Delivery) -> "Future[float]":
        """Return the level of a speaker in the sentences, which is being measured if it is not known."""
        with self._lock:
            level = self._levels.get(delivery.speakers)
            is_new = level is None
            if level is None:
                level = self._levels[delivery.speakers] = Future()
                while len(self._levels) > _MOST_KEPT:
                    del self._levels[next(iter(self._levels))]
        if is_new:
            self._begin(delivery, level)
        return level

    def _begin(self, delivery: Delivery, level: "Future[float]") -> None:
        """Have the scheduler speak the sentences."""
        # It brings what measures, for which a start does not wait.
        from hailo_piper.engine.piper.calibration import SENTENCES

        try:
            model = self._model_for(delivery)
            units = [unit for each in SENTENCES[:SENTENCES_MEASURED] for unit in self._units_of(each)]
        except Exception as error:  # noqa: BLE001 - whoever asks raises it
            level.set_exception(error)
            return
        self._go_on(_spoken(model, units, delivery), level)

    def _go_on(self, speaking: Generator[None, None, Samples], level: "Future[float]") -> None:
        """Submit the next step. Each is due later, so speech that is heard comes first."""
        self._scheduler.submit(time.monotonic() + _SPEECH_FIRST_SECONDS, partial(self._step, speaking, level))

    def _step(self, speaking: Generator[None, None, Samples], level: "Future[float]") -> None:
        try:
            next(speaking)
        except StopIteration as end:
            level.set_result(self._measured(end.value))
        except Exception as error:  # noqa: BLE001 - onnxruntime's errors share no base; whoever asks raises it
            level.set_exception(error)
        else:
            self._go_on(speaking, level)

    def _measured(self, samples: Samples) -> float:
        """Return the level of what was spoken; the voice's own, where a voice of another script said nothing."""
        from hailo_piper.audio.loudness import loudness_lufs

        lufs = loudness_lufs(samples, self._sample_rate)
        return lufs if math.isfinite(lufs) else self._own()

    def _result(self, speakers: Speakers, level: "Future[float]", end: float) -> float:
        while not level.done() and (left := end - time.monotonic()) > 0 and not self._scheduler.is_closed:
            wait([level], min(_LOOK_SECONDS, left))
        if not level.done():
            raise BusyError("The service is busy: the speaker's level was not measured in time", retry_after_seconds=1)
        error = level.exception()
        if error is None:
            return level.result()
        with self._lock:
            # Whoever asks next tries again.
            if self._levels.get(speakers) is level:
                del self._levels[speakers]
        if isinstance(error, SpeechError):
            raise error
        raise SynthesisError("Speech synthesis failed") from error


def _spoken(model: Model, units: Sequence[Unit], delivery: Delivery) -> Generator[None, None, Samples]:
    """Speak units in steps, each of one window at most; return the samples."""
    parts = [np.zeros(0, np.float32)]
    for unit in units:
        encoded, flowed = model.encode(unit, delivery, is_alone=False), 0
        yield
        for start, end in windows(encoded.frames, LARGEST_WINDOW):
            needed = min(encoded.frames, end + encoded.overlap)
            if needed > flowed:
                encoded.flow(flowed, needed)
                flowed = needed
                yield
            parts.append(encoded.decode(start, end))
            yield
    return np.concatenate(parts)
