"""JSON Schemas of the package: load one, check a value against it.

Sole owner of jsonschema. One thing differs from the standard: NaN and the infinities are no numbers, since every
bound is false for them and would let them through.
"""

import json
import math
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

Schema = dict[str, Any]


def _is_finite_number(checker: Any, value: object) -> bool:  # noqa: ARG001 - jsonschema's signature
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


_Validator = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("number", _is_finite_number),
)


def load_schema(name: str) -> Schema:
    """One of the package's schemas, by file name."""
    schema: Schema = json.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))
    return schema


class Checker:
    """A schema, ready to check values: build it once."""

    def __init__(self, schema: Schema) -> None:
        self._validator = _Validator(schema)

    def problems(self, value: object) -> Iterator[tuple[str, str]]:
        """Every problem as (dotted path of the field, what is wrong with it), in the order of the fields."""
        for error in sorted(self._validator.iter_errors(value), key=lambda error: [str(part) for part in error.path]):
            yield ".".join(str(part) for part in error.path), explain(error)


def as_declared(value: Any, schema: Schema) -> Any:
    """A value as Python's int where the schema wants an integer: to JSON, 8000 and 8000.0 are the same number."""
    whole = isinstance(value, float) and value.is_integer() and "integer" in schema.get("type", ())
    return int(value) if whole else value


def explain(error: ValidationError) -> str:
    """What is wrong and which values are allowed, for a person."""
    instance: Any = error.instance
    value = _shorten(instance)
    schema = error.schema if isinstance(error.schema, dict) else {}
    match error.validator:
        case "enum":
            return f"{value} is not allowed; allowed: {', '.join(map(str, schema['enum']))}"
        case "additionalProperties":
            known = schema["properties"]
            unknown = [key for key in instance if key not in known]
            return f"unknown key {', '.join(map(repr, unknown))}; known: {', '.join(known)}"
        case "pattern":
            return f"{value} does not match {schema['pattern']}"
        case "type" | "minimum" | "maximum" | "exclusiveMinimum":
            return f"{value} is not {_expected(schema)}"
    return error.message if len(error.message) < 300 else f"{value} is not allowed"


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
