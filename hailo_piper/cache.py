"""Bounded store of finished PCM by key; a miss is silent."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Protocol

from hailo_piper.audio import AudioChunk


class Cache(Protocol):
    """What the pipeline asks of a store."""

    def get(self, key: Hashable) -> tuple[AudioChunk, ...] | None:
        """The chunks kept under the key, or None."""

    def put(self, key: Hashable, chunks: tuple[AudioChunk, ...]) -> None:
        """Keep the chunks as long as there is room."""


class NullCache:
    """Keeps nothing."""

    def get(self, key: Hashable) -> tuple[AudioChunk, ...] | None:  # noqa: ARG002
        """Nothing is ever kept."""
        return None

    def put(self, key: Hashable, chunks: tuple[AudioChunk, ...]) -> None:
        """Forget at once."""


class MemoryCache:
    """Keeps the most recently used chunks within a number of bytes."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._entries: OrderedDict[Hashable, tuple[AudioChunk, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> tuple[AudioChunk, ...] | None:
        """The chunks kept under the key, or None; a hit is the last to be dropped."""
        with self._lock:
            chunks = self._entries.get(key)
            if chunks is not None:
                self._entries.move_to_end(key)
            return chunks

    def put(self, key: Hashable, chunks: tuple[AudioChunk, ...]) -> None:
        """Keep the chunks; the least recently used make room."""
        with self._lock:
            self._bytes += _size(chunks) - _size(self._entries.pop(key, ()))
            self._entries[key] = chunks
            while self._bytes > self._max_bytes:
                _, dropped = self._entries.popitem(last=False)
                self._bytes -= _size(dropped)


def _size(chunks: tuple[AudioChunk, ...]) -> int:
    return sum(chunk.samples.nbytes for chunk in chunks)
