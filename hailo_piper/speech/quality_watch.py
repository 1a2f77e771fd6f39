"""The quality watch has a fixed text spoken, and keeps how good it sounds.

It scores no client's speech: what a service is asked to say stays nobody's business, and a fixed text shows a change.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np

from hailo_piper.audio.samples import Samples
from hailo_piper.errors import SpeechError
from hailo_piper.monitoring.metrics import Metrics
from hailo_piper.speech.pipeline import Speech
from hailo_piper.speech.request import SpeechRequest

if TYPE_CHECKING:
    from hailo_piper.engine.dnsmos import Quality

logger = logging.getLogger(__name__)

TEXT = "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12. 13, 14, 15, 16, 17, 18, 19, 20. 100, 1000."
"""Numbers, which every language has words for: about ten seconds."""
_FULL_SCALE = 1 << 15
_HOUR_SECONDS, _BUSY_SECONDS = 3600.0, 10.0
Score = Callable[[Samples], "Quality"]
"""Scores float32 samples at 16 kHz."""


def quality_of(speech: Speech, score: Score, *, voice: str | None = None) -> "Quality":
    """Speak the fixed text and score it. Raises SpeechError where that fails. `voice`: a name; None: the default."""
    request = SpeechRequest(
        text=TEXT, voice=voice, response_format="pcm", sample_rate=16_000, use_cache=False, in_bulk=True
    )
    with closing(speech.speak(request, listener="quality")) as reply:
        pcm = b"".join(reply)
    return score(np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(_FULL_SCALE))


class QualityWatch:
    """A thread that scores the default voice now and each hour, while nothing else is spoken."""

    def __init__(  # noqa: PLR0913 - each is a part that a sample needs
        self,
        speech: Speech,
        load: Callable[[], Score],
        metrics: Metrics,
        *,
        voice_id: str,
        is_idle: Callable[[], bool],
        every_seconds: float = _HOUR_SECONDS,
    ) -> None:
        """`load`: returns what scores, called once. `is_idle`: whether no request needs the processors now."""
        self._speech = speech
        self._load = load
        self._metrics = metrics
        self._voice_id = voice_id
        self._is_idle = is_idle
        self._every_seconds = every_seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="quality", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def close(self) -> None:
        """Stop; a score under way is waited for."""
        self._over.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        score = self._load()
        while not self._over.is_set():
            if not self._is_idle():
                self._over.wait(min(_BUSY_SECONDS, self._every_seconds))
                continue
            try:
                quality = quality_of(self._speech, score)
            except (SpeechError, ValueError) as error:
                logger.warning("the quality cannot be scored: %s", error)
            else:
                self._metrics.note_quality(self._voice_id, quality._asdict())
            self._over.wait(self._every_seconds)
