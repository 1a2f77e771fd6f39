"""Voices stay in memory from their first use on, as many as the budget allows; the default one always.

The least recently used (LRU) voice is evicted, never one that speaks. A voice is loaded outside the lock, on the thread
of the request that asks for it; meanwhile another request may have this one's place, speech with other voices goes on,
and requests for the same voice wait. A request that has waited more than a second for room is not overtaken by those
whose voice is loaded. Nothing may keep a reference to a model beyond its last stream: Python frees it with the last
reference, without its garbage collector, and then the heap is trimmed.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager

from hailo_piper.engine.engine import Engine
from hailo_piper.engine.memory_budget import MemoryBudget
from hailo_piper.engine.preparation_queue import PreparationQueue
from hailo_piper.engine.voice_slots import Slot, VoiceSlots
from hailo_piper.errors import AbandonedError, BusyError, NotReadyError, SynthesisError
from hailo_piper.machine.heap import return_freed_memory
from hailo_piper.voices.voice import Voice

logger = logging.getLogger(__name__)

_POLL_SECONDS = 0.5
"""How often a waiting request checks whether its client has left."""
_PATIENCE_SECONDS = 1.0
"""A request that has waited this long for room is not overtaken any more."""
_RETRY_SECONDS = 5.0
"""A voice that did not load is not tried again sooner."""


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
        """`load` may raise anything if a voice cannot be loaded. The budget includes the default voice."""
        self.default = default
        self._default_load_seconds = default_load_seconds
        self._load = load
        self._budget = MemoryBudget(budget_bytes, clock=clock)
        self._clock = clock
        self._changed = threading.Condition()
        self._slots = VoiceSlots(default, self._budget)
        self._waiting: dict[object, float] = {}
        """The times since which requests wait for room, in order of arrival."""
        self._failures: dict[Voice, tuple[float, Exception]] = {}
        """The time at which a voice did not load, and the reason."""
        self._unwanted = set[Voice]()
        """Voices whose files were removed or replaced."""
        self.preparations = PreparationQueue(self._engines)
        self._closed = False

    @contextmanager
    def borrow(
        self, voice: Voice, *, deadline: float, has_left: Callable[[], bool] = lambda: False
    ) -> Iterator[Engine]:
        """Lend the engine of a voice, loaded now if need be, and kept as long as this lasts.

        Raises BusyError if no idle voice makes room before the deadline (in seconds of the clock), AbandonedError if
        the client left meanwhile, and SynthesisError if the voice cannot be loaded.
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
                evicted = [self._remove(other) for other in self._slots.idle if other in self._unwanted]
                self._changed.notify_all()
            self._close(evicted)

    @property
    def voices(self) -> Collection[Voice]:
        """The voices that are loaded."""
        with self._changed:
            return {self.default.voice, *self._slots.loaded}

    @property
    def load_seconds(self) -> Mapping[str, float]:
        """The seconds that each of them took to load, by its id."""
        with self._changed:
            slots = {voice: self._slots.get(voice) for voice in self._slots.loaded}
            loaded = {voice.id: slot.load_seconds for voice, slot in slots.items() if slot}
            return {**loaded, self.default.voice.id: self._default_load_seconds}

    def keep_only(self, voices: Collection[Voice]) -> None:
        """Evict all other voices, once they do not speak, and let failed ones be tried again."""
        with self._changed:
            self._failures.clear()
            self._budget.keep_only(voices)
            self._unwanted = set(self._slots.voices) - set(voices)
            evicted = [self._remove(voice) for voice in self._slots.idle if voice in self._unwanted]
        self._close(evicted)

    def close(self) -> None:
        """Close every voice."""
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
            return [self.default, *self._slots.loaded.values()]

    def _take(self, voice: Voice, deadline: float, has_left: Callable[[], bool]) -> Slot:
        """Return the voice's slot, filled, or empty to load it into; what had to make room for it is closed by then."""
        arrived, me = self._clock(), object()
        with self._changed:
            try:
                while self._must_wait(voice, arrived):
                    if voice not in self._slots:
                        self._waiting[me] = arrived
                    self._wait(deadline, has_left)
            finally:
                self._waiting.pop(me, None)
                self._changed.notify_all()
            slot, evicted = self._enter(voice)
        self._close(evicted)
        return slot

    def _must_wait(self, voice: Voice, arrived: float) -> bool:
        """Return whether the voice is being loaded, or has no room yet. Raises SynthesisError if it failed lately."""
        slot = self._slots.get(voice)
        if slot is None:
            self._refuse_what_failed(voice)
        # Without this rule, a voice that is asked for all the time would never let another in.
        now = self._clock()
        if any(since < arrived and now - since > _PATIENCE_SECONDS for since in self._waiting.values()):
            return True
        return self._slots.evictable_for(voice) is None if slot is None else slot.engine is None

    def _enter(self, voice: Voice) -> tuple[Slot, list[Engine]]:
        """Return the voice's slot, counting one more user, and the engines to close before it is filled."""
        evictable = [] if voice in self._slots else self._slots.evictable_for(voice) or []
        return self._slots.use(voice), [self._remove(other) for other in evictable]

    def _fill(self, voice: Voice, slot: Slot) -> Engine:
        started = self._clock()
        try:
            engine = self._load(voice)
        except Exception as error:
            # Files that strangers wrote can be wrong in every way.
            with self._changed:
                self._slots.remove(voice)
                self._failures[voice] = (self._clock(), error)
                self._changed.notify_all()
                if self._closed:
                    # The parts that it shares with other voices are closed.
                    raise NotReadyError("draining") from error
            raise _cannot_load(voice) from error
        # Reading a model takes its size once more, which the process would keep.
        return_freed_memory()
        slot.load_seconds = self._clock() - started
        with self._changed:
            if not self._closed:
                slot.engine = engine
                self.preparations.add(engine)
                self._budget.loaded(voice, self._slots.num_bytes)
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

    def _remove(self, voice: Voice) -> Engine:
        slot = self._slots.remove(voice)
        if slot is None or slot.engine is None:
            raise AssertionError("only a loaded voice can be evicted")
        self._budget.evicted(voice, slot.engine)
        self.preparations.drop(slot.engine)
        logger.info("voice put away", extra={"fields": {"voice": voice.id}})
        return slot.engine

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
