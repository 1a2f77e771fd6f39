"""A ticket is one request in the line or at its place: what its listener has, and still needs."""

import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from hailo_piper.engine.playback import LOOK_AHEAD_SECONDS
from hailo_piper.engine.speaking_costs import SpeakingCost
from hailo_piper.speech.plan import Plan
from hailo_piper.speech.real_time import Demand, is_feasible
from hailo_piper.text.stream import TextStream

STALLED_SECONDS = 1.0
"""A reader that takes nothing for this long must not hold up others."""
_LEAST_REMAINING_SECONDS = 1.0
"""Of sound, for a request that has not ended: its length is only estimated."""


class Ticket:
    """A request that was let in: it waits for a place, speaks, and leaves."""

    def __init__(
        self,
        characters: int,
        clock: Callable[[], float] = time.monotonic,
        *,
        cost: SpeakingCost | None = None,
        gives_way: bool = False,
    ) -> None:
        """`cost`: of its voice's sound. `gives_way`: whether nobody hears it before its end."""
        self._cost = cost or SpeakingCost()
        self.gives_way = gives_way
        self.characters = characters
        """Of its text, as far as that has come."""
        self.turn = threading.Event()
        """Set when the request gets its place."""
        self.awaits_text = False
        """Whether nothing can be spoken until more of its text comes; it then takes no place at all."""
        self.sound_seconds = 0.0
        """Seconds of sound that the client got so far."""
        self._clock = clock
        self._heard_since = 0.0
        """When playback began, if it never waited, in seconds of the clock."""
        self._set_aside_since: float | None = None

    def note_sound(self, seconds: float) -> None:
        """Note that the client gets so many seconds of sound in all."""
        now = self._clock()
        if not self.sound_seconds:
            self._heard_since = now
        # Playback that ran dry goes on from here.
        self._heard_since = max(self._heard_since, now - self.sound_seconds)
        self.sound_seconds = seconds

    def demand(self, sound_a_character: float) -> Demand:
        """Return what its listener still needs."""
        if self.awaits_text:
            remaining = 0.0
        else:
            remaining = max(_LEAST_REMAINING_SECONDS, self.characters * sound_a_character - self.sound_seconds)
        if self.is_stalled():
            # Its sound is made ahead while nobody takes it.
            ahead = LOOK_AHEAD_SECONDS
        else:
            ahead = self._heard_since + self.sound_seconds - self._clock() if self.sound_seconds else 0.0
        return Demand(max(0.0, ahead), remaining, self._cost.work_a_second)

    @contextmanager
    def set_aside(self) -> Iterator[None]:
        """Stop working on the request for a while: a reader has its audio, or its voice is being loaded.

        After a second of that another request may have its place.
        """
        self._set_aside_since = self._clock()
        try:
            yield
        finally:
            self._set_aside_since = None

    @contextmanager
    def awaiting(self, text: Plan | TextStream) -> Iterator[None]:
        """Give up the place until more of the text is there, and count its characters then."""
        self.awaits_text = True
        try:
            yield
        finally:
            self.characters = text.characters
            self.awaits_text = False

    def is_stalled(self) -> bool:
        """Return whether nothing is gained by keeping the place."""
        since = self._set_aside_since
        return self.awaits_text or (since is not None and self._clock() - since > STALLED_SECONDS)


def has_room(
    newcomer: Ticket, speaking: Collection[Ticket], places: int, workers: int, sound_a_character: float
) -> bool:
    """Return whether there is a place, and all who listen can be spoken to in time with a newcomer among them.

    `sound_a_character`: seconds.
    """
    active = [ticket for ticket in speaking if not ticket.is_stalled()]
    if newcomer.gives_way:
        return len(active) < places
    listening = sum(not ticket.gives_way for ticket in active)
    if listening == 0 or listening >= places:
        return listening < places
    listeners = [ticket for ticket in (*speaking, newcomer) if not ticket.gives_way]
    return is_feasible([ticket.demand(sound_a_character) for ticket in listeners], workers)
