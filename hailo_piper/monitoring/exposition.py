"""The exposition gives every metric its name and help, and writes them in Prometheus's text formats.

Sole owner of prometheus_client, which the service imports once it has started, or with the first scrape.
"""

import platform
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from hailo_piper import __version__
from hailo_piper.monitoring.metrics import Counts, Histogram, Metrics
from hailo_piper.monitoring.state import ServiceState

_PREFIX = "hailo_piper"


def expose(metrics: Metrics, accept: str) -> tuple[bytes, str]:
    """Return all metrics as text, and its content type, in the format that an Accept header asks for."""
    encode, content_type = choose_encoder(accept)
    registry = CollectorRegistry()
    registry.register(_Families(metrics))
    ProcessCollector(registry=registry)
    return encode(registry), content_type


@dataclass(frozen=True, eq=False)
class _Families(Collector):
    metrics: Metrics

    def collect(self) -> Iterator[Metric]:
        with self.metrics.lock:
            counted = list(_of_requests(self.metrics.counts))
        yield from counted
        yield InfoMetricFamily(
            f"{_PREFIX}_build", "What is running.",
            value={"version": __version__, "python": platform.python_version(), "machine": platform.machine()},
        )  # fmt: skip
        if self.metrics.state is not None:
            yield from _of_state(self.metrics.state())


def _of_requests(counts: Counts) -> Iterator[Metric]:
    yield _counter(
        "requests", "Speech requests by how they ended.", ["listener", "format", "outcome"], counts.requests.items()
    )
    yield _counter(
        "engine_requests", "Requests that got audio, by engine.", ["engine", "outcome"], counts.engines.items()
    )
    fallbacks = (([engine], number) for engine, number in counts.fallbacks.items())
    yield _counter("fallbacks", "Requests that an engine speaks since another voice failed.", ["engine"], fallbacks)
    failures = (([engine], number) for engine, number in counts.failures.items())
    what = "Requests whose voice failed or hung while nothing of the answer was out."
    yield _counter("engine_failures", what, ["engine"], failures)
    quality = GaugeMetricFamily(
        f"{_PREFIX}_audio_quality_score",
        "Predicted opinion (DNSMOS, 1 to 5) of a fixed text in a voice, as last sampled.",
        labels=["voice", "measure"],
    )
    for sample, score in counts.quality.items():
        quality.add_metric(sample, score)
    yield quality
    first_audio = HistogramMetricFamily(
        f"{_PREFIX}_first_audio_seconds", "From request to first audio.", labels=["listener"]
    )
    for listener, histogram in counts.first_audio.items():
        first_audio.add_metric([listener], _buckets(histogram), histogram.sum)
    yield first_audio
    for name, what, histogram in (
        ("synthesis_seconds", "Worker time that a request took.", counts.synthesis),
        ("audio_seconds", "Length of an answer.", counts.audio),
        ("real_time_factor", "Worker time for a second of audio.", counts.real_time_factor),
    ):
        yield HistogramMetricFamily(f"{_PREFIX}_{name}", what, _buckets(histogram), histogram.sum)


def _counter(
    name: str, what: str, labels: Sequence[str], counts: Iterable[tuple[Sequence[str], int]]
) -> CounterMetricFamily:
    family = CounterMetricFamily(f"{_PREFIX}_{name}", what, labels=labels)
    for values, number in counts:
        family.add_metric(values, number)
    return family


def _buckets(histogram: Histogram) -> list[tuple[str, float]]:
    bounds = (*histogram.bounds, float("inf"))
    labels = (floatToGoString(bound) for bound in bounds)  # type: ignore[no-untyped-call]
    return list(zip(labels, histogram.cumulative, strict=True))


def _of_state(state: ServiceState) -> Iterable[Metric]:
    for name, what, gauge in (
        ("ready", "Whether the service can speak.", float(state.is_ready)),
        ("speaking", "Requests that speak.", state.speaking),
        ("waiting", "Requests that wait for a place.", state.waiting),
        ("queue_depth", "Requests that speak or wait.", state.speaking + state.waiting),
        ("queue_limit", "The most that may speak or wait; one more is busy.", state.queue_limit),
        ("utilization", "Share of the workers' time that was busy over the last 10 s.", state.utilization),
        ("lateness_seconds", "For how long the most urgent task has been due.", state.lateness_seconds),
        ("cache_entries", "Sentences in the cache.", state.cache_entries),
        ("cache_bytes", "Bytes that the cache takes.", state.cache_bytes),
    ):  # fmt: skip
        yield GaugeMetricFamily(f"{_PREFIX}_{name}", what, value=gauge)
    for name, what, count in (
        ("busy_seconds", "Worker time that speech took.", state.busy_seconds),
        ("cache_hits", "Sentences that came out of the cache.", state.cache_hits),
        ("cache_misses", "Sentences that were looked for and not there.", state.cache_misses),
    ):
        yield CounterMetricFamily(f"{_PREFIX}_{name}", what, value=count)
    works = GaugeMetricFamily(f"{_PREFIX}_works", "Batches and jobs that are kept.", labels=["kind", "status"])
    for labels, number in state.works.items():
        works.add_metric(labels, number)
    yield works
    loads = GaugeMetricFamily(
        f"{_PREFIX}_voice_load_seconds", "How long each loaded voice took to load.", labels=["voice"]
    )
    for voice, seconds in state.voice_load_seconds.items():
        loads.add_metric([voice], seconds)
    yield loads
