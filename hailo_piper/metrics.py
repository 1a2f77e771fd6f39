"""Counts and timings, one registry per app.

The series, and Prometheus's library with them, are made when something is first counted or asked for: a start would
wait 8 ms for them.
"""

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from hailo_piper.admission import Admission
from hailo_piper.cache import Cache

if TYPE_CHECKING:
    from hailo_piper.series import Series


class Metrics:
    """What one service has done, and what it is doing. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: Series | None = None
        self._watched: list[Callable[[Series], None]] = []

    def spoken(  # noqa: PLR0913 - each is one fact about the request
        self,
        door: str,
        response_format: str,
        outcome: str,
        *,
        first_audio_seconds: float,
        synthesis_seconds: float,
        audio_seconds: float,
    ) -> None:
        """Count a request that got audio."""
        self._series.spoken(
            door,
            response_format,
            outcome,
            first_audio_seconds=first_audio_seconds,
            synthesis_seconds=synthesis_seconds,
            audio_seconds=audio_seconds,
        )

    def refused(self, door: str, outcome: str) -> None:
        """Count a request that got an error; `outcome` is its code."""
        self._series.refused(door, outcome)

    def watch(
        self,
        *,
        admission: Admission,
        cache: Cache,
        is_ready: Callable[[], bool],
        load_seconds: Callable[[], Mapping[str, float]],
    ) -> None:
        """Show the state of these parts whenever someone asks. `load_seconds`: of the loaded voices, by id."""
        self._watched.append(lambda series: series.watch(admission, cache, is_ready, load_seconds))

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """Everything, as (text, content type), in the format that this Accept header asks for."""
        return self._series.exposition(accept)

    def names(self) -> list[str]:
        """Every metric there is, as it is exported."""
        return self._series.names()

    @property
    def _series(self) -> "Series":
        with self._lock:
            if self._made is None:
                from hailo_piper.series import Series

                self._made = Series()
                for show in self._watched:
                    show(self._made)
            return self._made
