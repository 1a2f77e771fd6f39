"""A listener comes in where the sound of all can be made in real time, and none runs dry."""

from collections.abc import Sequence
from dataclasses import dataclass

_SHARE = 0.85
"""Of the workers' time that may be promised. The rest is for first sounds, encoders, sockets and noisy neighbours."""
_UNEVEN_SECONDS = 1.5
"""Of sound, whose work may be due before its time: a sentence is encoded at once when its first sound is due."""
_HORIZON_SECONDS = 2.0
"""Within which that tells. Later it comes out of the sound that has been made ahead."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What one listener still needs."""

    ahead: float
    """Seconds of sound that the listener has and has not heard."""

    remaining: float
    """Seconds of sound to come."""

    work_a_second: float
    """Worker seconds for a second of sound."""

    def work_until(self, seconds: float) -> float:
        """Return the worker seconds that must be spent on it within so many seconds from now."""
        return min(max(0.0, seconds - self.ahead), self.remaining) * self.work_a_second

    @property
    def work_soon(self) -> float:
        """The worker seconds that may have to be spent on it within the next two seconds, uneven as it is."""
        return self.work_until(_HORIZON_SECONDS + _UNEVEN_SECONDS)

    @property
    def end(self) -> float:
        """Seconds from now until its last sound is due."""
        return self.ahead + self.remaining


def is_feasible(demands: Sequence[Demand], workers: int) -> bool:
    """Return whether the workers can be in time with all of it, if they do what is due first first.

    That is so if until each moment no more is due than they can do until then (the demand bound test of
    earliest-deadline-first scheduling). What is due grows fastest before a listener's end, so the ends are looked at,
    and the near future, in which work is uneven.
    """
    if sum(demand.work_soon for demand in demands) > workers * _SHARE * _HORIZON_SECONDS:
        return False
    return all(
        sum(demand.work_until(end) for demand in demands) <= workers * _SHARE * end
        for end in {demand.end for demand in demands}
    )
