"""Builds every part once; starts listeners in order, stops them in reverse."""

import logging
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

from hailo_piper.app import create_app, max_body_bytes
from hailo_piper.cache import Cache, MemoryCache, NullCache
from hailo_piper.config import Config
from hailo_piper.engine import Engine
from hailo_piper.http_server import HttpServer
from hailo_piper.speech import Speech
from hailo_piper.voices import Voices, embedded_model_path, read_voice

logger = logging.getLogger(__name__)

_CACHE_BYTES = 64 << 20


def build_speech(config: Config) -> tuple[Speech, Voices]:
    """The pipeline of a configuration, its voice loaded and warmed up. Raises ConfigError."""
    started = time.monotonic()
    model_path = config.piper.model_path
    voices = Voices(read_voice(Path(model_path) if model_path else embedded_model_path()))
    engine = Engine(voices.default)
    engine.warm_up()
    cache: Cache = MemoryCache(_CACHE_BYTES) if config.performance.cache_enabled else NullCache()
    fields = {"voice": voices.default.id, "seconds": round(time.monotonic() - started, 3)}
    logger.info("voice loaded", extra={"fields": fields})
    return Speech(engine=engine, voices=voices, cache=cache, config=config), voices


class Server:
    """The whole service."""

    def __init__(self, config: Config) -> None:
        """Take the port and load the voice; raises OSError for the one, ConfigError for the other."""
        speech, voices = build_speech(config)
        self._stop_seconds = config.performance.request_timeout
        self.http = HttpServer(
            create_app(speech=speech, voices=voices, config=config),
            host=config.server.host,
            port=config.server.port,
            speech_threads=config.performance.worker_threads,
            max_body_bytes=max_body_bytes(config),
        )

    def start(self) -> None:
        """Answer requests."""
        self.http.start()

    def stop(self) -> None:
        """Finish what is being spoken, within `performance.request_timeout`, and let go of everything."""
        self.http.stop(timeout_seconds=self._stop_seconds)


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
