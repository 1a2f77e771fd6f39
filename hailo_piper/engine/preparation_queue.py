"""Voices are prepared one after the other, beside the speech, and mended where their prepared files are damaged."""

import threading
from collections import deque
from collections.abc import Callable, Sequence

from hailo_piper.engine.engine import Engine

_MENDING_SECONDS = 10.0
"""How often it is looked whether prepared files are as they were."""


class PreparationQueue:
    """Engines that wait to be prepared. Thread-safe."""

    def __init__(self, loaded: Callable[[], Sequence[Engine]]) -> None:
        """`loaded`: the engines that there are, which are to be mended."""
        self._loaded = loaded
        self._changed = threading.Condition()
        self._waiting: deque[Engine] = deque()
        self._at_work: tuple[Engine, ...] = ()
        self._stopped = False
        self._must_look = False

    def add(self, engine: Engine) -> None:
        """An engine is to be prepared."""
        with self._changed:
            self._waiting.append(engine)
            self._changed.notify_all()

    def drop(self, engine: Engine) -> None:
        """An engine need not be prepared any more; what was begun is finished, and will be there next time."""
        with self._changed:
            if engine in self._waiting:
                self._waiting.remove(engine)

    def look(self) -> None:
        """Look for damage now."""
        with self._changed:
            self._must_look = True
            self._changed.notify_all()

    def run(self) -> None:
        """Prepare them as they come; returns when that is stopped."""
        while self._prepare_next():
            pass

    def stop(self) -> None:
        """End a preparation that is under way, and begin no other; what is being spoken goes on."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        # Outside the lock, which the owner of the engines takes within its own.
        for engine in (*self._at_work, *self._loaded()):
            engine.preparation.stop()

    def _prepare_next(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._must_look or self._stopped, _MENDING_SECONDS)
            if self._stopped:
                return False
            is_new = bool(self._waiting)
            self._at_work = (self._waiting.popleft(),) if is_new else ()
            self._must_look &= is_new
        if is_new:
            for engine in self._at_work:
                engine.prepare()
            # A model is as large as it is, and goes with its last reference.
            self._at_work = ()
        else:
            for engine in self._loaded():
                engine.mend()
        return True
