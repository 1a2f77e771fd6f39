"""The configuration: a file and the environment, checked against the schema, as a frozen `Config`.

Every key's meaning, default and bounds stand in schemas/config.json and nowhere else.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, get_type_hints

from hailo_piper.config.files import read_config_file
from hailo_piper.errors import ConfigError
from hailo_piper.schemas.checker import Checker, Schema, as_declared, load_schema

RENDERED_PATH = Path("/etc/xdg/hailo-piper/hailo-piper.json")
"""What render_config.py writes and the service reads where no other file is named."""

_SCHEMA = "config.json"
_NO_ENVIRONMENT: Mapping[str, str] = MappingProxyType({})
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerConfig:
    """Where the HTTP listener listens."""

    host: str
    port: int
    debug: bool
    cors_origins: Sequence[str]
    api_keys_file: str | None
    rate_limit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PiperConfig:
    """The voice and how it speaks where a request does not say."""

    model_path: str | None
    volume: float
    length_scale: float
    noise_scale: float
    noise_w_scale: float
    normalize_audio: bool
    target_lufs: float
    cache_directory: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VoicesConfig:
    """What voices are called, where they are kept, and where they come from."""

    aliases: Mapping[str, str | Mapping[str, Any]]
    directory: str | None
    catalogue_url: str
    memory_mb: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SynthesisConfig:
    """What an answer is made of where a request does not say."""

    sample_rate: int | None
    """Hz."""

    format: str
    max_text_length: int
    """Characters."""

    sentence_silence: float
    """Seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodingConfig:
    """How much the compressed formats spend on a second of sound."""

    mp3_kbps: int
    opus_kbps: int
    aac_kbps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceConfig:
    """How much is taken on at once."""

    worker_threads: int
    max_queue: int
    request_timeout: float
    """Seconds."""

    cache_enabled: bool
    cache_directory: str | None
    cache_size_mb: int
    cache_ttl_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WyomingConfig:
    """Whether and where the Wyoming listener listens."""

    enabled: bool
    host: str
    port: int
    zeroconf: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceLimits:
    """What systemd holds the service to, in systemd's own notation."""

    memory_max: str
    cpu_quota: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggingConfig:
    """What is logged, and how it looks."""

    level: str
    format: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The whole configuration, checked and complete."""

    server: ServerConfig
    piper: PiperConfig
    voices: VoicesConfig
    synthesis: SynthesisConfig
    encoding: EncodingConfig
    performance: PerformanceConfig
    wyoming: WyomingConfig
    resource_limits: ResourceLimits
    logging: LoggingConfig


def path_of(text: str) -> Path:
    """The path of an option, with `~` as the shell knows it: after `=` the shell leaves it as it is."""
    return Path(os.path.expanduser(text))  # noqa: PTH111 - without a home directory it is a name like any other


def default_path() -> Path | None:
    """The file that is read where none is named: the rendered one, if it is there."""
    return RENDERED_PATH if RENDERED_PATH.is_file() else None


def load_config(path: Path | None, environment: Mapping[str, str] = _NO_ENVIRONMENT) -> Config:
    """Read a YAML or JSON file; None means the defaults alone. What the environment sets comes before the file.

    Raises ConfigError with every problem of both.
    """
    return parse_config({} if path is None else read_config_file(path), environment)


def load_config_values(path: Path) -> dict[str, Any]:
    """The same as plain values with every default filled in, to be written as JSON. Raises ConfigError."""
    return _complete(read_config_file(path), load_schema(_SCHEMA))


def parse_config(values: object, environment: Mapping[str, str] = _NO_ENVIRONMENT) -> Config:
    """Check values and fill the defaults. Raises ConfigError with every problem, each with its path."""
    schema = load_schema(_SCHEMA)
    return _build(Config, _expand_paths(_complete(values, schema, environment), schema))


def _complete(values: object, schema: Schema, environment: Mapping[str, str] = _NO_ENVIRONMENT) -> dict[str, Any]:
    # An empty file or section (`server:` with every key commented out) is null in YAML and means the defaults.
    given = {} if values is None else values
    if isinstance(given, Mapping):
        given = {key: {} if section is None else section for key, section in given.items()}
    problems = [f"{path or '(top level)'}: {problem}" for path, problem in Checker(schema).problems(given)]
    settings: dict[str, dict[str, Any]] = {}
    # A start that nobody tells anything this way need not wait for the module that reads it.
    if any(name.upper().startswith("HAILO_PIPER__") for name in environment):
        from hailo_piper.config.environment import read_environment

        settings, further = read_environment(environment, schema)
        problems += further
    if problems or not isinstance(given, Mapping):
        raise ConfigError(problems)
    overlaid = {section: {**given.get(section, {}), **keys} for section, keys in settings.items()}
    completed: dict[str, Any] = _with_defaults(schema, {**given, **overlaid})
    return completed


def _with_defaults(schema: Schema, given: Any) -> Any:
    if "properties" not in schema:
        return as_declared(given, schema)
    return {
        key: _with_defaults(child, given.get(key, child.get("default", {})))
        for key, child in schema["properties"].items()
    }


def _expand_paths(values: dict[str, Any], schema: Schema) -> dict[str, Any]:
    """With `~` and `~user` as the shell knows them, in every path. Raises ConfigError."""
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


def _build(kind: type[_T], values: Mapping[str, Any]) -> _T:
    hints = get_type_hints(kind)
    return kind(
        **{
            field.name: _build(hints[field.name], values[field.name])
            if is_dataclass(hints[field.name])
            else values[field.name]
            for field in fields(kind)  # type: ignore[arg-type]
        }
    )
