"""Events of work that ended are kept until each target has taken them, or its last try has failed."""

import http.client
import json
import logging
import random
import threading
from collections.abc import Mapping, Sequence
from typing import Protocol

from hailo_piper import __version__
from hailo_piper.jobs.queue.kept import Work, new_id
from hailo_piper.jobs.queue.sending import post
from hailo_piper.jobs.queue.store import Store
from hailo_piper.jobs.queue.targets import Target, headers

logger = logging.getLogger(__name__)

DELAYS = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds before each further try, as the specification has them."""
_GONE = 410
_STAGGER = 0.1
"""By how much a delay may be longer, so that a target that comes back is not met by all at once."""


class Post(Protocol):
    """Sends a body, as `sending.post` does."""

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str], *, allow_private: bool) -> int:
        """Return the status of the answer."""


class Webhooks:
    """The deliveries to all targets: a thread for each that has some. Thread-safe."""

    def __init__(self, store: Store, targets: Sequence[Target], send: Post = post) -> None:
        self._store = store
        self._targets = targets
        self._send = send
        self._changed = threading.Condition()
        self._threads: dict[str, threading.Thread] = {}
        self._gone: set[str] = set()
        """Targets that want no more, until the next start."""
        self._is_stopping = False

    def note(self, work: Work) -> None:
        """Keep an event of work that is over, for each target; call it in the transaction that ends the work."""
        for target in self._targets:
            if target.url in self._gone:
                continue
            event, now = new_id("evt_"), self._store.now()
            told = {"id": event, "object": "event", "created_at": now, "type": f"{work.kind}.{work.status}",
                    "data": {"id": work.id}}  # fmt: skip
            fields = {
                "target": target.url,
                "event": event,
                "body": json.dumps(told).encode(),
                "attempts": 0,
                "due": now,
            }
            self._store.database.insert("deliveries", dict(fields))

    def wake(self) -> None:
        """Deliver what is due, on threads that are made if there are none."""
        with self._changed:
            self._changed.notify_all()
            for target in self._targets if not self._is_stopping else ():
                if target.url not in self._threads and self._next(target) is not None:
                    thread = threading.Thread(target=self._deliver_all, args=[target], name="webhook", daemon=True)
                    self._threads[target.url] = thread
                    thread.start()

    def stop(self) -> None:
        """End the threads; what was not taken stays for the next start."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()
            threads = list(self._threads.values())
        for thread in threads:
            # One that waits for its target is not waited for: what it sends is sent again after the next start.
            thread.join(1)

    def _next(self, target: Target) -> "tuple[int, str, bytes, int, float] | None":
        rows = self._store.database.rows(
            "SELECT number, event, body, attempts, due FROM deliveries WHERE target = ? ORDER BY due, number LIMIT 1",
            target.url,
        )
        return (rows[0][0], rows[0][1], rows[0][2], rows[0][3], rows[0][4]) if rows else None

    def _deliver_all(self, target: Target) -> None:
        try:
            while self._deliver_next(target):
                pass
        except Exception:
            if not self._is_stopping:
                logger.exception("webhooks to %s stop until the next event", target.name)
                with self._changed:
                    self._threads.pop(target.url, None)

    def _deliver_next(self, target: Target) -> bool:
        """Wait for the next delivery to be due, and try it; return whether to go on."""
        with self._changed:
            row = None if self._is_stopping else self._next(target)
            if row is None:
                self._threads.pop(target.url, None)
                return False
            seconds = min(row[4] - self._store.clock(), DELAYS[-1])
            if seconds > 0:
                self._changed.wait(seconds)
                return True
        number, event, body, attempts, _ = row
        outcome = self._outcome(target, event, body)
        if self._is_stopping:
            return False
        self._settle(target, number, attempts, outcome)
        fields = {"target": target.name, "event": event, "attempt": attempts + 1, "outcome": outcome}
        logger.info("webhook", extra={"fields": fields})
        return True

    def _outcome(self, target: Target, event: str, body: bytes) -> str:
        signed = headers(target, event, self._store.now(), body)
        told = {**signed, "Content-Type": "application/json", "User-Agent": f"hailo-piper/{__version__}"}
        try:
            return str(self._send(target.url, body, told, allow_private=target.allow_private))
        except (OSError, http.client.HTTPException, ValueError) as error:
            return str(getattr(error, "strerror", None) or error or type(error).__name__)

    def _settle(self, target: Target, number: int, attempts: int, outcome: str) -> None:
        """Forget a delivery that was taken, or has failed for good; else note when to try again."""
        forget = "DELETE FROM deliveries WHERE number = ?"
        if outcome.startswith("2") and len(outcome) == 3:
            self._store.database.change(forget, number)
        elif outcome == str(_GONE):
            self._gone.add(target.url)
            self._store.database.change("DELETE FROM deliveries WHERE target = ?", target.url)
            logger.warning("%s answers 410: it gets no more webhooks until the next start", target.name)
        elif attempts >= len(DELAYS):
            self._store.database.change(forget, number)
            logger.warning("%s took no webhook in %d tries; it is dropped", target.name, attempts + 1)
        else:
            delay = DELAYS[attempts] * (1 + _STAGGER * random.random())  # noqa: S311 - it hides nothing
            due = self._store.clock() + delay
            statement = "UPDATE deliveries SET attempts = attempts + 1, due = ? WHERE number = ?"
            self._store.database.change(statement, due, number)
