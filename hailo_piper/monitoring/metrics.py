"""Metrics count requests and their timings in plain numbers, which `exposition` shows to Prometheus.

Labels only take values from this program's own lists (listeners, formats, outcomes, engines), and the ids of loaded
voices, so the number of series is bounded whatever clients send. Nothing here needs prometheus_client, whose import
would delay the first answer.
"""

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hailo_piper.monitoring.state import ServiceState

NO_FORMAT = "none"
"""The format of a request that was refused before its format mattered."""
_FIRST_AUDIO = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_SYNTHESIS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 100)
_AUDIO = (0.5, 1, 2, 3, 5, 10, 20, 30, 60, 120, 300, 600)
_REAL_TIME_FACTOR = (0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 0.75, 1, 2)


class Histogram:
    """A distribution of seconds, or of a ratio, over buckets."""

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        """The upper bound of each bucket but the last, which has none."""
        self.sum = 0.0
        self.counts = [0] * (len(bounds) + 1)
        """The number of values in each bucket."""

    def observe(self, value: float) -> None:
        """Count one value."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.sum += value

    @property
    def cumulative(self) -> list[int]:
        """The number of values up to each bound, then of all values, as Prometheus has its buckets."""
        return list(accumulate(self.counts))


class Counts:
    """Everything that was counted since the start."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, str, str]] = Counter()
        """By listener, format and outcome."""
        self.engines: Counter[tuple[str, str]] = Counter()
        """Requests that got audio, by engine and outcome."""
        self.fallbacks: Counter[str] = Counter()
        """Requests that another voice spoke than the one that failed, by the engine of that other voice."""
        self.failures: Counter[str] = Counter()
        """Requests whose voice failed while nothing of the answer was out, by its engine."""
        self.quality: dict[tuple[str, str], float] = {}
        """Opinion scores of the last sample, by voice and measure."""
        self.first_audio: dict[str, Histogram] = {}
        """Seconds from request to first audio, by listener."""
        self.synthesis = Histogram(_SYNTHESIS)
        self.audio = Histogram(_AUDIO)
        self.real_time_factor = Histogram(_REAL_TIME_FACTOR)


class Metrics:
    """The counts of one service, and its state. Thread-safe."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        """Held while the counts change or are read."""
        self.counts = Counts()
        self.state: Callable[[], ServiceState] | None = None
        """The function that returns the state of the service at this moment."""

    def spoken(  # noqa: PLR0913 - each is one fact about the request
        self,
        listener: str,
        response_format: str,
        outcome: str,
        *,
        first_audio_seconds: float,
        synthesis_seconds: float,
        audio_seconds: float,
        engine: str = "piper",
    ) -> None:
        """Count a request that got audio."""
        with self.lock:
            counts = self.counts
            counts.requests[listener, response_format, outcome] += 1
            counts.engines[engine, outcome] += 1
            counts.first_audio.setdefault(listener, Histogram(_FIRST_AUDIO)).observe(first_audio_seconds)
            counts.synthesis.observe(synthesis_seconds)
            counts.audio.observe(audio_seconds)
            if synthesis_seconds and audio_seconds:
                counts.real_time_factor.observe(synthesis_seconds / audio_seconds)

    def note_quality(self, voice_id: str, scores: Mapping[str, float]) -> None:
        """Show how good a voice sounds, by measure, in place of what was shown before."""
        with self.lock:
            self.counts.quality.update({(voice_id, measure): score for measure, score in scores.items()})

    def voice_failed(self, engine: str) -> None:
        """Count a request whose voice failed while nothing of the answer was out."""
        with self.lock:
            self.counts.failures[engine] += 1

    def fell_back(self, engine: str) -> None:
        """Count a request that a voice of this engine speaks, since another voice failed."""
        with self.lock:
            self.counts.fallbacks[engine] += 1

    def refused(self, listener: str, outcome: str) -> None:
        """Count a request that got an error; `outcome` is its code."""
        with self.lock:
            self.counts.requests[listener, NO_FORMAT, outcome] += 1

    def watch(self, state: "Callable[[], ServiceState]") -> None:
        """Show the state of the service too, asked for at every scrape."""
        self.state = state
