"""Which doors there are: each with its port taken, all stopped together.

What a door needs is imported with it: a service that has no Wyoming pays nothing for it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from hailo_piper.config.settings import Config
from hailo_piper.listeners.http.cors import Cors
from hailo_piper.listeners.keys import Keys
from hailo_piper.listeners.port import ListenError, in_url, max_message_bytes
from hailo_piper.monitoring.health import Health
from hailo_piper.speech.pipeline import Speech
from hailo_piper.voices.names import Voices

if TYPE_CHECKING:
    from hailo_piper.listeners.http.server.listener import HttpServer
    from hailo_piper.listeners.wyoming.listener import Announce, WyomingServer
from pathlib import Path

from hailo_piper.cache.store import Cache, NullCache
from hailo_piper.engine.engine import Engine
from hailo_piper.engine.loaded_voices import LoadedVoices
from hailo_piper.machine import cpus
from hailo_piper.machine.user_directories import user_directory
from hailo_piper.monitoring.metrics import Metrics
from hailo_piper.speech.admission import Admission
from hailo_piper.voices.places import default_voice, installed, places, prepared_directory
from hailo_piper.voices.voice import Voice


def build_http(speech: Speech, *, voices: Voices, health: Health, keys: Keys, config: Config) -> "HttpServer":
    """The HTTP listener, its port taken. Raises ListenError where that is not possible."""
    from hailo_piper.listeners.http.app import create_app
    from hailo_piper.listeners.http.server.listener import HttpServer

    with _naming(config.server.host, config.server.port):
        return HttpServer(
            create_app(speech=speech, voices=voices, health=health, keys=keys, config=config),
            host=config.server.host,
            port=config.server.port,
            speech_threads=config.performance.worker_threads + config.performance.max_queue,
            max_body_bytes=max_message_bytes(config),
            patience_seconds=config.performance.request_timeout,
            cors=Cors(config.server.cors_origins),
            on_refusal=partial(speech.metrics.refused, "http"),
        )


def build_wyoming(speech: Speech, *, voices: Voices, config: Config) -> "WyomingServer | None":
    """The Wyoming listener, its port taken, if there is to be one. Raises ListenError where that is not possible."""
    wyoming = config.wyoming
    if not wyoming.enabled:
        return None
    from hailo_piper.listeners.wyoming.listener import WyomingServer

    with _naming(wyoming.host, wyoming.port):
        return WyomingServer(host=wyoming.host, port=wyoming.port, speech=speech, voices=voices, config=config)


def announcement(wyoming: "WyomingServer", config: Config) -> "Announce | None":
    """How the network is told of it, if it is to be."""
    if not config.wyoming.zeroconf:
        return None
    from hailo_piper.listeners.wyoming.discovery import announce

    return partial(announce, wyoming.host, wyoming.port)


@contextmanager
def _naming(host: str, port: int) -> Iterator[None]:
    """An error says which of the ports it was."""
    try:
        yield
    except OSError as error:
        raise ListenError(error.errno, error.strerror, f"{in_url(host)} port {port}") from error


def build_engine(config: Config) -> Engine:
    """The configured voice, loaded. Raises ConfigError."""
    return Engine(default_voice(config).voice, prepared_directory(config))


def build_voices(engine: Engine, config: Config) -> Voices:
    """The default voice and the installed ones, under all their names. Raises ConfigError."""
    return Voices(engine.voice, config.voices.aliases, installed(places(config)), speaker=default_voice(config).speaker)


def build_loaded_voices(engine: Engine, config: Config) -> LoadedVoices:
    """The voices in memory: this one, and others that share its worker threads."""

    def load(voice: Voice) -> Engine:
        loaded = Engine(voice, prepared_directory(config), beside=engine)
        # Read all of its file now, rather than when the cache wants to know.
        _ = loaded.digest
        return loaded

    return LoadedVoices(engine, load, budget_bytes=config.voices.memory_mb * 1e6)


def build_cache(config: Config) -> Cache:
    """Where spoken sentences are kept, if they are to be."""
    performance = config.performance
    if not performance.cache_enabled:
        return NullCache()
    from hailo_piper.cache.disk import DiskCache

    directory = performance.cache_directory or user_directory("XDG_STATE_HOME", "~/.local/state") / "hailo-piper/speech"
    return DiskCache(
        Path(directory),
        max_bytes=performance.cache_size_mb * 1_000_000,
        ttl_seconds=performance.cache_ttl_seconds,
    )


def build_speech(engine: Engine, config: Config) -> Speech:
    """The pipeline around a default voice. Raises ConfigError."""
    voices = build_voices(engine, config)
    admission = Admission(
        places=config.performance.worker_threads,
        max_queue=config.performance.max_queue,
        workers=cpus.worker_threads(cpus.usable_cpus()),
    )
    return Speech(
        loaded=build_loaded_voices(engine, config),
        voices=voices,
        cache=build_cache(config),
        admission=admission,
        metrics=Metrics(),
        config=config,
    )
