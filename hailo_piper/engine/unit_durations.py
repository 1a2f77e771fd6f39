"""Durations alone cost an encoding, which the scheduler runs like any other work."""

import time
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future
from functools import partial

import numpy as np

from hailo_piper.engine.manners import Manners
from hailo_piper.engine.model import Durations, Model, SentenceDurations, Unit
from hailo_piper.engine.scheduler import Scheduler
from hailo_piper.errors import SynthesisError

_LEAST_SPEECH_FIRST_SECONDS = 0.5
"""Speech that somebody hears comes first."""
_PATIENCE_SECONDS = 60.0


class PendingDurations:
    """The durations of a sentence whose units are being encoded."""

    def __init__(
        self, units: Sequence[Unit], manners: Manners, model: Model, scheduler: Scheduler, *, is_alone: bool
    ) -> None:
        """Have the scheduler encode the units of the only sentence that `manners` know.

        `is_alone`: whether no other sentence of its text waits to be encoded.
        """
        is_alone = is_alone and len(units) == 1 and not scheduler.streams
        self._manners = manners
        self._knows_durations = model.knows_durations
        self._encoded: list[Future[Durations]] = []
        due, first = time.monotonic() + _LEAST_SPEECH_FIRST_SECONDS, 0
        for unit in units:
            encoded: Future[Durations] = Future()
            self._encoded.append(encoded)
            scheduler.submit(due, partial(_encode, encoded, unit, first, manners, is_alone=is_alone))
            first += len(unit)

    def result(self) -> SentenceDurations:
        """Wait for the last unit. Raises SynthesisError."""
        try:
            found = [encoded.result(_PATIENCE_SECONDS) for encoded in self._encoded]
        except (Exception, CancelledError) as error:
            raise SynthesisError("Speech synthesis failed") from error
        joined = np.concatenate([*found, np.zeros(0, np.int64)])
        return SentenceDurations(joined, self._manners.treatments(0), self._knows_durations)

    def cancel(self) -> None:
        """Encode no unit that is not begun."""
        for encoded in self._encoded:
            encoded.cancel()


def _encode(encoded: Future[Durations], unit: Unit, first: int, manners: Manners, *, is_alone: bool) -> None:
    if not encoded.set_running_or_notify_cancel():
        return
    try:
        encoded.set_result(manners.encode(unit, 0, first, is_alone=is_alone).id_samples)
    except Exception as error:  # noqa: BLE001 - onnxruntime's errors share no base; the caller raises it
        encoded.set_exception(error)
