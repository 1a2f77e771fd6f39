"""Which web pages of other origins may use this service: the headers that tell their browsers so.

Both doors of HTTP ask here, the app and the listener, since a browser shows a refusal to its page only where it
carries these headers too.
"""

import re
from collections.abc import Callable, Sequence

_EXPOSED = "Content-Disposition, Retry-After, X-Audio-Sample-Rate, X-Request-Id"
"""Headers of an answer that a page may read, beside those that browsers always show."""

_METHODS = "GET, POST"
_ANY = "*"
_HEADER_NAMES = re.compile(r"[A-Za-z0-9, _-]{1,1000}")
_PREFLIGHT_SECONDS = "600"

Headers = dict[str, str]


class Cors:
    """The origins of `server.cors_origins`."""

    def __init__(self, origins: Sequence[str]) -> None:
        self._origins = frozenset(origins)

    def headers(self, asked: Callable[[str], str | None]) -> Headers:
        """What an answer carries; `asked` gives a header of the request. Empty where nothing is allowed at all."""
        if _ANY in self._origins:
            return {"Access-Control-Allow-Origin": _ANY, "Access-Control-Expose-Headers": _EXPOSED}
        if not self._origins:
            return {}
        # What is allowed depends on who asks, so a cache must not give one page's answer to another.
        vary = {"Vary": "Origin"}
        origin = asked("Origin")
        if origin not in self._origins:
            return vary
        return {**vary, "Access-Control-Allow-Origin": str(origin), "Access-Control-Expose-Headers": _EXPOSED}

    def preflight_headers(self, asked: Callable[[str], str | None]) -> Headers:
        """What a browser's question before the request itself (OPTIONS) is answered with, beside `headers`."""
        if "Access-Control-Allow-Origin" not in self.headers(asked) or not asked("Access-Control-Request-Method"):
            return {}
        allowed = {"Access-Control-Allow-Methods": _METHODS, "Access-Control-Max-Age": _PREFLIGHT_SECONDS}
        # SDKs send a dozen headers of their own, and Authorization must be named: so whatever is asked for.
        names = asked("Access-Control-Request-Headers")
        if names and _HEADER_NAMES.fullmatch(names):
            allowed["Access-Control-Allow-Headers"] = names
        return allowed
