"""A tally gathers what one request costs, for its reply's headers, its log line and the metrics."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hailo_piper.audio.word import Mark, Word
from hailo_piper.monitoring.metrics import Metrics
from hailo_piper.monitoring.tracing import Span
from hailo_piper.speech.plan import Plan

logger = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Tally:
    """The figures of one request, filled in as it goes on."""

    started: float = field(default_factory=time.monotonic)
    audio_seconds: float = 0.0
    synthesis_seconds: float = 0.0
    """Worker time."""
    first_audio_seconds: float | None = None
    """From the start to the first bytes; None while there are none."""
    cached: str = "miss"
    """How much of it was in the cache: hit, miss or partial."""
    num_samples: int | None = None
    """Samples of the whole answer at its own rate, if they are known when its first audio is there."""

    words: list[Word] = field(default_factory=list)
    """Words whose sound is in the bytes that come next, if the request wants them."""
    marks: list[Mark] = field(default_factory=list)
    """Likewise."""

    def note_words(self, words: Sequence[Word], marks: Sequence[Mark]) -> None:
        """Note words and marks that became known."""
        self.words.extend(words)
        self.marks.extend(marks)

    def note_bytes(self) -> None:
        """Note that the first bytes are about to leave."""
        self.first_audio_seconds = time.monotonic() - self.started

    def fields(self, plan: Plan, outcome: str) -> dict[str, Any]:
        """Return what the log line, and a trace, say of a request."""
        return {
            "listener": plan.listener,
            "voice": plan.voice.id,
            "engine": plan.voice.engine,
            "response_format": plan.response_format,
            "characters": plan.characters,
            "cached": self.cached,
            "audio_seconds": round(self.audio_seconds, 3),
            "synthesis_seconds": round(self.synthesis_seconds, 3),
            "first_audio_seconds": round(self.first_audio_seconds or 0.0, 3),
            "outcome": outcome,
            **({"stands_in": True} if plan.stands_in else {}),
            **({"text_language": plan.other_language} if plan.other_language else {}),
        }

    def report(self, plan: Plan, outcome: str, span: Span, metrics: Metrics) -> None:
        """Tell the log, the metrics and a trace what a request cost; a failure without sound is told elsewhere."""
        fields = self.fields(plan, outcome)
        if span.is_recording:
            span.note({f"speech.{name}": value for name, value in fields.items()})
        if self.first_audio_seconds is None:
            return
        if outcome == "failed":
            span.fail("synthesis_failed")
        logger.info("speech", extra={"fields": fields})
        metrics.spoken(
            plan.listener,
            plan.response_format,
            outcome,
            first_audio_seconds=self.first_audio_seconds,
            synthesis_seconds=self.synthesis_seconds,
            audio_seconds=self.audio_seconds,
            engine=plan.voice.engine,
        )
