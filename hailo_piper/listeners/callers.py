"""Callers show an API key and keep to the rate limit, through whichever listener they come."""

import hashlib
from typing import NamedTuple

from hailo_piper.errors import AuthenticationError, RateLimitError
from hailo_piper.listeners.keys import Keys, bearer
from hailo_piper.listeners.rate_limits import MovingWindow, Standing, caller_at

_WRONG_KEYS = "30/minute"
"""The limit for one address. A right key always passes, so clients that share the address are not locked out."""


class Counted(NamedTuple):
    """A request for speech, counted against the rate limit."""

    limit: int
    """Requests that the limit allows in its period."""
    standing: Standing
    refusal: RateLimitError | None
    """The refusal of a request over the limit."""


class Callers:
    """The keys and the limits of one service. Thread-safe."""

    def __init__(self, keys: Keys, limit: str | None) -> None:
        """`limit`: as in `server.rate_limit`."""
        self._keys = keys
        self._window = MovingWindow(limit) if limit else None
        self._wrong_keys = MovingWindow(_WRONG_KEYS)

    @property
    def need_keys(self) -> bool:
        """Whether a request needs a key."""
        return self._keys.are_required

    @property
    def are_limited(self) -> bool:
        """Whether there is a rate limit."""
        return self._window is not None

    def check(self, authorization: str | None, address: str) -> None:
        """Check the Authorization of a request. Raises AuthenticationError.

        Raises RateLimitError after too many wrong keys of one address.
        """
        try:
            self._keys.check(authorization)
        except AuthenticationError:
            # Only a wrong key counts, not a missing one: that is not a guess.
            if bearer(authorization):
                self._count_wrong_key(address)
            raise

    def knows(self, authorization: str | None) -> bool:
        """Return whether an Authorization would pass, without counting a wrong one."""
        try:
            self._keys.check(authorization)
        except AuthenticationError:
            return False
        return True

    def owner(self, authorization: str | None) -> str:
        """Return the name under which work of this caller is kept: a digest of its key; empty without keys."""
        return hashlib.sha256(bearer(authorization).encode()).hexdigest() if self._keys.are_required else ""

    def count(self, authorization: str | None, address: str) -> Counted | None:
        """Count a request for speech; return None if there is no limit."""
        window = self._window
        if window is None:
            return None
        # Without configured keys, a client could send another key every time, so count by address.
        key = bearer(authorization) if self._keys.are_required else ""
        standing = window.take(hashlib.sha256(key.encode()).hexdigest() if key else caller_at(address))
        refusal = RateLimitError(
            f"Too many requests: one {'key' if key else 'address'} may ask for speech {window.limit}",
            retry_after_seconds=standing.seconds,
        )
        return Counted(window.count, standing, None if standing.is_allowed else refusal)

    def _count_wrong_key(self, address: str) -> None:
        standing = self._wrong_keys.take(caller_at(address))
        if not standing.is_allowed:
            raise RateLimitError(
                f"Too many wrong API keys: one address may try {self._wrong_keys.limit}",
                retry_after_seconds=standing.seconds,
            ) from None
