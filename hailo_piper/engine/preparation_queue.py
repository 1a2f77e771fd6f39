"""A queue prepares voices one after the other, beside the speech, and repairs damaged prepared files."""

import threading
from collections import deque
from collections.abc import Callable, Sequence

from hailo_piper.engine.engine import Engine

_MENDING_SECONDS = 10.0
"""How often prepared files are checked for damage."""


class PreparationQueue:
    """A queue of engines that wait to be prepared. Thread-safe."""

    def __init__(self, loaded: Callable[[], Sequence[Engine]]) -> None:
        """`loaded` returns the engines whose prepared files are checked."""
        self._loaded = loaded
        self._changed = threading.Condition()
        self._waiting: deque[Engine] = deque()
        self._at_work: tuple[Engine, ...] = ()
        self._stopped = False
        self._must_check = False

    def add(self, engine: Engine) -> None:
        """Queue an engine."""
        with self._changed:
            self._waiting.append(engine)
            self._changed.notify_all()

    def drop(self, engine: Engine) -> None:
        """Remove an engine from the queue; a preparation under way ends when the engine is closed."""
        with self._changed:
            if engine in self._waiting:
                self._waiting.remove(engine)

    def check(self) -> None:
        """Check for damage now."""
        with self._changed:
            self._must_check = True
            self._changed.notify_all()

    def run(self) -> None:
        """Prepare engines as they come, until `stop`."""
        while self._prepare_next():
            pass

    def stop(self) -> None:
        """End the preparation under way, and begin no other; speech goes on."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        # Outside the lock, which the owner of the engines takes within its own.
        for engine in (*self._at_work, *self._loaded()):
            engine.stop_preparing()

    def _prepare_next(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._must_check or self._stopped, _MENDING_SECONDS)
            if self._stopped:
                return False
            is_new = bool(self._waiting)
            self._at_work = (self._waiting.popleft(),) if is_new else ()
            self._must_check &= is_new
        if is_new:
            for engine in self._at_work:
                engine.prepare()
            # A model takes its memory with it only when its last reference is gone.
            self._at_work = ()
        else:
            for engine in self._loaded():
                engine.mend()
        return True
