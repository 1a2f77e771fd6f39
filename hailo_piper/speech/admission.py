"""Admission lets in as many listeners as can be spoken to in real time, and bounds the others' line.

Whoever comes waits until the sound of all listeners, and its own, can be made in time at what it costs now; the number
of places is a bound above that. One whose client hears nothing before the end needs only a place: its work comes after
that of listeners. A request whose reader has taken nothing for a second gives its place to the next in the line
(backpressure has paused its work anyway).
"""

import math
import threading
import time
from collections import deque
from collections.abc import Callable

from hailo_piper.engine.speaking_costs import SpeakingCosts
from hailo_piper.errors import AbandonedError, BusyError
from hailo_piper.speech.ticket import Ticket, has_room

_POLL_SECONDS = 0.5
"""How often a waiting request checks whether its client has left and whether a reader has stalled."""
_LONGEST_RETRY_SECONDS = 60
"""OpenAI's clients ignore a Retry-After above a minute."""
_FORGETTING = 0.9
"""What a past request weighs, each time another one ends."""
_FIRST_GUESS = 0.02
"""Worker seconds a character, until requests have been measured."""
_SOUND_A_CHARACTER = 1 / 15
"""Seconds, until requests have been measured."""
_LOOK_SECONDS = 0.05
"""How often the line is looked at while sound is made: a look beside 32 listeners costs a quarter of a millisecond."""


class Admission:
    """Places, the line before them, and an estimate of the work ahead. Thread-safe."""

    def __init__(
        self,
        *,
        places: int,
        max_queue: int,
        workers: int,
        costs: SpeakingCosts | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`workers`: threads that share the work of all requests. `costs`: of the voices, as measured."""
        self._costs = costs or SpeakingCosts()
        self.places = places
        self.max_queue = max_queue
        self._clock = clock
        self._workers = workers
        self._lock = threading.Lock()
        self._speaking: set[Ticket] = set()
        self._line: deque[Ticket] = deque()
        # Both sums fade, so that their quotient is what a character has cost lately.
        self._characters = 1.0
        self._synthesis_seconds, self._sound_seconds = _FIRST_GUESS, _SOUND_A_CHARACTER
        self._looked_at = -math.inf

    @property
    def speaking(self) -> int:
        """Requests that speak, including those with a stalled reader."""
        return len(self._speaking)

    @property
    def waiting(self) -> int:
        """Requests that wait for a place."""
        return len(self._line)

    def enter(
        self,
        characters: int,
        *,
        deadline: float,
        has_left: Callable[[], bool] = lambda: False,
        voice_id: str = "",
        gives_way: bool = False,
    ) -> Ticket:
        """Wait for a place, until the deadline at most; give it back with `leave`. `gives_way`: as `Ticket` has it.

        Raises BusyError where the line is full or no place came in time, and AbandonedError where the client has left.
        """
        ticket = Ticket(characters, self._clock, cost=self._costs.of(voice_id), gives_way=gives_way)
        with self._lock:
            taken = sum(not ticket.awaits_text for ticket in self._speaking) + len(self._line)
            if taken >= self.places + self.max_queue:
                raise self._busy(f"all {self.places} places and {self.max_queue} in the queue are taken")
            self._line.append(ticket)
            self._fill_places()
        try:
            self._wait(ticket, deadline, has_left)
        except BaseException:
            self.leave(ticket)
            raise
        return ticket

    def note_sound(self, ticket: Ticket, seconds: float) -> None:
        """Note that a client gets so many seconds of sound in all; let in who can now be spoken to in time."""
        ticket.note_sound(seconds)
        if self._line and self._clock() - self._looked_at > _LOOK_SECONDS:
            with self._lock:
                self._fill_places()

    def leave(self, ticket: Ticket, *, synthesis_seconds: float | None = None) -> None:
        """Give the place to the next; `synthesis_seconds` is what a request that was spoken to its end has cost."""
        with self._lock:
            self._speaking.discard(ticket)
            if ticket in self._line:
                self._line.remove(ticket)
            if synthesis_seconds is not None:
                self._characters = self._characters * _FORGETTING + ticket.characters
                self._synthesis_seconds = self._synthesis_seconds * _FORGETTING + synthesis_seconds
                self._sound_seconds = self._sound_seconds * _FORGETTING + ticket.sound_seconds
            self._fill_places()

    def busy(self, reason: str) -> BusyError:
        """The refusal, with the moment when what is ahead now will have been spoken."""
        with self._lock:
            return self._busy(reason)

    def _busy(self, reason: str) -> BusyError:
        # Those that speak are half done, on the average.
        ahead = sum(ticket.characters for ticket in self._line) + 0.5 * sum(
            ticket.characters for ticket in self._speaking if not ticket.is_stalled()
        )
        seconds = ahead * self._synthesis_seconds / self._characters / self._workers
        retry_after = min(_LONGEST_RETRY_SECONDS, max(1, math.ceil(seconds)))
        return BusyError(f"The service is busy: {reason}", retry_after_seconds=retry_after)

    def _wait(self, ticket: Ticket, deadline: float, has_left: Callable[[], bool]) -> None:
        while not ticket.turn.wait(min(_POLL_SECONDS, max(0.0, deadline - self._clock()))):
            with self._lock:
                self._fill_places()
                if self._clock() >= deadline and not ticket.turn.is_set():
                    raise self._busy("no place became free in time")
            if has_left():
                break
        if has_left():
            raise AbandonedError("The client left while its request waited")

    def _fill_places(self) -> None:
        self._looked_at = self._clock()
        is_listener_waiting = False
        for ticket in tuple(self._line):
            # A listener waits for those before it; one who gives way to them takes nothing from them.
            if (is_listener_waiting and not ticket.gives_way) or not self._has_room(ticket):
                is_listener_waiting |= not ticket.gives_way
                continue
            self._line.remove(ticket)
            self._speaking.add(ticket)
            ticket.turn.set()

    def _has_room(self, newcomer: Ticket) -> bool:
        return has_room(newcomer, self._speaking, self.places, self._workers, self._sound_seconds / self._characters)
