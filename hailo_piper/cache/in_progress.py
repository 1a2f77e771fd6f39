"""Which sentences are being spoken right now, so that two equal requests at once are one synthesis.

A request claims the sentences that it is going to speak and that nobody else has claimed. Who needs a claimed one
waits for it, as long as that is worth it: its speaker must have come to it, or to the one before it, and must not be
held up by a reader who takes nothing. Claims are made for all sentences of a request at once, so whoever waits only
waits for earlier claims, and no two wait for each other.
"""

import threading
import time
from collections.abc import Callable, Sequence

_POLL_SECONDS = 0.25


class Claim:
    """The sentences that one request has taken upon itself to speak, in its order."""

    def __init__(self, keys: Sequence[str], is_stalled: Callable[[], bool]) -> None:
        self.keys = tuple(dict.fromkeys(keys))
        self.is_stalled = is_stalled
        self.done = 0
        """How many of them have been spoken."""


class Flights:
    """All claims of the service."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._claims: dict[str, Claim] = {}

    def claim(self, keys: Sequence[str], *, is_stalled: Callable[[], bool]) -> Claim:
        """Take those of the keys that nobody has; give them back with `release`.

        `is_stalled`: whether the reader of this request takes nothing, so that nobody should wait for it.
        """
        with self._changed:
            claim = Claim([key for key in keys if key not in self._claims], is_stalled)
            self._claims.update(dict.fromkeys(claim.keys, claim))
            return claim

    def give_back(self, claim: Claim, keys: Sequence[str]) -> None:
        """These need not be spoken after all; to be called before anything else has become of the claim."""
        with self._changed:
            for key in set(keys) & set(claim.keys):
                self._drop(claim, key)
            claim.keys = tuple(key for key in claim.keys if key not in keys)
            self._changed.notify_all()

    def finish(self, claim: Claim, key: str) -> None:
        """A sentence of the claim has been spoken and is in the cache."""
        with self._changed:
            claim.done = claim.keys.index(key) + 1
            self._drop(claim, key)
            self._changed.notify_all()

    def release(self, claim: Claim) -> None:
        """Nothing more of this claim will be spoken."""
        with self._changed:
            for key in claim.keys:
                self._drop(claim, key)
            self._changed.notify_all()

    def wait_for(self, key: str, *, deadline: float | None) -> None:
        """Wait until nobody is about to finish this sentence, at most until the deadline (time.monotonic seconds)."""
        with self._changed:
            while (claim := self._claims.get(key)) and claim.keys.index(key) <= claim.done + 1:
                if claim.is_stalled() or (deadline is not None and time.monotonic() >= deadline):
                    return
                self._changed.wait(_POLL_SECONDS)

    def _drop(self, claim: Claim, key: str) -> None:
        if self._claims.get(key) is claim:
            del self._claims[key]
