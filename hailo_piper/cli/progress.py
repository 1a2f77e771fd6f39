"""How far a fetch is, drawn where a terminal shows it."""

import sys
import threading
import time


class Bar:
    """How far a fetch is, where a terminal shows it."""

    def __init__(self, name: str, size_bytes: int) -> None:
        self._name = name
        self._size_bytes = size_bytes
        self._bytes = 0
        self._shown = 0.0
        self._watched = sys.stderr.isatty()
        self._lock = threading.Lock()

    def add(self, number: int) -> None:
        """Count bytes that came."""
        with self._lock:
            self._bytes += number
            done = self._bytes >= self._size_bytes
            if not self._watched or not (done or time.monotonic() > self._shown + 0.1):
                return
            self._shown = time.monotonic()
            share = min(1.0, self._bytes / self._size_bytes)
            drawn = "#" * round(30 * share)
            megabytes = f"{self._bytes / 1e6:.1f} of {self._size_bytes / 1e6:.1f} MB"
            sys.stderr.write(f"\r{self._name}: [{drawn:30}] {share:4.0%} {megabytes} ")
            sys.stderr.write("\n" if done else "")
            sys.stderr.flush()
