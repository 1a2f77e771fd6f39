"""Blocks hold what one stage has made of a unit until the next has read it."""

import threading

import numpy as np

from hailo_piper.engine.piper.prepared.window import Array


class Blocks:
    """Columns that are made from left to right, and read once, in windows of any order. Thread-safe."""

    def __init__(self, overlap: int) -> None:
        """Have none yet. A window is read with `overlap` columns more on each side."""
        self._overlap = overlap
        self._lock = threading.Lock()
        self._blocks: list[Array] = []
        self._first = 0
        """The column with which the blocks begin."""
        self._read: dict[int, int] = {}
        """Ends of the windows that were read, by their starts, where one before them was not."""
        self._done = 0
        """The column before which every window was read."""

    def __len__(self) -> int:
        """Return the number of blocks that may still be read."""
        with self._lock:
            return len(self._blocks)

    def append(self, block: Array) -> None:
        """Add columns, float32 (1, channels, columns), behind all others."""
        with self._lock:
            self._blocks.append(block)

    def read(self, start: int, end: int) -> tuple[Array, int]:
        """Return columns among which are those from start to end with their overlaps, and the place of `start`."""
        with self._lock:
            origin, parts = self._first, list[Array]()
            first = origin
            for block in self._blocks:
                following = first + block.shape[2]
                if first < end + self._overlap and following > start - self._overlap:
                    origin = origin if parts else first
                    parts.append(block)
                first = following
            self._read[start] = end
            self._drop()
        return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=2), start - origin

    def _drop(self) -> None:
        while self._done in self._read:
            self._done = self._read.pop(self._done)
        while self._blocks and self._first + self._blocks[0].shape[2] + self._overlap <= self._done:
            self._first += self._blocks.pop(0).shape[2]
