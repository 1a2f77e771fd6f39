"""A unit on its way to its reader: where it stands in the reply, and how much of it is done."""

from dataclasses import dataclass

from hailo_piper.engine.model import EncodedUnit


@dataclass(slots=True, kw_only=True)
class PlannedUnit:
    """Seconds count from the beginning of the reply."""

    sentence: int
    begin: float
    """Seconds of sound before it."""
    encoded: EncodedUnit
    windows: list[tuple[int, int]]
    flowed: int = 0
    """Frames that the flow has done."""
    decoding: int = 0
    """Windows handed to the scheduler."""
