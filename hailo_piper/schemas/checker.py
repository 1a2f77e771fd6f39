"""The checker loads the package's JSON Schemas and checks values against them.

jsonschema judges and explains every value that is not plainly right. Its import takes 50 ms, too long for a start, so
the fast path here accepts plainly right values without it.
"""

import json
import math
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

Schema = dict[str, Any]

_PLAIN = {
    "$schema", "title", "description", "examples", "default", "type", "enum", "minimum", "exclusiveMinimum", "maximum",
    "minLength", "maxLength", "pattern", "properties", "required", "additionalProperties", "propertyNames", "items",
    "minItems", "maxItems", "anyOf",
}  # fmt: skip
"""Keywords that `is_plainly_right` knows; a schema with any other is left to jsonschema."""


def load_schema(name: str) -> Schema:
    """Return one of the package's schemas, by file name."""
    schema: Schema = json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    return schema


def load_validator() -> None:
    """Import jsonschema now, so that the first value that needs it does not wait for the import."""
    _validator_class()


class Checker:
    """A schema, ready to check values; build it once."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def problems(self, value: object) -> list[tuple[str, str]]:
        """Return every problem as (dotted path of the field, explanation), sorted by path."""
        return [] if is_plainly_right(value, self._schema) else sorted(self._judge(value))

    def _judge(self, value: object) -> Iterator[tuple[str, str]]:
        strange = list(_strange(value))
        if strange:
            yield from strange
            return
        try:
            for error in _validator_class()(self._schema).iter_errors(value):
                yield ".".join(map(str, error.path)), explain(error)
        except (ValueError, RecursionError):  # Python cannot even print this number or nesting
            yield "", f"{_shorten(value)} is too deep or too large"


def is_plainly_right(value: object, schema: Schema) -> bool:
    """Return whether a value is certainly right; False means only that jsonschema must decide.

    A test holds this to jsonschema: it accepts every value that is plainly right.
    """
    if "default" in schema and type(value) is type(schema["default"]) and value == schema["default"]:
        return True
    if "anyOf" in schema:
        return any(is_plainly_right(value, option) for option in schema["anyOf"])
    check = _PLAIN_CHECKS.get(type(value))
    is_known = check is not None and schema.keys() <= _PLAIN
    # In JSON true differs from 1; in Python they are equal.
    is_among = "enum" not in schema or (not isinstance(value, bool) and value in schema["enum"])
    return is_known and is_among and check is not None and check(value, schema)


def _is_plainly_right_object(value: dict[str, Any], schema: Schema) -> bool:
    known, others, names = schema.get("properties", {}), schema.get("additionalProperties"), schema.get("propertyNames")
    has_all = all(name in value for name in schema.get("required", ()))
    # A property without a schema may be anything; one whose schema is `false` must be absent.
    constrained = {name: known.get(name, others) for name in value if name in known or others is not None}
    return (
        has_all
        and (names is None or all(is_plainly_right(name, names) for name in value))
        and all(other is not False and is_plainly_right(value[name], other) for name, other in constrained.items())
    )


def _is_within(value: float, schema: Schema) -> bool:
    # NaN fails every comparison.
    low, high = schema.get("minimum", -math.inf), schema.get("maximum", math.inf)
    return low <= value <= high and abs(value) != math.inf and value > schema.get("exclusiveMinimum", -math.inf)


def _is_plainly_right_string(value: str, schema: Schema) -> bool:
    is_of_length = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", math.inf)
    return _has_type(schema, "string") and is_of_length and _matches(value, schema.get("pattern", ""))


def _is_plainly_right_list(value: list[Any], schema: Schema) -> bool:
    is_of_length = schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", math.inf)
    items = schema.get("items", {})
    return _has_type(schema, "array") and is_of_length and all(is_plainly_right(item, items) for item in value)


def _has_type(schema: Schema, *kinds: str) -> bool:
    declared = schema.get("type", ())
    return any(kind == declared or (isinstance(declared, list) and kind in declared) for kind in kinds)


_PLAIN_CHECKS: dict[type, Callable[[Any, Schema], bool]] = {
    type(None): lambda _, schema: _has_type(schema, "null"),
    bool: lambda _, schema: _has_type(schema, "boolean"),
    str: _is_plainly_right_string,
    int: lambda value, schema: _has_type(schema, "integer", "number") and _is_within(value, schema),
    float: lambda value, schema: _has_type(schema, "number") and _is_within(value, schema),
    list: _is_plainly_right_list,
    dict: lambda value, schema: _has_type(schema, "object") and _is_plainly_right_object(value, schema),
}


def as_declared(value: Any, schema: Schema) -> Any:
    """Return an int where the schema wants an integer: to JSON, 8000 and 8000.0 are the same number."""
    whole = isinstance(value, float) and value.is_integer() and "integer" in schema.get("type", ())
    return int(value) if whole else value


@cache
def _validator_class() -> Any:
    """Return a Draft 2020-12 validator that refuses NaN and the infinities, which no bound would stop."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError
    from jsonschema.validators import extend

    def is_finite_number(_: object, value: object) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < math.inf

    def match_pattern(_: object, pattern: str, value: object, __: object) -> Iterator[ValidationError]:
        if isinstance(value, str) and not _matches(value, pattern):
            yield ValidationError("it does not match")

    numbers = Draft202012Validator.TYPE_CHECKER.redefine("number", is_finite_number)
    return extend(Draft202012Validator, validators={"pattern": match_pattern}, type_checker=numbers)


def _matches(value: str, pattern: str) -> bool:
    # In JSON Schema $ matches the end only; in Python also the place before a last line break.
    return re.search(pattern.replace("$", r"\Z"), value) is not None


def explain(error: "ValidationError") -> str:
    """Return a line for a person: the value, and which values are allowed."""
    schema, instance = error.schema, error.instance
    value = _shorten(instance)
    match error.validator:
        case "enum":
            explanation = f"{value} is not allowed; allowed: {', '.join(map(str, schema['enum']))}"
        case "additionalProperties":
            known = schema["properties"]
            unknown = [key for key in instance if key not in known]
            explanation = f"unknown key {', '.join(map(repr, unknown))}; known: {', '.join(known)}"
        case "pattern":
            explanation = f"{value} does not match; allowed is what looks like {' or '.join(schema['examples'])}"
        case "anyOf":
            explanation = f"{value} is not {' or '.join(option['description'] for option in schema['anyOf'])}"
        case "minLength":
            explanation = f"{value} is shorter than {schema['minLength']} character(s)"
        case "type" | "minimum" | "maximum" | "exclusiveMinimum":
            explanation = f"{value} is not {_expected(schema)}"
        case _:
            explanation = error.message if len(error.message) < 300 else f"{value} is not allowed"
    return explanation


def _strange(value: object) -> Iterator[tuple[str, str]]:
    """Yield each value that YAML has and JSON has not (a date, a number as a name), with its path."""
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
