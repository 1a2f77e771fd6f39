"""Builds every part once; starts listeners in order, stops them in reverse."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

from hailo_piper import cpus
from hailo_piper.admission import Admission
from hailo_piper.app import create_app, max_body_bytes
from hailo_piper.cache import Cache, NullCache
from hailo_piper.config import Config
from hailo_piper.disk_cache import DiskCache
from hailo_piper.engine import Engine
from hailo_piper.health import Health
from hailo_piper.heap import share_heaps
from hailo_piper.http_server import HttpServer
from hailo_piper.keys import load_keys
from hailo_piper.metrics import Metrics
from hailo_piper.speech import Speech
from hailo_piper.voices import Voices, embedded_model_path, read_voice

logger = logging.getLogger(__name__)


def build_engine(config: Config) -> Engine:
    """The configured voice, loaded. Raises ConfigError."""
    model_path = config.piper.model_path
    voice = read_voice(Path(model_path) if model_path else embedded_model_path())
    return Engine(voice, _cache_directory(config))


def build_cache(config: Config) -> Cache:
    """Where spoken sentences are kept, if they are to be."""
    performance = config.performance
    if not performance.cache_enabled:
        return NullCache()
    state = Path(os.environ.get("XDG_STATE_HOME") or Path("~/.local/state").expanduser())
    return DiskCache(
        Path(performance.cache_directory or state / "hailo-piper" / "speech"),
        max_bytes=performance.cache_size_mb * 1_000_000,
        ttl_seconds=performance.cache_ttl_seconds,
    )


def build_speech(engine: Engine, config: Config) -> Speech:
    """The pipeline around a voice."""
    admission = Admission(
        places=config.performance.worker_threads,
        max_queue=config.performance.max_queue,
        workers=cpus.worker_threads(cpus.usable_cpus()),
    )
    return Speech(
        engine=engine,
        voices=Voices(engine.voice),
        cache=build_cache(config),
        admission=admission,
        metrics=Metrics(),
        config=config,
    )


def _cache_directory(config: Config) -> Path:
    if config.piper.cache_directory:
        return Path(config.piper.cache_directory)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "hailo-piper"


class Server:
    """The whole service."""

    def __init__(self, config: Config) -> None:
        """Load the voice and take the port; raises ConfigError for the one, OSError for the other."""
        share_heaps(2)
        keys = load_keys(Path(config.server.api_keys_file) if config.server.api_keys_file else None)
        started = time.monotonic()
        self.engine = build_engine(config)
        self.engine.warm_up()
        load_seconds = time.monotonic() - started
        fields = {"voice": self.engine.voice.id, "seconds": round(load_seconds, 3)}
        logger.info("voice loaded", extra={"fields": fields})
        self.health = Health(stalled_seconds=self.engine.stalled_seconds)
        self._stop_seconds = config.performance.request_timeout
        self._preparation = threading.Thread(target=self.engine.prepare, name="preparation", daemon=True)
        self.speech = build_speech(self.engine, config)
        self.speech.metrics.voice_loaded(load_seconds)
        try:
            self.http = HttpServer(
                create_app(
                    speech=self.speech,
                    voices=Voices(self.engine.voice),
                    health=self.health,
                    keys=keys,
                    config=config,
                ),
                host=config.server.host,
                port=config.server.port,
                speech_threads=config.performance.worker_threads + config.performance.max_queue,
                max_body_bytes=max_body_bytes(config),
                patience_seconds=config.performance.request_timeout,
            )
        except OSError:
            self.engine.close()
            self.speech.cache.close()
            raise

    def start(self) -> None:
        """Answer requests, and have the voice prepared meanwhile, if it is not yet."""
        self.http.start()
        self.health.started()
        self._preparation.start()

    def stop(self) -> None:
        """Finish what is being spoken, within `performance.request_timeout`, and let go of everything."""
        self.health.stopping()
        self.http.stop(timeout_seconds=self._stop_seconds)
        self.engine.close()
        self.speech.cache.close()
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
