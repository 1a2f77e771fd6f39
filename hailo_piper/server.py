"""Starts the listeners in order, stops them in reverse, and reacts to signals."""

import importlib
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

from hailo_piper.assembly import (
    build_announcement,
    build_http,
    build_quality_watch,
    build_service,
    build_websocket,
    build_wyoming,
)
from hailo_piper.config.settings import Config
from hailo_piper.default_voice import DefaultVoice, load_default_or_substitute
from hailo_piper.errors import ConfigError
from hailo_piper.listeners import hosts
from hailo_piper.listeners.keys import load_keys
from hailo_piper.listeners.port import allow_connections, in_url
from hailo_piper.machine.heap import share_heaps
from hailo_piper.machine.systemd import ServiceManager, Watchdog
from hailo_piper.schemas.checker import load_validator
from hailo_piper.text.normalise.verbaliser import load_language

logger = logging.getLogger(__name__)

_CLOSING_SECONDS = 15
_SETTLE_SECONDS = 0.5
_STEP_SECONDS = 0.01
_PREPARATION_SECONDS = 10.0


def _load_voice(config: Config, stack: ExitStack) -> DefaultVoice:
    """Load and warm the voice while this thread imports the HTTP half: loading releases Python's lock."""

    def load() -> DefaultVoice:
        default = load_default_or_substitute(config, stack)
        default.engine.warm_up()
        return default

    with ThreadPoolExecutor(1, thread_name_prefix="loading") as loader:
        loading = loader.submit(load)
        importlib.import_module("hailo_piper.listeners.http.app")
        importlib.import_module("hailo_piper.listeners.http.server.listener")
        return loading.result()


class Server:
    """The whole service."""

    def __init__(self, config: Config) -> None:
        """Load the voice and take the ports. Raises ConfigError for the voice, OSError for a port."""
        if wrong := list(hosts.problems(config)):
            raise ConfigError(wrong)
        share_heaps(2)
        allow_connections()
        if config.jobs.webhooks:
            from hailo_piper.jobs.queue.targets import load_targets

            # A secret that cannot be read is told now, not when the first batch has ended.
            load_targets(config.jobs.webhooks)
        keys = load_keys(Path(config.server.api_keys_file) if config.server.api_keys_file else None)
        self._config = config
        self._stopping = threading.Event()
        self._preparation = threading.Thread(target=self._prepare, name="preparation", daemon=True)
        with ExitStack() as stack:
            default = _load_voice(config, stack)
            self.shared = default.shared
            self.engine, self.load_seconds = default.engine, default.load_seconds
            self.service = build_service(default, config, stack, keys=keys)
            self.quality_watch = build_quality_watch(default, self.service)
            if self.quality_watch is not None:
                stack.callback(self.quality_watch.close)
            self.wyoming = build_wyoming(self.service)
            if self.wyoming is not None:
                stack.callback(self.wyoming.close)
            self.websocket = build_websocket(self.service)
            self.http = build_http(self.service, self.websocket)
            self._parts = stack.pop_all()

    def start(self) -> None:
        """Answer requests, and prepare the voice meanwhile, if it is not prepared yet."""
        self.http.start()
        if self.wyoming is not None:
            self.wyoming.start(build_announcement(self.wyoming, self._config))
        self.service.health.started()
        self._preparation.start()
        if self.quality_watch is not None:
            self.quality_watch.start()

    def reload(self) -> None:
        """Scan for new, changed and removed voices now, and release the memory of those that are gone."""
        self.service.voices.rescan()
        voices = self.service.voices.all()
        self.service.loaded.keep_only(voices)
        self.service.loaded.preparations.check()
        logger.info("voices", extra={"fields": {"voices": [voice.id for voice in voices]}})

    def stop(self) -> None:
        """Drain for `server.drain_seconds`, finish answers within `server.stop_seconds`, then close everything."""
        self._stopping.set()
        self.service.health.stopping()
        self.service.loaded.preparations.stop()
        self.http.drain()
        # A second signal to stop ends the process at once.
        time.sleep(self._config.server.drain_seconds)
        listeners = [listener for listener in (self.wyoming, self.websocket, self.http) if listener is not None]
        stop_together(listeners, timeout_seconds=self._config.server.stop_seconds)
        self._parts.close()
        # It may be waiting for the disk, which must not hold up the stop.
        self._preparation.join(_PREPARATION_SECONDS)

    def _prepare(self) -> None:
        # A client that waited for the start sends its request now; work that can wait must not compete with it.
        self._stopping.wait(_SETTLE_SECONDS)
        importlib.import_module("hailo_piper.monitoring.exposition")
        load_validator()
        self.service.long_work.resume()
        # Compiling takes a moment of Python's lock each time, which must not add up for a request that comes now.
        load_language(self.engine.voice.language, lambda: self._stopping.wait(_STEP_SECONDS))
        fields = {"voice": self.engine.voice.id, "seconds": round(self.load_seconds, 3)}
        logger.info("voice loaded", extra={"fields": fields})
        self.engine.prepare()
        self.service.loaded.preparations.run()


def run(config: Config, *, on_ready: Callable[[Server], None], manager: ServiceManager) -> None:
    """Serve until SIGTERM or SIGINT, scanning for voices on SIGHUP, and report to the service manager.

    A second signal to stop ends the process at once.
    """
    with _signals() as next_signal:
        manager.notify(STATUS="loading the voice")
        server = Server(config)
        server.start()
        watchdog = Watchdog(manager, server.engine.is_alive)
        watchdog.start()
        manager.notify(
            READY=1, STATUS=f"{server.engine.voice.id} speaks on {in_url(server.http.host)} port {server.http.port}"
        )
        on_ready(server)
        while next_signal() == signal.SIGHUP:
            server.reload()
        logger.info("stopping")
        watchdog.stop()
        seconds = config.server.drain_seconds + config.server.stop_seconds + _CLOSING_SECONDS
        manager.notify(STOPPING=1, STATUS="finishing the answers under way", EXTEND_TIMEOUT_USEC=int(seconds * 1e6))
        server.stop()
        logger.info("stopped")


@contextmanager
def _signals() -> Iterator[Callable[[], int]]:
    """Catch signals, and yield a function that waits for the next one and returns its number."""
    stopping = threading.Event()

    def catch(number: int, frame: object) -> None:  # noqa: ARG001 - signal's signature
        if number == signal.SIGHUP:
            return
        if stopping.is_set():
            logger.warning("ended at once, by a second signal")
            # Unwinding would wait for the answers under way, and threads in native code would abort the interpreter.
            os._exit(128 + number)
        stopping.set()

    # Python writes each signal's number into the socket, whichever thread the system interrupts, so none is missed.
    reader, writer = socket.socketpair()
    with reader, writer:
        writer.setblocking(False)  # noqa: FBT003 - socket's signature
        signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, catch)
        try:
            yield lambda: reader.recv(1)[0]
        finally:
            signal.set_wakeup_fd(-1)


class Listener(Protocol):
    """A listener that answers requests."""

    def stop(self, *, timeout_seconds: float) -> None:
        """Accept no more connections, let answers finish within the bound, then close everything."""


def stop_together(listeners: Sequence[Listener], *, timeout_seconds: float) -> None:
    """Stop all listeners at the same time, so that none uses up the time for another's answers."""
    with ThreadPoolExecutor(len(listeners), thread_name_prefix="stopping") as pool:
        for stopped in [pool.submit(listener.stop, timeout_seconds=timeout_seconds) for listener in listeners]:
            stopped.result()
