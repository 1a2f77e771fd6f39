"""The gate checks the API key and the rate limit of a request before its body is read."""

import time
from collections.abc import Collection

from hailo_piper.listeners.callers import Callers, Counted

_OPEN_PATHS = {"/live", "/ready", "/health", "/v1/audio/models", "/v1/audio/voices", "/docs"}
"""Paths that need no key: the probes, the two listings that Open WebUI reads without one, and the page at which a
person enters one. The page itself holds no data: its script sends the key to fetch the description."""


class Gate:
    """The callers of the HTTP listener."""

    def __init__(self, callers: Callers, speech_paths: Collection[str]) -> None:
        """`speech_paths`: the endpoints whose requests the rate limit counts."""
        self._callers = callers
        self._speech_paths = speech_paths

    def check_key(self, method: str, path: str, authorization: str | None, address: str) -> None:
        """Pass a request that needs no key, or has a right one. Raises AuthenticationError and RateLimitError."""
        # A browser sends its preflight (OPTIONS) without a key.
        if path not in _OPEN_PATHS and method != "OPTIONS":
            self._callers.check(authorization, address)

    def count(self, method: str, path: str, authorization: str | None, address: str) -> Counted | None:
        """Count a speech request of this client; return None if there is no limit for it."""
        if method != "POST" or path not in self._speech_paths:
            return None
        return self._callers.count(authorization, address)


def limit_headers(counted: Counted) -> dict[str, str]:
    """Return the headers of an answer that describe the limit."""
    return {
        "X-RateLimit-Limit": str(counted.limit),
        "X-RateLimit-Remaining": str(counted.standing.remaining),
        # A Unix timestamp.
        "X-RateLimit-Reset": str(int(time.time()) + counted.standing.seconds),
    }
