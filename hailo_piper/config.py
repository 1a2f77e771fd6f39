"""YAML or JSON checked against the schema, as a frozen `Config`.

Every key's meaning, default and bounds stand in config.schema.json and nowhere else.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from hailo_piper.errors import ConfigError
from hailo_piper.schemas import Checker, Schema, as_declared, load_schema

RENDERED_PATH = Path("/etc/xdg/hailo-piper/hailo-piper.json")
"""What render_config.py writes and the service reads where no other file is named."""

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


def default_path() -> Path | None:
    """The file that is read where none is named: the rendered one, if it is there."""
    return RENDERED_PATH if RENDERED_PATH.is_file() else None


def load_config(path: Path | None) -> Config:
    """Read a YAML or JSON file; None means the defaults alone. Raises ConfigError with every problem."""
    return parse_config({} if path is None else _read(path))


def load_config_values(path: Path) -> dict[str, Any]:
    """The same as plain values with every default filled in, to be written as JSON. Raises ConfigError."""
    return _complete(_read(path))


def parse_config(values: object) -> Config:
    """Check values and fill the defaults. Raises ConfigError with every problem, each with its path."""
    return _build(Config, _complete(values))


def _complete(values: object) -> dict[str, Any]:
    schema = load_schema("config.schema.json")
    # An empty file or section (`server:` with every key commented out) is null in YAML and means the defaults.
    given = {} if values is None else values
    if isinstance(given, Mapping):
        given = {key: {} if section is None else section for key, section in given.items()}
    problems = [f"{path or '(top level)'}: {problem}" for path, problem in Checker(schema).problems(given)]
    if problems:
        raise ConfigError(problems)
    completed: dict[str, Any] = _with_defaults(schema, given)
    return completed


def _with_defaults(schema: Schema, given: Any) -> Any:
    if "properties" not in schema:
        return as_declared(given, schema)
    return {
        key: _with_defaults(child, given.get(key, child.get("default", {})))
        for key, child in schema["properties"].items()
    }


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


def _read(path: Path) -> object:
    try:
        text = path.read_text(encoding="utf-8")
        return json.loads(text, object_pairs_hook=_once_each) if path.suffix == ".json" else _parse_yaml(text)
    except OSError as error:
        raise ConfigError([f"{path}: cannot be read: {error.strerror}"]) from error
    except (UnicodeDecodeError, ValueError) as error:
        raise ConfigError([f"{path}: is neither YAML nor JSON: {' '.join(str(error).split())}"]) from error


def _parse_yaml(text: str) -> object:
    # The service itself reads the rendered JSON and need not wait for this import.
    import yaml

    class Loader(yaml.SafeLoader):
        """Refuses a key given twice: YAML would keep the last and drop the first without a word."""

        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
            mapping = super().construct_mapping(node, deep=deep)
            if len(mapping) < len(node.value):
                raise yaml.constructor.ConstructorError(None, None, "a key is given twice", node.start_mark)
            return mapping

    try:
        return yaml.load(text, Loader=Loader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise ValueError(error) from error


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key is given twice")
    return dict(pairs)
