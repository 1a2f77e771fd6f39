"""ElevenLabs' messages are told apart here, and its query and settings become a request."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from hailo_piper.errors import InvalidRequestError
from hailo_piper.listeners.keys import bearer
from hailo_piper.listeners.websocket.paths import ELEVENLABS_PATH
from hailo_piper.speech.request import SpeechRequest

_LONGEST_ID = 100
_LONGEST_IDLE_SECONDS = 180.0
"""Also the default: the 20 s of ElevenLabs' own cut off agents whose people think."""
_RATES = {
    "mp3": (22050, 24000, 44100),
    "opus": (48000,),
    "pcm": (8000, 16000, 22050, 24000, 32000, 44100, 48000),
    "wav": (8000, 16000, 22050, 24000, 32000, 44100, 48000),
}
_DEFAULT_FORMAT = "mp3_44100_128"
_NORMALIZE = {"auto": None, "on": True, "off": False}


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

    context_id: str | None
    text: str | None
    flush: bool
    closes_context: bool
    closes_socket: bool
    speed: float | None
    key: str


def opening_of(target: str) -> Opening:
    """Return what the target of a request asks for. Raises InvalidRequestError."""
    address = urlsplit(target)
    found = ELEVENLABS_PATH.fullmatch(address.path)
    if found is None:
        raise InvalidRequestError("This path is none of ElevenLabs'")
    query = dict(parse_qsl(address.query, max_num_fields=100))
    response_format, sample_rate = _format_of(query.get("output_format", _DEFAULT_FORMAT))
    normalization = query.get("apply_text_normalization", "auto")
    if normalization not in _NORMALIZE:
        raise InvalidRequestError(
            f"Unsupported apply_text_normalization: {normalization[:60]!r}. Allowed: {', '.join(_NORMALIZE)}",
            param="apply_text_normalization",
        )
    request = SpeechRequest(
        text="",
        voice=unquote(found["voice"]),
        language=query.get("language_code") or None,
        normalize=_NORMALIZE[normalization],
        enable_ssml_parsing=_is_true(query, "enable_ssml_parsing") or None,
        response_format=response_format,
        sample_rate=sample_rate,
        words=True,
    )
    return Opening(
        request,
        found["kind"] == "multi-stream-input",
        _is_true(query, "auto_mode"),
        _is_true(query, "sync_alignment"),
        _idle_seconds(query.get("inactivity_timeout", "")),
    )


def message_of(fields: Mapping[str, Any]) -> Message:
    """Return what a message asks for; unknown fields have no effect. Raises InvalidRequestError."""
    context_id = fields.get("context_id", fields.get("contextId"))
    if not isinstance(context_id, str | None) or len(context_id or "") > _LONGEST_ID:
        raise InvalidRequestError(
            f"Invalid 'context_id': allowed: a string of at most {_LONGEST_ID} characters", param="context_id"
        )
    text = fields.get("text")
    if not isinstance(text, str | None):
        raise InvalidRequestError("Invalid 'text': no string", param="text")
    settings = fields.get("voice_settings") or {}
    speed = settings.get("speed") if isinstance(settings, dict) else None
    if isinstance(speed, bool) or not isinstance(speed, int | float | None) or not 0.25 <= (speed or 1) <= 4:
        raise InvalidRequestError(
            "Invalid 'voice_settings.speed': allowed: a number from 0.25 to 4", param="voice_settings.speed"
        )
    # Its SDK generates audio where asked to; here that is what a flush does.
    flush = fields.get("flush") is True or (fields.get("try_trigger_generation") is True and bool((text or "").strip()))
    return Message(
        context_id,
        text,
        flush,
        fields.get("close_context") is True,
        fields.get("close_socket") is True,
        speed,
        _key_in(fields),
    )


def _key_in(fields: Mapping[str, Any]) -> str:
    for name in ("xi_api_key", "xi-api-key"):
        if isinstance(fields.get(name), str):
            return str(fields[name])
    authorization = fields.get("authorization")
    return bearer(authorization) if isinstance(authorization, str) else ""


def _format_of(name: str) -> tuple[str, int]:
    """Return response_format and sample rate (Hz) of an `output_format`; its bitrate is the configuration's."""
    response_format, _, rest = name.lower().partition("_")
    rate = rest.partition("_")[0]
    if rate.isascii() and rate.isdigit() and len(rate) < 6 and int(rate) in _RATES.get(response_format, ()):
        return response_format, int(rate)
    allowed = ", ".join(f"{kind}_{rate}" for kind, rates in _RATES.items() for rate in rates)
    raise InvalidRequestError(
        f"Unsupported output_format: {name[:60]!r}. Allowed, mp3 and opus with a bitrate: {allowed}",
        param="output_format",
    )


def _is_true(query: Mapping[str, str], name: str) -> bool:
    return query.get(name, "").lower() in {"true", "1"}


def _idle_seconds(written: str) -> float:
    try:
        seconds = int(written)
    except ValueError:
        return _LONGEST_IDLE_SECONDS
    return min(max(1.0, seconds), _LONGEST_IDLE_SECONDS)
