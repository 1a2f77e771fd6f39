"""A cache keeps finished PCM by key, within a bound; a miss is silent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hailo_piper.audio.samples import Samples


@dataclass(frozen=True, slots=True)
class CachedSpeech:
    """A sentence as it was spoken, at the voice's own level and rate."""

    samples: Samples
    length_announced: bool
    """Whether its length was known when its first audio left; so a repeated answer has the same bytes."""

    id_ends: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    """Samples from its beginning to the end of each phoneme id, shape (ids,): from these come the times of words."""

    knows_durations: bool = False
    """Whether those are the voice's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheStatistics:
    """The size of a cache, and its hits and misses since the start."""

    enabled: bool
    entries: int = 0
    size_bytes: int = 0
    max_bytes: int = 0
    hits: int = 0
    misses: int = 0

    @property
    def hit_rate(self) -> float:
        """Hits as a fraction of all lookups; 0.0 before the first."""
        return self.hits / (self.hits + self.misses) if self.hits + self.misses else 0.0


class Cache(Protocol):
    """A store as the pipeline uses it."""

    @property
    def statistics(self) -> CacheStatistics:
        """Its statistics as of its last operation; never blocks."""

    def has(self, keys: Sequence[str]) -> list[bool]:
        """Return whether each key has an entry; hits and misses count these answers."""

    def find(self, keys: Sequence[str]) -> tuple[list[bool], CachedSpeech | None]:
        """Return what `has` does, and the first key's entry as `get` does: one question in place of two."""

    def get(self, key: str) -> CachedSpeech | None:
        """Return the entry of a key, or None."""

    def put(self, key: str, speech: CachedSpeech) -> None:
        """Keep an entry as long as there is room; returns at once."""

    def clear(self) -> int:
        """Remove all entries; return how many there were."""

    def close(self) -> None:
        """Finish pending writes."""


class NullCache:
    """A cache that keeps nothing."""

    statistics = CacheStatistics(enabled=False)

    def has(self, keys: Sequence[str]) -> list[bool]:
        """Return False for every key."""
        return [False] * len(keys)

    def find(self, keys: Sequence[str]) -> tuple[list[bool], CachedSpeech | None]:
        """Return False for every key, and None."""
        return self.has(keys), None

    def get(self, key: str) -> CachedSpeech | None:  # noqa: ARG002
        """Return None."""
        return None

    def put(self, key: str, speech: CachedSpeech) -> None:
        """Do nothing."""

    def clear(self) -> int:
        """Return 0: there are no entries."""
        return 0

    def close(self) -> None:
        """Do nothing."""
