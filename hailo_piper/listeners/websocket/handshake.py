"""The handshake accepts a request for a WebSocket, or refuses it with a status and the error object."""

import json
import logging
from collections.abc import Mapping
from functools import partial
from http import HTTPStatus

from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from hailo_piper.errors import OriginError, SpeechError, VoiceNotFoundError
from hailo_piper.listeners.error_object import error_body, headers_of, status_of
from hailo_piper.listeners.keys import authorization_of
from hailo_piper.listeners.websocket.caller import Caller
from hailo_piper.listeners.websocket.link import LISTENER, Link
from hailo_piper.monitoring import logs

logger = logging.getLogger(__name__)

_ANY = "*"


def header(request: Request, name: str) -> str | None:
    """Return a header of a request, None where it is absent; of one that comes twice, the last."""
    # `Headers.get` raises for one that comes twice.
    values = request.headers.get_all(name)
    return values[-1] if values else None


def check(request: Request, caller: Caller, origins: frozenset[str], *, may_prove_later: bool) -> None:
    """Check the origin and the key of a request. Raises OriginError, AuthenticationError and RateLimitError.

    `may_prove_later`: whether a client without a key in a header may send it in a message, as browsers must.
    """
    asked = partial(header, request)
    _check_origin(asked("Origin"), asked("Host") or "", origins)
    authorization = authorization_of(asked)
    if authorization or not may_prove_later:
        caller.prove(authorization)


def accept(link: Link) -> bool:
    """Accept the request, or refuse one that is not a WebSocket's; return whether it is one."""
    response = link.accept()
    if response.status_code == 101:
        response.headers["X-Request-Id"] = logs.request_id.get() or ""
        link.answer(response)
        return True
    message = (response.body or b"").decode().partition("\n")[0]
    more = {name: response.headers[name] for name in ("Upgrade", "Allow") if name in response.headers}
    _refuse(link, response.status_code, message, "bad_request", more=more)
    return False


def refuse(link: Link, error: SpeechError) -> None:
    """Refuse the request."""
    # A handshake is about one voice, so an unknown one is a resource that is not there.
    status = 404 if isinstance(error, VoiceNotFoundError) else status_of(error)
    _refuse(link, status, error.message, error.code, param=error.param, more=headers_of(error))


def _check_origin(origin: str | None, host: str, origins: frozenset[str]) -> None:
    # Every browser names the page; other programs have none. A page of this service's own host may ask.
    if origin is None or _ANY in origins or origin in origins:
        return
    if origin.partition("://")[2].lower() != host.lower():
        raise OriginError(f"Pages of {origin[:100]} may not use this service: server.cors_origins does not name it")


def _refuse(  # noqa: PLR0913 - each is a part of the answer
    link: Link, status: int, message: str, code: str, *, param: str | None = None, more: Mapping[str, str]
) -> None:
    body = json.dumps(error_body(message, status=status, code=code, param=param)).encode()
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
    link.answer(Response(status, HTTPStatus(status).phrase, headers, body))
