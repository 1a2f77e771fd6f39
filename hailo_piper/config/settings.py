"""The configuration: a file and the environment, checked against the schema, as a frozen `Config`.

Every key's meaning, default and bounds stand in schemas/config.json and nowhere else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


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
