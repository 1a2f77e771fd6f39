"""Environment variables set single keys: HAILO_PIPER__SECTION__KEY, each parsed as the schema declares it."""

import difflib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from hailo_piper.config.files import DoubleKeyError, once_each
from hailo_piper.schemas.checker import Checker, Schema

PREFIX = "HAILO_PIPER__"
_BOOLEANS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


def variables(schema: Schema) -> dict[str, tuple[str, str]]:
    """Return every known variable with the section and key that it sets."""
    return {
        f"{PREFIX}{section}__{key}".upper(): (section, key)
        for section, declared in schema["properties"].items()
        for key in declared["properties"]
    }


def set_variables(environment: Mapping[str, str]) -> list[str]:
    """Return the names in an environment that begin with our prefix, in alphabetical order."""
    return sorted(name for name in environment if name.upper().startswith(PREFIX))


def read_environment(environment: Mapping[str, str], schema: Schema) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Return the settings by section and key, and every problem, each with its variable."""
    known = variables(schema)
    values: dict[str, dict[str, Any]] = {}
    problems = []
    for name in set_variables(environment):
        if name not in known:
            problems.append(f"{name}: {_unknown(name, known)}")
            continue
        section, key = known[name]
        try:
            values.setdefault(section, {})[key] = _parse(environment[name], _declared(schema, section, key))
        except ValueError as error:
            problems.append(f"{name}: {error}")
    return values, problems + list(_checked(values, schema))


def _checked(values: Mapping[str, Mapping[str, Any]], schema: Schema) -> Iterator[str]:
    for path, problem in Checker(schema).problems(values):
        section, key, *inside = [*path.split(".", 2), ""]
        within = f"{inside[0]}: " if inside[0] else ""
        yield f"{PREFIX}{section}__{key}: ".upper() + within + problem


def _declared(schema: Schema, section: str, key: str) -> Schema:
    declared: Schema = schema["properties"][section]["properties"][key]
    return declared


def _parse(text: str, declared: Schema) -> Any:
    """Return a value of the declared type, or the text itself, which the checker then refuses.

    Raises ValueError for text that is not UTF-8 and for JSON that cannot be parsed.
    """
    kinds = {declared["type"]} if isinstance(declared["type"], str) else {*declared["type"]}
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("its value is not UTF-8")
    stripped = text.strip()
    if "null" in kinds and stripped.lower() == "null":
        return None
    if "boolean" in kinds:
        return _BOOLEANS.get(stripped.lower(), text)
    if "array" in kinds and not stripped.startswith("["):
        return [item.strip() for item in text.split(",")] if stripped else []
    if kinds & {"array", "object"}:
        return _parse_json(stripped)
    return _parse_number(stripped) if kinds & {"integer", "number"} else text


def _parse_number(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _parse_json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=once_each)
    except DoubleKeyError:
        raise
    except (ValueError, RecursionError) as error:
        raise ValueError(f'is not JSON, as {{"name": "value"}} or ["one", "two"]: {error}') from error


def _unknown(name: str, known: Mapping[str, tuple[str, str]]) -> str:
    section, _, key = name.upper().removeprefix(PREFIX).partition("__")
    siblings = [other for other, (of, _) in known.items() if of.upper() == section]
    near = difflib.get_close_matches(f"{PREFIX}{section}__{key}", siblings, n=1, cutoff=0.0)
    if near and difflib.SequenceMatcher(None, key, near[0].rpartition("__")[2]).ratio() < 0.6:
        near = []
    near = near or difflib.get_close_matches(name.upper(), [] if siblings else known, n=1, cutoff=0.9)
    if near:
        return f"there is no such setting; did you mean {near[0]}?"
    if siblings:
        return f"there is no such setting; known: {', '.join(siblings)}"
    sections = dict.fromkeys(section for section, _ in known.values())
    return f"there is no such setting; it is {PREFIX}SECTION__KEY, with a section of {', '.join(sections)}"


def near_misses(environment: Mapping[str, str], known: Mapping[str, tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield variables with one underscore where two are meant, each with the one that is meant.

    Kubernetes sets such names for its own services; their values are addresses, and they are skipped.
    """
    meant = {name.replace("__", "_"): name for name in known}
    for name in sorted(environment.keys() & meant.keys()):
        if "://" not in environment[name]:
            yield name, meant[name]
