"""A manner is how a run of a sentence is spoken: its rate, pitch, volume, length and contour."""

from typing import NamedTuple

SLOWEST, FASTEST = 0.25, 4.0
"""Bounds of a rate."""
LOWEST, HIGHEST = 0.5, 2.0
"""Bounds of a pitch."""


class Manner(NamedTuple):
    """Factors on how the voice speaks by itself; those of nested elements are multiplied."""

    rate: float = 1.0
    """Words in the same time: 2 is twice as fast."""
    pitch: float = 1.0
    """Frequency: 2 is an octave higher."""
    volume: float = 1.0
    """Amplitude: 2 is 6 dB louder, 0 is silent."""
    seconds: float = 0.0
    """The length of this run and of those beside it with the same `timing`; 0: as it comes. Rates are relative then."""
    contour: tuple[tuple[float, float], ...] = ()
    """Factors on the pitch at places from 0 to 1 of the same runs, in order; a place outside stands for its side."""
    timing: int = 0
    """1 or 2 in a run with a length or a contour; it differs where two such runs meet."""

    def times(self, other: "Manner") -> "Manner":
        """Return the manner of a run with `other` inside one with this, whose length and contour go on."""
        rate, pitch, volume = self.rate * other.rate, self.pitch * other.pitch, self.volume * other.volume
        return self._replace(rate=rate, pitch=pitch, volume=volume)

    def part(self, first: float, last: float) -> "Manner":
        """Return the manner of a part of its run, between two places from 0 to 1."""
        if not self.timing:
            return self
        share = max(last - first, 1e-6)
        contour = tuple(((place - first) / share, factor) for place, factor in self.contour)
        return self._replace(seconds=self.seconds * share, contour=contour)


PLAIN = Manner()
"""The voice as it speaks by itself."""
