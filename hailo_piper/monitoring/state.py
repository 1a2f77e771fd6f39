"""A snapshot of the service, for gauges that show its state."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceState:
    """A service at one moment, as its gauges show it."""

    is_ready: bool
    speaking: int
    """Requests."""
    waiting: int
    """Requests in the queue."""
    queue_limit: int
    """Requests that may speak or wait."""
    cache_entries: int
    cache_bytes: int
    cache_hits: int
    cache_misses: int
    voice_load_seconds: Mapping[str, float]
    """Of the loaded voices, by id."""
