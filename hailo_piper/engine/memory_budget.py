"""How much memory the loaded voices may take, and how much would keep those that come and go all the time."""

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

_SOON_SECONDS = 60.0
"""A voice that is wanted again so soon would better have stayed."""
_TIMES = 3
_TELL_SECONDS = 600.0


class MemoryBudget:
    """The bytes there are, and what was put away for want of them. Its owner locks it."""

    def __init__(self, budget_bytes: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.budget_bytes = budget_bytes
        self._clock = clock
        self._once_prepared = set[Voice]()
        """Voices that were prepared when they were put away, and will be when they come back."""
        self._put_away: dict[Voice, float] = {}
        """When each was, the last to go last."""
        self._came_back = deque[float](maxlen=_TIMES)
        self._told: float | None = None

    def bytes_of(self, voice: Voice, engine: Engine | None) -> float:
        """The memory that a voice takes, or would take once it is loaded."""
        is_prepared = engine.is_prepared if engine else voice in self._once_prepared
        return (PREPARED_FACTOR if is_prepared else WHOLE_FACTOR) * voice.size_bytes

    def put_away(self, voice: Voice, engine: Engine) -> None:
        """A voice goes, to make room."""
        if engine.is_prepared:
            self._once_prepared.add(voice)
        self._put_away.pop(voice, None)
        self._put_away[voice] = self._clock()

    def keep_only(self, voices: Collection[Voice]) -> None:
        """Forget those whose files are gone."""
        self._once_prepared &= set(voices)
        self._put_away = {voice: when for voice, when in self._put_away.items() if voice in voices}

    def loaded(self, voice: Voice, present_bytes: float) -> None:
        """A voice has come. Says, now and then, how much memory would spare those that come and go their loading.

        `present_bytes`: what all that are loaded now take.
        """
        now = self._clock()
        when = self._put_away.pop(voice, None)
        self._put_away = {other: gone for other, gone in self._put_away.items() if now - gone < _SOON_SECONDS}
        if when is None or now - when >= _SOON_SECONDS:
            return
        self._came_back.append(now)
        is_often = len(self._came_back) == _TIMES and now - self._came_back[0] < _SOON_SECONDS * _TIMES
        if is_often and (self._told is None or now - self._told >= _TELL_SECONDS):
            self._told = now
            needed = present_bytes + sum(self.bytes_of(other, None) for other in self._put_away)
            logger.warning(
                "voices are put away and loaded again all the time, which delays their answers: those that are asked "
                "for need voices.memory_mb: %d, and it is %d",
                math.ceil(needed / 1e8) * 100,
                self.budget_bytes / 1e6,
            )
