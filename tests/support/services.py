"""Builds services, whole or in part, from a configuration."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from typing import Any

from flask import Flask

from hailo_piper.assembly import build_service
from hailo_piper.config.loading import load_config
from hailo_piper.config.settings import Config
from hailo_piper.default_voice import DefaultVoice
from hailo_piper.engine.engine import Engine
from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.engine.scheduler import Scheduler
from hailo_piper.engine.shared_parts import SharedParts
from hailo_piper.listeners.http.app import create_app
from hailo_piper.listeners.keys import Keys
from hailo_piper.machine import cpus
from hailo_piper.server import Server
from hailo_piper.voices.names import NamedVoice

OPENAI_VOICES = tuple(load_config(None).voices.aliases)
"""The names that OpenAI's clients send."""
QUIET = {"noise_scale": 0, "noise_w_scale": 0}
"""Scales that make Piper deterministic, for exact comparisons."""


def as_values(config: Config) -> dict[str, dict[str, Any]]:
    """The tone configuration again, to be changed."""
    return {
        "server": {"host": "127.0.0.1", "port": 0},
        "piper": {
            "model_path": config.piper.model_path,
            "cache_directory": config.piper.cache_directory,
            "noise_scale": 0,
            "noise_w_scale": 0,
        },
        "voices": {"directory": config.voices.directory},
    }


@contextmanager
def sharing(espeak: Espeak) -> Iterator[SharedParts]:
    """Worker threads of their own, with this run's espeak-ng."""
    with closing(Scheduler(cpus.worker_threads(cpus.usable_cpus()))) as scheduler:
        parts = SharedParts(scheduler, espeak)
        with closing(parts.formants):
            yield parts


def as_default(engine: Engine, shared: SharedParts) -> DefaultVoice:
    """An engine of a test's own as the voice of a service."""
    return DefaultVoice(named=NamedVoice(engine.voice), engine=engine, shared=shared, load_seconds=0.0)


def build_app(stack: ExitStack, default: DefaultVoice, config: Config, keys: Keys | None = None, **parts: Any) -> Flask:
    """The app around a default voice, ready; any of its parts may be given. The stack closes the rest."""
    service = build_service(default, config, stack, keys=keys)
    service.health.started()
    return create_app(replace(service, **parts))


@contextmanager
def running(config: Config) -> Iterator[Server]:
    """A real service on free ports, until the block ends."""
    server = Server(config)
    server.start()
    try:
        yield server
    finally:
        server.stop()
