"""Describes what the page at / needs beside speech: its files, the configuration, the catalogue, a lexicon."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hailo_piper.listeners.http.openapi_vendors import WITH_BODY

Operation = dict[str, Any]
ReadOperation = Callable[[str, Mapping[str, Any]], Operation]
"""Describes what is read, by its summary and its content."""

_KINDS = ("text/html", "text/css", "text/javascript", "image/svg+xml")
_NAME = {"name": "name", "in": "path", "required": True, "description": "As the pages name it: style.css.",
         "schema": {"type": "string", "minLength": 1}}  # fmt: skip
_WORD = {
    "title": "AddWordRequest",
    "description": "A word, and what is said for it from now on.",
    "type": "object",
    "required": ["word", "say"],
    "properties": {
        "word": {"description": "The word, or words.", "type": "string", "minLength": 1, "maxLength": 200},
        "say": {
            "description": "A respelling, or IPA between slashes; empty skips the word.",
            "type": "string",
            "maxLength": 500,
        },
        "language": {
            "description": "A family or a full code, en or en_US; absent: every language.",
            "type": ["string", "null"],
        },
    },
}


def page_schemas() -> dict[str, Any]:
    """Return the schemas of bodies that these paths take."""
    return {"AddWordRequest": _WORD}


def page_paths(read: ReadOperation, refusals: Callable[[Iterable[int]], Operation]) -> dict[str, Any]:
    """Return the paths; `refusals` describes the answers of further statuses."""

    def described(summary: str, answer: str, *statuses: int) -> Operation:
        schema = {"application/json": {"schema": {"$ref": f"#/components/schemas/{answer}"}}}
        operation = read(summary, schema)
        operation["responses"] |= refusals(statuses)
        return operation

    file = read("A file of the pages at / and /docs", {kind: {} for kind in _KINDS})
    file["responses"] |= refusals([404])
    word = described("Say a word otherwise from now on; only with keys", "Word", *WITH_BODY, 403)
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/AddWordRequest"}}}
    return {
        "/page/{name}": {"get": {**file, "parameters": [_NAME]}},
        "/v1/config": {"get": described("The configuration in force, and where each value is from", "Settings", 403)},
        "/v1/catalogue": {"get": described("The voices that can be fetched; only with keys", "Catalogue", 403, 502)},
        "/v1/catalogue/progress": {
            "get": described("How far the fetch of a voice is; only with keys", "Progress", 403)
        },
        "/v1/lexicon": {"post": {**word, "requestBody": {"required": True, "content": body}}},
    }
