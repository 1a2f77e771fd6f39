"""Describes the endpoints of ElevenLabs' and Deepgram's protocols, from what checks their requests."""

from collections.abc import Iterable, Mapping
from typing import Any

from hailo_piper.audio.encoding import ALL_ENCODERS
from hailo_piper.listeners import deepgram, elevenlabs
from hailo_piper.listeners.http.openapi_bodies import or_null
from hailo_piper.listeners.http.vendor_routes import DEEPGRAM, ELEVENLABS, PREFIX
from hailo_piper.schemas.checker import Schema, load_schema

RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait before asking again.", "schema": {"type": "integer"}}}
WITH_BODY = (413, 415, 501)
_ELEVENLABS, _DEEPGRAM = "ElevenLabsError", "DeepgramError"
_SUMMARIES = {
    "whole": "Speak a text, as ElevenLabs' API does: the audio leaves when all is spoken",
    "stream": "The same, and the audio leaves as it is spoken",
    "timed": "The same in an object, with the time of each character",
    "timed lines": "The same in lines, as the audio comes",
}
_JSON, _LINES = "application/json", "application/x-ndjson"


def vendor_schemas() -> dict[str, Schema]:
    """Return the schemas of the bodies, by their names."""
    schemas = {}
    for name in ("elevenlabs.json", "deepgram.json"):
        schema = load_schema(name)
        schema["properties"] = {
            field: one if field in schema["required"] else or_null(one) for field, one in schema["properties"].items()
        }
        schemas[schema["title"]] = schema
    return schemas


def vendor_paths(refused: Mapping[int, str], any_request: Iterable[int], audio_headers: Any) -> dict[str, Any]:
    """Return the operations of each path.

    `refused`: the description of each status; `any_request`: those of every endpoint; `audio_headers`: of an answer.
    """

    def refusals(error: str, *more: int) -> dict[str, Any]:
        content = {_JSON: {"schema": _reference(error)}}
        statuses = sorted({*any_request, *more})
        return {
            str(status): {
                "description": refused[status],
                "headers": RETRY_AFTER if status in {429, 503} else {},
                "content": content,
            }
            for status in statuses
        }

    def speaking(summary: str, body: str, content: dict[str, Any], parameters: list[Any], more: Any) -> dict[str, Any]:
        answer = {"description": summary, "headers": audio_headers, "content": content}
        return {
            "summary": summary,
            "tags": ["Other protocols"],
            "parameters": parameters,
            "requestBody": {"required": True, "content": {_JSON: {"schema": _reference(body)}}},
            "responses": {"200": answer, **more},
        }

    def listing(summary: str, schema: str) -> dict[str, Any]:
        answer = {"description": summary, "content": {_JSON: {"schema": _reference(schema)}}}
        return {"summary": summary, "tags": ["Other protocols"], "responses": {"200": answer, **refusals(_ELEVENLABS)}}

    paths: dict[str, Any] = {}
    for path, form in ELEVENLABS.items():
        timed = {_JSON if form == "timed" else _LINES: {"schema": _reference("AlignedAudio")}}
        content = timed if form.startswith("timed") else _audio(one[0] for one in elevenlabs.OUTPUT_FORMATS.values())
        paths[path.replace("<", "{").replace(">", "}")] = {
            "post": speaking(
                _SUMMARIES[form],
                "ElevenLabsRequest",
                content,
                [_VOICE, _OUTPUT_FORMAT],
                refusals(_ELEVENLABS, *WITH_BODY, 404, 422),
            )
        }
    encoded = (one for encoding in deepgram.ENCODINGS.values() for one in encoding.containers.values())
    summary = "Speak a text, as Deepgram's API does"
    more = refusals(_DEEPGRAM, *WITH_BODY)
    paths[DEEPGRAM] = {"post": speaking(summary, "DeepgramRequest", _audio(encoded), _DEEPGRAM_QUERY, more)}
    paths[f"{PREFIX}/v1/voices"] = {"get": listing("Voices, as ElevenLabs lists them", "ElevenLabsVoices")}
    paths[f"{PREFIX}/v1/models"] = {"get": listing("Models, as ElevenLabs lists them", "ElevenLabsModels")}
    return paths


def _audio(response_formats: Iterable[str]) -> dict[str, Any]:
    return {ALL_ENCODERS[one].content_type: {} for one in response_formats}


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _query(name: str, description: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema}


_VOICE = {
    "name": "voice_id",
    "in": "path",
    "required": True,
    "description": "A voice, perhaps with a speaker: en_US-lessac-medium, default, ID:speaker.",
    "schema": {"type": "string", "minLength": 1},
}
_OUTPUT_FORMAT = _query(
    "output_format",
    "Format, rate in Hz and bitrate in kbit/s.",
    type="string",
    enum=list(elevenlabs.OUTPUT_FORMATS),
    default=elevenlabs.DEFAULT_FORMAT,
)
_DEEPGRAM_QUERY = [
    _query("model", "A voice; one of Deepgram's own names means the default voice.", type="string"),
    _query("encoding", "How the audio is encoded.", type="string", enum=list(deepgram.ENCODINGS), default="mp3"),
    _query("container", "What is around it, where the encoding has that.", type="string", enum=["none", "wav", "ogg"]),
    _query(
        "sample_rate",
        "Hz, where the encoding has that rate.",
        type="integer",
        minimum=deepgram.LOWEST_RATE,
        maximum=deepgram.HIGHEST_RATE,
    ),
    _query("speed", "2 is twice as fast.", type="number", minimum=deepgram.SLOWEST, maximum=deepgram.FASTEST),
]
