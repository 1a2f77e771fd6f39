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
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hailo_piper.engine.playback import LOOK_AHEAD_SECONDS
from hailo_piper.engine.speaking_costs import SpeakingCost, SpeakingCosts
from hailo_piper.errors import AbandonedError, BusyError
from hailo_piper.speech.plan import Plan
from hailo_piper.speech.real_time import Demand, is_feasible
from hailo_piper.text.stream import TextStream

STALLED_SECONDS = 1.0
"""A reader that takes nothing for this long must not hold up others."""
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
_LEAST_REMAINING_SECONDS = 1.0
"""Of sound, for a request that has not ended: its length is only estimated."""
_LOOK_SECONDS = 0.05
"""How often the line is looked at while sound is made: a look beside 32 listeners costs a quarter of a millisecond."""


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
            if (is_listener_waiting and not ticket.gives_way) or not self._has_room_for(ticket):
                is_listener_waiting |= not ticket.gives_way
                continue
            self._line.remove(ticket)
            self._speaking.add(ticket)
            ticket.turn.set()

    def _has_room_for(self, newcomer: Ticket) -> bool:
        """Return whether there is a place, and all who listen can be spoken to in time with a newcomer among them."""
        active = [ticket for ticket in self._speaking if not ticket.is_stalled()]
        if newcomer.gives_way:
            return len(active) < self.places
        listening = sum(not ticket.gives_way for ticket in active)
        if listening == 0 or listening >= self.places:
            return listening < self.places
        sound_a_character = self._sound_seconds / self._characters
        listeners = [ticket for ticket in (*self._speaking, newcomer) if not ticket.gives_way]
        return is_feasible([ticket.demand(sound_a_character) for ticket in listeners], self._workers)
