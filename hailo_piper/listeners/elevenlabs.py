"""ElevenLabs' dialect: the fields and formats of its text-to-speech, over HTTP and over a WebSocket."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from hailo_piper.errors import InvalidRequestError
from hailo_piper.schemas.checker import Checker, Schema, load_schema
from hailo_piper.speech.request import SpeechRequest


class OutputFormat(NamedTuple):
    """A format as one name says it."""

    response_format: str
    sample_rate: int
    """Hz."""
    kbps: int | None = None


def _named(response_format: str, sample_rate: int, *kbps: int) -> dict[str, OutputFormat]:
    name = f"{response_format}_{sample_rate}"
    if not kbps:
        return {name: OutputFormat(response_format, sample_rate)}
    return {f"{name}_{rate}": OutputFormat(response_format, sample_rate, rate) for rate in kbps}


_PLAIN_RATES = (8000, 16000, 22050, 24000, 32000, 44100, 48000)
DEFAULT_FORMAT = "mp3_44100_128"
OUTPUT_FORMATS: Mapping[str, OutputFormat] = {
    **_named("mp3", 22050, 32),
    **_named("mp3", 24000, 48),
    **_named("mp3", 44100, 32, 64, 96, 128, 192),
    **_named("opus", 48000, 32, 64, 96, 128, 192),
    **{name: form for rate in _PLAIN_RATES for name, form in _named("pcm", rate).items()},
    **{name: form for rate in _PLAIN_RATES for name, form in _named("wav", rate).items()},
    **_named("ulaw", 8000),
    **_named("alaw", 8000),
}
"""Every `output_format` by its name."""

_NORMALIZE = {"auto": None, "on": True, "off": False}
_BOOLEANS = {"true": True, "false": False}
_IN_QUERY = ("language_code", "apply_text_normalization", "enable_ssml_parsing")
"""Fields that its WebSocket has in the query, and its HTTP in the body."""
_WIRE_NAMES = {
    "voice": "voice_id",
    "language": "language_code",
    "speed": "voice_settings.speed",
    "response_format": "output_format",
    "sample_rate": "output_format",
    "normalize": "apply_text_normalization",
}


class ElevenLabs:
    """The dialect, ready to read requests. Build it once: it holds its schema."""

    def __init__(self) -> None:
        self.schema: Schema = load_schema("elevenlabs.json")
        """The JSON Schema of a body, where null is as if absent."""
        self._checker = Checker(self.schema)

    def wire_name(self, ours: str) -> str:
        """Return this dialect's name of a field of a request."""
        return _WIRE_NAMES.get(ours, ours)

    def request(
        self, voice: str, query: Mapping[str, str], fields: Mapping[str, Any], *, words: bool = False
    ) -> SpeechRequest:
        """Return the request for a voice that these fields make; unknown ones have no effect.

        `query`: the parameters of the address. `words`: whether the times of words are wanted.
        Raises InvalidRequestError, which names the field and the allowed values.
        """
        given = {name: value for name, value in fields.items() if value is not None}
        if "text" not in given:
            raise InvalidRequestError("Missing 'text' field", param="text")
        return self._request(voice, query, given, words=words)

    def opening(self, voice: str, query: Mapping[str, str]) -> SpeechRequest:
        """Return the request for a voice that a WebSocket's address makes; its text and its speed come later.

        Raises InvalidRequestError, which names the parameter and the allowed values.
        """
        return self._request(voice, query, {"text": ""}, words=True)

    def speed(self, settings: Any) -> float | None:
        """Return the speed in `voice_settings`, where there is one. Raises InvalidRequestError."""
        fields = {"text": "", "voice_settings": {} if settings is None else settings}
        self._check(fields)
        speed: float | None = fields["voice_settings"].get("speed")
        return speed

    def _request(
        self, voice: str, query: Mapping[str, str], fields: Mapping[str, Any], *, words: bool
    ) -> SpeechRequest:
        named: dict[str, Any] = {name: _BOOLEANS.get(query[name], query[name]) for name in _IN_QUERY if name in query}
        named |= fields
        self._check(named)
        form = output_format(query)
        return SpeechRequest(
            text=named["text"],
            voice=voice,
            language=named.get("language_code"),
            speed=named.get("voice_settings", {}).get("speed"),
            normalize=_NORMALIZE[named.get("apply_text_normalization", "auto")],
            enable_ssml_parsing=named.get("enable_ssml_parsing"),
            response_format=form.response_format,
            sample_rate=form.sample_rate,
            kbps=form.kbps,
            words=words,
        )

    def _check(self, fields: dict[str, Any]) -> None:
        if problems := self._checker.problems(fields):
            explained = "; ".join(f"Invalid '{path}': {problem}" for path, problem in problems)
            raise InvalidRequestError(explained, param=problems[0][0])


def output_format(query: Mapping[str, str]) -> OutputFormat:
    """Return the format that an address asks for. Raises InvalidRequestError, which lists those there are."""
    name = query.get("output_format", DEFAULT_FORMAT)
    form = OUTPUT_FORMATS.get(name.lower())
    if form is None:
        message = f"Unsupported output_format: {name[:60]!r}. Allowed: {', '.join(OUTPUT_FORMATS)}"
        raise InvalidRequestError(message, param="output_format")
    return form
