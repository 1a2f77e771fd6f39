"""Every metric as Prometheus knows it: its name, its buckets, and how it is told.

Sole owner of prometheus_client. Labels only take values out of this program's own lists (listeners, formats, outcomes)
and the ids of loaded voices, so the number of series is bounded whatever clients send.
"""

import platform
from collections.abc import Callable, Iterable
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
from hailo_piper.monitoring.state import ServiceState

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
            f"{_PREFIX}_requests", "Speech requests by how they ended.", ["listener", "format", "outcome"],
            registry=self._registry,
        )  # fmt: skip
        self._first_audio = self._histogram(
            "first_audio_seconds", "From request to first audio.", _FIRST_AUDIO, "listener"
        )
        self._synthesis = self._histogram("synthesis_seconds", "Worker time that a request took.", _SYNTHESIS)
        self._audio = self._histogram("audio_seconds", "Length of an answer.", _AUDIO)
        self._factor = self._histogram("real_time_factor", "Worker time for a second of audio.", _REAL_TIME_FACTOR)
        Info(f"{_PREFIX}_build", "What is running.", registry=self._registry).info(
            {"version": __version__, "python": platform.python_version(), "machine": platform.machine()}
        )
        ProcessCollector(registry=self._registry)

    def spoken(  # noqa: PLR0913 - each is one fact about the request
        self,
        listener: str,
        response_format: str,
        outcome: str,
        *,
        first_audio_seconds: float,
        synthesis_seconds: float,
        audio_seconds: float,
    ) -> None:
        """Count a request that got audio."""
        self._requests.labels(listener, response_format, outcome).inc()
        self._first_audio.labels(listener).observe(first_audio_seconds)
        self._synthesis.observe(synthesis_seconds)
        self._audio.observe(audio_seconds)
        if synthesis_seconds and audio_seconds:
            self._factor.observe(synthesis_seconds / audio_seconds)

    def refused(self, listener: str, outcome: str) -> None:
        """Count a request that got an error; `outcome` is its code."""
        self._requests.labels(listener, NO_FORMAT, outcome).inc()

    def watch(self, state: Callable[[], ServiceState]) -> None:
        """Show the state of the service, asked for at every scrape."""
        self._registry.register(_State(state))

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
    ask: Callable[[], ServiceState]

    def collect(self) -> Iterable[Metric]:
        state = self.ask()
        for name, what, gauge in (
            ("ready", "Whether the service can speak.", float(state.is_ready)),
            ("speaking", "Requests that speak.", state.speaking),
            ("waiting", "Requests that wait for a place.", state.waiting),
            ("queue_depth", "Requests that speak or wait.", state.speaking + state.waiting),
            ("queue_limit", "The most that may speak or wait; one more is busy.", state.queue_limit),
            ("cache_entries", "Sentences in the cache.", state.cache_entries),
            ("cache_bytes", "Bytes that the cache takes.", state.cache_bytes),
        ):  # fmt: skip
            yield GaugeMetricFamily(f"{_PREFIX}_{name}", what, value=gauge)
        for name, what, count in (
            ("cache_hits", "Sentences that came out of the cache.", state.cache_hits),
            ("cache_misses", "Sentences that were looked for and not there.", state.cache_misses),
        ):
            yield CounterMetricFamily(f"{_PREFIX}_{name}", what, value=count)
        loads = GaugeMetricFamily(
            f"{_PREFIX}_voice_load_seconds", "How long each loaded voice took to load.", labels=["voice"]
        )
        for voice, seconds in state.voice_load_seconds.items():
            loads.add_metric([voice], seconds)
        yield loads
