"""Patience holds one client to time limits: to send an event, to take an answer, and between two requests."""

import math
import time

from hailo_piper.listeners.port import UNFINISHED_BODY_SECONDS, CutOff

_AFTER_ERROR_SECONDS = 2
"""After an error Home Assistant reads on until the connection ends, so a client that does not ask again is closed
soon."""


class Patience:
    """The times since which one client keeps the service waiting, on the monotonic clock."""

    def __init__(self, seconds: float) -> None:
        """`seconds`: the limit for an event to arrive, and for an answer to be taken."""
        self._seconds = seconds
        self.event_since: float | None = None
        """When the event began that has not ended yet."""
        self.send_since: float | None = None
        """When the event was handed over that the client has not taken yet."""
        self.was_refused = False
        """Whether the last answer was an error; then closing the connection is not logged."""
        self.restart_idle_timer(seconds)

    def restart_idle_timer(self, limit: float) -> None:
        """Allow so many seconds, from now on, until the next event."""
        self._idle_since = time.monotonic()
        self._idle_limit = limit
        self.was_refused = False

    def close_soon(self) -> None:
        """Allow a client that got an error only a moment until its next event."""
        self.restart_idle_timer(_AFTER_ERROR_SECONDS)
        self.was_refused = True

    def useless_since(self, now: float, *, is_busy: bool) -> float:
        """Return since when the client asks for nothing, or has an event unfinished for too long; else infinity."""
        if is_busy or self.send_since is not None:
            return math.inf
        since = self._idle_since if self.event_since is None else self.event_since
        return since if now - since > UNFINISHED_BODY_SECONDS else math.inf

    def exceeded(self, now: float, *, is_busy: bool) -> CutOff | None:
        """Return the limit that the client exceeds, if any; `is_busy`: whether an answer is being spoken to it."""
        if self.event_since is not None and now - self.event_since > self._seconds:
            return CutOff.ENDLESS_REQUEST
        if self.send_since is not None and now - self.send_since > self._seconds:
            return CutOff.STALLED
        if not is_busy and now - self._idle_since > self._idle_limit:
            return CutOff.IDLE
        return None
