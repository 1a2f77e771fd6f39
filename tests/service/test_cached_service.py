"""The real service with the real voice and its cache: what a listener hears and sees of it, whatever the disk does."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hailo_piper.config.loading import parse_config
from hailo_piper.config.settings import Config
from hailo_piper.server import Server
from tests.support.client import Answer, ask, get, post
from tests.support.services import QUIET, running

SPEECH = "/v1/audio/speech"
PHRASE = "The kitchen light is on now, and the door is locked."


@contextmanager
def serving(joe_config: Config, directory: Path) -> Iterator[Server]:
    piper = {"cache_directory": joe_config.piper.cache_directory, **QUIET}
    performance = {"cache_enabled": True, "cache_directory": str(directory)}
    config = parse_config({"server": {"host": "127.0.0.1", "port": 0}, "piper": piper, "performance": performance})
    with running(config) as server:
        yield server


def speak(server: Server, text: str = PHRASE, **fields: Any) -> Answer:
    answer = post(server.http.port, SPEECH, {"input": text, **fields})
    assert answer.status_code == 200
    return answer


@pytest.mark.usefixtures("joe_server")
def test_a_repeated_phrase_is_a_hit_equal_to_the_byte_also_after_a_restart(joe_config: Config, tmp_path: Path) -> None:
    with serving(joe_config, tmp_path) as server:
        first, second = speak(server), speak(server)
        assert (first.headers["X-Cache"], second.headers["X-Cache"]) == ("miss", "hit")
        assert first.data == second.data
        assert speak(server, response_format="pcm").headers["X-Cache"] == "hit"
        assert speak(server, PHRASE + " Now this.").headers["X-Cache"] == "partial"
        assert speak(server, use_cache=False).headers["X-Cache"] == "miss"
        assert get(server.http.port, "/health").get_json()["cache_entries"] == 2
    with serving(joe_config, tmp_path) as server:
        again = speak(server)
        assert (again.headers["X-Cache"], again.data) == ("hit", first.data)
        statistics = get(server.http.port, "/v1/cache").get_json()
        assert (statistics["entries"], statistics["hits"], statistics["misses"]) == (2, 1, 0)
        assert (statistics["enabled"], statistics["hit_rate"]) == (True, 1.0)
        assert ask(server.http.port, "DELETE", "/v1/cache", None, {}).get_json() == {"deleted": 2}
        assert speak(server).headers["X-Cache"] == "miss"


@pytest.mark.usefixtures("joe_server")
def test_equal_requests_at_once_over_http_are_one_synthesis(joe_config: Config, tmp_path: Path) -> None:
    with serving(joe_config, tmp_path) as server, ThreadPoolExecutor(8) as pool:
        # With noise, two syntheses would differ.
        noise = {"noise_scale": 0.667, "noise_w_scale": 0.8}
        answers = list(pool.map(lambda _: speak(server, PHRASE + " And now a second sentence.", **noise), range(8)))
        assert len({answer.data for answer in answers}) == 1


@pytest.mark.parametrize("kept", [1, 2])
@pytest.mark.usefixtures("joe_server")
def test_what_goes_on_after_a_kept_beginning_has_the_bits_of_the_whole(
    joe_config: Config, tmp_path: Path, kept: int
) -> None:
    sentences = [PHRASE, "Somebody has left the window open.", "It is going to rain, they say."]
    with serving(joe_config, tmp_path) as server:
        spoken = speak(server, " ".join(sentences), use_cache=False).data
        assert speak(server, " ".join(sentences[:kept])).headers["X-Cache"] == "miss"
        partial = speak(server, " ".join(sentences))
        assert (partial.headers["X-Cache"], partial.data) == ("partial", spoken)
        whole = speak(server, " ".join(sentences))
        assert (whole.headers["X-Cache"], whole.data) == ("hit", spoken)


def garble_everything(directory: Path) -> None:
    for path in directory.rglob("*"):
        if path.is_file():
            path.write_bytes(b"x" * 4096)


def truncate_everything(directory: Path) -> None:
    for path in directory.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def remove_everything(directory: Path) -> None:
    for path in sorted(directory.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    directory.rmdir()


def put_a_file_in_its_place(directory: Path) -> None:
    remove_everything(directory)
    directory.write_text("")


@pytest.mark.parametrize("damage", [garble_everything, truncate_everything, remove_everything, put_a_file_in_its_place])
@pytest.mark.parametrize("while_running", [True, False])
@pytest.mark.usefixtures("joe_server")
def test_whatever_happens_to_the_cache_speech_goes_on(
    joe_config: Config, tmp_path: Path, damage: Callable[[Path], None], *, while_running: bool
) -> None:
    directory = tmp_path / "cache"
    with serving(joe_config, directory) as server:
        right = speak(server).data
        get(server.http.port, "/v1/cache")
        assert speak(server).headers["X-Cache"] == "hit"
        if while_running:
            damage(directory)
            assert [speak(server).data for _ in range(3)] == [right] * 3
    if not while_running:
        damage(directory)
    with serving(joe_config, directory) as server:
        assert [speak(server).data for _ in range(3)] == [right] * 3
