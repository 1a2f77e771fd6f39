"""Durations alone cost an encoding, which the scheduler runs like any other work."""

import time
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future

import numpy as np

from hailo_piper.engine.manners import Manners
from hailo_piper.engine.model import Delivery, Durations, Model, PhonemeIds, SentenceDurations
from hailo_piper.engine.scheduler import Scheduler
from hailo_piper.errors import SynthesisError

_LEAST_SPEECH_FIRST_SECONDS = 0.5
"""Speech that somebody hears comes first."""
_PATIENCE_SECONDS = 60.0


def durations_of(
    units: Sequence[PhonemeIds], manners: Manners, model: Model, scheduler: Scheduler
) -> SentenceDurations:
    """Encode the units of the only sentence that `manners` know, one after the other. Raises SynthesisError."""
    found = [np.zeros(0, np.int64)]
    for unit in units:
        delivery = manners.delivery(0, sum(map(len, found)), len(unit))
        found.append(_encoded(unit, delivery, model, scheduler))
    return SentenceDurations(np.concatenate(found), manners.treatments(0), model.knows_durations)


def _encoded(unit: PhonemeIds, delivery: Delivery, model: Model, scheduler: Scheduler) -> Durations:
    encoded: Future[Durations] = Future()

    def encode() -> None:
        try:
            encoded.set_result(model.encode(unit, delivery, is_alone=False).id_samples)
        except Exception as error:  # noqa: BLE001 - onnxruntime's errors share no base; the caller raises it
            encoded.set_exception(error)

    scheduler.submit(time.monotonic() + _LEAST_SPEECH_FIRST_SECONDS, encode)
    try:
        return encoded.result(_PATIENCE_SECONDS)
    except (Exception, CancelledError) as error:
        raise SynthesisError("Speech synthesis failed") from error
