"""Builds every part of a service from its configuration, each once.

A part that only some configurations have is imported where it is built: a service without Wyoming does not pay for it.
Whoever builds gives an `ExitStack`, which closes the parts in reverse.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hailo_piper.cache.store import Cache, NullCache
from hailo_piper.config.settings import Config
from hailo_piper.default_voice import DefaultVoice
from hailo_piper.engine.engine import Engine
from hailo_piper.engine.loaded_voices import LoadedVoices
from hailo_piper.jobs.queue.long_work import LongWork
from hailo_piper.listeners.batch_lines import answered_line
from hailo_piper.listeners.callers import Callers
from hailo_piper.listeners.keys import Keys
from hailo_piper.listeners.port import ListenError, in_url, max_message_bytes
from hailo_piper.listeners.service import Service
from hailo_piper.listeners.upgrade import NoUpgrades, Upgrades
from hailo_piper.machine.user_directories import user_directory
from hailo_piper.monitoring.health import Health
from hailo_piper.monitoring.metrics import Metrics
from hailo_piper.monitoring.tracers import build_tracer
from hailo_piper.speech.admission import Admission
from hailo_piper.speech.pipeline import Speech
from hailo_piper.text.language_detector import LanguageDetector
from hailo_piper.text.lexicon.places import build_lexicons
from hailo_piper.voices.names import NamedVoice, Voices
from hailo_piper.voices.places import installed, places, prepared_directory
from hailo_piper.voices.real_time_factors import RealTimeFactors
from hailo_piper.voices.voice import Voice

if TYPE_CHECKING:
    from hailo_piper.listeners.http.server.listener import HttpServer
    from hailo_piper.listeners.websocket.listener import WebSocketServer
    from hailo_piper.listeners.wyoming.listener import Announce, WyomingServer
    from hailo_piper.speech.quality_watch import QualityWatch


def build_voices(default: NamedVoice, config: Config, *, is_substitute: bool = False) -> Voices:
    """Name the default voice and the installed ones, with their aliases. Raises ConfigError."""
    aliases = config.voices.aliases
    if is_substitute:
        from hailo_piper.voices.substitutes import without_speakers

        aliases = without_speakers(aliases)
    factors = RealTimeFactors(prepared_directory(config))
    strategy = None
    if config.engines.strategy != "explicit":
        from hailo_piper.voices.strategy import Strategy

        strategy = Strategy(config.engines.strategy, factors)
    return Voices(
        default.voice,
        aliases,
        installed(places(config)),
        speaker=default.speaker,
        any_language="espeak" in map(str.lower, config.engines.fallback),
        strategy=strategy,
        factors=factors,
    )


def build_loaded_voices(default: DefaultVoice, config: Config) -> LoadedVoices:
    """Make room for further voices beside the default one."""

    def load(voice: Voice) -> Engine:
        loaded = Engine(voice, prepared_directory(config), default.shared)
        _ = loaded.digest  # the cache needs it; reading the file now keeps that out of the first answer
        return loaded

    budget_bytes = config.voices.memory_mb * 1e6
    return LoadedVoices(default.engine, load, budget_bytes=budget_bytes, default_load_seconds=default.load_seconds)


def build_cache(config: Config) -> Cache:
    """Open the cache of spoken sentences, or a NullCache where none is configured."""
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


def build_service(default: DefaultVoice, config: Config, stack: ExitStack, *, keys: Keys | None = None) -> Service:
    """Build everything but the listeners around the default voice. Raises ConfigError. `keys` None: none is needed."""
    voices = build_voices(default.named, config, is_substitute=default.is_substitute)
    cache = build_cache(config)
    stack.callback(cache.close)
    loaded = build_loaded_voices(default, config)
    stack.callback(loaded.close)
    admission = Admission(
        places=config.performance.worker_threads,
        max_queue=config.performance.max_queue,
        workers=default.shared.scheduler.workers,
        costs=default.shared.costs,
    )
    metrics = Metrics()
    tracer = build_tracer(os.environ)
    stack.callback(tracer.close)
    lexicons, detector = build_lexicons(config), LanguageDetector()
    speech = Speech(
        loaded=loaded,
        voices=voices,
        lexicons=lexicons,
        detector=detector,
        cache=cache,
        admission=admission,
        metrics=metrics,
        config=config,
    )
    long_work = LongWork(config, answered_line, lambda: not default.shared.scheduler.is_idle)
    stack.callback(long_work.close)
    service = Service(
        speech=speech,
        voices=voices,
        lexicons=lexicons,
        detector=detector,
        espeak=default.shared.espeak,
        loaded=loaded,
        cache=cache,
        admission=admission,
        scheduler=default.shared.scheduler,
        metrics=metrics,
        tracer=tracer,
        health=Health(
            stalled_seconds=default.engine.stalled_seconds,
            is_degraded=default.is_substitute,
            ready_when_degraded=config.engines.ready_when_degraded,
        ),
        callers=Callers(keys or Keys(()), config.server.rate_limit),
        long_work=long_work,
        config=config,
    )
    metrics.watch(service.state)
    return service


def build_quality_watch(default: DefaultVoice, service: Service) -> "QualityWatch | None":
    """Build what scores the default voice each hour; None where nobody wants it. Raises ConfigError."""
    if not service.config.engines.quality_watch:
        return None
    from hailo_piper.engine.dnsmos import Dnsmos, check_installed
    from hailo_piper.speech.quality_watch import QualityWatch

    check_installed()
    return QualityWatch(
        service.speech,
        lambda: Dnsmos().score,
        service.metrics,
        voice_id=default.engine.voice.id,
        is_idle=lambda: service.scheduler.is_idle,
    )


def build_websocket(service: Service) -> "WebSocketServer":
    """Build the listener of WebSockets, which takes its sockets from the HTTP listener."""
    from hailo_piper.listeners.websocket.listener import WebSocketServer

    return WebSocketServer(service)


def build_http(service: Service, upgrades: Upgrades = NoUpgrades()) -> "HttpServer":  # noqa: B008 - it holds nothing
    """Take the HTTP listener's port. Raises ListenError if that is not possible."""
    from hailo_piper.listeners.http.app import create_app
    from hailo_piper.listeners.http.cors import Cors
    from hailo_piper.listeners.http.kept_work import long_bodies
    from hailo_piper.listeners.http.server.listener import HttpServer
    from hailo_piper.listeners.http.traced_app import TracedApp

    config = service.config
    app = create_app(service)
    with _naming(config.server.host, config.server.port):
        return HttpServer(
            TracedApp(app, service.tracer) if service.tracer.is_on else app,
            host=config.server.host,
            port=config.server.port,
            speech_threads=config.performance.worker_threads + config.performance.max_queue,
            max_body_bytes=max_message_bytes(config),
            patience_seconds=config.performance.request_timeout,
            cors=Cors(config.server.cors_origins),
            on_refusal=partial(service.metrics.refused, "http"),
            upgrades=upgrades,
            long_bodies=long_bodies(service),
        )


def build_wyoming(service: Service) -> "WyomingServer | None":
    """Take the Wyoming listener's port, if the configuration wants one. Raises ListenError if that is not possible."""
    wyoming = service.config.wyoming
    if not wyoming.enabled:
        return None
    from hailo_piper.listeners.wyoming.listener import WyomingServer

    with _naming(wyoming.host, wyoming.port):
        return WyomingServer(service, host=wyoming.host, port=wyoming.port)


def build_announcement(wyoming: "WyomingServer", config: Config) -> "Announce | None":
    """Return what announces the Wyoming listener on the network; None where the configuration does not want it."""
    if not config.wyoming.zeroconf:
        return None
    from hailo_piper.listeners.wyoming.discovery import announce

    return partial(announce, wyoming.host, wyoming.port)


@contextmanager
def _naming(host: str, port: int) -> Iterator[None]:
    """Have an error say which of the ports it was."""
    try:
        yield
    except OSError as error:
        raise ListenError(error.errno, error.strerror, f"{in_url(host)} port {port}") from error
