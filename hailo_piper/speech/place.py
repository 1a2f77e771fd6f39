"""A place is what a request holds while it is answered: its turn, and the voices that it borrows."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from hailo_piper.engine.engine import Engine
from hailo_piper.engine.loaded_voices import LoadedVoices
from hailo_piper.monitoring.tracing import Span
from hailo_piper.speech.admission import Admission, Ticket
from hailo_piper.voices.voice import Voice


class Place:
    """The place of one request. Open it as a context, from one thread."""

    def __init__(
        self,
        admission: Admission,
        loaded: LoadedVoices,
        *,
        patience_seconds: float,
        has_left: Callable[[], bool],
        span: Span,
    ) -> None:
        """`patience_seconds`: how long the request may wait for its turn and for its first audio, from now."""
        self._admission = admission
        self._loaded = loaded
        self._has_left = has_left
        self._span = span
        self.deadline = time.monotonic() + patience_seconds
        """In time.monotonic seconds."""
        self.synthesis_seconds: float | None = None
        """What the request has cost; None where it tells nothing of the cost of others."""

    @contextmanager
    def taken(self, characters: int) -> Iterator[Ticket]:
        """Wait for the turn of a text of so many characters, and keep it.

        Raises BusyError if it does not come in time, AbandonedError if the client leaves before that.
        """
        with self._span.child("wait"):
            ticket = self._admission.enter(characters, deadline=self.deadline, has_left=self._has_left)
        try:
            yield ticket
        finally:
            self._admission.leave(ticket, synthesis_seconds=self.synthesis_seconds)

    @contextmanager
    def voice(self, voice: Voice, ticket: Ticket) -> Iterator[Engine]:
        """Borrow the engine of a voice. Raises as `LoadedVoices.borrow` does."""
        with ExitStack() as stack:
            # Loading a voice takes a while, in which another request may have the place.
            with ticket.set_aside(), self._span.child("voice"):
                borrowed = self._loaded.borrow(voice, deadline=self.deadline, has_left=self._has_left)
                engine = stack.enter_context(borrowed)
            yield engine
