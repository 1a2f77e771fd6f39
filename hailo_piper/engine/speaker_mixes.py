"""Speakers are mixed where the model has a table of them; all else is refused, with the reason."""

from hailo_piper.engine.model import Delivery, Model
from hailo_piper.errors import InvalidRequestError
from hailo_piper.voices.voice import Voice


def check_mix(delivery: Delivery, voice: Voice, model: Model, *, may_be_prepared: bool) -> None:
    """Raise InvalidRequestError where the model cannot mix the speakers of a delivery.

    `may_be_prepared`: whether a model that is spoken whole has not been refused by the preparation.
    """
    if not delivery.speaker_mix or (model.mixes_speakers and voice.num_speakers > 1):
        return
    if voice.num_speakers < 2:
        problem = "has one speaker, so there are none to mix"
    elif may_be_prepared:
        problem = "is being prepared, and cannot mix speakers before: try again"
    else:
        problem = "has no table of its speakers, so they cannot be mixed"
    raise InvalidRequestError(f"Voice {voice.id} {problem}", param="voice")
