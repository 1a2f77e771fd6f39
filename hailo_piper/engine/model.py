"""A loaded voice as others see it: it begins a unit of phonemes, then makes any window of its samples."""

from dataclasses import dataclass
from typing import Protocol

from hailo_piper.audio.samples import Samples

PhonemeIds = tuple[int, ...]
"""What a voice reads: the symbols of one unit, as its own table numbers them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How a voice speaks; part of what makes two syntheses equal."""

    length_scale: float
    """Duration factor of every phoneme; > 1 is slower."""

    noise_scale: float
    """Variation of timbre; 0 is deterministic."""

    noise_w_scale: float
    """Variation of phoneme durations; 0 is deterministic."""

    speaker_id: int
    """Index of the speaker; 0 for a voice with one."""

    speed: float = 1.0
    """2 is twice as fast as these scales alone; see `Model.tempo`."""


class EncodedUnit(Protocol):
    """One unit on its way to sound: its length is known, its samples are made window by window."""

    frames: int
    samples_per_frame: int
    num_samples: int
    """Of the whole unit; the last frame may be cut short."""
    overlap: int
    """Frames that `decode` reads of `flow`'s work on each side of its window."""

    def flow(self, start: int, end: int) -> None:
        """Prepare the frames from start to end; each frame once, before a window that reads it is decoded."""

    def decode(self, start: int, end: int) -> Samples:
        """The samples of the frames from start to end, whatever windows the rest is decoded in."""


class Model(Protocol):
    """A loaded voice. Thread-safe."""

    def encode(self, unit: PhonemeIds, delivery: Delivery, *, is_alone: bool) -> EncodedUnit:
        """Begin a unit. `is_alone`: nothing else is to be done, so every thread may work on this one."""

    def tempo(self, speed: float) -> float:
        """What is left of a speed for others to do: how much faster the samples are to be played than they are made."""

    def shrink(self, unit: PhonemeIds) -> None:
        """Let go of the memory that many requests at once needed, by speaking a short unit."""
