"""A bar shows the progress of a fetch on a terminal."""

import sys
import threading
import time


class Bar:
    """A progress bar on standard error, drawn only if that is a terminal. Thread-safe."""

    def __init__(self, name: str, size_bytes: int) -> None:
        self._name = name
        self._size_bytes = size_bytes
        self._bytes = 0
        self._shown = 0.0
        self._is_visible = sys.stderr.isatty()
        self._lock = threading.Lock()

    def add(self, number: int) -> None:
        """Count received bytes, and draw at most ten times a second."""
        with self._lock:
            self._bytes += number
            done = self._bytes >= self._size_bytes
            if not self._is_visible or not (done or time.monotonic() > self._shown + 0.1):
                return
            self._shown = time.monotonic()
            share = min(1.0, self._bytes / self._size_bytes)
            drawn = "#" * round(30 * share)
            megabytes = f"{self._bytes / 1e6:.1f} of {self._size_bytes / 1e6:.1f} MB"
            sys.stderr.write(f"\r{self._name}: [{drawn:30}] {share:4.0%} {megabytes} ")
            sys.stderr.write("\n" if done else "")
            sys.stderr.flush()
