"""The gate checks the API key and the rate limit of a request before its body is read."""

import hashlib
import time
from collections.abc import Collection
from dataclasses import dataclass

from hailo_piper.errors import AuthenticationError, RateLimitError
from hailo_piper.listeners.keys import Keys, bearer
from hailo_piper.listeners.rate_limits import MovingWindow, caller_at

_OPEN_PATHS = {"/live", "/ready", "/health", "/v1/audio/models", "/v1/audio/voices", "/docs"}
"""Paths that need no key: the probes, the two listings that Open WebUI reads without one, and the page at which a
person enters one. The page itself holds no data: its script sends the key to fetch the description."""
_WRONG_KEYS = "30/minute"
"""The limit for one address. A right key always passes, so clients that share the address are not locked out."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A speech request, counted against the rate limit."""

    headers: dict[str, str]
    """The headers of its answer that describe the limit."""
    refusal: RateLimitError | None
    """The refusal of a request over the limit."""


class Gate:
    """The keys and the rate limit of one service."""

    def __init__(self, keys: Keys, limit: str | None, speech_paths: Collection[str]) -> None:
        """`limit`: as in `server.rate_limit`; `speech_paths`: the endpoints whose requests it counts."""
        self._keys = keys
        self._speech_paths = speech_paths
        self._window = MovingWindow(limit) if limit else None
        self._wrong_keys = MovingWindow(_WRONG_KEYS)

    def check_key(self, method: str, path: str, authorization: str | None, address: str) -> None:
        """Pass a request that needs no key, or has a right one. Raises AuthenticationError and RateLimitError."""
        # A browser sends its preflight (OPTIONS) without a key.
        if path in _OPEN_PATHS or method == "OPTIONS":
            return
        try:
            self._keys.check(authorization)
        except AuthenticationError:
            # Only a wrong key counts, not a missing one: that is not a guess.
            if bearer(authorization):
                self._count_wrong_key(address)
            raise

    def count(self, method: str, path: str, authorization: str | None, address: str) -> Counted | None:
        """Count a speech request of this client; return None if there is no limit for it."""
        window = self._window
        if window is None or method != "POST" or path not in self._speech_paths:
            return None
        # Without configured keys, a client could send another key every time, so count by address.
        key = bearer(authorization) if self._keys.are_required else ""
        standing = window.take(hashlib.sha256(key.encode()).hexdigest() if key else caller_at(address))
        headers = {
            "X-RateLimit-Limit": str(window.count),
            "X-RateLimit-Remaining": str(standing.remaining),
            # A Unix timestamp.
            "X-RateLimit-Reset": str(int(time.time()) + standing.seconds),
        }
        refusal = RateLimitError(
            f"Too many requests: one {'key' if key else 'address'} may ask for speech {window.limit}",
            retry_after_seconds=standing.seconds,
        )
        return Counted(headers, None if standing.is_allowed else refusal)

    def _count_wrong_key(self, address: str) -> None:
        standing = self._wrong_keys.take(caller_at(address))
        if not standing.is_allowed:
            raise RateLimitError(
                f"Too many wrong API keys: one address may try {self._wrong_keys.limit}",
                retry_after_seconds=standing.seconds,
            ) from None
