"""Who may ask what: every endpoint with every kind of Authorization, and the file that holds the keys."""

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from flask import Flask

from hailo_piper.config.loading import parse_config
from hailo_piper.config.settings import Config
from hailo_piper.errors import ConfigError
from hailo_piper.listeners.http.vendor_errors import shape_of
from hailo_piper.listeners.keys import Keys, is_loopback, load_keys, read_keys
from hailo_piper.server import Server
from tests.support.client import assert_error, post, wait_until
from tests.support.services import running

KEY, OTHER = "sk-hailo-0123456789", "sk-hailo-second"
SPEECH = {"input": "Hello."}
ENDPOINTS: list[tuple[str, str, Any, bool]] = [
    ("POST", "/v1/audio/speech", SPEECH, False),
    ("POST", "/v1/synthesize", {"text": "Hello."}, False),
    ("POST", "/v1/text", {"text": "Hello."}, False),
    ("POST", "/dev/captioned_speech", {"input": "Hello."}, False),
    ("POST", "/v1/audio/captions", {"input": "Hello."}, False),
    ("POST", "/v1/text-to-speech/en_US-tone-low", {"text": "Hello."}, False),
    ("POST", "/v1/text-to-speech/en_US-tone-low/stream", {"text": "Hello."}, False),
    ("POST", "/v1/text-to-speech/en_US-tone-low/with-timestamps", {"text": "Hello."}, False),
    ("POST", "/v1/text-to-speech/en_US-tone-low/stream/with-timestamps", {"text": "Hello."}, False),
    ("POST", "/elevenlabs/v1/text-to-speech/en_US-tone-low", {"text": "Hello."}, False),
    ("POST", "/elevenlabs/v1/text-to-speech/en_US-tone-low/stream", {"text": "Hello."}, False),
    ("POST", "/elevenlabs/v1/text-to-speech/en_US-tone-low/with-timestamps", {"text": "Hello."}, False),
    ("POST", "/elevenlabs/v1/text-to-speech/en_US-tone-low/stream/with-timestamps", {"text": "Hello."}, False),
    ("GET", "/elevenlabs/v1/voices", None, False),
    ("GET", "/elevenlabs/v1/models", None, False),
    ("POST", "/v1/speak", {"text": "Hello."}, False),
    ("GET", "/", None, False),
    ("GET", "/v1/voices", None, False),
    ("GET", "/v1/voices/en_US-tone-low", None, False),
    ("POST", "/v1/voices/en_US-tone-low", None, False),
    ("DELETE", "/v1/voices/en_US-tone-low", None, False),
    ("GET", "/v1/catalogue", None, False),
    ("GET", "/v1/catalogue/progress", None, False),
    ("POST", "/v1/lexicon", {"word": "SQL"}, False),
    ("GET", "/v1/config", None, False),
    ("POST", "/v1/files", {}, False),
    ("GET", "/v1/files", None, False),
    ("GET", "/v1/files/file-0", None, False),
    ("DELETE", "/v1/files/file-0", None, False),
    ("POST", "/v1/batches", {}, False),
    ("GET", "/v1/batches", None, False),
    ("POST", "/v1/jobs", {}, False),
    ("GET", "/v1/jobs", None, False),
    ("GET", "/v1/jobs/job_0", None, False),
    ("DELETE", "/v1/jobs/job_0", None, False),
    ("GET", "/v1/jobs/job_0/result", None, False),
    ("POST", "/v1/jobs/job_0/cancel", {}, False),
    ("GET", "/v1/batches/batch_0", None, False),
    ("POST", "/v1/batches/batch_0/cancel", {}, False),
    ("GET", "/v1/files/file-0/content", None, False),
    ("GET", "/v1/models", None, False),
    ("GET", "/v1/models/tts-1", None, False),
    ("GET", "/v1/cache", None, False),
    ("DELETE", "/v1/cache", None, False),
    ("GET", "/metrics", None, False),
    ("POST", "/", {"text": "Hello."}, False),
    ("GET", "/openapi.json", None, False),
    ("GET", "/docs", None, True),
    ("GET", "/page/main.js", None, True),
    ("GET", "/nowhere", None, False),
    ("GET", "/health", None, True),
    ("GET", "/live", None, True),
    ("GET", "/ready", None, True),
    ("GET", "/v1/audio/models", None, True),
    ("GET", "/v1/audio/voices", None, True),
]
"""Method, path, body, and whether it is open to everybody."""
REFUSED = {
    ("GET", "/nowhere"): 404,
    ("POST", "/v1/files"): 415,
    ("GET", "/v1/files/file-0"): 404,
    ("DELETE", "/v1/files/file-0"): 404,
    ("GET", "/v1/files/file-0/content"): 404,
    ("POST", "/v1/batches"): 400,
    ("POST", "/v1/jobs"): 400,
    ("GET", "/v1/jobs/job_0"): 404,
    ("DELETE", "/v1/jobs/job_0"): 404,
    ("GET", "/v1/jobs/job_0/result"): 404,
    ("POST", "/v1/jobs/job_0/cancel"): 404,
    ("GET", "/v1/batches/batch_0"): 404,
    ("POST", "/v1/batches/batch_0/cancel"): 404,
}
"""What nobody gets: there is no such thing, or nothing is asked for."""


@pytest.mark.parametrize(
    ("authorization", "passes"),
    [
        (None, False),
        ("", False),
        ("Bearer", False),
        ("Bearer ", False),
        ("Bearer wrong", False),
        (f"Bearer {KEY}x", False),
        (f"Bearer {KEY[:-1]}", False),
        (f"Bearer {KEY} {KEY}", False),
        ("Bearer # a comment", False),
        (f"Basic {KEY}", False),
        ("Token wrong", False),
        (f"Token {KEY}", True),
        (KEY, False),
        ("Bearer schlüssel", False),
        (f"Bearer {KEY}", True),
        (f"bearer {OTHER}", True),
        (f"Bearer  {KEY} ", True),
    ],
)
@pytest.mark.parametrize(("method", "path", "body", "is_open"), ENDPOINTS)
def test_every_endpoint_with_every_kind_of_authorization(
    make_app: Callable[..., Flask],
    method: str,
    path: str,
    body: Any,
    authorization: str | None,
    *,
    is_open: bool,
    passes: bool,
) -> None:
    client = make_app(keys=Keys((KEY, OTHER))).test_client()
    headers = {} if authorization is None else {"Authorization": authorization}
    response = client.open(path, method=method, json=body, headers=headers, buffered=True)
    if passes or is_open:
        assert response.status_code != 401
    else:
        if shape_of(path) is None:
            assert_error(response, 401, "invalid_api_key", None)
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert KEY not in response.text


def test_the_table_names_every_endpoint(make_app: Callable[..., Flask]) -> None:
    rules = {
        (
            method,
            rule.rule.replace("<voice_id>", "en_US-tone-low")
            .replace("<model_id>", "tts-1")
            .replace("<name>", "main.js")
            .replace("<file_id>", "file-0")
            .replace("<batch_id>", "batch_0")
            .replace("<job_id>", "job_0"),
        )
        for rule in make_app(keys=Keys((KEY,))).url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert rules <= {(method, path) for method, path, _, _ in ENDPOINTS}


@pytest.mark.parametrize(("method", "path", "body", "is_open"), ENDPOINTS)
def test_without_keys_everybody_may_ask(
    make_app: Callable[..., Flask], method: str, path: str, body: Any, *, is_open: bool
) -> None:
    client = make_app().test_client()
    response = client.open(path, method=method, json=body, buffered=True)
    if path.startswith(("/v1/catalogue", "/v1/lexicon")) or (path.startswith("/v1/voices/") and method != "GET"):
        assert "server.api_keys_file" in assert_error(response, 403, "forbidden", None)
    else:
        assert response.status_code == REFUSED.get((method, path), 200), is_open


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"xi-api-key": KEY}, 200),
        ({"xi-api-key": KEY, "Authorization": ""}, 200),
        ({"xi-api-key": "wrong"}, 401),
        ({"xi-api-key": ""}, 401),
        ({"xi-api-key": KEY, "Authorization": "Bearer wrong"}, 401),
        ({"xi-api-key": "wrong", "Authorization": f"Token {KEY}"}, 200),
    ],
)
def test_elevenlabs_header_has_a_key(make_app: Callable[..., Flask], headers: dict[str, str], status: int) -> None:
    client = make_app(keys=Keys((KEY, OTHER))).test_client()
    assert client.post("/v1/audio/speech", json=SPEECH, headers=headers).status_code == status


def test_a_preflight_needs_no_key(make_app: Callable[..., Flask]) -> None:
    client = make_app(keys=Keys((KEY,))).test_client()
    assert client.options("/v1/audio/speech").status_code == 200


@pytest.mark.parametrize(
    ("address", "keys", "status"),
    [
        ("127.0.0.1", (), 200),
        ("::1", (), 200),
        ("::ffff:127.0.0.1", (), 200),
        ("192.168.1.20", (), 403),
        ("::ffff:192.168.1.20", (), 403),
        ("", (), 403),
        ("192.168.1.20", (KEY,), 200),
    ],
)
def test_without_keys_only_the_machine_itself_may_clear_the_cache(
    make_app: Callable[..., Flask], address: str, keys: tuple[str, ...], status: int
) -> None:
    client = make_app(keys=Keys(keys)).test_client()
    headers = {"Authorization": f"Bearer {KEY}"}
    response = client.delete("/v1/cache", headers=headers, environ_overrides={"REMOTE_ADDR": address})
    if status == 200:
        assert response.get_json() == {"deleted": 0}
    else:
        assert_error(response, status, "forbidden", None)


def test_what_is_no_address_is_not_loopback() -> None:
    assert not is_loopback("unix:")


def write(path: Path, content: bytes, mode: int = 0o600) -> Path:
    path.write_bytes(content)
    path.chmod(mode)
    return path


@pytest.mark.parametrize("mode", [0o400, 0o600, 0o440, 0o640])
def test_keys_stand_one_a_line(tmp_path: Path, mode: int) -> None:
    path = write(tmp_path / "keys", f"# for the kitchen\n{KEY}\n\n  {OTHER}\r\n".encode(), mode)
    keys = load_keys(path)
    for key in (KEY, OTHER):
        keys.check(f"Bearer {key}")


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [
        (None, 0, "cannot be read"),
        (b"", 0o600, "holds no key"),
        (b"# nothing\n\n", 0o600, "holds no key"),
        (b"key", 0o644, "chmod 640"),
        (b"key", 0o620, "chmod 640"),
        (b"key", 0o604, "chmod 640"),
        (b"good-enough\ntwo words\n", 0o600, "line 2: a key has no spaces"),
        (b"ke\x07y\n", 0o600, "line 1: a key has no spaces and no control"),
        (b"sk-one-\x0bsk-two-\n", 0o600, "line 1: a key has no spaces and no control"),
        (b"sk-one-\x0csk-two-\n", 0o600, "line 1: a key has no spaces and no control"),
        (b"sk-one-\x1csk-two-\n", 0o600, "line 1: a key has no spaces and no control"),
        (b"sk-one-\x1dsk-two-\n", 0o600, "line 1: a key has no spaces and no control"),
        (b"sk-one-\rsk-two-\n", 0o600, "line 1: a key has no spaces and no control"),
        (b"sk-one-\0\n", 0o600, "line 1: a key has no spaces and no control"),
        (b"sk-one-\x85sk-two-\n", 0o600, "line 1: a key may only have ASCII"),
        (b"sk-one-\xe2\x80\xa8sk-two-\n", 0o600, "line 1: a key may only have ASCII"),
        (b"# one\n\nschl\xc3\xbcssel\n", 0o600, "line 3: a key may only have ASCII"),
        (b"\xff\xfes\0k\0", 0o600, "is UTF-16; save it as UTF-8 or ASCII"),
        (b'"sk-good-one"\n', 0o600, "line 1: a key stands without quotes"),
        (b"'sk-good-one'\n", 0o600, "line 1: a key stands without quotes"),
        (b"x\n", 0o600, "line 1: a key has at least 8 characters"),
        (b"sk-good-one\n1234567\n", 0o600, "line 2: a key has at least 8 characters"),
        (b"x" * (1 << 20) + b"\n", 0o600, "is larger than"),
    ],
)
def test_a_file_that_cannot_hold_keys_stops_the_start(
    tmp_path: Path, content: bytes | None, mode: int, words: str
) -> None:
    path = tmp_path / "keys"
    if content is not None:
        write(path, content, mode)
    with pytest.raises(ConfigError) as refusal:
        load_keys(path)
    (problem,) = refusal.value.problems
    assert problem.startswith(f"server.api_keys_file: {path}")
    assert words in problem
    assert "good" not in problem


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    assert read_keys(write(tmp_path / "keys", f"\ufeff{KEY}\r\n{OTHER}".encode())) == [KEY, OTHER]


@pytest.mark.parametrize("kind", ["fifo", "directory", "device", "link to a fifo"])
def test_what_is_no_file_is_refused_without_waiting_for_it(tmp_path: Path, kind: str) -> None:
    fifo, link = tmp_path / "fifo", tmp_path / "link"
    os.mkfifo(fifo, 0o600)
    link.symlink_to(fifo)
    path = {"fifo": fifo, "directory": tmp_path, "device": Path(os.devnull), "link to a fifo": link}[kind]
    with pytest.raises(ConfigError, match=r"is no regular file|is a directory"):
        read_keys(path)


@pytest.fixture
def locked_server(tone_config: Config, tmp_path: Path) -> Iterator[Server]:
    piper = {"model_path": tone_config.piper.model_path, "cache_directory": tone_config.piper.cache_directory}
    keys = write(tmp_path / "keys", f"{KEY}\n".encode())
    server = {"host": "127.0.0.1", "port": 0, "api_keys_file": str(keys)}
    with running(parse_config({"server": server, "piper": piper})) as running_server:
        yield running_server


def test_the_openai_sdk_with_a_key_and_without(locked_server: Server) -> None:
    url = f"http://127.0.0.1:{locked_server.http.port}/v1"
    with openai.OpenAI(base_url=url, api_key=KEY) as sdk:
        assert sdk.audio.speech.create(model="tts-1", voice="alloy", input="Hello.").content
        assert sdk.models.list().data
    with openai.OpenAI(base_url=url, api_key="wrong", max_retries=0) as sdk:
        with pytest.raises(openai.AuthenticationError) as refusal:
            sdk.audio.speech.create(model="tts-1", voice="alloy", input="Hello.")
        assert (refusal.value.code, refusal.value.type) == ("invalid_api_key", "authentication_error")
        with pytest.raises(openai.AuthenticationError):
            sdk.models.list()


def test_no_key_is_ever_logged(locked_server: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for key in (KEY, "sk-wrong-one"):
        post(locked_server.http.port, "/v1/audio/speech", SPEECH, {"Authorization": f"Bearer {key}"})
    # The line of an answer follows its last byte.
    wait_until(lambda: {"refused", "speech"} <= {record.message for record in caplog.records})
    logged = "".join(str(record.__dict__) for record in caplog.records)
    assert KEY not in logged
    assert "sk-wrong-one" not in logged


def test_a_bad_key_file_stops_the_server_before_it_takes_the_port(tone_config: Config, tmp_path: Path) -> None:
    piper = {"model_path": tone_config.piper.model_path, "cache_directory": tone_config.piper.cache_directory}
    server = {"host": "127.0.0.1", "port": 0, "api_keys_file": os.fspath(tmp_path / "missing")}
    with pytest.raises(ConfigError):
        Server(parse_config({"server": server, "piper": piper}))
