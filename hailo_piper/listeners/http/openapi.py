"""Builds the OpenAPI document from the schemas that check requests.

The speech endpoints come from their dialects and from the encoders, so the document shows what is accepted. The shapes
of the other answers are in schemas/answers.json, and tests hold the service to them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from hailo_piper import __version__
from hailo_piper.audio.encoding import ENCODERS
from hailo_piper.listeners.dialect import Dialect
from hailo_piper.listeners.http import sse
from hailo_piper.listeners.http.openapi_bodies import body, examples
from hailo_piper.listeners.http.openapi_jobs import job_paths, job_schemas
from hailo_piper.listeners.http.openapi_operator import page_paths, page_schemas
from hailo_piper.listeners.http.openapi_vendors import RETRY_AFTER, WITH_BODY, vendor_paths, vendor_schemas
from hailo_piper.schemas.checker import load_schema

_ABOUT = """A private speech server: Piper voices over OpenAI's text-to-speech API.

Every refusal, that of an unknown path or method too, answers with the same error object. `X-Request-Id`, the \
caller's if it is sane, else the service's own, stands in the answer and in every log line of its request."""

_REFUSALS = {
    400: "The request is wrong; the message tells what is allowed.",
    401: "No key that this service knows; only where `server.api_keys_file` is set.",
    403: "Without keys this is only for the machine itself, or not possible.",
    404: "There is none of this name.",
    409: "The same request is being answered.",
    413: "The body is larger than any accepted text needs.",
    415: "The body is not `application/json`, or encoded other than by gzip or deflate.",
    422: "A field is wrong; `loc` names it, `msg` tells what is allowed.",
    429: "More requests of this caller than `server.rate_limit` allows, or too many wrong keys of its address.",
    431: "The headers are too large.",
    500: "The service failed; its log tells how.",
    502: "The voice could not be fetched; `message` tells why.",
    501: "A transfer encoding other than chunked.",
    503: "`busy`: every place or connection is taken, or the first audio did not come in time.",
    505: "A version of HTTP other than 1.0 and 1.1.",
}
_ANY_REQUEST = (400, 401, 429, 431, 500, 503, 505)

_REQUEST_ID = {"X-Request-Id": {"description": "Id of the request.", "required": True, "schema": {"type": "string"}}}
_AUDIO_HEADERS = {
    **_REQUEST_ID,
    "X-Audio-Sample-Rate": {
        "description": "Rate of the audio in Hz.",
        "required": True,
        "schema": {"type": "integer"},
    },
    "X-Text-Language": {
        "description": "The language that the text seems to be in, where the voice speaks another: a hint.",
        "schema": {"type": "string"},
    },
    "X-Engine": {"description": "Speaks it: piper or espeak, or one that was added.", "schema": {"type": "string"}},
    "X-Fallback-Voice": {
        "description": "The voice that speaks, where the one that was asked for failed.",
        "schema": {"type": "string"},
    },
    "X-Cache": {
        "description": "How much of it came out of the cache.",
        "required": True,
        "schema": {"type": "string", "enum": ["hit", "miss", "partial"]},
    },
}


def _parameter(place: str, name: str, description: str) -> dict[str, Any]:
    """Return the description of a parameter in the path or, optional there, in the query."""
    required = {"required": True} if place == "path" else {}
    bounds = {"minLength": 1} if place == "path" else {}
    schema = {"type": "string", **bounds}
    return {"name": name, "in": place, **required, "description": description, "schema": schema}


_LANGUAGE = _parameter("query", "language", "Only voices of this language: a family or a full code, en or en_US.")
_ENGINE = _parameter("query", "engine", "Only voices of this engine: piper or espeak, whose voices no other list has.")
_VOICE_ID = _parameter("path", "voice_id", "As the hub names it: en_US-lessac-medium.")
_MODEL_ID = _parameter("path", "model_id", "As /v1/models lists it: tts-1.")

_EVENT = {
    "description": "One event, as readers of server-sent events hand it out.",
    "type": "object",
    "required": ["data"],
    "properties": {
        "data": {
            "type": "string",
            "contentMediaType": "application/json",
            "contentSchema": {"$ref": "#/components/schemas/SpeechEvent"},
        }
    },
}

_CAPTIONED, _CAPTIONS = "/dev/captioned_speech", "/v1/audio/captions"
_TIMED: Mapping[str, Mapping[str, Any]] = {_CAPTIONED: {"stream": False}, _CAPTIONS: {"caption_format": "vtt"}}
_EVENTS: Mapping[str, Any] = {"stream_format": "sse", "timestamps": ["word"]}
"""The fields with which an example asks for the times of words."""
_SPEECH = {
    "/v1/audio/speech": ("CreateSpeechRequest", "Speak a text, as OpenAI's API does"),
    "/v1/synthesize": ("SynthesizeRequest", "Speak a text, with `text` and `format` for OpenAI's names"),
    "/": ("PiperRequest", "Speak a text as WAV, as Piper's own HTTP server does"),
    _CAPTIONS: ("CreateCaptionsRequest", "Tell when each word of a text would sound, without speaking it"),
    _CAPTIONED: ("CaptionedSpeechRequest", "Speak a text and tell when each word sounds, as Kokoro-FastAPI does"),
}
"""The schema of the body and the summary of each path that speaks."""

_READ = {
    "/": ("About", "What this service is"),
    "/health": ("Health", "Whether it is well, and which voice is loaded"),
    "/live": ("State", "Whether the process answers"),
    "/ready": ("State", "Whether a request sent now would be spoken"),
    "/v1/cache": ("Cache", "What the cache of spoken sentences holds and was good for"),
    "/v1/voices": ("Voices", "Voices and their facts"),
    "/v1/models": ("Models", "Models, as OpenAI lists them"),
    "/v1/audio/models": ("AudioModels", "Models, as Open WebUI reads them"),
    "/v1/audio/voices": ("AudioVoices", "Voice names, as Open WebUI reads them"),
}
"""The schema of the answer and the summary of each path that is read."""


def build_document(dialects: Mapping[str, Dialect], jobs: Dialect) -> dict[str, Any]:
    """Return the document; `dialects`: the dialect of each speech endpoint, by its path; `jobs`: that of jobs."""
    paths: dict[str, dict[str, Any]] = {}
    for path, dialect in dialects.items():
        paths.setdefault(path, {})["post"] = _speech_operation(path, dialect)
    for path, (name, summary) in _READ.items():
        paths.setdefault(path, {})["get"] = _read_operation(summary, {"application/json": {"schema": _reference(name)}})
    # /health has the same body with 503; /ready answers with an error then.
    paths["/health"]["get"]["responses"]["503"] = paths["/health"]["get"]["responses"]["200"]
    paths["/v1/models/{model_id}"] = {"get": _entry_operation("One model", "Model", _MODEL_ID)}
    paths["/v1/voices/{voice_id}"] = {
        "get": _entry_operation("One voice and its facts", "Voice", _VOICE_ID),
        "post": _fetch_operation(),
        "delete": _remove_operation(),
    }
    paths["/v1/cache"]["delete"] = _delete_operation()
    paths["/v1/voices"]["get"]["parameters"] = [_LANGUAGE, _ENGINE]
    paths["/metrics"] = {"get": _read_operation("Counts and timings, for Prometheus", {"text/plain": {}})}
    paths["/v1/text"] = {"post": _text_operation()}
    document = {"application/json": {"schema": {"type": "object"}}}
    paths["/openapi.json"] = {"get": _read_operation("This document", document)}
    paths["/docs"] = {"get": _read_operation("The same for people, with a form to try it", {"text/html": {}})}
    paths |= page_paths(_read_operation, _refusals)
    paths |= job_paths(_read_operation, _refusals)
    # A browser, which prefers HTML, gets the page.
    paths["/"]["get"]["responses"]["200"]["content"]["text/html"] = {}
    paths |= vendor_paths(_REFUSALS, _ANY_REQUEST, _AUDIO_HEADERS)
    bodies = {_SPEECH[path][0]: body(_SPEECH[path][0], dialect) for path, dialect in dialects.items()}
    schemas = {**bodies, **page_schemas(), **job_schemas(jobs), **vendor_schemas(), **load_schema("answers.json")}
    return {
        "openapi": "3.1.0",
        "info": {"title": "hailo-piper", "version": __version__, "description": _ABOUT},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _speech_operation(path: str, dialect: Dialect) -> dict[str, Any]:
    name, summary = _SPEECH[path]
    description = "The audio, from its first byte on as it is spoken. With `stream_format: sse`, SpeechEvents."
    content: dict[str, Any] = {ENCODERS[response_format].content_type: {} for response_format in dialect.formats}
    content[sse.CONTENT_TYPE] = {"schema": _EVENT}
    headers: Mapping[str, Any] = _AUDIO_HEADERS
    if path == _CAPTIONS:
        description, headers = "Captions as `caption_format` says.", _REQUEST_ID
        content = {kind: {} for kind in ("application/x-subrip", "text/vtt", "text/plain")}
        content["application/json"] = {"schema": _reference("Captions")}
    if path == _CAPTIONED:
        description = "One object a line, as the audio comes; with `stream: false` a single one."
        kinds = ("application/x-ndjson", "application/json")
        content = {kind: {"schema": _reference("CaptionedSpeech")} for kind in kinds}
    audio = {
        "description": description,
        "headers": headers,
        "content": content,
    }
    return {
        "summary": summary,
        "tags": ["Speech"],
        "operationId": name[0].lower() + name[1:].removesuffix("Request"),
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": _reference(name),
                    "examples": examples(dialect, _TIMED.get(path, _EVENTS)),
                }
            },
        },
        "responses": {"200": audio, **_refusals([*_ANY_REQUEST, *WITH_BODY])},
    }


def _text_operation() -> dict[str, Any]:
    body = {"application/json": {"schema": _reference("SynthesizeRequest")}}
    operation = _read_operation(
        "How a text would be read: its sentences, what is spoken for each and why, and the phonemes",
        {"application/json": {"schema": _reference("Explanation")}},
    )
    operation["responses"] |= _refusals(WITH_BODY)
    return {**operation, "requestBody": {"required": True, "content": body}}


def _read_operation(summary: str, content: Mapping[str, Any]) -> dict[str, Any]:
    answer = {"description": summary, "headers": _REQUEST_ID, "content": content}
    return {"summary": summary, "tags": ["Facts"], "responses": {"200": answer, **_refusals(_ANY_REQUEST)}}


def _entry_operation(summary: str, answer: str, parameter: dict[str, Any]) -> dict[str, Any]:
    """Describe a GET of one entry of a list."""
    operation = _read_operation(summary, {"application/json": {"schema": _reference(answer)}})
    operation["responses"] |= _refusals([404])
    return {**operation, "parameters": [parameter]}


def _delete_operation() -> dict[str, Any]:
    operation = _read_operation("Forget every sentence", {"application/json": {"schema": _reference("Deleted")}})
    operation["responses"] |= _refusals([403])
    return operation


def _fetch_operation() -> dict[str, Any]:
    content = {"application/json": {"schema": _reference("Voice")}}
    operation = _read_operation("Fetch a voice of the catalogue; answers when it is here", content)
    answer = operation["responses"]["200"]
    operation["responses"]["200"] = {**answer, "description": "It was here already"}
    operation["responses"] |= {"201": {**answer, "description": "It is here now"}, **_refusals([403, 404, 502])}
    return {**operation, "parameters": [_VOICE_ID]}


def _remove_operation() -> dict[str, Any]:
    operation = _entry_operation("Delete an installed voice; the default one stays", "VoiceDeleted", _VOICE_ID)
    operation["responses"] |= _refusals([403])
    return operation


def _refusals(statuses: Iterable[int]) -> dict[str, Any]:
    return {
        str(status): {
            "description": _REFUSALS[status],
            "headers": RETRY_AFTER if status in {429, 503} else {},
            "content": {"application/json": {"schema": _reference("Error")}},
        }
        for status in sorted(statuses)
    }


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
