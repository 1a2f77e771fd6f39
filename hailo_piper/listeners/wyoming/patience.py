"""How long one client may take: over an event, over taking an answer, and between its questions."""

import math
import time

from hailo_piper.listeners.port import HALF_A_BODY_SECONDS

_AFTER_ERROR_SECONDS = 2
"""Home Assistant reads on after an error until the connection ends: who does not ask again at once is let go."""


class Patience:
    """What one client is being waited for, and since when."""

    def __init__(self, seconds: float) -> None:
        """`seconds`: what an event may take to come, and an answer to be taken."""
        self._seconds = seconds
        self.event_since: float | None = None
        """When an event began that has not ended yet."""
        self.send_since: float | None = None
        """When an event was handed over that the client has not taken yet."""
        self.was_refused = False
        """Whether the last answer was an error: its client is let go without a word."""
        self.be_quiet(seconds)

    def be_quiet(self, seconds: float) -> None:
        """From now on so much time may pass before the next event."""
        self._quiet_since = time.monotonic()
        self._may_be_quiet = seconds
        self.was_refused = False

    def let_go(self) -> None:
        """The client got an error: it is to ask again at once, or be gone."""
        self.be_quiet(_AFTER_ERROR_SECONDS)
        self.was_refused = True

    def useless_since(self, now: float, *, is_busy: bool) -> float:
        """Since when it asks for nothing, or for longer than it takes; infinity where something is done for it."""
        if is_busy or self.send_since is not None:
            return math.inf
        if self.event_since is not None:
            return self.event_since if now - self.event_since > HALF_A_BODY_SECONDS else math.inf
        return self._quiet_since if now - self._quiet_since > HALF_A_BODY_SECONDS else math.inf

    def is_over(self, now: float, *, is_busy: bool) -> str | None:
        """Why the client is to be cut off, if it is; `is_busy`: whether it is being spoken to."""
        if self.event_since is not None and now - self.event_since > self._seconds:
            return "its request does not come to an end"
        if self.send_since is not None and now - self.send_since > self._seconds:
            return "it takes nothing of its answer"
        if not is_busy and now - self._quiet_since > self._may_be_quiet:
            return "it is idle"
        return None
