"""Requests claim sentences before speaking them, so that equal sentences at once are synthesized once (single flight).

A request claims the sentences that it is going to speak and that no other request has claimed. Another one that needs a
claimed sentence waits for it while that is quicker than speaking it: the claiming request must have reached this
sentence or the one before it, and its reader must not have stalled. A request claims all its sentences at once, so it
only ever waits for earlier claims, and no two requests wait for each other.
"""

import threading
import time
from collections.abc import Callable, Sequence

_POLL_SECONDS = 0.25


class Claim:
    """The sentences that one request is going to speak, in its order."""

    def __init__(self, keys: Sequence[str], is_stalled: Callable[[], bool]) -> None:
        self.keys = tuple(dict.fromkeys(keys))
        self.is_stalled = is_stalled
        self.done = 0
        """Number of them that have been spoken."""


class SentencesInProgress:
    """The claims of all requests."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._claims: dict[str, Claim] = {}

    def claim(self, keys: Sequence[str], *, is_stalled: Callable[[], bool]) -> Claim:
        """Claim those of the keys that are not claimed yet; `release` them later.

        `is_stalled`: returns whether the reader of this request has stalled, so that no other should wait for it.
        """
        with self._changed:
            claim = Claim([key for key in keys if key not in self._claims], is_stalled)
            self._claims.update(dict.fromkeys(claim.keys, claim))
            return claim

    def give_back(self, claim: Claim, keys: Sequence[str]) -> None:
        """Give up keys that need not be spoken after all; call it before any other method with this claim."""
        with self._changed:
            for key in set(keys) & set(claim.keys):
                self._drop(claim, key)
            claim.keys = tuple(key for key in claim.keys if key not in keys)
            self._changed.notify_all()

    def finish(self, claim: Claim, key: str) -> None:
        """Record that a sentence of the claim has been spoken and is in the cache."""
        with self._changed:
            claim.done = claim.keys.index(key) + 1
            self._drop(claim, key)
            self._changed.notify_all()

    def release(self, claim: Claim) -> None:
        """Give up the rest of a claim, spoken or not."""
        with self._changed:
            for key in claim.keys:
                self._drop(claim, key)
            self._changed.notify_all()

    def wait_for(self, key: str, *, deadline: float | None) -> None:
        """Wait while a request is about to finish this sentence, at most until `deadline` (time.monotonic seconds)."""
        with self._changed:
            while (claim := self._claims.get(key)) and claim.keys.index(key) <= claim.done + 1:
                if claim.is_stalled() or (deadline is not None and time.monotonic() >= deadline):
                    return
                self._changed.wait(_POLL_SECONDS)

    def _drop(self, claim: Claim, key: str) -> None:
        if self._claims.get(key) is claim:
            del self._claims[key]
