"""The parts that tests share: the tone voice, an app around it, and real servers on a free port."""

import http.client
import io
import json
import logging
import signal
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hailo_piper.assembly import DefaultVoice, build_service, load_default_voice
from hailo_piper.config.loading import load_config, parse_config
from hailo_piper.config.settings import Config
from hailo_piper.engine.engine import Engine
from hailo_piper.engine.piper.espeak import Espeak
from hailo_piper.engine.scheduler import Scheduler
from hailo_piper.engine.shared_parts import SharedParts
from hailo_piper.listeners.http.app import create_app
from hailo_piper.machine import cpus
from hailo_piper.machine.heap import share_heaps
from hailo_piper.server import Server
from hailo_piper.voices.names import NamedVoice
from tests.tone_voice import make_tone_voice

# As the service does at its start: what a test counts of memory is then what an operator would see.
share_heaps(2)

# Whoever runs the tests in the background has Ctrl-C ignored, and so would every command that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

OPENAI_VOICES = tuple(load_config(None).voices.aliases)
"""The names that OpenAI's clients send."""

QUIET = {"noise_scale": 0, "noise_w_scale": 0}
"""Scales that make Piper deterministic, for exact comparisons."""


class FakeClock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Answer:
    """What a real server said, with the names that Flask's test client uses."""

    status_code: int
    headers: http.client.HTTPMessage
    data: bytes

    def get_json(self) -> Any:
        return json.loads(self.data)


def post(port: int, path: str, body: Any, headers: dict[str, str] | None = None) -> Answer:
    """One request on a connection of its own; a body that is no bytes goes as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return ask(port, "POST", path, raw, {"Content-Type": "application/json", **(headers or {})})


def get(port: int, path: str, headers: dict[str, str] | None = None) -> Answer:
    """One request without a body on a connection of its own."""
    return ask(port, "GET", path, None, headers or {})


def ask(port: int, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
    """Any request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def assert_error(response: Any, status: int, code: str, param: str | None) -> str:
    """The one look of every error; returns its message."""
    error = response.get_json()["error"]
    assert (response.status_code, error["code"], error["param"]) == (status, code, param), error
    assert set(error) == {"message", "type", "param", "code"}
    kinds = {401: "authentication_error", 429: "requests"}
    assert error["type"] == kinds.get(status, "server_error" if status >= 500 else "invalid_request_error")
    assert response.headers["Content-Type"] == "application/json"
    message: str = error["message"]
    assert message
    return message


def wait_until(predicate: Callable[[], bool], timeout_seconds: float = 10) -> None:
    """Wait for something to become true; fails where it does not in time."""
    deadline = time.monotonic() + timeout_seconds
    while not predicate():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


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


def wav_of(data: bytes) -> tuple[wave._wave_params, bytes]:
    """Parameters and PCM of a WAV whose header is exact."""
    with wave.open(io.BytesIO(data)) as file:
        return file.getparams(), file.readframes(file.getnframes())


@pytest.fixture(scope="session")
def espeak() -> Iterator[Espeak]:
    """One espeak-ng for all tests that need no fault of it."""
    with closing(Espeak()) as one:
        yield one


@contextmanager
def sharing(espeak: Espeak) -> Iterator[SharedParts]:
    """Worker threads of their own, with this run's espeak-ng."""
    with closing(Scheduler(cpus.worker_threads(cpus.usable_cpus()))) as scheduler:
        yield SharedParts(scheduler, espeak)


@pytest.fixture
def shared(espeak: Espeak) -> Iterator[SharedParts]:
    with sharing(espeak) as parts:
        yield parts


def as_default(engine: Engine, shared: SharedParts) -> DefaultVoice:
    """An engine of a test's own as the voice of a service."""
    return DefaultVoice(named=NamedVoice(engine.voice), engine=engine, shared=shared, load_seconds=0.0)


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """The command line configures logging for its process; here it would outlive the test and its streams."""
    loggers = [logging.getLogger(name) for name in (None, "piper", "waitress", "waitress.queue")]
    before = [(logger.handlers[:], logger.level) for logger in loggers]
    yield
    for logger, (handlers, level) in zip(loggers, before, strict=True):
        logger.handlers[:], logger.level = handlers, level


@pytest.fixture(scope="session")
def tone_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tone_voice(tmp_path_factory.mktemp("voices"))


@pytest.fixture(scope="session")
def cache_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this run keeps prepared voices: never the operator's own."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def tone_config(tone_path: Path, cache_directory: Path) -> Config:
    piper = {"model_path": str(tone_path), "cache_directory": str(cache_directory), **QUIET}
    voices = {"directory": str(cache_directory / "no-voices")}
    return parse_config({"piper": piper, "server": {"host": "127.0.0.1", "port": 0}, "voices": voices})


@pytest.fixture(scope="session")
def joe_config(cache_directory: Path) -> Config:
    piper = {"cache_directory": str(cache_directory), **QUIET}
    voices = {"directory": str(cache_directory / "no-voices")}
    return parse_config({"piper": piper, "server": {"host": "127.0.0.1", "port": 0}, "voices": voices})


def build_app(stack: ExitStack, default: DefaultVoice, config: Config, **parts: Any) -> Flask:
    """The app around a default voice, ready, without keys; any of its parts may be given. The stack closes the rest."""
    service = build_service(default, config, stack)
    service.health.started()
    return create_app(replace(service, **parts))


@pytest.fixture
def make_client() -> Iterator[Callable[[Config], FlaskClient]]:
    """Builds the app of a configuration, without a network, and hands out its client."""
    with ExitStack() as voices:

        def build(config: Config) -> FlaskClient:
            return build_app(voices, load_default_voice(config, voices), config).test_client()

        yield build


@pytest.fixture
def default(tone_config: Config) -> Iterator[DefaultVoice]:
    with ExitStack() as stack:
        yield load_default_voice(tone_config, stack)


@pytest.fixture
def engine(default: DefaultVoice) -> Engine:
    return default.engine


@pytest.fixture
def make_app(default: DefaultVoice, tone_config: Config) -> Iterator[Callable[..., Flask]]:
    """An app around the tone voice; any of its parts may be given, and sections of the configuration changed."""
    stack = ExitStack()

    def build(sections: dict[str, dict[str, Any]] | None = None, **parts: Any) -> Flask:
        values = {name: {**section, **(sections or {}).get(name, {})} for name, section in asdict(tone_config).items()}
        return build_app(stack, default, parse_config(values), **parts)

    with stack:
        yield build


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def running(config: Config) -> Iterator[Server]:
    server = Server(config)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def tone_server(tone_config: Config) -> Iterator[Server]:
    yield from running(tone_config)


@pytest.fixture(scope="session")
def joe_server(joe_config: Config) -> Iterator[Server]:
    """A real service with the real voice, prepared, shared by every test that only asks it things."""
    for server in running(joe_config):
        wait_until(lambda: server.engine.is_prepared, timeout_seconds=120)  # noqa: B023 - there is one server
        yield server
