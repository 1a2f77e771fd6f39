"""A snapshot holds the state of the service for gauges."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceState:
    """The state of a service at one moment, as gauges show it."""

    is_ready: bool
    speaking: int
    """Requests that speak."""
    waiting: int
    """Requests in the queue."""
    queue_limit: int
    """Requests that may speak or wait."""
    utilization: float
    """The share of the workers' time that was busy lately, 0 to 1."""
    lateness_seconds: float
    """For how long the most urgent task has been due."""
    busy_seconds: float
    """Worker time that tasks have taken."""
    cache_entries: int
    cache_bytes: int
    cache_hits: int
    cache_misses: int
    voice_load_seconds: Mapping[str, float]
    """How long each loaded voice took to load, by its id."""
    works: Mapping[tuple[str, str], int]
    """Batches and jobs that are kept, by kind and state."""
