"""A budget bounds the memory of loaded voices, and names the size that would stop voices from thrashing."""

import logging
import math
import time
from collections import deque
from collections.abc import Callable, Collection

from hailo_piper.engine.engine import Engine
from hailo_piper.voices.voice import Voice

logger = logging.getLogger(__name__)

PREPARED_FACTOR, WHOLE_FACTOR = 2, 6
"""Memory of a loaded voice by the size of its files. Measured for 63 MB: prepared, and having spoken, 105 to 125 MB, of
which 58 are weights mapped from disk; spoken whole, 80 MB at rest and 330 while two threads speak with it."""

_OWN_FACTORS = {"kokoro": 4}
"""The same of engines whose voices have one form. Kokoro's 121 MB: 140 MB at rest, and 170 for each inference."""

_SOON_SECONDS = 60.0
"""A voice that is asked for again within this time should have stayed."""
_TIMES = 3
"""Returns within that time, before a warning."""
_WARN_AGAIN_SECONDS = 600.0


class MemoryBudget:
    """The bytes for loaded voices, and the voices evicted for want of them. Its owner locks it."""

    def __init__(self, budget_bytes: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.budget_bytes = budget_bytes
        self._clock = clock
        self._once_prepared = set[Voice]()
        """Voices that were prepared when they were evicted, and will be when they return."""
        self._evicted: dict[Voice, float] = {}
        """The time at which each was evicted, the latest last."""
        self._returned = deque[float](maxlen=_TIMES)
        self._warned: float | None = None

    def bytes_of(self, voice: Voice, engine: Engine | None) -> float:
        """Return the memory that a voice takes, or would take once it is loaded."""
        is_prepared = engine.is_prepared if engine else voice in self._once_prepared
        usual = PREPARED_FACTOR if is_prepared else WHOLE_FACTOR
        return _OWN_FACTORS.get(voice.engine, usual) * voice.size_bytes

    def evicted(self, voice: Voice, engine: Engine) -> None:
        """Note that a voice was evicted to make room."""
        if engine.is_prepared:
            self._once_prepared.add(voice)
        self._evicted.pop(voice, None)
        self._evicted[voice] = self._clock()

    def keep_only(self, voices: Collection[Voice]) -> None:
        """Forget voices whose files were removed."""
        self._once_prepared &= set(voices)
        self._evicted = {voice: when for voice, when in self._evicted.items() if voice in voices}

    def loaded(self, voice: Voice, present_bytes: float) -> None:
        """Note that a voice was loaded; warn, now and then, of the memory that would keep those that return.

        `present_bytes`: the memory of all voices that are loaded now.
        """
        now = self._clock()
        when = self._evicted.pop(voice, None)
        self._evicted = {other: gone for other, gone in self._evicted.items() if now - gone < _SOON_SECONDS}
        if when is None or now - when >= _SOON_SECONDS:
            return
        self._returned.append(now)
        is_often = len(self._returned) == _TIMES and now - self._returned[0] < _SOON_SECONDS * _TIMES
        if is_often and (self._warned is None or now - self._warned >= _WARN_AGAIN_SECONDS):
            self._warned = now
            needed = present_bytes + sum(self.bytes_of(other, None) for other in self._evicted)
            logger.warning(
                "voices are put away and loaded again all the time, which delays their answers: those that are asked "
                "for need voices.memory_mb: %d, and it is %d",
                math.ceil(needed / 1e8) * 100,
                self.budget_bytes / 1e6,
            )
