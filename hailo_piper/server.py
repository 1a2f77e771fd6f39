"""Builds every part once; starts listeners in order, stops them in reverse."""

import importlib
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from hailo_piper.cache import Cache, MemoryCache, NullCache
from hailo_piper.config import Config
from hailo_piper.cors import Cors
from hailo_piper.engine import Engine
from hailo_piper.errors import ConfigError
from hailo_piper.heap import share_heaps
from hailo_piper.speech import Speech
from hailo_piper.voices import Voices, embedded_model_path, read_voice

if TYPE_CHECKING:
    from hailo_piper.http_server import HttpServer

logger = logging.getLogger(__name__)

_CACHE_BYTES = 64 << 20


def build_engine(config: Config) -> Engine:
    """The configured voice, loaded. Raises ConfigError."""
    model_path = config.piper.model_path
    voice = read_voice(Path(model_path) if model_path else embedded_model_path())
    return Engine(voice, _cache_directory(config))


def build_voices(engine: Engine, config: Config) -> Voices:
    """The loaded voice under all its names. Raises ConfigError."""
    return Voices(engine.voice, config.voices.aliases)


def build_speech(engine: Engine, config: Config) -> Speech:
    """The pipeline around a voice. Raises ConfigError."""
    cache: Cache = MemoryCache(_CACHE_BYTES) if config.performance.cache_enabled else NullCache()
    return Speech(engine=engine, voices=build_voices(engine, config), cache=cache, config=config)


def build_http(engine: Engine, config: Config) -> "HttpServer":
    """The HTTP listener, its port taken. Raises ConfigError, and OSError where the port cannot be had."""
    from hailo_piper.app import create_app, max_body_bytes
    from hailo_piper.http_server import HttpServer

    return HttpServer(
        create_app(speech=build_speech(engine, config), voices=build_voices(engine, config), config=config),
        host=config.server.host,
        port=config.server.port,
        speech_threads=config.performance.worker_threads,
        max_body_bytes=max_body_bytes(config),
        patience_seconds=config.performance.request_timeout,
        cors=Cors(config.server.cors_origins),
    )


def _cache_directory(config: Config) -> Path:
    if config.piper.cache_directory:
        return Path(config.piper.cache_directory)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "hailo-piper"


def _load_voice(config: Config) -> Engine:
    started = time.monotonic()
    engine = build_engine(config)
    engine.warm_up()
    fields = {"voice": engine.voice.id, "seconds": round(time.monotonic() - started, 3)}
    logger.info("voice loaded", extra={"fields": fields})
    return engine


class Server:
    """The whole service."""

    def __init__(self, config: Config) -> None:
        """Load the voice and take the port; raises ConfigError for the one, OSError for the other."""
        share_heaps(2)
        with ThreadPoolExecutor(1, thread_name_prefix="loading") as loader:
            loading = loader.submit(_load_voice, config)
            # Loading happens outside Python for the most part, and importing Flask inside: so both at once.
            importlib.import_module("hailo_piper.app")
            self.engine = loading.result()
        self._stop_seconds = config.performance.request_timeout
        self._preparation = threading.Thread(target=self.engine.prepare, name="preparation", daemon=True)
        try:
            self.http = build_http(self.engine, config)
        except (OSError, ConfigError):
            self.engine.close()
            raise

    def start(self) -> None:
        """Answer requests, and have the voice prepared meanwhile, if it is not yet."""
        self.http.start()
        self._preparation.start()

    def stop(self) -> None:
        """Finish what is being spoken, within `performance.request_timeout`, and let go of everything."""
        self.http.stop(timeout_seconds=self._stop_seconds)
        self.engine.close()
        self._preparation.join()


def run(config: Config, *, on_ready: Callable[[Server], None]) -> None:
    """Serve until SIGTERM or SIGINT; a second signal ends at once."""
    stopping = threading.Event()

    def ask_to_stop(number: int, frame: object) -> None:  # noqa: ARG001 - signal's signature
        if stopping.is_set():
            raise SystemExit(128 + number)
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    server = Server(config)
    server.start()
    on_ready(server)
    stopping.wait()
    logger.info("stopping")
    server.stop()
    logger.info("stopped")
