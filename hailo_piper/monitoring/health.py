"""Health says whether the service can speak: it is starting, ready, degraded, hung or draining."""

import time
from collections.abc import Callable

HUNG_SECONDS = 30.0
"""The time after which an inference counts as hung: the slowest, a long sentence of a voice that is spoken whole on 0.8
of a Raspberry Pi's core, takes some seconds."""


class Health:
    """The state of one service, for those that decide whether to send it work."""

    def __init__(
        self,
        *,
        stalled_seconds: Callable[[], float],
        is_degraded: bool = False,
        ready_when_degraded: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`stalled_seconds`: returns for how long the engine's oldest inference has been running.

        `is_degraded`: another voice speaks instead of the configured one; `ready_when_degraded`: it may get work.
        """
        self._is_degraded = is_degraded
        self._ready_when_degraded = ready_when_degraded
        self._stalled_seconds = stalled_seconds
        self._clock = clock
        self._started = clock()
        self._phase = "starting"

    @property
    def uptime_seconds(self) -> float:
        """Seconds since the service began to start."""
        return self._clock() - self._started

    @property
    def state(self) -> str:
        """`starting`, `ready`, `degraded`, `hung` or `draining`; only `ready` is well."""
        if self._phase == "ready" and self._stalled_seconds() > HUNG_SECONDS:
            return "hung"
        return "degraded" if self._phase == "ready" and self._is_degraded else self._phase

    def is_ready(self) -> bool:
        """Return whether requests should be sent here now."""
        return self.state == "ready" or (self.state == "degraded" and self._ready_when_degraded)

    def speaks(self) -> bool:
        """Return whether a request sent now would be spoken."""
        return self.state in ("ready", "degraded")

    def started(self) -> None:
        """Become ready: the voice is loaded and the port is open."""
        self._phase = "ready"

    def stopping(self) -> None:
        """Become draining: it is told to stop, and no new client should come."""
        self._phase = "draining"
