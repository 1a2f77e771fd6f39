"""A manner is how a run of a sentence is spoken: its rate, its pitch and its volume."""

from typing import NamedTuple


class Manner(NamedTuple):
    """Factors on how the voice speaks by itself; those of nested elements are multiplied."""

    rate: float = 1.0
    """Words in the same time: 2 is twice as fast."""
    pitch: float = 1.0
    """Frequency: 2 is an octave higher."""
    volume: float = 1.0
    """Amplitude: 2 is 6 dB louder, 0 is silent."""

    def times(self, other: "Manner") -> "Manner":
        """Return the manner of a run with `other` inside one with this."""
        return Manner(self.rate * other.rate, self.pitch * other.pitch, self.volume * other.volume)


PLAIN = Manner()
"""The voice as it speaks by itself."""
