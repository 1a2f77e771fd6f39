"""A tally counts what one request costs, for its log line and the metrics."""

import logging
import time
from dataclasses import dataclass, field

from hailo_piper.speech.plan import Plan

logger = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Tally:
    """What one request cost, for its log line."""

    started: float = field(default_factory=time.monotonic)
    audio_seconds: float = 0.0
    synthesis_seconds: float = 0.0
    first_audio_seconds: float | None = None
    cached: str = "miss"
    """How much of it was in the cache: hit, miss or partial."""
    num_samples: int | None = None
    """Samples of the whole answer at its own rate, where they are known when its first audio is."""

    def take_leave(self) -> None:
        """Take note that bytes are about to leave."""
        if self.first_audio_seconds is None:
            self.first_audio_seconds = time.monotonic() - self.started


def log_spoken(plan: Plan, tally: Tally, outcome: str) -> None:
    """Write the one line of a request that got audio."""
    fields = {
        "listener": plan.listener,
        "voice": plan.voice.id,
        "response_format": plan.response_format,
        "characters": plan.characters,
        "cached": tally.cached,
        "audio_seconds": round(tally.audio_seconds, 3),
        "synthesis_seconds": round(tally.synthesis_seconds, 3),
        "first_audio_seconds": round(tally.first_audio_seconds or 0.0, 3),
        "outcome": outcome,
    }
    logger.info("speech", extra={"fields": fields})
    logger.debug("text", extra={"fields": {"sentences": [sentence.text for sentence in plan.sentences]}})
