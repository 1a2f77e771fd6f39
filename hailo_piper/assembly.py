"""Which doors there are: each with its port taken, all stopped together.

What a door needs is imported with it: a service that has no Wyoming pays nothing for it.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Protocol

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


class Listener(Protocol):
    """A door that is open."""

    def stop(self, *, timeout_seconds: float) -> None:
        """Accept no more, let the answers under way finish within the bound, then close everything."""


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


def stop_together(listeners: Sequence[Listener], *, timeout_seconds: float) -> None:
    """Stop all of them at once: none is to use up the time in which another's answers may end."""
    with ThreadPoolExecutor(len(listeners), thread_name_prefix="stopping") as pool:
        for stopped in [pool.submit(listener.stop, timeout_seconds=timeout_seconds) for listener in listeners]:
            stopped.result()


@contextmanager
def _naming(host: str, port: int) -> Iterator[None]:
    """An error says which of the ports it was."""
    try:
        yield
    except OSError as error:
        raise ListenError(error.errno, error.strerror, f"{in_url(host)} port {port}") from error
