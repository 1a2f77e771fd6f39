"""The level of each speaker of the release was measured once, so that no request waits for that."""

import math
import threading
from collections.abc import Callable, Sequence

import numpy as np

from hailo_piper.audio.loudness import loudness_lufs
from hailo_piper.engine.kokoro.model import KokoroModel
from hailo_piper.engine.kokoro.reading import UnitIds
from hailo_piper.engine.model import Delivery
from hailo_piper.text.sentence import Sentence

LEVELS: dict[str, float] = {}
"""Integrated loudness (ITU-R BS.1770) without gain, in LUFS, over three sentences of benchmarks/kokoro.py."""
_USUAL = -23.0
_MEASURED = Sentence("Everything is ready.")


class SpeakerLufs:
    """The levels of one language's speakers. Thread-safe."""

    def __init__(
        self,
        speakers: Sequence[str],
        model: KokoroModel,
        units_of: Callable[[Sentence], Sequence[UnitIds]],
        sample_rate: int,
    ) -> None:
        """`speakers`: their names, in order; `units_of`: reads a sentence. One that LEVELS lacks is measured."""
        self._speakers = speakers
        self._model = model
        self._units_of = units_of
        self._sample_rate = sample_rate
        self._lock = threading.Lock()
        self._measured: dict[str, float] = {}

    def lufs(self, speaker_id: int, mix: tuple[tuple[int, float], ...] = (), *, patience_seconds: float = 0.0) -> float:  # noqa: ARG002 - nobody waits
        """Return the integrated loudness of a speaker without gain, in LUFS; of a mix, what its parts have together."""
        parts = mix or ((speaker_id, 1.0),)
        return 10 * math.log10(sum(weight * 10 ** (self._of(self._speakers[number]) / 10) for number, weight in parts))

    def _of(self, name: str) -> float:
        if name in LEVELS:
            return LEVELS[name]
        with self._lock:
            if name not in self._measured:
                self._measured[name] = self._measure(self._speakers.index(name))
            return self._measured[name]

    def _measure(self, number: int) -> float:
        delivery = Delivery(length_scale=1.0, noise_scale=0.0, noise_w_scale=0.0, speaker_id=number)
        takes = [self._model.encode(unit, delivery, is_alone=False) for unit in self._units_of(_MEASURED)]
        samples = np.concatenate([np.zeros(0, np.float32), *(take.decode(0, take.frames) for take in takes)])
        found = loudness_lufs(samples, self._sample_rate)
        # A sentence in another script may have no sound.
        return found if math.isfinite(found) else _USUAL
