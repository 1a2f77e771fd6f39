"""A planned unit knows its time within the reply, and how much of it is done."""

from dataclasses import dataclass

from hailo_piper.engine.model import Take
from hailo_piper.engine.windows import next_block


@dataclass(slots=True, kw_only=True)
class PlannedUnit:
    """An encoded unit that is not yet read to its end."""

    number: int
    """Its place among the units of the stream that have sound, from 0."""

    sentence: int
    """The number of the sentence that it belongs to."""

    begin_seconds: float
    """Seconds of sound before it, from the beginning of the stream."""

    encoded: Take

    windows: list[tuple[int, int]]
    """Start and end of each, in frames of the unit."""

    starts_reply: bool
    """Whether the reply's first sound is in it."""

    flowed: int = 0
    """Frames that the flow has done."""

    decodable: int = 0
    """Windows for which the flow has done enough; each is decoded, or handed to the scheduler."""

    @property
    def is_first_sound(self) -> bool:
        """Whether the reply's first sound waits for this unit's next block."""
        return self.starts_reply and self.flowed == 0

    def next_block(self) -> tuple[int, int]:
        """Return the frame at which the flow's next block ends, and how many windows can be decoded after it."""
        return next_block(
            self.windows,
            frames=self.encoded.frames,
            overlap=self.encoded.overlap,
            flowed=self.flowed,
            decodable=self.decodable,
            is_first_sound=self.is_first_sound,
        )
