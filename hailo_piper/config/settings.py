"""A frozen `Config` holds the checked settings, one tuple with names for each section.

schemas/config.json alone says what each key means, its default and its bounds. Twelve dataclasses would cost a start
6 ms.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, Self


class Origin(NamedTuple):
    """The place that a value comes from, where it is no default."""

    kind: str
    """`file`, `environment` or `option`."""

    name: str
    """The file's path, the variable or the option."""


class ServerConfig(NamedTuple):
    """The HTTP listener's address, keys and limits."""

    host: str
    port: int
    debug: bool
    cors_origins: Sequence[str]
    api_keys_file: str | None
    drain_seconds: float
    stop_seconds: float
    rate_limit: str | None


class PiperConfig(NamedTuple):
    """The default voice, and how it speaks unless a request says otherwise."""

    model_path: str | None
    volume: float
    length_scale: float
    noise_scale: float
    noise_w_scale: float
    normalize_audio: bool
    target_lufs: float
    cache_directory: str | None


class VoicesConfig(NamedTuple):
    """The names of voices, the directory that holds them, and the hub they come from."""

    aliases: Mapping[str, str | Mapping[str, Any]]
    directory: str | None
    catalogue_url: str
    kokoro_url: str
    memory_mb: int


class SynthesisConfig(NamedTuple):
    """The properties of an answer unless a request says otherwise."""

    sample_rate: int | None
    """Hz."""

    format: str
    max_text_length: int
    """Characters."""

    sentence_silence: float
    """Seconds."""

    paragraph_silence: float | None
    """Seconds; None: as between sentences."""

    lead_silence: float
    """Seconds."""

    tail_silence: float
    """Seconds."""

    normalize: bool
    markup: str
    emoji: str
    enable_ssml_parsing: bool
    detect_language: bool


class EnginesConfig(NamedTuple):
    """The voices that speak where others fail."""

    fallback: Sequence[str]
    strategy: Literal["explicit", "quality", "speed"]
    ready_when_degraded: bool
    quality_watch: bool


class LexiconsConfig(NamedTuple):
    """The place of the operator's own pronunciations."""

    directory: str | None


class EncodingConfig(NamedTuple):
    """The bitrates of the compressed formats."""

    mp3_kbps: int
    opus_kbps: int
    aac_kbps: int


class PerformanceConfig(NamedTuple):
    """The amount of work that is accepted at once, and the cache."""

    worker_threads: int
    synthesis_threads: int | None
    max_queue: int
    request_timeout: float
    """Seconds."""

    cache_enabled: bool
    cache_directory: str | None
    cache_size_mb: int
    cache_ttl_seconds: int


class WyomingConfig(NamedTuple):
    """The Wyoming listener's address, and whether it is enabled."""

    enabled: bool
    host: str
    port: int
    zeroconf: bool


class JobsConfig(NamedTuple):
    """The place and the bounds of work that outlives its connection, and who is told of its end."""

    directory: str | None
    max_bytes: int
    max_age_seconds: int
    webhooks: Sequence[Mapping[str, Any]]


class ResourceLimits(NamedTuple):
    """The limits that systemd enforces, in systemd's own notation."""

    memory_max: str
    cpu_quota: str


class LoggingConfig(NamedTuple):
    """The log's level and format."""

    level: str
    format: str


class Config(NamedTuple):
    """The whole configuration, checked and complete."""

    server: ServerConfig
    piper: PiperConfig
    voices: VoicesConfig
    synthesis: SynthesisConfig
    engines: EnginesConfig
    lexicons: LexiconsConfig
    encoding: EncodingConfig
    performance: PerformanceConfig
    wyoming: WyomingConfig
    jobs: JobsConfig
    resource_limits: ResourceLimits
    logging: LoggingConfig
    origins: Mapping[str, Origin] = MappingProxyType({})
    """Where values come from, by `section.key`; a default has none."""

    def with_options(self, option: str, section: str, **values: Any) -> Self:
        """Return the configuration with settings that an option of the command line overrides."""
        given = {f"{section}.{key}": Origin("option", option) for key in values}
        changed = {section: getattr(self, section)._replace(**values)}
        return self._replace(**changed, origins={**self.origins, **given})

    def as_values(self) -> dict[str, dict[str, Any]]:
        """Return the settings by section and key, as a file has them."""
        return {name: section._asdict() for name, section in self._asdict().items() if name != "origins"}
