"""Who may speak now, who waits, and who is told when to come back.

So many requests speak at once, so many more wait in a line, and one more is refused. A request whose reader has not
taken anything for a second gives its place to the next in the line: its work rests anyway.
"""

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from hailo_piper.errors import AbandonedError, BusyError

STALLED_SECONDS = 1.0
"""A reader who takes nothing for so long holds up nobody else."""
_POLL_SECONDS = 0.5
"""How often one who waits looks whether its client has left and whether a reader has stalled."""
_LONGEST_RETRY_SECONDS = 60
"""OpenAI's clients ignore a Retry-After above a minute."""
_FORGETTING = 0.9
_FIRST_GUESS = 0.02
"""Worker seconds for a character, until requests have shown better."""


@dataclass(slots=True, eq=False)
class Ticket:
    """One request that has been let in: it waits, then speaks, then leaves."""

    characters: int
    handed_over: float | None = None
    """When its reader was handed audio that he has not come back from; None while it is being worked on."""
    awaits_text: bool = False
    """Whether nothing can be spoken until more of its text comes: then it takes no place at all."""
    turn: threading.Event = field(default_factory=threading.Event)

    def is_stalled(self, now: float) -> bool:
        """Whether its reader is not taking what there is."""
        return self.awaits_text or (self.handed_over is not None and now - self.handed_over > STALLED_SECONDS)


class Admission:
    """The places, the line, and how long the work ahead will take."""

    def __init__(
        self, *, places: int, max_queue: int, workers: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`workers`: threads that share the work of all who speak."""
        self.places = places
        self.max_queue = max_queue
        self.clock = clock
        self._workers = workers
        self._lock = threading.Lock()
        self._speaking: set[Ticket] = set()
        self._line: deque[Ticket] = deque()
        # Both sums fade, so that their quotient is what a character has cost lately.
        self._characters = 1.0
        self._synthesis_seconds = _FIRST_GUESS

    @property
    def speaking(self) -> int:
        """Requests that speak, those with a stalled reader included."""
        return len(self._speaking)

    @property
    def waiting(self) -> int:
        """Requests that wait for a place."""
        return len(self._line)

    def enter(self, characters: int, *, deadline: float, has_left: Callable[[], bool] = lambda: False) -> Ticket:
        """Wait for a place, until the deadline at most; give it back with `leave`.

        Raises BusyError where the line is full or no place came in time, and AbandonedError where the client has left.
        """
        ticket = Ticket(characters)
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

    def leave(self, ticket: Ticket, *, synthesis_seconds: float | None = None) -> None:
        """Give the place to the next; `synthesis_seconds` is what a request that was spoken to its end has cost."""
        with self._lock:
            self._speaking.discard(ticket)
            if ticket in self._line:
                self._line.remove(ticket)
            if synthesis_seconds is not None:
                self._characters = self._characters * _FORGETTING + ticket.characters
                self._synthesis_seconds = self._synthesis_seconds * _FORGETTING + synthesis_seconds
            self._fill_places()

    def busy(self, reason: str) -> BusyError:
        """The refusal, with the moment when what is ahead now will have been spoken."""
        with self._lock:
            return self._busy(reason)

    def _busy(self, reason: str) -> BusyError:
        now = self.clock()
        # Those who speak are half done, on the average.
        ahead = sum(ticket.characters for ticket in self._line) + 0.5 * sum(
            ticket.characters for ticket in self._speaking if not ticket.is_stalled(now)
        )
        seconds = ahead * self._synthesis_seconds / self._characters / self._workers
        retry_after = min(_LONGEST_RETRY_SECONDS, max(1, math.ceil(seconds)))
        return BusyError(f"The service is busy: {reason}", retry_after_seconds=retry_after)

    def _wait(self, ticket: Ticket, deadline: float, has_left: Callable[[], bool]) -> None:
        while not ticket.turn.wait(min(_POLL_SECONDS, max(0.0, deadline - self.clock()))):
            with self._lock:
                self._fill_places()
                if self.clock() >= deadline and not ticket.turn.is_set():
                    raise self._busy("no place became free in time")
            if has_left():
                break
        if has_left():
            raise AbandonedError("The client left while its request waited")

    def _fill_places(self) -> None:
        now = self.clock()
        taken = sum(not ticket.is_stalled(now) for ticket in self._speaking)
        for _ in range(min(len(self._line), self.places - taken)):
            ticket = self._line.popleft()
            self._speaking.add(ticket)
            ticket.turn.set()
