"""A frozen `Config` holds the checked settings, one dataclass for each section.

schemas/config.json alone says what each key means, its default and its bounds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerConfig:
    """The HTTP listener's address, keys and limits."""

    host: str
    port: int
    debug: bool
    cors_origins: Sequence[str]
    api_keys_file: str | None
    drain_seconds: float
    stop_seconds: float
    rate_limit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PiperConfig:
    """The default voice, and how it speaks unless a request says otherwise."""

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
    """The names of voices, the directory that holds them, and the hub they come from."""

    aliases: Mapping[str, str | Mapping[str, Any]]
    directory: str | None
    catalogue_url: str
    memory_mb: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SynthesisConfig:
    """The properties of an answer unless a request says otherwise."""

    sample_rate: int | None
    """Hz."""

    format: str
    max_text_length: int
    """Characters."""

    sentence_silence: float
    """Seconds."""

    normalize: bool
    markup: str
    emoji: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconsConfig:
    """The place of the operator's own pronunciations."""

    directory: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodingConfig:
    """The bitrates of the compressed formats."""

    mp3_kbps: int
    opus_kbps: int
    aac_kbps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceConfig:
    """The amount of work that is accepted at once, and the cache."""

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
    """The Wyoming listener's address, and whether it is enabled."""

    enabled: bool
    host: str
    port: int
    zeroconf: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceLimits:
    """The limits that systemd enforces, in systemd's own notation."""

    memory_max: str
    cpu_quota: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggingConfig:
    """The log's level and format."""

    level: str
    format: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The whole configuration, checked and complete."""

    server: ServerConfig
    piper: PiperConfig
    voices: VoicesConfig
    synthesis: SynthesisConfig
    lexicons: LexiconsConfig
    encoding: EncodingConfig
    performance: PerformanceConfig
    wyoming: WyomingConfig
    resource_limits: ResourceLimits
    logging: LoggingConfig
