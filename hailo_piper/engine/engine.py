"""An engine loads one voice, switches to its prepared form when there is one, and hands out streams of speech."""

import itertools
import logging
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from hailo_piper.engine.idle_memory import IdleMemory
from hailo_piper.engine.manners import MannerRun, Manners, units_of
from hailo_piper.engine.model import NOISELESS, Delivery, Model
from hailo_piper.engine.piper.models import StagedModel
from hailo_piper.engine.piper.phonemes import phonemizer_of
from hailo_piper.engine.piper.preparation import FAILURES, Preparation
from hailo_piper.engine.piper.prepared.fingerprint import voice_digest
from hailo_piper.engine.piper.whole_model import WholeModel
from hailo_piper.engine.shared_parts import SharedParts
from hailo_piper.engine.speaker_levels import SpeakerLevels
from hailo_piper.engine.speaker_mixes import check_mix
from hailo_piper.engine.stream import Stream
from hailo_piper.engine.timed_model import timed_model, timed_units
from hailo_piper.errors import ConfigError, SpeechError, SynthesisError
from hailo_piper.monitoring.tracing import NO_STEPS, Steps
from hailo_piper.text.sentence import Sentence
from hailo_piper.voices.voice import Voice

if TYPE_CHECKING:
    from hailo_piper.engine.unit_durations import PendingDurations

logger = logging.getLogger(__name__)

_WARM_UP = Sentence("Hello.")


class Engine:
    """One voice behind an RLock, which covers loading, swapping, closing and handing out streams, never an inference.

    A prepared voice is loaded in 0.1 s. Another one is loaded whole and speaks at once, sentence by sentence, until
    `prepare` replaces it by its prepared form; streams under way keep the model they began with.
    """

    def __init__(self, voice: Voice, cache_directory: Path, shared: SharedParts) -> None:
        """Load the voice. Raises ConfigError if its files are not those of a Piper voice."""
        # espeak-ng starts on another processor while this one loads the voice.
        shared.espeak.start()
        self.scheduler = shared.scheduler
        self.voice = voice
        self._cache_directory = cache_directory
        self._rlock = threading.RLock()
        self._threads = shared.scheduler.workers
        self._phonemizer = phonemizer_of(voice, shared.espeak)
        self.words, self.in_own_sounds = self._phonemizer.words, self._phonemizer.in_own_sounds
        self.speaker_lufs = SpeakerLevels(
            self._intact_model, self._phonemizer, self.scheduler, self.voice.sample_rate, lambda: self.lufs
        ).lufs
        self._streams: dict[int, Stream] = {}
        self._numbers = itertools.count()
        self._closing = False
        self.preparation = Preparation(voice, cache_directory, shared.refusals)
        self._memory = IdleMemory(
            self.scheduler, is_idle=lambda: not self.scheduler.streams and not self._closing, shrink=self._shrink
        )
        self.is_prepared = False
        """Whether windows are streamed; otherwise sentences are spoken whole."""
        self._model: Model = self._load()

    @cached_property
    def digest(self) -> str:
        """A digest of the voice's two files: another model or another phoneme table is another voice."""
        return voice_digest(self.voice.model_path, self.voice.config_path, self._cache_directory)

    def stream(
        self, sentences: Sequence[Sentence], delivery: Delivery, *, starts_reply: bool = True, steps: Steps = NO_STEPS
    ) -> Stream:
        """Return the speech of these sentences at the voice's own level and rate; close it when done.

        `starts_reply`: false for a later part of a reply, which gets the same bits as if it were spoken with the first.
        """
        runs: dict[int, tuple[MannerRun, ...]] = {}
        units = timed_units(units_of(sentences, self._phonemizer, runs), steps)
        # Outside the lock, since espeak-ng may take a while.
        first = next(units, None)
        number = next(self._numbers)
        with self._rlock:
            model = timed_model(self._intact_model(delivery), steps)
            self.scheduler.count_streams(1)
            # A reference cycle would keep the model after its last stream.
            self._streams[number] = Stream(
                model,
                self.scheduler,
                chain(filter(None, [first]), units),
                delivery,
                sample_rate=self.voice.sample_rate,
                starts_reply=starts_reply,
                goes_on=len(sentences) > 1,
                manners=Manners(runs, delivery, model, self.voice.sample_rate),
                is_alone=lambda: self.scheduler.streams <= 1,
                on_close=lambda: self._release(number),
            )
            return self._streams[number]

    def durations(self, sentence: Sentence, delivery: Delivery, *, is_alone: bool) -> "PendingDurations":
        """Begin to encode a sentence that nobody hears. `is_alone`: no other of its text is. Raises as `stream`."""
        from hailo_piper.engine.unit_durations import PendingDurations

        runs: dict[int, tuple[MannerRun, ...]] = {}
        units = [unit for _, unit in units_of([sentence], self._phonemizer, runs)]
        model = self._intact_model(delivery)
        manners = Manners(runs, delivery, model, self.voice.sample_rate)
        return PendingDurations(units, manners, model, self.scheduler, is_alone=is_alone)

    def warm_up(self) -> None:
        """Speak a word, so that the first request does not pay for first-time allocations."""
        # A voice that is spoken whole has spoken already, when its level was measured.
        if self.is_prepared:
            self._say_a_word(deadline=None)

    def is_alive(self, patience_seconds: float) -> bool:
        """Return whether it can still synthesize: no inference hangs, or, if none is under way, a word can be spoken.

        Returns late, or never, if that word hangs, which tells the caller's own watchdog the same.
        """
        stalled = self.scheduler.stalled_seconds()
        if stalled is not None:
            return stalled < patience_seconds
        try:
            self._say_a_word(deadline=time.monotonic() + patience_seconds)
        except SpeechError:
            logger.exception("the voice cannot say a word")
            return False
        return True

    def _say_a_word(self, *, deadline: float | None) -> None:
        """Speak a word's first sound. Raises BusyError at the deadline (time.monotonic), SynthesisError on failure."""
        with closing(self.stream([_WARM_UP], NOISELESS)) as stream:
            next(stream.read(0, deadline=deadline), None)

    def prepare(self) -> None:
        """Prepare the voice in a child process, switch to it, and return; return at once if that cannot be.

        A voice that cannot be prepared is still spoken whole, with a warning that says why. A prepared one loads the
        parts that can wait until after its first word.
        """
        with self._rlock:
            if self._closing:
                return
            present = self._model
        try:
            if isinstance(present, StagedModel):
                present.widen(self._threads)
                return
            # Without this reference, the model that speaks now may be released meanwhile.
            del present
            model = self.preparation.make(is_over=lambda: self.scheduler.is_closed)
            if model is None:
                return
            model.widen(self._threads)
        except FAILURES as error:
            if self.preparation.is_wanted and not self.scheduler.is_closed:
                self.preparation.refuse(error)
            return
        with self._rlock:
            if self._closing:
                self.preparation.close()
                return
            self._use(model)
        logger.info("the voice is prepared")

    def mend(self) -> None:
        """Check the prepared files, and make damaged ones again."""
        with self._rlock:
            if self._closing:
                return
            self._intact_model()
        if self.preparation.is_damaged and not self.is_prepared:
            self.prepare()

    def stalled_seconds(self) -> float:
        """Return the seconds for which the oldest inference under way has been running; 0.0 while there is none."""
        return self.scheduler.stalled_seconds() or 0.0

    def close(self) -> None:
        """Stop every stream and release the voice."""
        with self._rlock:
            if self._closing:
                return
            self._closing = True
            open_streams = tuple(self._streams.values())
        self._memory.keep()
        for stream in open_streams:
            stream.close()
        with self._rlock:
            self.preparation.close()
            del self._model

    def _load(self) -> Model:
        try:
            model = self.preparation.find()
        except OSError as error:
            raise ConfigError([f"piper.model_path: {self.voice.model_path}: {error.strerror}"]) from error
        if model is not None:
            return self._use(model)
        # A prepared voice brings its level, and need not import what measures it.
        from hailo_piper.engine.piper.calibration import QUICK, measure_lufs

        whole = WholeModel(self.voice, threads=self._threads)
        self.lufs = measure_lufs(whole, self._phonemizer, self.voice, QUICK)
        return whole

    def _use(self, model: StagedModel) -> StagedModel:
        self.lufs = self.preparation.lufs
        self.is_prepared = True
        self._model = model
        return model

    def _intact_model(self, delivery: Delivery = NOISELESS) -> Model:
        """Return a model whose files are as they were. Raises SynthesisError while it closes, or as `check_mix`."""
        with self._rlock:
            if self._closing:
                raise SynthesisError("The voice is being put away")
            if self.is_prepared and not self.preparation.is_intact():
                self._speak_whole()
            check_mix(delivery, self.voice, self._model, may_be_prepared=not self.preparation.is_refused)
            return self._model

    def _speak_whole(self) -> None:
        """Release mapped files that were written to: they hold noise, or end before their end."""
        logger.warning("the prepared voice %s was damaged while in use: it is spoken whole and remade", self.voice.id)
        self._model = WholeModel(self.voice, threads=self._threads)
        self.is_prepared = False

    def _release(self, number: int) -> None:
        self.scheduler.count_streams(-1)
        with self._rlock:
            del self._streams[number]
            if not self._streams and not self._closing:
                self._memory.return_soon()

    def _shrink(self) -> None:
        # Touching weights that were truncated on disk would end the process.
        if not self.is_prepared or self.preparation.is_intact():
            # A voice of another script may have no sound for it.
            for unit in self._phonemizer.phonemize(_WARM_UP)[:1]:
                self._model.shrink(unit)
