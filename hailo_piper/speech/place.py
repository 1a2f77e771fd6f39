"""A place is what a request holds while it is answered: its turn, and the voice that it borrows."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress

from hailo_piper.engine.engine import Engine
from hailo_piper.engine.loaded_voices import LoadedVoices
from hailo_piper.errors import SpeechError
from hailo_piper.monitoring.tracing import Span
from hailo_piper.speech.admission import Admission
from hailo_piper.speech.casting import Role
from hailo_piper.speech.plan import Plan
from hailo_piper.speech.ticket import Ticket
from hailo_piper.voices.voice import Voice

_PATIENCE_SECONDS = 3.0
"""How long an answer waits for the level of a speaker."""


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
        self._patience_seconds = patience_seconds
        self._has_left = has_left
        self._span = span
        self._borrowed = ExitStack()
        self._is_begun = False
        """Whether a voice was borrowed."""
        self._ahead: threading.Thread | None = None
        self.deadline = time.monotonic() + patience_seconds
        """In time.monotonic seconds."""
        self.synthesis_seconds: float | None = None
        """What the request has cost; None where it tells nothing of the cost of others."""

    @contextmanager
    def taken(self, plan: Plan) -> Iterator[Ticket]:
        """Wait for the turn of a plan, and keep it; return the voice that was borrowed last.

        Raises BusyError if it does not come in time, AbandonedError if the client leaves before that.
        """
        with self._span.child("wait"):
            ticket = self._admission.enter(
                plan.characters,
                deadline=self.deadline,
                has_left=self._has_left,
                voice_id=plan.voice.id,
                gives_way=plan.gives_way,
            )
        try:
            with self._borrowed:
                yield ticket
        finally:
            self._admission.leave(ticket, synthesis_seconds=self.synthesis_seconds)
            if self._ahead is not None:
                self._ahead.join()

    def borrow(self, voice: Voice, ticket: Ticket) -> Engine:
        """Return the voice that was borrowed before, and borrow another. Raises as `LoadedVoices.borrow` does."""
        # A later voice is needed later; what was borrowed first answers within the request's own patience.
        deadline = max(self.deadline, time.monotonic() + self._patience_seconds) if self._is_begun else self.deadline
        self._borrowed.close()
        # Loading a voice takes a while, in which another request may have the place.
        with ticket.set_aside(), self._span.child("voice"):
            engine = self._borrowed.enter_context(
                self._loaded.borrow(voice, deadline=deadline, has_left=self._has_left)
            )
        self._is_begun = True
        return engine

    def look_ahead(self, role: Role, now: Engine, levels: Sequence[Role]) -> None:
        """Load the voice of a role that speaks next, if there is room for both, and have levels measured, meanwhile.

        `levels`: roles of `now`, the voice that speaks, whose levels are wanted.
        """
        if self._ahead is not None and self._ahead.is_alive():
            return
        self._ahead = threading.Thread(target=self._look, args=(role, now, levels), name=f"load {role.voice.id}")
        self._ahead.start()

    def _look(self, role: Role, now: Engine, levels: Sequence[Role]) -> None:
        # It is borrowed again when it is needed, so what is wrong is told then.
        with suppress(SpeechError), self._loaded.borrow(role.voice, deadline=time.monotonic()) as following:
            level_of(following, role, patience_seconds=0)
        for one in levels:
            level_of(now, one, patience_seconds=0)


def level_of(engine: Engine, role: Role, *, patience_seconds: float = _PATIENCE_SECONDS) -> float:
    """Return the level of a role's speaker in LUFS, measured now if need be; that of the voice if that takes long."""
    try:
        return engine.speaker_lufs(
            role.delivery.speaker_id, role.delivery.speaker_mix, patience_seconds=patience_seconds
        )
    except SpeechError:
        return engine.lufs
