"""The level of each speaker of the release was measured once, so that no request waits for that."""

import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from hailo_piper.audio.loudness import loudness_lufs
from hailo_piper.engine.kokoro.reading import UnitIds
from hailo_piper.engine.model import NOISELESS, Model
from hailo_piper.text.sentence import Sentence

LEVELS = {
    "af_heart": -22.1, "af_bella": -21.5, "af_nicole": -20.8, "af_aoede": -17.2, "af_kore": -17.8, "af_sarah": -19.6,
    "af_alloy": -19.7, "af_nova": -25.1, "af_sky": -22.4, "af_jessica": -20.9, "af_river": -20.2, "am_michael": -22.6,
    "am_fenrir": -18.3, "am_puck": -17.3, "am_echo": -20.6, "am_eric": -20.4, "am_liam": -20.6, "am_onyx": -20.8,
    "am_santa": -21.5, "am_adam": -17.6, "bf_emma": -19.2, "bf_isabella": -16.3, "bf_alice": -19.8, "bf_lily": -20.2,
    "bm_fable": -20.3, "bm_george": -20.9, "bm_lewis": -22.3, "bm_daniel": -20.8, "ef_dora": -23.1, "em_alex": -22.4,
    "em_santa": -22.5, "if_sara": -13.3, "im_nicola": -18.4, "pf_dora": -23.1, "pm_alex": -22.6, "pm_santa": -22.8,
    "hf_alpha": -15.5, "hf_beta": -16.5, "hm_omega": -15.7, "hm_psi": -17.3, "ff_siwis": -19.4,
}  # fmt: skip
"""Integrated loudness (ITU-R BS.1770) without gain, in LUFS, over two sentences of benchmarks/kokoro.py (`levels`)."""
_USUAL = -23.0
_MEASURED = Sentence("Everything is ready.")


class SpeakerLufs:
    """The levels of one language's speakers. Thread-safe."""

    def __init__(
        self,
        speakers: Sequence[str],
        model: Callable[[], Model],
        units_of: Callable[[Sentence], Sequence[UnitIds]],
        sample_rate: int,
    ) -> None:
        """`speakers`: their names, in order; `model`: the one that speaks now; `units_of`: reads a sentence.

        A speaker that LEVELS lacks is measured when it is first asked for.
        """
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
        delivery = replace(NOISELESS, speaker_id=number)
        model = self._model()
        takes = [model.encode(unit, delivery, is_alone=False) for unit in self._units_of(_MEASURED)]
        samples = np.concatenate([np.zeros(0, np.float32), *(take.decode(0, take.frames) for take in takes)])
        found = loudness_lufs(samples, self._sample_rate)
        # A sentence in another script may have no sound.
        return found if math.isfinite(found) else _USUAL
