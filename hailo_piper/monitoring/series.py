"""Every metric as Prometheus knows it: its name, its buckets, and how it is told.

Sole owner of prometheus_client. Labels only take values out of this program's own lists (doors, formats, outcomes) and
the ids of loaded voices, so the number of series is bounded whatever clients send.
"""

import platform
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from hailo_piper import __version__
from hailo_piper.cache.store import Cache
from hailo_piper.speech.admission import Admission

_PREFIX = "hailo_piper"
_FIRST_AUDIO = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_SYNTHESIS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 100)
_AUDIO = (0.5, 1, 2, 3, 5, 10, 20, 30, 60, 120, 300, 600)
_REAL_TIME_FACTOR = (0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 0.75, 1, 2)
NO_FORMAT = "none"
"""Of a request that was refused before its format mattered."""


class Series:
    """What one service has done, and what it is doing, in a registry of its own."""

    def __init__(self) -> None:
        # A second series for every counter, with the moment it was made, helps nobody here.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        self._requests = Counter(
            f"{_PREFIX}_requests", "Speech requests by how they ended.", ["door", "format", "outcome"],
            registry=self._registry,
        )  # fmt: skip
        self._first_audio = self._histogram("first_audio_seconds", "From request to first audio.", _FIRST_AUDIO, "door")
        self._synthesis = self._histogram("synthesis_seconds", "Worker time that a request took.", _SYNTHESIS)
        self._audio = self._histogram("audio_seconds", "Length of an answer.", _AUDIO)
        self._factor = self._histogram("real_time_factor", "Worker time for a second of audio.", _REAL_TIME_FACTOR)
        Info(f"{_PREFIX}_build", "What is running.", registry=self._registry).info(
            {"version": __version__, "python": platform.python_version(), "machine": platform.machine()}
        )
        ProcessCollector(registry=self._registry)

    def spoken(  # noqa: PLR0913 - each is one fact about the request
        self,
        door: str,
        response_format: str,
        outcome: str,
        *,
        first_audio_seconds: float,
        synthesis_seconds: float,
        audio_seconds: float,
    ) -> None:
        """Count a request that got audio."""
        self._requests.labels(door, response_format, outcome).inc()
        self._first_audio.labels(door).observe(first_audio_seconds)
        self._synthesis.observe(synthesis_seconds)
        self._audio.observe(audio_seconds)
        if synthesis_seconds and audio_seconds:
            self._factor.observe(synthesis_seconds / audio_seconds)

    def refused(self, door: str, outcome: str) -> None:
        """Count a request that got an error; `outcome` is its code."""
        self._requests.labels(door, NO_FORMAT, outcome).inc()

    def watch(
        self,
        admission: Admission,
        cache: Cache,
        is_ready: Callable[[], bool],
        load_seconds: Callable[[], Mapping[str, float]],
    ) -> None:
        """Show the state of these parts whenever someone asks."""
        self._registry.register(_State(admission, cache, is_ready, load_seconds))

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """Everything, as (text, content type), in the format that this Accept header asks for."""
        encode, content_type = choose_encoder(accept)
        return encode(self._registry), content_type

    def names(self) -> list[str]:
        """Every metric there is, as it is exported."""
        families = [(family.name, family.type) for family in self._registry.collect()]
        suffixes = {"counter": "_total", "info": "_info"}
        return [f"{name}{suffixes.get(kind, '')}" for name, kind in families]

    def _histogram(self, name: str, what: str, buckets: Iterable[float], *labels: str) -> Histogram:
        return Histogram(f"{_PREFIX}_{name}", what, labels, buckets=tuple(buckets), registry=self._registry)


@dataclass(frozen=True, eq=False)
class _State(Collector):
    admission: Admission
    cache: Cache
    is_ready: Callable[[], bool]
    load_seconds: Callable[[], Mapping[str, float]]

    def collect(self) -> Iterable[Metric]:
        admission, cache = self.admission, self.cache.statistics
        speaking, waiting, limit = admission.speaking, admission.waiting, admission.places + admission.max_queue
        for name, what, gauge in (
            ("ready", "Whether the service can speak.", float(self.is_ready())),
            ("speaking", "Requests that speak.", speaking),
            ("waiting", "Requests that wait for a place.", waiting),
            ("queue_depth", "Requests that speak or wait.", speaking + waiting),
            ("queue_limit", "The most that may speak or wait; one more is busy.", limit),
            ("cache_entries", "Sentences in the cache.", cache.entries),
            ("cache_bytes", "Bytes that the cache takes.", cache.size_bytes),
        ):  # fmt: skip
            yield GaugeMetricFamily(f"{_PREFIX}_{name}", what, value=gauge)
        for name, what, count in (
            ("cache_hits", "Sentences that came out of the cache.", cache.hits),
            ("cache_misses", "Sentences that were looked for and not there.", cache.misses),
        ):
            yield CounterMetricFamily(f"{_PREFIX}_{name}", what, value=count)
        loads = GaugeMetricFamily(
            f"{_PREFIX}_voice_load_seconds", "How long each loaded voice took to load.", labels=["voice"]
        )
        for voice, seconds in self.load_seconds().items():
            loads.add_metric([voice], seconds)
        yield loads
