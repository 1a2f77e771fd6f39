"""Counts and timings, one registry per app.

The series, and Prometheus's library with them, are made some time after the start: until then what is to be counted
waits, so that the first answer does not.
"""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from hailo_piper.monitoring.state import ServiceState

if TYPE_CHECKING:
    from hailo_piper.monitoring.series import Series

_MOST_WAITING = 50


class Metrics:
    """What one service has done, and what it is doing. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: Series | None = None
        self._waiting: list[Callable[[Series], None]] = []

    def spoken(self, listener: str, response_format: str, outcome: str, **seconds: float) -> None:
        """Count a request that got audio; `seconds` are those of `series.Series.spoken`."""
        self._tell(lambda series: series.spoken(listener, response_format, outcome, **seconds))

    def refused(self, listener: str, outcome: str) -> None:
        """Count a request that got an error; `outcome` is its code."""
        self._tell(lambda series: series.refused(listener, outcome))

    def watch(self, state: Callable[[], ServiceState]) -> None:
        """Show the state of the service, asked for at every scrape."""
        self._tell(lambda series: series.watch(state))

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """Everything, as (text, content type), in the format that this Accept header asks for."""
        return self.begin().exposition(accept)

    def names(self) -> list[str]:
        """Every metric there is, as it is exported."""
        return self.begin().names()

    def begin(self) -> "Series":
        """Count what has waited, and from now on at once."""
        with self._lock:
            if self._made is None:
                from hailo_piper.monitoring.series import Series

                self._made = Series()
                for count in self._waiting:
                    count(self._made)
                self._waiting.clear()
            return self._made

    def _tell(self, count: "Callable[[Series], None]") -> None:
        with self._lock:
            made = self._made
            if made is None:
                self._waiting.append(count)
        if made is not None:
            count(made)
        elif len(self._waiting) >= _MOST_WAITING:
            self.begin()
