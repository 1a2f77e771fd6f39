"""A Piper voice speaks whole at first, and in windows once its prepared form is there."""

import logging
import threading
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.engine.model import NOISELESS, Delivery, Model
from hailo_piper.engine.phonemes.phonemes import phonemizer_of
from hailo_piper.engine.phonemes.units import PhonemeIds
from hailo_piper.engine.piper.models import StagedModel
from hailo_piper.engine.piper.preparation import FAILURES, Preparation, Refusals
from hailo_piper.engine.piper.prepared.fingerprint import voice_digest
from hailo_piper.engine.piper.whole_model import WholeModel
from hailo_piper.engine.speaker_mixes import check_mix
from hailo_piper.errors import ConfigError, SynthesisError
from hailo_piper.machine import cpus
from hailo_piper.text.sentence import Sentence
from hailo_piper.voices.voice import Voice

if TYPE_CHECKING:
    from hailo_piper.engine.words import SpokenWord

logger = logging.getLogger(__name__)

_SHORT = Sentence("Hello.")


class PiperSpeaker:
    """A `Speaker`; an RLock covers loading, swapping and closing, never an inference.

    A prepared voice is loaded in 0.1 s. Another one is loaded whole and speaks at once, sentence by sentence, until
    `prepare` replaces it by its prepared form; what speaks keeps the model that it began with.
    """

    speaker_lufs = None

    def __init__(
        self, voice: Voice, cache_directory: Path, espeak: Espeak, refusals: Refusals, *, threads: int
    ) -> None:
        """Load the voice. Raises ConfigError if its files are not those of a Piper voice."""
        # espeak-ng starts on another processor while this one loads the voice.
        espeak.start()
        self.sample_rate = voice.sample_rate
        self._voice = voice
        self._cache_directory = cache_directory
        # Threads that wait for a device are more than the processors.
        self._threads = min(threads, cpus.worker_threads(cpus.usable_cpus()))
        self._rlock = threading.RLock()
        self._is_closed = False
        self.phonemizer = phonemizer_of(voice, espeak)
        self.preparation = Preparation(voice, cache_directory, refusals)
        self.is_prepared = False
        """Whether windows are streamed; otherwise sentences are spoken whole."""
        self.lufs = 0.0
        self._model: Model = self._load()

    @cached_property
    def digest(self) -> str:
        """A digest of the voice's two files: another model or another phoneme table is another voice."""
        return voice_digest(self._voice.model_path, self._voice.config_path, self._cache_directory)

    def units(self, sentence: Sentence) -> tuple[PhonemeIds, ...]:
        """Return the phoneme ids of a sentence, as `Phonemizer.phonemize` does."""
        return self.phonemizer.phonemize(sentence)

    def words(self, sentence: Sentence) -> "tuple[SpokenWord, ...]":
        """Return the words of a sentence, as `Phonemizer.words` does."""
        return self.phonemizer.words(sentence)

    def in_own_sounds(self, sentence: Sentence) -> Sentence:
        """Return a sentence in phonemes of this voice, as `Phonemizer.in_own_sounds` does."""
        return self.phonemizer.in_own_sounds(sentence)

    def model(self, delivery: Delivery = NOISELESS) -> Model:
        """Return a model whose files are as they were. Raises SynthesisError once closed, or as `check_mix`."""
        with self._rlock:
            if self._is_closed:
                raise SynthesisError("The voice is being put away")
            if self.is_prepared and not self.preparation.is_intact():
                self._speak_whole()
            check_mix(delivery, self._voice, self._model, may_be_prepared=not self.preparation.is_refused)
            return self._model

    def prepare(self, *, is_over: Callable[[], bool]) -> None:
        """Prepare the voice in a child process, switch to it, and return; return at once if that cannot be.

        A voice that cannot be prepared is still spoken whole, with a warning that says why. A prepared one loads the
        parts that can wait until after its first word.
        """
        with self._rlock:
            if self._is_closed:
                return
            present = self._model
        try:
            if isinstance(present, StagedModel):
                present.widen(self._threads)
                return
            # Without this reference, the model that speaks now may be released meanwhile.
            del present
            model = self.preparation.make(is_over=is_over)
            if model is None:
                return
            model.widen(self._threads)
        except FAILURES as error:
            if self.preparation.is_wanted and not is_over():
                self.preparation.refuse(error)
            return
        with self._rlock:
            if self._is_closed:
                self.preparation.close()
                return
            self._use(model)
        logger.info("the voice is prepared")

    def speak_by(self, model: Model) -> None:
        """Have another model of the same voice speak from now on; its level stays that of the voice."""
        with self._rlock:
            self._model, self.is_prepared = model, False

    def mend(self) -> bool:
        """Check the prepared files; return whether damaged ones are to be made again."""
        with self._rlock:
            if self._is_closed:
                return False
            self.model()
        return self.preparation.is_damaged and not self.is_prepared

    def stop_preparing(self) -> None:
        """End the child process that prepares, if there is one; start no other."""
        self.preparation.stop()

    def shrink(self) -> None:
        """Release the memory that many requests at once needed, by speaking a short unit."""
        # Touching weights that were truncated on disk would end the process.
        if not self.is_prepared or self.preparation.is_intact():
            # A voice of another script may have no sound for it.
            for unit in self.phonemizer.phonemize(_SHORT)[:1]:
                self._model.shrink(unit)

    def close(self) -> None:
        """Release the voice."""
        with self._rlock:
            self._is_closed = True
            self.preparation.close()
            del self._model

    def _load(self) -> Model:
        try:
            model = self.preparation.find()
        except OSError as error:
            raise ConfigError([f"piper.model_path: {self._voice.model_path}: {error.strerror}"]) from error
        if model is not None:
            return self._use(model)
        # A prepared voice brings its level, and need not import what measures it.
        from hailo_piper.engine.piper.calibration import QUICK, measure_lufs

        whole = WholeModel(self._voice, threads=self._threads)
        self.lufs = measure_lufs(whole, self.phonemizer, self._voice, QUICK)
        return whole

    def _use(self, model: StagedModel) -> StagedModel:
        self.lufs = self.preparation.lufs
        self.is_prepared = True
        self._model = model
        return model

    def _speak_whole(self) -> None:
        """Release mapped files that were written to: they hold noise, or end before their end."""
        logger.warning("the prepared voice %s was damaged while in use: it is spoken whole and remade", self._voice.id)
        self._model = WholeModel(self._voice, threads=self._threads)
        self.is_prepared = False
