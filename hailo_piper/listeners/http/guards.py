"""Who passes before a request is read: whether it needs a key, and how often its caller may ask."""

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
"""Of one address. A right key passes whatever was tried before it: who shares the address is not locked out."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One speech request against the rate limit."""

    headers: dict[str, str]
    """What its answer tells of the limit."""
    refusal: RateLimitError | None
    """Where it was one too many."""


class Gate:
    """The keys and the rate limit of one service."""

    def __init__(self, keys: Keys, limit: str | None, speech_paths: Collection[str]) -> None:
        """`limit` as `server.rate_limit`; `speech_paths`: where speech is asked for, which is what it counts."""
        self._keys = keys
        self._speech_paths = speech_paths
        self._window = MovingWindow(limit) if limit else None
        self._wrong_keys = MovingWindow(_WRONG_KEYS)

    def check_key(self, method: str, path: str, authorization: str | None, address: str) -> None:
        """Let a request pass that needs no key, or has one. Raises AuthenticationError and RateLimitError."""
        # A browser asks what it may do (OPTIONS) without a key.
        if path in _OPEN_PATHS or method == "OPTIONS":
            return
        try:
            self._keys.check(authorization)
        except AuthenticationError:
            # Nobody can guess a key by sending none.
            if bearer(authorization):
                self._count_wrong_key(address)
            raise

    def count(self, method: str, path: str, authorization: str | None, address: str) -> Counted | None:
        """Count a speech request of this caller; None where nothing is limited."""
        window = self._window
        if window is None or method != "POST" or path not in self._speech_paths:
            return None
        # A key that nobody checks could be another one every time.
        key = bearer(authorization) if self._keys.are_required else ""
        standing = window.take(hashlib.sha256(key.encode()).hexdigest() if key else caller_at(address))
        headers = {
            "X-RateLimit-Limit": str(window.count),
            "X-RateLimit-Remaining": str(standing.remaining),
            # A date, in the seconds that clocks show.
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
