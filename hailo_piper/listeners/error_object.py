"""Gives an error its HTTP status, headers and OpenAI's error object."""

from typing import Any

from hailo_piper.errors import (
    AbandonedError,
    AuthenticationError,
    BodyTooLargeError,
    BusyError,
    DiskFullError,
    FetchError,
    InvalidRequestError,
    JobsOffError,
    KeyReusedError,
    ModelNotFoundError,
    NoSuchVoiceError,
    NotFoundError,
    NotReadyError,
    OriginError,
    RateLimitError,
    SpeechError,
    StillRunningError,
    UnsupportedEncodingError,
)

_STATUSES: dict[type[SpeechError], int] = {
    InvalidRequestError: 400,
    NoSuchVoiceError: 404,
    ModelNotFoundError: 404,
    NotFoundError: 404,
    KeyReusedError: 422,
    StillRunningError: 409,
    BodyTooLargeError: 413,
    UnsupportedEncodingError: 415,
    AuthenticationError: 401,
    OriginError: 403,
    RateLimitError: 429,
    # nginx's number for a client that left; nobody reads it.
    AbandonedError: 499,
    BusyError: 503,
    NotReadyError: 503,
    JobsOffError: 503,
    DiskFullError: 507,
    FetchError: 502,
}
"""The status of each error and its subclasses; any other error is a failure of the service (500)."""


def status_of(error: SpeechError) -> int:
    """Return the HTTP status of an error; no other place knows statuses."""
    return next((_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES), 500)


_TYPES = {401: "authentication_error", 429: "requests"}
"""OpenAI's types of errors that are neither a wrong request nor a failure of the service, by status."""


def error_body(message: str, *, status: int, code: str, param: str | None = None) -> dict[str, Any]:
    """Return OpenAI's error object, always with its four keys."""
    by_default = "invalid_request_error" if status < 500 else "server_error"
    return {"error": {"message": message, "type": _TYPES.get(status, by_default), "param": param, "code": code}}


def headers_of(error: SpeechError) -> dict[str, str]:
    """Return the headers that tell programs what the message tells people."""
    match error:
        case BusyError() | RateLimitError():
            return {"Retry-After": str(error.retry_after_seconds)}
        case AuthenticationError():
            return {"WWW-Authenticate": "Bearer"}
        case UnsupportedEncodingError():
            return {"Accept-Encoding": error.allowed}
    return {}
