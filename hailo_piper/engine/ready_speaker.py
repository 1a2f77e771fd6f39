"""A ready speaker speaks as well as it ever will once it is loaded: there is nothing to prepare."""

from collections.abc import Callable
from typing import Generic, TypeVar

from hailo_piper.engine.model import NOISELESS, Delivery, Model
from hailo_piper.engine.speaker_mixes import check_mix
from hailo_piper.errors import SynthesisError
from hailo_piper.voices.voice import Voice

_ModelT = TypeVar("_ModelT", bound=Model)


class ReadySpeaker(Generic[_ModelT]):
    """The part of a `Speaker` that is alike where an engine has one form of a voice. Thread-safe."""

    is_prepared = True

    def __init__(self, voice: Voice, model: _ModelT) -> None:
        """`model` speaks until `close`."""
        self.sample_rate = voice.sample_rate
        self._voice = voice
        self._model: _ModelT | None = model

    def model(self, delivery: Delivery = NOISELESS) -> Model:
        """Return the model. Raises SynthesisError once closed, or as `check_mix`."""
        model = self._model
        if model is None:
            raise SynthesisError("The voice is being put away")
        check_mix(delivery, self._voice, model, may_be_prepared=False)
        return model

    def prepare(self, *, is_over: Callable[[], bool]) -> None:
        """Do nothing: it speaks as well as it can."""

    def mend(self) -> bool:
        """Return False: nothing is made of its files."""
        return False

    def stop_preparing(self) -> None:
        """Do nothing."""

    def shrink(self) -> None:
        """Do nothing: it keeps no memory that a long unit needed."""

    def close(self) -> None:
        """Release the voice."""
        self._model = None
