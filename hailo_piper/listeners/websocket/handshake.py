"""The handshake accepts a request for a WebSocket, or refuses it with a status and the error object."""

import json
import logging
from collections.abc import Mapping
from typing import Any

from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from hailo_piper.errors import (
    AuthenticationError,
    BusyError,
    InvalidRequestError,
    NotReadyError,
    RateLimitError,
    SpeechError,
    VoiceNotFoundError,
)
from hailo_piper.listeners.websocket.callers import Caller, key_in
from hailo_piper.listeners.websocket.link import LISTENER, Link
from hailo_piper.monitoring import logs

logger = logging.getLogger(__name__)

_REFUSALS: dict[type[SpeechError], tuple[int, str, str]] = {
    VoiceNotFoundError: (404, "Not Found", "invalid_request_error"),
    InvalidRequestError: (400, "Bad Request", "invalid_request_error"),
    AuthenticationError: (401, "Unauthorized", "authentication_error"),
    RateLimitError: (429, "Too Many Requests", "requests"),
    BusyError: (503, "Service Unavailable", "server_error"),
    NotReadyError: (503, "Service Unavailable", "server_error"),
}
"""Status, reason and OpenAI's type of each error and its subclasses; any other is a failure of the service."""
_ANY = "*"


class OriginError(SpeechError):
    """A web page that may not use this service."""

    code = "origin_not_allowed"


_REFUSALS[OriginError] = (403, "Forbidden", "invalid_request_error")


def headers_of(request: Request) -> dict[str, str]:
    """Return the headers of a request by lower-case name; of one that comes twice, the last."""
    return {name.lower(): value for name, value in request.headers.raw_items()}


def check(request: Request, caller: Caller, origins: frozenset[str], *, may_prove_later: bool) -> None:
    """Check the origin and the key of a request. Raises OriginError, AuthenticationError and RateLimitError.

    `may_prove_later`: whether a client without a key in a header may send it in a message, as browsers must.
    """
    headers = headers_of(request)
    _check_origin(headers, origins)
    key = key_in(headers)
    if key or not may_prove_later:
        caller.prove(key)


def accept(link: Link) -> bool:
    """Accept the request, or refuse one that is not a WebSocket's; return whether it is one."""
    response = link.accept()
    if response.status_code == 101:
        response.headers["X-Request-Id"] = logs.request_id.get() or ""
        link.answer(response)
        return True
    message = (response.body or b"").decode().partition("\n")[0]
    more = {name: response.headers[name] for name in ("Upgrade", "Allow") if name in response.headers}
    _refuse(link, (response.status_code, response.reason_phrase, "invalid_request_error"), message, more=more)
    return False


def refuse(link: Link, error: SpeechError) -> None:
    """Refuse the request."""
    refusal = next((_REFUSALS[kind] for kind in type(error).__mro__ if kind in _REFUSALS), _REFUSALS[BusyError])
    more = {}
    if isinstance(error, BusyError | RateLimitError):
        more["Retry-After"] = str(error.retry_after_seconds)
    if isinstance(error, AuthenticationError):
        more["WWW-Authenticate"] = "Bearer"
    _refuse(link, refusal, error.message, code=error.code, param=error.param, more=more)


def error_fields(error: SpeechError) -> dict[str, Any]:
    """Return an error as OpenAI's error object shows it, with its four keys."""
    kind = next((_REFUSALS[kind][2] for kind in type(error).__mro__ if kind in _REFUSALS), "server_error")
    return {"message": error.message, "type": kind, "param": error.param, "code": error.code}


def _check_origin(headers: Mapping[str, str], origins: frozenset[str]) -> None:
    # Every browser names the page; other programs have none. A page of this service's own host may ask.
    origin = headers.get("origin")
    if origin is None or _ANY in origins or origin in origins:
        return
    if origin.partition("://")[2].lower() != headers.get("host", "").lower():
        raise OriginError(f"Pages of {origin[:100]} may not use this service: server.cors_origins does not name it")


def _refuse(  # noqa: PLR0913 - each is a part of the answer
    link: Link,
    refusal: tuple[int, str, str],
    message: str,
    *,
    code: str = "bad_request",
    param: str | None = None,
    more: Mapping[str, str],
) -> None:
    status, reason, kind = refusal
    body = json.dumps({"error": {"message": message, "type": kind, "param": param, "code": code}}).encode()
    headers = Headers(
        {
            "Connection": "close",
            "Content-Length": str(len(body)),
            "Content-Type": "application/json",
            "X-Request-Id": logs.request_id.get() or "",
            **more,
        }
    )
    fields = {"listener": LISTENER, "outcome": code, "status": status}
    logger.info("refused", extra={"fields": fields})
    link.answer(Response(status, reason, headers, body))
