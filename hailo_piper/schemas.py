"""JSON Schemas of the package: load one, check a value against it.

Sole owner of jsonschema_rs, which a start waits for a quarter as long as for jsonschema.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import jsonschema_rs

Schema = dict[str, Any]


def load_schema(name: str) -> Schema:
    """One of the package's schemas, by file name."""
    schema: Schema = json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    return schema


class Checker:
    """A schema, ready to check values: build it once."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._validator = jsonschema_rs.Draft202012Validator(schema)

    def problems(self, value: object) -> Iterator[tuple[str, str]]:
        """Every problem as (dotted path of the field, what is wrong with it), in the order of the fields."""
        found = []
        try:
            for error in self._validator.iter_errors(value):
                schema = _at(self._schema, error.schema_path[:-1])
                explained = explain(error, _at(value, error.instance_path), schema)
                found.append((".".join(map(str, error.instance_path)), explained))
        except ValueError as error:  # nested too deeply, or with what JSON does not know
            found = list(_strange(value)) or [("", str(error))]
        yield from sorted(found)


def as_declared(value: Any, schema: Schema) -> Any:
    """A value as Python's int where the schema wants an integer: to JSON, 8000 and 8000.0 are the same number."""
    whole = isinstance(value, float) and value.is_integer() and "integer" in schema.get("type", ())
    return int(value) if whole else value


def explain(error: jsonschema_rs.ValidationError, instance: Any, schema: Schema) -> str:
    """What is wrong and which values are allowed, for a person."""
    value = _shorten(instance)
    match error.kind.name:
        case "enum":
            return f"{value} is not allowed; allowed: {', '.join(map(str, schema['enum']))}"
        case "additionalProperties":
            known = schema["properties"]
            unknown = [key for key in instance if key not in known]
            return f"unknown key {', '.join(map(repr, unknown))}; known: {', '.join(known)}"
        case "required":
            return f"'{error.kind.value}' is a required property"
        case "pattern":
            return f"{value} does not match {schema['pattern']}"
        case "type" | "minimum" | "maximum" | "exclusiveMinimum":
            return f"{value} is not {_expected(schema)}"
    return error.message if len(error.message) < 300 else f"{value} is not allowed"


def _at(value: Any, path: Sequence[str | int]) -> Any:
    for step in path:
        value = value[step]
    return value


def _strange(value: object) -> Iterator[tuple[str, str]]:
    """What YAML knows and JSON does not, such as a date, or a name that is a number, with its path."""
    waiting: list[tuple[str, object]] = [("", value)]
    while waiting:
        path, value = waiting.pop()
        children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        waiting += [(f"{path}.{name}" if path else str(name), child) for name, child in children]
        if isinstance(value, dict):
            yield from ((path, f"{_shorten(name)} is not a string") for name in value if not isinstance(name, str))
        if not (value is None or isinstance(value, str | int | float | dict | list)):
            yield path, f"{_shorten(value)} is no value of JSON"


def _expected(schema: Schema) -> str:
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    names = {
        "integer": "an integer", "number": "a number", "string": "a string", "boolean": "true or false",
        "null": "null", "object": "a mapping", "array": "a list",
    }  # fmt: skip
    expected = " or ".join(names[kind] for kind in kinds)
    low, high = schema.get("minimum", schema.get("exclusiveMinimum")), schema.get("maximum")
    above = "above" if "exclusiveMinimum" in schema else "from"
    match low, high:
        case None, None:
            return expected
        case _, None:
            return f"{expected} {above} {low}"
        case None, _:
            return f"{expected} up to {high}"
    return f"{expected} {above} {low} to {high}"


def _shorten(value: object) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        text = type(value).__name__
    return text if len(text) <= 60 else text[:57] + "..."
