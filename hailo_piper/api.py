"""JSON on the wire: bodies to SpeechRequest, errors to OpenAI's object.

Dialects speak of the same fields under other names: OpenAI's (`input`, `response_format`), our own `/v1/synthesize`
(`text`, `format`) and the command line's, which has none of its own. All are held to one schema, and nothing else in
the service knows any of them.
"""

import json
from collections.abc import Collection, Mapping
from typing import Any

from hailo_piper.errors import (
    AbandonedError,
    AuthenticationError,
    BusyError,
    FetchError,
    InvalidRequestError,
    NoSuchVoiceError,
    NotReadyError,
    SpeechError,
)
from hailo_piper.plan import SpeechRequest
from hailo_piper.schemas import Checker, as_declared, load_schema
from hailo_piper.voices import DEFAULT_VOICE, NamedVoice, Voice, Voices

_MODELS = ("piper", "tts-1", "tts-1-hd", "gpt-4o-mini-tts")


class Dialect:
    """One way to name the fields of a request. Build it once: it holds its schema, ready to check."""

    def __init__(self, *, fixed: Mapping[str, Any] | None = None, **wire_names: str) -> None:
        """`wire_names`: our name of a field to its name on the wire, where they differ.

        `fixed`: fields by our names that a request cannot choose, with their values; as None, our default.
        """
        self._wire_names = wire_names
        self._fixed = fixed or {}
        # The schema file speaks OpenAI's dialect.
        rename = {"input": self.wire_name("text"), "response_format": self.wire_name("response_format")}
        schema = load_schema("speech.schema.json")
        schema["properties"] = {
            rename.get(name, name): value for name, value in schema["properties"].items() if name not in self._fixed
        }
        schema["required"] = [rename.get(name, name) for name in schema["required"]]
        self.schema = schema
        """What a body must hold, in this dialect's words."""
        self._checker = Checker(schema)

    @property
    def formats(self) -> list[str]:
        """The response_formats that a request can have."""
        chosen: list[str] = self.schema["properties"].get(self.wire_name("response_format"), {}).get("enum")
        return chosen or [self._fixed["response_format"]]

    def wire_name(self, ours: str) -> str:
        """What this dialect calls a field."""
        return self._wire_names.get(ours, ours)

    def parse(self, body: bytes) -> tuple[SpeechRequest, str]:
        """A request and its stream_format, out of a JSON body.

        Raises InvalidRequestError naming the field and the allowed values.
        """
        fields = _parse_object(body)
        request = self.request(fields)
        return request, fields.get("stream_format") or self.schema["properties"]["stream_format"]["default"]

    def request(self, fields: Mapping[str, Any]) -> SpeechRequest:
        """A request out of its fields, None meaning absent. Raises InvalidRequestError, as `parse` does."""
        properties = self.schema["properties"]
        given = {
            name: as_declared(value, properties.get(name, {})) for name, value in fields.items() if value is not None
        }
        text_field = self.wire_name("text")
        if text_field not in given:
            raise InvalidRequestError(f"Missing '{text_field}' field", param="text")
        problems = list(self._checker.problems(given))
        if problems:
            field = problems[0][0].partition(".")[0]
            ours = next((name for name, wire in self._wire_names.items() if wire == field), field)
            raise InvalidRequestError("; ".join(self._explain(*problem) for problem in problems), param=ours)
        known = {
            ours: given[wire] for ours in SpeechRequest.__dataclass_fields__ if (wire := self.wire_name(ours)) in given
        }
        if isinstance(known.get("voice"), dict):
            known["voice"] = known["voice"]["id"]
        return SpeechRequest(**{**known, **self._fixed})

    def _explain(self, path: str, problem: str) -> str:
        if path == self.wire_name("response_format"):
            return f"Unsupported format: {problem}"
        return f"Invalid '{path}': {problem}"


def _parse_object(body: bytes) -> Mapping[str, Any]:
    try:
        # A byte order mark is no part of JSON, but PowerShell sends one.
        value = json.loads(body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InvalidRequestError("The body is not UTF-8") from error
    except RecursionError as error:
        raise InvalidRequestError("The body is nested too deeply") from error
    except ValueError as error:
        raise InvalidRequestError(f"The body is not valid JSON: {error}") from error
    if not isinstance(value, dict):
        raise InvalidRequestError("The body must be a JSON object")
    return value


def status_of(error: SpeechError) -> int:
    """The one place that gives an error its HTTP status."""
    match error:
        case NoSuchVoiceError():
            return 404
        case InvalidRequestError():
            return 400
        case AuthenticationError():
            return 401
        case AbandonedError():
            # nginx's number for it; nobody is there to read it
            return 499
        case BusyError() | NotReadyError():
            return 503
    return 502 if isinstance(error, FetchError) else 500


_TYPES = {401: "authentication_error", 429: "requests"}
"""OpenAI's names of errors that are neither a wrong request nor our own failure, by status."""


def error_body(message: str, *, status: int, code: str, param: str | None = None) -> dict[str, Any]:
    """OpenAI's error object, always with its four keys."""
    by_default = "invalid_request_error" if status < 500 else "server_error"
    return {"error": {"message": message, "type": _TYPES.get(status, by_default), "param": param, "code": code}}


def voice_entries(voices: Voices, loaded: Collection[Voice], *, language: str | None) -> list[dict[str, Any]]:
    """What /v1/voices lists: the default voice under that name first, then every voice under its id.

    With a language, a family or a full code, only the voices that speak it.
    """
    listed = [voice for voice in voices.all() if language is None or voice in voices.speaking(language)]
    entries = [voice_entry(voice, voices, loaded) for voice in listed]
    return [{**entries[0], "id": DEFAULT_VOICE}, *entries] if voices.default in listed else entries


def voice_entry(voice: Voice, voices: Voices, loaded: Collection[Voice]) -> dict[str, Any]:
    """The facts of one voice."""
    return {
        "id": voice.id,
        "name": voice.id,
        "language": voice.language,
        "gender": voice.gender,
        "quality": voice.quality,
        "sample_rate": voice.sample_rate,
        "num_speakers": voice.num_speakers,
        "speakers": list(voice.speakers),
        "size_bytes": voice.size_bytes,
        "loaded": voice in loaded,
        "aliases": [name for name, named in voices.aliases.items() if named.voice == voice],
    }


def voice_names(voices: Voices) -> list[dict[str, str]]:
    """What /v1/audio/voices lists, in Open WebUI's shape: who can speak, each once, and the default one by that name.

    Of the aliases, those that name a speaker; the others would list a voice again, and are accepted all the same.
    """
    default = voices.resolve(DEFAULT_VOICE)
    entries = [{"id": DEFAULT_VOICE, "name": f"{DEFAULT_VOICE} ({_called(default)})"}]
    entries += [{"id": voice.id, "name": voice.id} for voice in voices.all()]
    others: dict[NamedVoice, str] = {}
    for name, named in voices.aliases.items():
        if named.speaker is not None and named != default:
            others.setdefault(named, name)
    return entries + [{"id": name, "name": f"{name} ({_called(named)})"} for named, name in others.items()]


def _called(named: NamedVoice) -> str:
    return named.voice.id if named.speaker is None else f"{named.voice.id}, speaker {named.speaker}"


def model_entries() -> dict[str, Any]:
    """What /v1/models lists, in OpenAI's shape: a request may name any model; these are the ones worth showing."""
    models = [{"id": name, "object": "model", "created": 0, "owned_by": "hailo-piper"} for name in _MODELS]
    return {"object": "list", "data": models}


def model_names() -> list[dict[str, str]]:
    """What /v1/audio/models lists, in Open WebUI's shape."""
    return [{"id": name} for name in _MODELS]
