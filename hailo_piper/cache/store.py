"""Bounded store of finished PCM by key; a miss is silent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from hailo_piper.audio.samples import Samples


@dataclass(frozen=True, slots=True)
class CachedSpeech:
    """One sentence as it was spoken, at the voice's own level and rate."""

    samples: Samples
    length_announced: bool
    """Whether its length was known when its first audio left, so that a repeated answer is equal to the byte."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheStatistics:
    """What a cache holds, and what it was good for since the start."""

    enabled: bool
    entries: int = 0
    size_bytes: int = 0
    max_bytes: int = 0
    hits: int = 0
    misses: int = 0

    @property
    def hit_rate(self) -> float:
        """Part of the sentences looked for that were there; 0.0 before the first."""
        return self.hits / (self.hits + self.misses) if self.hits + self.misses else 0.0


class Cache(Protocol):
    """What the pipeline asks of a store."""

    @property
    def statistics(self) -> CacheStatistics:
        """What it holds, as of its last operation; never waits."""

    def has(self, keys: Sequence[str]) -> list[bool]:
        """Which of the keys there is something under; this is what hits and misses count."""

    def get(self, key: str) -> CachedSpeech | None:
        """What is kept under the key, or None."""

    def put(self, key: str, speech: CachedSpeech) -> None:
        """Keep it as long as there is room; returns at once."""

    def clear(self) -> int:
        """Forget everything; returns how many entries that were."""

    def close(self) -> None:
        """Finish what is being written."""


class NullCache:
    """Keeps nothing."""

    statistics = CacheStatistics(enabled=False)

    def has(self, keys: Sequence[str]) -> list[bool]:
        """Nothing is ever there."""
        return [False] * len(keys)

    def get(self, key: str) -> CachedSpeech | None:  # noqa: ARG002
        """Nothing is ever there."""
        return None

    def put(self, key: str, speech: CachedSpeech) -> None:
        """Forget at once."""

    def clear(self) -> int:
        """There is nothing to forget."""
        return 0

    def close(self) -> None:
        """There is nothing to finish."""
