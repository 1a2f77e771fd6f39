"""Fixtures that every room's tests share: the tone voice, an app around it, and real servers on a free port."""

import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hailo_piper.config.loading import parse_config
from hailo_piper.config.settings import Config
from hailo_piper.default_voice import DefaultVoice, load_default_voice
from hailo_piper.engine.engine import Engine
from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.engine.shared_parts import SharedParts
from hailo_piper.jobs.queue.worker import Worker
from hailo_piper.machine.heap import share_heaps
from hailo_piper.server import Server
from tests.support.client import wait_until
from tests.support.services import QUIET, build_app, running, sharing
from tests.support.tone_voice import make_tone_voice

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def pytest_configure() -> None:
    # As the service does at its start: what a test counts of memory is then what an operator would see.
    share_heaps(2)
    # Who runs the tests in the background or under nohup has signals ignored, and so would every command they start.
    for number in _STOPPING:
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


@pytest.fixture(scope="session")
def espeak() -> Iterator[Espeak]:
    """One espeak-ng for all tests that need no fault of it."""
    with closing(Espeak()) as one:
        yield one


@pytest.fixture
def shared(espeak: Espeak) -> Iterator[SharedParts]:
    with sharing(espeak) as parts:
        yield parts


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """The command line configures logging for its process; here it would outlive the test and its streams."""
    loggers = [logging.getLogger(name) for name in (None, "piper", "waitress", "waitress.queue")]
    before = [(logger.handlers[:], logger.level) for logger in loggers]
    yield
    for logger, (handlers, level) in zip(loggers, before, strict=True):
        logger.handlers[:], logger.level = handlers, level


@pytest.fixture(autouse=True)
def _workers_share_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that tests keep busy would never let a worker of the lowest priority run."""
    monkeypatch.setattr(Worker, "manner", ())


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
    return parse_config(
        {
            "piper": piper,
            "server": {"host": "127.0.0.1", "port": 0},
            "voices": voices,
            "jobs": {"directory": str(cache_directory / "jobs")},
        }
    )


@pytest.fixture(scope="session")
def joe_config(cache_directory: Path) -> Config:
    piper = {"cache_directory": str(cache_directory), **QUIET}
    voices = {"directory": str(cache_directory / "no-voices")}
    return parse_config(
        {
            "piper": piper,
            "server": {"host": "127.0.0.1", "port": 0},
            "voices": voices,
            "jobs": {"directory": str(cache_directory / "jobs")},
        }
    )


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
        values = {
            name: {**section, **(sections or {}).get(name, {})} for name, section in tone_config.as_values().items()
        }
        return build_app(stack, default, parse_config(values), **parts)

    with stack:
        yield build


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def tone_server(tone_config: Config) -> Iterator[Server]:
    with running(tone_config) as server:
        yield server


@pytest.fixture(scope="session")
def joe_server(joe_config: Config) -> Iterator[Server]:
    """A real service with the real voice, prepared, shared by every test that only asks it things."""
    with running(joe_config) as server:
        wait_until(lambda: server.engine.is_prepared, timeout_seconds=120)
        yield server
