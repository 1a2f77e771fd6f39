"""CORS headers tell browsers which web pages of other origins may use this service.

The Flask app and waitress's own refusals both need them, since a browser shows a refusal to its page only if it carries
these headers too. So they are a module of our own: flask-cors never sees waitress's refusals.
"""

import re
from collections.abc import Callable, Sequence

_EXPOSED = "Content-Disposition, Retry-After, X-Audio-Sample-Rate, X-Engine, X-Fallback-Voice, X-Request-Id"
"""The headers of an answer that a page may read, beside those that browsers always show."""

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
        """Return the headers of an answer, none if no origin is allowed; `asked` returns a header of the request."""
        if _ANY in self._origins:
            return {"Access-Control-Allow-Origin": _ANY, "Access-Control-Expose-Headers": _EXPOSED}
        if not self._origins:
            return {}
        # The answer depends on the origin, so a cache must not give one page's answer to another.
        vary = {"Vary": "Origin"}
        origin = asked("Origin")
        if origin not in self._origins:
            return vary
        return {**vary, "Access-Control-Allow-Origin": str(origin), "Access-Control-Expose-Headers": _EXPOSED}

    def preflight_headers(self, asked: Callable[[str], str | None]) -> Headers:
        """Return the headers of the answer to a preflight (OPTIONS), beside `headers`."""
        if "Access-Control-Allow-Origin" not in self.headers(asked) or not asked("Access-Control-Request-Method"):
            return {}
        allowed = {"Access-Control-Allow-Methods": _METHODS, "Access-Control-Max-Age": _PREFLIGHT_SECONDS}
        # SDKs send a dozen headers of their own, and `*` does not cover Authorization: allow whatever is asked for.
        names = asked("Access-Control-Request-Headers")
        if names and _HEADER_NAMES.fullmatch(names):
            allowed["Access-Control-Allow-Headers"] = names
        return allowed
