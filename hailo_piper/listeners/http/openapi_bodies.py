"""Bodies of the OpenAPI document are the schemas that check requests, with examples."""

from collections.abc import Mapping
from typing import Any

from hailo_piper.listeners.dialect import Dialect
from hailo_piper.schemas.checker import Schema


def examples(dialect: Dialect, timed: Mapping[str, Any]) -> dict[str, Any]:
    """Return examples of a body; `timed`: the fields that ask for the times of words."""
    text = {dialect.wire_name("text"): "Hello from hailo piper."}
    return {
        "short": {"summary": "Nothing but the text", "value": text},
        "fast": {"summary": "A voice by name, half as fast again", "value": {**text, "voice": "default", "speed": 1.5}},
        "timed": {"summary": "With the times of words", "value": {**text, **timed}},
    }


def body(name: str, dialect: Dialect) -> Schema:
    """Return a dialect's schema as the document shows it: with null wherever it means absent."""
    required = dialect.schema["required"]
    fields = {
        field: schema if field in required else or_null(schema)
        for field, schema in dialect.schema["properties"].items()
    }
    return {**dialect.schema, "title": name, "properties": fields}


def or_null(schema: Schema) -> Schema:
    """Return a field's schema with null for an absent field."""
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], {"type": "null"}]}
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    nullable: Schema = {**schema, "type": [*kinds, "null"]}
    if "enum" in schema:
        nullable["enum"] = [*schema["enum"], None]
    return nullable
