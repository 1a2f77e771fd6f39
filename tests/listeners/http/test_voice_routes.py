"""Voices that come and go over HTTP, for those who hold a key; nothing half done is ever seen by the service."""

import hashlib
import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from hailo_piper.__main__ import main
from hailo_piper.assembly import build_service
from hailo_piper.config.settings import Config
from hailo_piper.default_voice import DefaultVoice
from hailo_piper.engine.piper.prepared.errors import CannotCut
from hailo_piper.engine.piper.prepared.fingerprint import entry_key, model_sha256
from hailo_piper.engine.piper.prepared.store import prepare
from hailo_piper.errors import InvalidRequestError
from hailo_piper.listeners.http.voice_installer import VoiceInstaller
from hailo_piper.schemas.checker import load_schema
from hailo_piper.server import Server
from hailo_piper.voices.fetching import kokoro
from hailo_piper.voices.kokoro_voices import LANGUAGES
from hailo_piper.voices.names import Voices
from hailo_piper.voices.voice import read_voice
from tests.support.client import Answer, ask, assert_error, wait_until
from tests.support.hub import Hub, entries, running_hub
from tests.support.services import running
from tests.support.tiny_kokoro import make_tiny_kokoro, styles
from tests.support.tone_voice import make_tone_voice

KEY = "sk-voices"
HEADERS = {"Authorization": f"Bearer {KEY}"}
SPANISH, GERMAN = "es_ES-tone-low", "de_DE-tone-medium"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with running_hub() as hub:
        names = (SPANISH, GERMAN)
        hub.offer(*(make_tone_voice(tmp_path / "hub", name=name, pitch=30) for name in names))
        yield hub


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def server(tone_config: Config, hub: Hub, directory: Path, tmp_path: Path) -> Iterator[Server]:
    keys = tmp_path / "keys"
    keys.write_text(KEY)
    keys.chmod(0o600)
    voices = tone_config.voices._replace(
        directory=str(directory), catalogue_url=hub.url, kokoro_url=f"{hub.url}/release"
    )
    with_keys = tone_config.server._replace(api_keys_file=str(keys))
    with running(tone_config._replace(voices=voices, server=with_keys)) as server:
        yield server


def call(server: Server, method: str, path: str, body: bytes | None = None) -> Answer:
    return ask(server.http.port, method, path, body, {**HEADERS, "Content-Type": "application/json"})


def listed(server: Server) -> list[str]:
    voices = call(server, "GET", "/v1/voices").get_json()["voices"]
    return [voice["id"] for voice in voices]


def speak(server: Server, voice: str) -> Answer:
    return call(server, "POST", "/v1/audio/speech", b'{"input": "Hello.", "voice": "%s"}' % voice.encode())


def test_a_voice_is_fetched_speaks_and_is_removed(server: Server, directory: Path) -> None:
    answer = call(server, "POST", f"/v1/voices/{SPANISH}")
    assert answer.status_code == 201
    assert (answer.get_json()["id"], answer.get_json()["loaded"]) == (SPANISH, False)
    assert call(server, "POST", f"/v1/voices/{SPANISH}").status_code == 200
    assert listed(server) == ["default", "en_US-tone-low", SPANISH]
    assert speak(server, SPANISH).data != speak(server, "default").data
    removed = call(server, "DELETE", f"/v1/voices/{SPANISH}")
    assert (removed.status_code, removed.get_json()) == (200, {"id": SPANISH, "deleted": True})
    assert listed(server) == ["default", "en_US-tone-low"]
    assert list(directory.iterdir()) == []
    assert_error(speak(server, SPANISH), 400, "voice_not_found", "voice")
    assert call(server, "GET", "/health").get_json()["loaded_voices"] == ["en_US-tone-low"]


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize("voice_id", ["xx_XX-nobody-low", "..", "%2e%2e", ".hidden", "a%23b", "default", "%00"])
def test_what_is_no_voice_is_not_found(server: Server, directory: Path, method: str, voice_id: str) -> None:
    assert_error(call(server, method, f"/v1/voices/{voice_id}"), 404, "voice_not_found", "voice_id")
    assert not directory.exists()


@pytest.mark.parametrize("path", ["/v1/voices/", "/v1/voices/..%2f..%2fetc%2fpasswd", "/v1/voices/a/b"])
def test_a_path_is_no_voice(server: Server, path: str) -> None:
    for method in ("POST", "DELETE"):
        assert_error(call(server, method, path), 404, "not_found", None)


def test_the_default_voice_stays(server: Server) -> None:
    message = assert_error(call(server, "DELETE", "/v1/voices/en_US-tone-low"), 400, "invalid_request", "voice_id")
    assert "the default voice" in message
    assert call(server, "POST", "/v1/voices/en_US-tone-low").status_code == 200


def test_without_keys_voices_cannot_be_changed_over_the_network(client: FlaskClient) -> None:
    for method in ("POST", "DELETE"):
        message = assert_error(client.open(f"/v1/voices/{SPANISH}", method=method), 403, "forbidden", None)
        assert "server.api_keys_file" in message


def test_a_file_that_cannot_be_removed_is_told(default: DefaultVoice, tone_config: Config, tmp_path: Path) -> None:
    voice = read_voice(make_tone_voice(tmp_path, name=SPANISH))
    voice.model_path.unlink()
    voice.model_path.mkdir()
    with ExitStack() as stack:
        service = build_service(default, tone_config, stack)
        installer = VoiceInstaller(
            replace(service, voices=Voices(default.engine.voice, {}, lambda _: {SPANISH: voice}))
        )
        with pytest.raises(InvalidRequestError, match="cannot be removed: Is a directory"):
            installer.remove(SPANISH)


def wrong_digest(hub: Hub) -> None:
    content = hub.voices[SPANISH][".onnx"]
    hub.voices[SPANISH][".onnx"] = content[:-1] + bytes([content[-1] ^ 1])


def not_there(hub: Hub) -> None:
    del hub.voices[SPANISH][".onnx"]


def no_catalogue(hub: Hub) -> None:
    hub.catalogue = b"<html>"


def no_voice(hub: Hub) -> None:
    # The catalogue knows it like this: it comes whole and right, and is no voice.
    hub.voices[SPANISH][".onnx.json"] = b"[]"
    hub.catalogue = json.dumps(entries(hub.voices)).encode()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (wrong_digest, "its md5 is"),
        (not_there, "404 Not Found"),
        (no_catalogue, "is no JSON"),
        (no_voice, "what came is no voice"),
    ],
)
def test_what_cannot_be_fetched_is_told_and_never_listed(
    server: Server, hub: Hub, spoil: Callable[[Hub], None], words: str
) -> None:
    spoil(hub)
    message = assert_error(call(server, "POST", f"/v1/voices/{SPANISH}"), 502, "fetch_failed", None)
    assert words in message
    assert listed(server) == ["default", "en_US-tone-low"]
    assert speak(server, "default").status_code == 200


def test_a_connection_that_is_cut_is_taken_up_again(server: Server, hub: Hub, directory: Path) -> None:
    hub.cut_at = [100]
    assert call(server, "POST", f"/v1/voices/{SPANISH}").status_code == 201
    ranges = [given for path, given in hub.asked if path.endswith(".onnx")]
    assert ranges == [None, "bytes=100-"]
    assert (directory / f"{SPANISH}.onnx").read_bytes() == hub.voices[SPANISH][".onnx"]


def test_a_voice_is_seen_when_it_is_whole_and_one_is_fetched_at_a_time(server: Server, hub: Hub) -> None:
    hub.gate = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        try:
            fetching = pool.submit(call, server, "POST", f"/v1/voices/{SPANISH}")
            assert hub.waiting.wait(30)
            for _ in range(20):
                server.service.voices.rescan()
                assert listed(server) == ["default", "en_US-tone-low"]
            assert_error(speak(server, SPANISH), 400, "voice_not_found", "voice")
            busy = call(server, "POST", f"/v1/voices/{GERMAN}")
            assert_error(busy, 503, "busy", None)
            assert int(busy.headers["Retry-After"]) > 0
            assert speak(server, "default").status_code == 200
        finally:
            hub.gate.set()
        assert fetching.result().status_code == 201
    assert speak(server, SPANISH).status_code == 200
    assert call(server, "POST", f"/v1/voices/{GERMAN}").status_code == 201


def test_a_stop_gives_up_a_fetch(server: Server, hub: Hub, directory: Path) -> None:
    hub.gate = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        try:
            fetching = pool.submit(call, server, "POST", f"/v1/voices/{SPANISH}")
            assert hub.waiting.wait(30)
            server.service.health.stopping()
        finally:
            hub.gate.set()
        assert "the service is stopping" in assert_error(fetching.result(), 502, "fetch_failed", None)
    assert list(directory.iterdir()) == []


@pytest.fixture
def stuck(server: Server, hub: Hub) -> Iterator[socket.socket]:
    """A client whose fetch has come to a stop half way."""
    hub.gate = threading.Event()
    with socket.create_connection(("127.0.0.1", server.http.port), timeout=30) as client:
        head = (
            f"POST /v1/voices/{SPANISH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {KEY}\r\nContent-Length: 0\r\n\r\n"
        )
        client.sendall(head.encode())
        assert hub.waiting.wait(30)
        assert_error(call(server, "POST", f"/v1/voices/{GERMAN}"), 503, "busy", None)
        yield client
    hub.gate.set()


def test_a_client_that_leaves_frees_the_place_of_its_fetch(
    server: Server, hub: Hub, directory: Path, stuck: socket.socket, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    stuck.close()
    wait_until(lambda: list(directory.iterdir()) == [])

    def told() -> list[logging.LogRecord]:
        path = f"/v1/voices/{SPANISH}"
        return [record for record in caplog.records if getattr(record, "fields", {}).get("path") == path]

    wait_until(lambda: bool(told()))
    assert [(record.levelno, getattr(record, "fields", {})["outcome"]) for record in told()] == [
        (logging.INFO, "client_left")
    ]
    hub.offer(*(directory.parent / "hub" / f"{name}.onnx" for name in (SPANISH, GERMAN)))
    assert hub.gate
    hub.gate.set()
    answers = []

    def fetched() -> bool:
        answers.append(call(server, "POST", f"/v1/voices/{GERMAN}").status_code)
        return answers[-1] == 201

    wait_until(fetched)
    assert set(answers) <= {503, 201}
    assert listed(server) == ["default", "en_US-tone-low", GERMAN]


def test_a_stop_ends_a_fetch_that_nothing_comes_of(server: Server, directory: Path, stuck: socket.socket) -> None:
    server.service.health.stopping()
    answer = bytearray()

    def is_told() -> bool:
        answer.extend(stuck.recv(65536))
        return b"the service is stopping" in answer

    wait_until(is_told)
    assert list(directory.iterdir()) == []


def test_a_removed_voice_leaves_nothing_prepared(server: Server, directory: Path, cache_directory: Path) -> None:
    name = "es_ES-other-low"
    model = make_tone_voice(directory, name=name, pitch=41)
    assert speak(server, name).status_code == 200
    # As a voice that was found to be one that cannot be cut, too, has an entry.
    with pytest.raises(CannotCut):
        prepare(model, cache_directory)
    entry = cache_directory / entry_key(model_sha256(model, cache_directory))
    assert entry.is_dir()
    others = {path for path in cache_directory.glob("*/manifest.json") if path.parent != entry}
    assert call(server, "DELETE", f"/v1/voices/{name}").status_code == 200
    assert not entry.exists()
    assert set(cache_directory.glob("*/manifest.json")) == others


def test_two_services_may_fetch_the_same_voice_at_once(server: Server, hub: Hub, directory: Path) -> None:
    arguments = ["voices", "fetch", SPANISH, "--catalogue-url", hub.url, "--directory", str(directory)]
    with ThreadPoolExecutor(1) as pool:
        request = pool.submit(call, server, "POST", f"/v1/voices/{SPANISH}")
        # Which minds signals, as a main thread alone can.
        assert main(arguments) == 0
        assert request.result().status_code in (200, 201)
    assert sorted(path.name for path in directory.iterdir()) == [f"{SPANISH}.onnx", f"{SPANISH}.onnx.json"]
    assert speak(server, SPANISH).status_code == 200


def test_the_catalogue_tells_what_is_installed(server: Server, hub: Hub) -> None:
    voices = call(server, "GET", "/v1/catalogue").get_json()["voices"]
    assert [(voice["id"], voice["language"], voice["installed"]) for voice in voices] == [
        (GERMAN, "de_DE", False), (SPANISH, "es_ES", False), ("kokoro", "en_US", False),
    ]  # fmt: skip
    assert all(voice["size_bytes"] > 1000 and voice["quality"] and voice["num_speakers"] >= 1 for voice in voices)
    Draft202012Validator(load_schema("answers.json")["Catalogue"]).validate({"voices": voices})
    assert call(server, "POST", f"/v1/voices/{SPANISH}").status_code == 201
    asked = hub.asked.count(("/voices.json", None))
    installed = {voice["id"]: voice["installed"] for voice in call(server, "GET", "/v1/catalogue").get_json()["voices"]}
    assert installed == {GERMAN: False, SPANISH: True, "kokoro": False}
    # It is good for ten minutes.
    assert hub.asked.count(("/voices.json", None)) == asked


def test_a_hub_that_is_not_there_is_told(server: Server, hub: Hub) -> None:
    hub.catalogue = b"<html>"
    assert_error(call(server, "GET", "/v1/catalogue"), 502, "fetch_failed", None)
    hub.offer()
    assert [voice["id"] for voice in call(server, "GET", "/v1/catalogue").get_json()["voices"]] == ["kokoro"]


@pytest.fixture
def release(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kokoro's release at the hub, with a tone for its graph."""
    folder = make_tiny_kokoro(tmp_path / "release")
    speakers = (speaker for language in LANGUAGES.values() for speaker in language.speakers)
    with (folder / "voices-v1.0.bin").open("wb") as file:
        np.savez_compressed(file, **{name: styles(number)[:, np.newaxis] for number, name in enumerate(speakers)})  # type: ignore[arg-type]
    files = {path.name: path.read_bytes() for path in folder.glob("*-v1.0.*")}
    hub.files = {f"/release/{name}": content for name, content in files.items()}
    pinned = [(name, len(content), hashlib.sha256(content).hexdigest()) for name, content in sorted(files.items())]
    monkeypatch.setattr(kokoro, "_RELEASED", pinned)


@pytest.mark.usefixtures("release")
def test_kokoro_is_fetched_speaks_every_language_and_is_removed(server: Server, directory: Path) -> None:
    answer = call(server, "POST", "/v1/voices/kokoro")
    assert (answer.status_code, answer.get_json()["id"]) == (201, "kokoro")
    assert call(server, "POST", "/v1/voices/kokoro").status_code == 200
    assert listed(server) == ["default", "en_US-tone-low", *LANGUAGES]
    assert [speak(server, name).headers["X-Engine"] for name in LANGUAGES] == ["kokoro"] * len(LANGUAGES)
    assert call(server, "DELETE", "/v1/voices/kokoro-es").status_code == 200
    assert_error(speak(server, "kokoro-es"), 400, "voice_not_found", "voice")
    assert call(server, "POST", "/v1/voices/kokoro-es").status_code == 201
    assert speak(server, "kokoro-es").status_code == 200
    assert call(server, "DELETE", "/v1/voices/kokoro").get_json() == {"id": "kokoro", "deleted": True}
    assert listed(server) == ["default", "en_US-tone-low"]
    assert list(directory.iterdir()) == []


@pytest.mark.usefixtures("release")
def test_a_language_of_kokoro_that_is_the_default_keeps_its_files(server: Server, directory: Path) -> None:
    assert call(server, "POST", "/v1/voices/kokoro").status_code == 201
    model_path = str(directory / "kokoro-es" / "voice.json")
    config = server.service.config
    with running(config._replace(piper=config.piper._replace(model_path=model_path))) as spanish:
        for name in ("kokoro-es", "kokoro"):
            message = assert_error(call(spanish, "DELETE", f"/v1/voices/{name}"), 400, "invalid_request", "voice_id")
            assert "the default voice" in message
        assert speak(spanish, "default").headers["X-Engine"] == "kokoro"


@pytest.mark.usefixtures("release")
def test_a_release_that_came_otherwise_is_told_and_never_listed(server: Server, hub: Hub, directory: Path) -> None:
    name = "/release/voices-v1.0.bin"
    hub.files = {**hub.files, name: hub.files[name][:-1] + b"?"}
    message = assert_error(call(server, "POST", "/v1/voices/kokoro"), 502, "fetch_failed", None)
    assert "its sha256 is" in message
    assert listed(server) == ["default", "en_US-tone-low"]
    assert [path for path in directory.rglob("*") if path.is_file()] == []


def test_progress_tells_how_far_a_fetch_is(server: Server, hub: Hub) -> None:
    idle = {"voice": None, "received_bytes": 0, "size_bytes": 0}
    assert call(server, "GET", "/v1/catalogue/progress").get_json() == idle
    hub.gate = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        fetching = pool.submit(call, server, "POST", f"/v1/voices/{GERMAN}")
        assert hub.waiting.wait(10)
        wait_until(lambda: call(server, "GET", "/v1/catalogue/progress").get_json()["received_bytes"] > 0)
        progress = call(server, "GET", "/v1/catalogue/progress").get_json()
        hub.gate.set()
        assert fetching.result().status_code == 201
    assert progress["voice"] == GERMAN
    assert 0 < progress["received_bytes"] < progress["size_bytes"]
    assert call(server, "GET", "/v1/catalogue/progress").get_json() == idle


def test_without_keys_the_catalogue_is_not_asked_for(client: FlaskClient) -> None:
    for path in ("/v1/catalogue", "/v1/catalogue/progress"):
        assert_error(client.get(path), 403, "forbidden", None)
