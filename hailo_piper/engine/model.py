"""A speaker turns sentences into units, and its model makes a take of each.

Every engine answers to these types; the stream and the scheduler know no others.
docs/engines.md says how an engine of one's own is added.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from hailo_piper.audio.samples import Samples
from hailo_piper.audio.treatment import TreatedRun

if TYPE_CHECKING:
    from hailo_piper.engine.words import SpokenWord
    from hailo_piper.text.sentence import Sentence

Unit = Any
"""A sentence, or a part of a long one, as its engine takes it at once. Its `len` counts its marks, which durations and
words count too: a Piper voice's are phoneme ids, those of espeak-ng characters."""


Durations = NDArray[np.int64]
"""Samples of each mark of a unit, shape (marks,)."""


class SentenceDurations(NamedTuple):
    """How long each phoneme of a sentence is."""

    id_samples: Durations
    """Of all units, one after the other."""
    runs: tuple[TreatedRun, ...]
    """What would be done to the samples of each run; no run where nothing would."""
    are_known: bool
    """Whether they are the voice's own; else they are shares of each unit's length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The speaker, the pace and the variation that a text is spoken with; part of what makes two syntheses equal."""

    length_scale: float
    """Duration factor of every phoneme; > 1 is slower."""

    noise_scale: float
    """Variation of timbre; with 0 here and below, equal requests sound the same."""

    noise_w_scale: float
    """Variation of phoneme durations; see above."""

    speaker_id: int
    """Index of the speaker; 0 for a voice with one."""

    speed: float = 1.0
    """2 is twice as fast as `length_scale` alone; see `Model.tempo`."""

    pitch: float = 1.0
    """2 is an octave higher."""

    paces: tuple[float, ...] = ()
    """Of each mark of one unit: 2 halves its duration. Empty: all 1. See `Model.keeps_paces`."""

    speaker_mix: tuple[tuple[int, float], ...] = ()
    """Speakers that are mixed into one, by index, with weights whose sum is 1. Empty: `speaker_id` alone."""

    @property
    def speakers(self) -> tuple[tuple[int, float], ...]:
        """The speakers that are mixed; one alone has all the weight."""
        return self.speaker_mix or ((self.speaker_id, 1.0),)


NOISELESS = Delivery(length_scale=1.0, noise_scale=0.0, noise_w_scale=0.0, speaker_id=0)
"""The voice at its own pace, the same at each time."""


class Take(Protocol):
    """A unit whose length is known; its samples are made window by window."""

    frames: int
    samples_per_frame: int
    num_samples: int
    """Samples of the whole unit; its last frame may be cut short."""
    id_samples: Durations
    """Durations; their sum is `num_samples`."""
    overlap: int
    """Frames of `flow`'s work that `decode` reads on each side of its window."""

    def flow(self, start: int, end: int) -> None:
        """Prepare the frames from start to end: each once, in order, before a window that reads them is decoded."""

    def decode(self, start: int, end: int) -> Samples:
        """Return the samples of the frames from start to end: each once, in windows of any sizes and order."""


class Model(Protocol):
    """A loaded voice. Thread-safe."""

    def encode(self, unit: Unit, delivery: Delivery, *, is_alone: bool) -> Take:
        """Encode a unit. `is_alone`: nothing else waits to be done, so every thread may work on this unit."""

    knows_durations: bool
    """Whether the durations are the voice's own; else they are shares of the unit's length."""

    keeps_paces: bool
    """Whether durations follow `Delivery.paces`; else the samples alone can be stretched."""

    keeps_pitch: bool
    """Whether it speaks at `Delivery.pitch` by itself; else its samples are brought to the pitch."""

    mixes_speakers: bool
    """Whether it follows `Delivery.speaker_mix`; else that must be empty."""

    def tempo(self, speed: float) -> float:
        """Return the factor by which the samples must be played faster than they are made, to reach this speed."""

    def shrink(self, unit: Unit) -> None:
        """Release the memory that many requests at once needed, by speaking a short unit."""


class Speaker(Protocol):
    """A voice of some engine, loaded: how it reads, and the model that speaks now. Thread-safe.

    Its model may change while it is loaded; what speaks keeps the model that it began with.
    """

    sample_rate: int
    """Hz, of the samples that its model makes."""

    @property
    def lufs(self) -> float:
        """The integrated loudness of the voice without gain, in LUFS."""

    @property
    def speaker_lufs(self) -> Callable[..., float] | None:
        """As `SpeakerLevels.lufs`, where the engine knows its speakers' levels; None: they are measured when needed."""

    @property
    def digest(self) -> str:
        """A digest of all that makes the voice sound as it does; the cache's entries are kept under it."""

    @property
    def is_prepared(self) -> bool:
        """Whether there is nothing left for `prepare` to do."""

    def units(self, sentence: "Sentence") -> tuple[Unit, ...]:
        """Return the sentence's units in order, by the engine's own pronunciation; none where it has no sound for it.

        Raises InvalidRequestError where the text cannot be read, SynthesisError where the reader fails.
        """

    def words(self, sentence: "Sentence") -> "tuple[SpokenWord, ...]":
        """Return the words of a sentence, each with its marks; all units together have these. Raises as `units`."""

    def in_own_sounds(self, sentence: "Sentence") -> "Sentence":
        """Return a sentence whose runs in other languages this voice can say. Raises as `units`."""

    def model(self, delivery: Delivery) -> Model:
        """Return the model that speaks now. Raises SynthesisError once closed, InvalidRequestError for a mix."""

    def prepare(self, *, is_over: Callable[[], bool]) -> None:
        """Make and use a better form of the voice, if there is one; `is_over`: whether the service is stopping."""

    def mend(self) -> bool:
        """Check its files while it is used; return whether `prepare` should make some again."""

    def stop_preparing(self) -> None:
        """End a `prepare` under way soon, and begin no other."""

    def shrink(self) -> None:
        """Release the memory that many requests at once needed."""

    def close(self) -> None:
        """Release everything. Takes that were made go on."""
