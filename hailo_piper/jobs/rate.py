"""The rate of a run tells how far it is and how long the rest will take."""

import time
from collections.abc import Callable


class Rate:
    """Counts of a run: lines by outcome, seconds of sound, and the time that the rest will take."""

    def __init__(self, share: Callable[[], float | None], clock: Callable[[], float] = time.monotonic) -> None:
        """`share`: the fraction of the input that was read, 0 to 1, or None."""
        self._share = share
        self._clock = clock
        self._began: tuple[float, float] | None = None
        """When the first line was spoken, and the share at that moment: what exists is passed over much faster."""
        self.spoken = 0
        self.kept = 0
        """Lines whose files existed."""
        self.bad = 0
        """Lines that cannot be spoken as they stand."""
        self.failed = 0
        """Lines that the engine failed on."""
        self.audio_seconds = 0.0

    def begin(self) -> None:
        """Note that a line begins to be spoken."""
        if self._began is None:
            self._began = (self._clock(), self._share() or 0.0)

    @property
    def seconds(self) -> float:
        """Seconds since the first line began to be spoken; 0 before."""
        return 0.0 if self._began is None else self._clock() - self._began[0]

    @property
    def remaining_seconds(self) -> float | None:
        """Seconds that the rest will take at the present rate; None where nobody knows."""
        share = self._share()
        if share is None or self._began is None or share <= self._began[1] or not self.spoken:
            return None
        return self.seconds * (1 - share) / (share - self._began[1])

    def line(self) -> str:
        """Return the state as a line for a person."""
        share, remaining, seconds = self._share(), self.remaining_seconds, max(self.seconds, 1e-9)
        parts = [f"{self.spoken} spoken"]
        parts += [f"{number} {what}" for number, what in self._others() if number]
        if share is not None:
            parts.insert(0, f"{share:4.0%} of the input")
        if self.spoken:
            speed = self.audio_seconds / seconds
            parts.append(f"{self.spoken / seconds:.1f} lines/s, {speed:.1f} s of sound a second")
        if remaining is not None:
            parts.append(f"{clock_time(remaining)} left")
        return ", ".join(parts)

    def _others(self) -> list[tuple[int, str]]:
        return [(self.kept, "there already"), (self.bad, "bad"), (self.failed, "failed")]


def clock_time(seconds: float) -> str:
    """Return a duration as hours, minutes and seconds: `2:05:09`, `5:09`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
