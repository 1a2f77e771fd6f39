"""Windows that are made wait here until they are read, in order."""

from collections.abc import Callable

from hailo_piper.audio.samples import Samples
from hailo_piper.engine.planned_unit import PlannedUnit


class MadeWindows:
    """The windows of one stream that are made and not yet read. Not thread-safe."""

    def __init__(self) -> None:
        """Have none yet."""
        self._samples: dict[tuple[int, int], Samples] = {}
        self.unit, self._window = 0, 0
        """The number of the unit that is read."""

    def put(self, unit: int, window: int, samples: Samples) -> None:
        """Keep the samples of a unit's window."""
        self._samples[unit, window] = samples

    def take(self, unit: PlannedUnit | None, least_first: Callable[[], float]) -> Samples | None:
        """Return the next window's samples; None where it must wait. `unit`: the one that is read, if it is encoded.

        `least_first`: how many samples must be there before the first of them is handed on.
        """
        if unit is None or not (self._is_begun or self._has(unit, least_first)):
            return None
        samples = self._samples.pop((self.unit, self._window), None)
        if samples is not None:
            self._window += 1
        return samples

    def is_read(self, unit: PlannedUnit) -> bool:
        """Return whether all of the unit that is read was read, and go on to the next one if so."""
        if self._window < len(unit.windows):
            return False
        self.unit, self._window = self.unit + 1, 0
        return True

    def clear(self) -> None:
        """Drop all of them."""
        self._samples.clear()

    @property
    def _is_begun(self) -> bool:
        return (self.unit, self._window) != (0, 0)

    def _has(self, unit: PlannedUnit, least: Callable[[], float]) -> bool:
        return len(self._samples) >= len(unit.windows) or sum(map(len, self._samples.values())) >= least()
