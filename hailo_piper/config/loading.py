"""A file and the environment become one checked, complete `Config`."""

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_type_hints

from hailo_piper.config.files import read_config_file
from hailo_piper.config.settings import Config, Origin
from hailo_piper.errors import ConfigError
from hailo_piper.schemas.checker import Checker, Schema, as_declared, load_schema

RENDERED_PATH = Path("/etc/xdg/hailo-piper/hailo-piper.json")
"""The file that render_config.py writes, and that the service reads unless another is named."""

_SCHEMA = "config.json"
_Values = dict[str, dict[str, Any]]
_NO_ENVIRONMENT: Mapping[str, str] = MappingProxyType({})


def default_path() -> Path | None:
    """Return the file to read where none is named: the rendered one, if it exists."""
    return RENDERED_PATH if RENDERED_PATH.is_file() else None


def load_config(path: Path | None, environment: Mapping[str, str] = _NO_ENVIRONMENT) -> Config:
    """Read a YAML or JSON file; None means the defaults alone. The environment overrides the file.

    Raises ConfigError with every problem of both.
    """
    return parse_config({} if path is None else read_config_file(path), environment, file=str(path or ""))


def load_config_values(path: Path) -> dict[str, Any]:
    """Return a file's settings as plain values, every default filled in, for JSON. Raises ConfigError."""
    schema = load_schema(_SCHEMA)
    return _complete(*_given(read_config_file(path), schema, _NO_ENVIRONMENT), schema)


def parse_config(values: object, environment: Mapping[str, str] = _NO_ENVIRONMENT, *, file: str = "") -> Config:
    """Check values and fill the defaults. Raises ConfigError with every problem, each with its path.

    `file`: the name of the file that the values are from.
    """
    schema = load_schema(_SCHEMA)
    given, settings = _given(values, schema, environment)
    return _build(_expand_paths(_complete(given, settings, schema), schema), _origins(given, settings, file))


def _given(values: object, schema: Schema, environment: Mapping[str, str]) -> tuple[_Values, _Values]:
    """Return the settings of a file, and those of the environment, by section and key. Raises ConfigError."""
    # An empty file or section (`server:` with every key commented out) is null in YAML and means the defaults.
    given = {} if values is None else values
    if isinstance(given, Mapping):
        given = {key: {} if section is None else section for key, section in given.items()}
    problems = [f"{path or '(top level)'}: {problem}" for path, problem in Checker(schema).problems(given)]
    settings: _Values = {}
    # Without such a variable a start need not import the module that parses them.
    if any(name.upper().startswith("HAILO_PIPER__") for name in environment):
        from hailo_piper.config.environment import read_environment

        settings, further = read_environment(environment, schema)
        problems += further
    if problems or not isinstance(given, Mapping):
        raise ConfigError(problems)
    return dict(given), settings


def _complete(given: _Values, settings: _Values, schema: Schema) -> dict[str, Any]:
    overlaid = {section: {**given.get(section, {}), **keys} for section, keys in settings.items()}
    completed: dict[str, Any] = _with_defaults(schema, {**given, **overlaid})
    return completed


def _origins(given: _Values, settings: _Values, file: str) -> dict[str, Origin]:
    origin = Origin("file", file)
    origins = {f"{section}.{key}": origin for section, keys in given.items() for key in keys}
    for section, keys in settings.items():
        for key in keys:
            origins[f"{section}.{key}"] = Origin("environment", f"HAILO_PIPER__{section}__{key}".upper())
    return origins


def _with_defaults(schema: Schema, given: Any) -> Any:
    if "properties" not in schema:
        return as_declared(given, schema)
    return {
        key: _with_defaults(child, given.get(key, child.get("default", {})))
        for key, child in schema["properties"].items()
    }


def _expand_paths(values: dict[str, Any], schema: Schema) -> dict[str, Any]:
    """Expand `~` and `~user` in every path, as a shell would. Raises ConfigError."""
    problems = []
    for section, declared in schema["properties"].items():
        for key, entry in declared["properties"].items():
            value = values[section][key]
            if entry.get("format") != "path" or not isinstance(value, str) or not value.startswith("~"):
                continue
            values[section][key] = os.path.expanduser(value)  # noqa: PTH111 - it leaves what it does not know
            if values[section][key] == value:
                problems.append(f"{section}.{key}: {value}: there is no home directory for {value.partition('/')[0]}")
    if problems:
        raise ConfigError(problems)
    return values


def _build(values: Mapping[str, Mapping[str, Any]], origins: Mapping[str, Origin]) -> Config:
    sections = get_type_hints(Config)
    return Config(**{name: sections[name](**keys) for name, keys in values.items()}, origins=origins)
