"""Endpoints of other vendors' protocols answer errors in those vendors' shapes."""

from collections.abc import Callable
from typing import Any, NamedTuple

from hailo_piper.monitoring import logs


class Refusal(NamedTuple):
    """An error as an answer tells it."""

    status: int
    body: dict[str, Any]


Shape = Callable[[str, int, str, str | None], Refusal]
"""Shapes a message, its status, code and param."""

_PLACES = {"output_format": "query", "voice_id": "path"}
"""The part of a request that has a parameter of ElevenLabs', unless that is the body."""
_DEEPGRAM_CODES = {"invalid_api_key": "INVALID_AUTH", "rate_limit_exceeded": "TOO_MANY_REQUESTS"}


def shape_of(path: str) -> Shape | None:
    """Return the shape of a path's errors; None for OpenAI's."""
    if path.startswith(("/v1/text-to-speech/", "/elevenlabs/")):
        return elevenlabs
    return deepgram if path == "/v1/speak" else None


def elevenlabs(message: str, status: int, code: str, param: str | None) -> Refusal:
    """Return ElevenLabs' `detail`: a list, as FastAPI writes it, for a wrong field; else status and message."""
    if code == "invalid_request":
        place = _PLACES.get(param or "", "body")
        where = [place, *(param.split(".") if param else ())]
        return Refusal(422, {"detail": [{"loc": where, "msg": message, "type": "value_error"}]})
    # The voice is in the path, so it is a resource that is not there.
    status = 404 if code == "voice_not_found" else status
    return Refusal(status, {"detail": {"status": code, "message": message}})


def deepgram(message: str, status: int, code: str, _: str | None) -> Refusal:
    """Return Deepgram's error object; the message names the field."""
    err_code = _DEEPGRAM_CODES.get(code, code.upper())
    return Refusal(status, {"err_code": err_code, "err_msg": message, "request_id": logs.request_id.get()})
