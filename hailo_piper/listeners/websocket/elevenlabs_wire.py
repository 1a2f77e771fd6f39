"""ElevenLabs' messages are told apart here, and its address becomes a request."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from hailo_piper.errors import InvalidRequestError
from hailo_piper.listeners.elevenlabs import ElevenLabs
from hailo_piper.listeners.websocket.paths import ELEVENLABS_PATH
from hailo_piper.speech.request import SpeechRequest

_LONGEST_ID = 100
_LONGEST_IDLE_SECONDS = 180.0
"""Also the default: the 20 s of ElevenLabs' own cut off agents whose people think."""


class Opening(NamedTuple):
    """The address of a socket, as it was understood."""

    request: SpeechRequest
    """What every context asks for, without its text."""
    has_contexts: bool
    """Whether it is multi-stream-input."""
    auto_mode: bool
    """Whether each message is spoken at once."""
    sync_alignment: bool
    """Whether times count from the beginning of a context, not from that of a message's sound."""
    idle_seconds: float


class Message(NamedTuple):
    """A message, as it was understood."""

    text: str | None
    flush: bool
    closes_context: bool
    closes_socket: bool
    speed: float | None
    authorization: str | None


def opening_of(target: str, dialect: ElevenLabs) -> Opening:
    """Return what the target of a request asks for. Raises InvalidRequestError."""
    address = urlsplit(target)
    found = ELEVENLABS_PATH.fullmatch(address.path)
    if found is None:
        raise InvalidRequestError("This path is none of ElevenLabs'")
    query = dict(parse_qsl(address.query, max_num_fields=100))
    return Opening(
        dialect.opening(unquote(found["voice"]), query),
        found["kind"] == "multi-stream-input",
        _is_true(query, "auto_mode"),
        _is_true(query, "sync_alignment"),
        _idle_seconds(query.get("inactivity_timeout", "")),
    )


def context_id_in(fields: Mapping[str, Any]) -> str | None:
    """Return the name of a message's context. Raises InvalidRequestError."""
    context_id: str | None = fields.get("context_id", fields.get("contextId"))
    if not isinstance(context_id, str | None) or len(context_id or "") > _LONGEST_ID:
        raise InvalidRequestError(
            f"Invalid 'context_id': allowed: a string of at most {_LONGEST_ID} characters", param="context_id"
        )
    return context_id


def message_of(fields: Mapping[str, Any], dialect: ElevenLabs) -> Message:
    """Return what a message asks for; unknown fields have no effect. Raises InvalidRequestError."""
    text = fields.get("text")
    if not isinstance(text, str | None):
        raise InvalidRequestError("Invalid 'text': no string", param="text")
    # `try_trigger_generation` is no flush: ElevenLabs' own SDK sends it with every word, and sentences begin anyway.
    return Message(
        text,
        fields.get("flush") is True,
        fields.get("close_context") is True,
        fields.get("close_socket") is True,
        dialect.speed(fields.get("voice_settings")),
        _authorization_in(fields),
    )


def _authorization_in(fields: Mapping[str, Any]) -> str | None:
    for name in ("xi_api_key", "xi-api-key"):
        if isinstance(fields.get(name), str):
            return f"Bearer {fields[name]}"
    authorization = fields.get("authorization")
    return authorization if isinstance(authorization, str) else None


def _is_true(query: Mapping[str, str], name: str) -> bool:
    return query.get(name, "").lower() in {"true", "1"}


def _idle_seconds(written: str) -> float:
    try:
        seconds = int(written)
    except ValueError:
        return _LONGEST_IDLE_SECONDS
    return min(max(1.0, seconds), _LONGEST_IDLE_SECONDS)
