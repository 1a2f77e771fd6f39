"""An engine holds one voice, loaded, and hands out streams of its speech."""

import itertools
import logging
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from hailo_piper.engine.idle_memory import IdleMemory
from hailo_piper.engine.manners import MannerRun, Manners, units_of
from hailo_piper.engine.model import NOISELESS, Delivery, Model
from hailo_piper.engine.playback import Playback
from hailo_piper.engine.shared_parts import SharedParts
from hailo_piper.engine.speaker_levels import SpeakerLevels
from hailo_piper.engine.speakers import load_speaker
from hailo_piper.engine.stream import Stream
from hailo_piper.engine.timed_model import timed_model, timed_units
from hailo_piper.errors import SpeechError, SynthesisError
from hailo_piper.monitoring.tracing import NO_STEPS, Steps
from hailo_piper.text.sentence import Sentence
from hailo_piper.voices.voice import Voice

if TYPE_CHECKING:
    from hailo_piper.engine.unit_durations import PendingDurations

logger = logging.getLogger(__name__)

_WARM_UP = Sentence("Hello.")


class Engine:
    """One voice behind an RLock, which covers closing and handing out streams, never an inference."""

    def __init__(self, voice: Voice, cache_directory: Path, shared: SharedParts) -> None:
        """Load the voice. Raises ConfigError if its files are not those of a voice of its engine."""
        self.scheduler = shared.scheduler
        self.voice = voice
        self._cost = shared.costs.of(voice.id)
        self._rlock = threading.RLock()
        self.speaker = load_speaker(voice, cache_directory, shared)
        self.words, self.in_own_sounds = self.speaker.words, self.speaker.in_own_sounds
        self.speaker_lufs = self.speaker.speaker_lufs or (
            SpeakerLevels(
                self._model_for, self.speaker.units, self.scheduler, self.voice.sample_rate, lambda: self.lufs
            ).lufs
        )
        self._streams: dict[int, Stream] = {}
        self._numbers = itertools.count()
        self._closing = False
        self._memory = IdleMemory(
            self.scheduler,
            is_idle=lambda: not self.scheduler.streams and not self._closing,
            shrink=self.speaker.shrink,
        )

    @property
    def digest(self) -> str:
        """A digest of all that makes the voice sound as it does."""
        return self.speaker.digest

    @property
    def lufs(self) -> float:
        """The integrated loudness of the voice without gain, in LUFS."""
        return self.speaker.lufs

    @property
    def is_prepared(self) -> bool:
        """Whether there is nothing left to prepare; a Piper voice is then streamed in windows, else spoken whole."""
        return self.speaker.is_prepared

    def stream(
        self,
        sentences: Sequence[Sentence],
        delivery: Delivery,
        *,
        starts_reply: bool = True,
        gives_way: bool = False,
        steps: Steps = NO_STEPS,
    ) -> Stream:
        """Return the speech of these sentences at the voice's own level and rate; close it when done.

        `starts_reply`: false for a later part of a reply, which gets the same bits as if it were spoken with the first.
        `gives_way`: whether nobody hears it before its end.
        """
        runs: dict[int, tuple[MannerRun, ...]] = {}
        units = timed_units(units_of(sentences, self.speaker, runs), steps)
        # Outside the lock, since reading may take a while.
        first = next(units, None)
        number = next(self._numbers)
        with self._rlock:
            model = timed_model(self._model_for(delivery), steps)
            self.scheduler.count_streams(1)
            # A reference cycle would keep the model after its last stream.
            self._streams[number] = Stream(
                model,
                self.scheduler,
                chain(filter(None, [first]), units),
                delivery,
                sample_rate=self.voice.sample_rate,
                starts_reply=starts_reply,
                playback=Playback(gives_way=gives_way),
                cost=self._cost,
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
        units = [unit for _, unit in units_of([sentence], self.speaker, runs)]
        model = self._model_for(delivery)
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
        """Make and use the voice's better form, and return; return at once if there is none, as `Speaker.prepare`."""
        if not self._closing:
            self.speaker.prepare(is_over=lambda: self.scheduler.is_closed)

    def mend(self) -> None:
        """Check the files that are in use, and make damaged ones again."""
        if not self._closing and self.speaker.mend():
            self.prepare()

    def stop_preparing(self) -> None:
        """End a preparation under way, and begin no other; speech goes on."""
        self.speaker.stop_preparing()

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
        self.speaker.close()

    def _model_for(self, delivery: Delivery) -> Model:
        """Return the model that speaks now. Raises SynthesisError while it closes, or as `Speaker.model`."""
        with self._rlock:
            if self._closing:
                raise SynthesisError("The voice is being put away")
            return self.speaker.model(delivery)

    def _release(self, number: int) -> None:
        self.scheduler.count_streams(-1)
        with self._rlock:
            del self._streams[number]
            if not self._streams and not self._closing:
                self._memory.return_soon()
