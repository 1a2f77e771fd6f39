"""The voices in memory: the default one always, others from their first use on, as many as the budget allows.

The least recently used makes room, never one that speaks. Loading happens outside the lock, on the thread of the
request that wants the voice, so that speech with other voices goes on; whoever wants the same voice waits for it.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from hailo_piper.engine.engine import Engine
from hailo_piper.engine.memory_budget import MemoryBudget
from hailo_piper.engine.preparation_queue import PreparationQueue
from hailo_piper.errors import AbandonedError, BusyError, NotReadyError, SynthesisError
from hailo_piper.machine.heap import return_freed_memory
from hailo_piper.voices.voice import Voice

logger = logging.getLogger(__name__)

_POLL_SECONDS = 0.5
"""How often one who waits looks whether its client has left."""
_PATIENCE_SECONDS = 1.0
"""Who has waited so long for room is not overtaken any more."""
_RETRY_SECONDS = 5.0
"""A voice that did not load is not tried again sooner, whoever asks."""


@dataclass(slots=True, eq=False)
class _Slot:
    """One voice that is loaded, or being loaded."""

    engine: Engine | None = None
    users: int = 1
    load_seconds: float = 0.0


class LoadedVoices:
    """Engines by voice. Thread-safe."""

    def __init__(
        self,
        default: Engine,
        load: Callable[[Voice], Engine],
        *,
        budget_bytes: float,
        default_load_seconds: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`load` may raise anything where a voice cannot be loaded. The budget is for the default voice, too."""
        self.default = default
        self._default_load_seconds = default_load_seconds
        self._load = load
        self._budget = MemoryBudget(budget_bytes, clock=clock)
        self._clock = clock
        self._changed = threading.Condition()
        self._slots: dict[Voice, _Slot] = {}
        """The least recently used first."""
        self._waiting: dict[object, float] = {}
        """Since when requests wait for room, the first come first."""
        self._failures: dict[Voice, tuple[float, Exception]] = {}
        """When a voice did not load, and why."""
        self._unwanted = set[Voice]()
        """Their files are not there any more, or are others."""
        self.preparations = PreparationQueue(self._engines)
        self._closed = False

    @contextmanager
    def borrow(
        self, voice: Voice, *, deadline: float, has_left: Callable[[], bool] = lambda: False
    ) -> Iterator[Engine]:
        """The engine of a voice, loaded now if need be, and kept as long as this lasts.

        Raises BusyError where no voice that is not speaking can make room until the deadline, AbandonedError where the
        client left meanwhile, and SynthesisError where the voice cannot be loaded.
        """
        if voice is self.default.voice:
            yield self.default
            return
        slot = self._take(voice, deadline, has_left)
        try:
            yield slot.engine or self._fill(voice, slot)
        finally:
            with self._changed:
                slot.users -= 1
                gone = [self._remove(other) for other in self._idle() if other in self._unwanted]
                self._changed.notify_all()
            self._close(gone)

    @property
    def voices(self) -> Collection[Voice]:
        """Those that are loaded."""
        with self._changed:
            return {self.default.voice, *(voice for voice, slot in self._slots.items() if slot.engine)}

    @property
    def load_seconds(self) -> Mapping[str, float]:
        """How long each of them took to load, by its id."""
        with self._changed:
            loaded = {voice.id: slot.load_seconds for voice, slot in self._slots.items() if slot.engine}
            return {**loaded, self.default.voice.id: self._default_load_seconds}

    def keep_only(self, voices: Collection[Voice]) -> None:
        """Put away those that are none of these any more, once they do not speak; let what failed be tried again."""
        with self._changed:
            self._failures.clear()
            self._budget.keep_only(voices)
            self._unwanted = {voice for voice in self._slots if voice not in voices}
            gone = [self._remove(voice) for voice in self._idle() if voice in self._unwanted]
        self._close(gone)

    def close(self) -> None:
        """Let every voice go."""
        self.preparations.stop()
        with self._changed:
            self._closed = True
            engines = self._engines()
            self._slots.clear()
            self._changed.notify_all()
        for engine in engines:
            engine.close()

    def _engines(self) -> list[Engine]:
        with self._changed:
            return [self.default, *(slot.engine for slot in self._slots.values() if slot.engine)]

    def _take(self, voice: Voice, deadline: float, has_left: Callable[[], bool]) -> _Slot:
        """A slot with the voice, or one to load it into. Whatever has to make room for it is gone by then."""
        arrived, me = self._clock(), object()
        with self._changed:
            try:
                while (gone := self._enter(voice, arrived)) is None:
                    if voice not in self._slots:
                        self._waiting[me] = arrived
                    self._wait(deadline, has_left)
            finally:
                self._waiting.pop(me, None)
                self._changed.notify_all()
            slot = self._slots[voice]
        self._close(gone)
        return slot

    def _enter(self, voice: Voice, arrived: float) -> list[Engine] | None:
        """Have a slot now: who has to go for it, nobody where it is there already, None where it is time to wait."""
        slot = self._slots.get(voice)
        # Or a voice that is asked for all the time would never let another in.
        is_overtaking = any(
            since < arrived and self._clock() - since > _PATIENCE_SECONDS for since in self._waiting.values()
        )
        if slot is None:
            self._refuse_what_failed(voice)
            gone = None if is_overtaking else self._make_room(voice)
            if gone is not None:
                self._slots[voice] = _Slot()
            return gone
        if slot.engine is None or is_overtaking:
            return None
        slot.users += 1
        # To the end of the line of those that make room.
        self._slots[voice] = self._slots.pop(voice)
        return []

    def _fill(self, voice: Voice, slot: _Slot) -> Engine:
        started = self._clock()
        try:
            engine = self._load(voice)
        except Exception as error:
            # Files that somebody else wrote can be wrong in every way.
            with self._changed:
                self._slots.pop(voice, None)
                self._failures[voice] = (self._clock(), error)
                self._changed.notify_all()
                if self._closed:
                    # What it shares with the default one is gone.
                    raise NotReadyError("draining") from error
            raise _cannot_load(voice) from error
        # Reading a model takes its size once more, which would stay with the process.
        return_freed_memory()
        slot.load_seconds = self._clock() - started
        with self._changed:
            if not self._closed:
                slot.engine = engine
                self.preparations.add(engine)
                self._budget.loaded(voice, self._present_bytes())
            self._failures.pop(voice, None)
            self._changed.notify_all()
        if slot.engine is None:
            engine.close()
            raise NotReadyError("draining")
        fields = {"voice": voice.id, "seconds": round(slot.load_seconds, 3)}
        logger.info("voice loaded", extra={"fields": fields})
        return engine

    def _refuse_what_failed(self, voice: Voice) -> None:
        when, error = self._failures.get(voice, (None, None))
        if when is not None and self._clock() - when < _RETRY_SECONDS:
            raise _cannot_load(voice) from error

    def _make_room(self, voice: Voice) -> list[Engine] | None:
        """Who has to go before this voice is loaded; None where too many speak just now.

        Beside the default voice there is always room for one.
        """
        keep = dict(self._slots)
        needed = self._bytes(self.default.voice) + self._bytes(voice)
        idle = iter(self._idle())
        while keep and needed + sum(map(self._bytes, keep)) > self._budget.budget_bytes:
            if (oldest := next(idle, None)) is None:
                return None
            del keep[oldest]
        return [self._remove(other) for other in list(self._slots) if other not in keep]

    def _bytes(self, voice: Voice) -> float:
        slot = self._slots.get(voice)
        engine = self.default if voice is self.default.voice else slot.engine if slot else None
        return self._budget.bytes_of(voice, engine)

    def _present_bytes(self) -> float:
        return sum(map(self._bytes, (self.default.voice, *self._slots)))

    def _idle(self) -> list[Voice]:
        return [voice for voice, slot in self._slots.items() if slot.engine and not slot.users]

    def _remove(self, voice: Voice) -> Engine:
        engine = self._slots.pop(voice).engine
        if engine is None:
            raise AssertionError("only what is loaded can be put away")
        self._budget.put_away(voice, engine)
        self.preparations.drop(engine)
        logger.info("voice put away", extra={"fields": {"voice": voice.id}})
        return engine

    def _close(self, engines: list[Engine]) -> None:
        for engine in engines:
            engine.close()
        if engines:
            engines.clear()
            return_freed_memory()

    def _wait(self, deadline: float, has_left: Callable[[], bool]) -> None:
        remaining = deadline - self._clock()
        if remaining <= 0:
            raise BusyError("The service is busy: no room came free for this voice in time", retry_after_seconds=1)
        self._changed.wait(min(_POLL_SECONDS, remaining))
        if self._closed:
            raise NotReadyError("draining")
        if has_left():
            raise AbandonedError("The client left while its voice was being loaded")


def _cannot_load(voice: Voice) -> SynthesisError:
    return SynthesisError(f"Voice {voice.id} cannot be loaded; the log says why")
