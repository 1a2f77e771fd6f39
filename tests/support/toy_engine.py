"""An engine that hums, a note for each character, made by the page docs/engines.md; it fails as it is told to."""

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np

from hailo_piper.audio.samples import Samples
from hailo_piper.engine.model import Delivery
from hailo_piper.engine.shared_parts import SharedParts
from hailo_piper.engine.words import SpokenWord, words_of
from hailo_piper.errors import SynthesisError
from hailo_piper.text.sentence import Sentence
from hailo_piper.voices.voice import Voice

NOTE = 1000
"""Samples of a character."""


class ToyTake:
    """The hum of a unit, which is there at once."""

    samples_per_frame = NOTE
    overlap = 0

    def __init__(self, characters: int) -> None:
        self.frames = characters
        self.num_samples = characters * NOTE
        self.id_samples = np.full(characters, NOTE, np.int64)

    def flow(self, start: int, end: int) -> None:
        """Nothing is left to do."""

    def decode(self, start: int, end: int) -> Samples:
        """The samples of these notes."""
        places = np.arange(start * NOTE, end * NOTE)
        return (0.2 * np.sin(2 * np.pi * places / 100)).astype(np.float32)


class ToySpeaker:
    """A voice and its model in one, since it never changes."""

    is_prepared = True
    speaker_lufs = None
    lufs = -20.0
    knows_durations = True
    keeps_paces = keeps_pitch = mixes_speakers = False

    def __init__(self, voice: Voice, fail: Callable[[int], None]) -> None:
        """`fail` is called before each unit with the number of units before it, and may raise or hang."""
        self.sample_rate = voice.sample_rate
        self.digest = hashlib.sha256(str(voice.stamp).encode()).hexdigest()
        self._fail = fail
        self._spoken = 0
        self._closed = False

    def units(self, sentence: Sentence) -> tuple[str, ...]:
        """The sentence, whole."""
        return (sentence.text,)

    def words(self, sentence: Sentence) -> tuple[SpokenWord, ...]:
        """Its characters are its marks."""
        return tuple(SpokenWord(start, end, start, end) for start, end in words_of(sentence.text))

    def in_own_sounds(self, sentence: Sentence) -> Sentence:
        """Every language is hummed alike."""
        return sentence

    def model(self, _: Delivery) -> "ToySpeaker":
        """Itself."""
        if self._closed:
            raise SynthesisError("The voice is being put away")
        return self

    def encode(self, unit: str, _: Delivery, *, is_alone: bool) -> ToyTake:  # noqa: ARG002
        """Hum a unit."""
        self._fail(self._spoken)
        self._spoken += 1
        return ToyTake(len(unit))

    def tempo(self, speed: float) -> float:
        """Nothing is faster by itself."""
        return speed

    def prepare(self, *, is_over: Callable[[], bool]) -> None:
        """Nothing is better."""

    def mend(self) -> bool:
        """Nothing breaks."""
        return False

    def stop_preparing(self) -> None:
        """Nothing is prepared."""

    def shrink(self, unit: str = "") -> None:
        """Nothing is kept."""

    def close(self) -> None:
        """Hum no more."""
        self._closed = True


def toy_engine(fail: Callable[[int], None] = lambda _: None) -> Callable[[Voice, Path, SharedParts], ToySpeaker]:
    """What stands in the dict of engines."""
    return lambda voice, _, __: ToySpeaker(voice, fail)


def make_toy_voice(directory: Path, name: str = "hum") -> None:
    """Write the voice.json of a voice."""
    folder = directory / name
    folder.mkdir(parents=True)
    (folder / "voice.json").write_text('{"engine": "toy", "language": "en_US", "sample_rate": 22050}')


def raise_at(number: int) -> Callable[[int], None]:
    """A failure at a unit, the first one being 0."""

    def fail(spoken: int) -> None:
        if spoken == number:
            raise RuntimeError("a string is broken")

    return fail


def hang_until(released: threading.Event) -> Callable[[int], None]:
    """A unit that never comes."""

    def fail(_: int) -> None:
        released.wait(60)

    return fail
