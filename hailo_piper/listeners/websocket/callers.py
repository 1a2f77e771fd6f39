"""Callers show an API key, in a header or in a message, and keep to the rate limit."""

import hashlib
from collections.abc import Mapping

from hailo_piper.errors import AuthenticationError, RateLimitError
from hailo_piper.listeners.keys import Keys, bearer
from hailo_piper.listeners.rate_limits import MovingWindow, caller_at

_WRONG_KEYS = "30/minute"
"""The limit for one address, as over HTTP."""


class Callers:
    """The keys and the limits that all WebSockets share."""

    def __init__(self, keys: Keys, limit: str | None) -> None:
        """`limit`: as in `server.rate_limit`."""
        self.keys = keys
        self.window = MovingWindow(limit) if limit else None
        self._wrong_keys = MovingWindow(_WRONG_KEYS)

    def check(self, key: str, address: str) -> None:
        """Check a key. Raises AuthenticationError, and RateLimitError after too many wrong ones of one address."""
        try:
            self.keys.check(f"Bearer {key}" if key else None)
        except AuthenticationError:
            standing = self._wrong_keys.take(caller_at(address)) if key else None
            if standing is not None and not standing.is_allowed:
                raise RateLimitError(
                    f"Too many wrong API keys: one address may try {self._wrong_keys.limit}",
                    retry_after_seconds=standing.seconds,
                ) from None
            raise


class Caller:
    """The client of one socket."""

    def __init__(self, callers: Callers, address: str) -> None:
        self._callers = callers
        self._address = address
        self._key = ""
        self.is_known = not callers.keys.are_required
        """Whether it needs no key, or has given a right one."""

    def prove(self, key: str) -> None:
        """Take a key, empty where there is none. Raises AuthenticationError and RateLimitError."""
        if not self.is_known:
            self._callers.check(key, self._address)
            self._key, self.is_known = key, True

    def count(self) -> None:
        """Count a text against the rate limit. Raises RateLimitError."""
        window = self._callers.window
        if window is None:
            return
        standing = window.take(
            hashlib.sha256(self._key.encode()).hexdigest() if self._key else caller_at(self._address)
        )
        if not standing.is_allowed:
            raise RateLimitError(
                f"Too many requests: one {'key' if self._key else 'address'} may ask for speech {window.limit}",
                retry_after_seconds=standing.seconds,
            )


def key_in(headers: Mapping[str, str]) -> str:
    """Return the key in a request's headers; empty if there is none.

    `headers`: by lower-case name. ElevenLabs' clients send `xi-api-key`, Deepgram's `Authorization: Token KEY`.
    """
    authorization = headers.get("authorization", "")
    scheme, _, rest = authorization.strip().partition(" ")
    return headers.get("xi-api-key", "").strip() or (
        rest.strip() if scheme.lower() == "token" else bearer(authorization)
    )
