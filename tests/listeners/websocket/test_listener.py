"""The WebSocket listener as an operator knows it: keys, pages, limits, a stop, and nothing left behind."""

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from hailo_piper.config.loading import parse_config
from hailo_piper.config.settings import Config
from hailo_piper.server import Server
from tests.support.client import get, post, wait_until
from tests.support.services import as_values, running
from tests.support.websocket_client import SECONDS, dialled, hear, hear_all, say

KEY = "a-key-of-this-service"
LONG = "This sentence is one of very many. " * 60


def changed(config: Config, **server: Any) -> Config:
    values = as_values(config)
    return parse_config({**values, "server": {**values["server"], **server}})


@pytest.fixture
def keyed(tone_config: Config, tmp_path: Path) -> Iterator[Server]:
    keys = tmp_path / "keys"
    keys.write_text(f"{KEY}\n")
    keys.chmod(0o600)
    with running(changed(tone_config, api_keys_file=str(keys), cors_origins=["http://page.example"])) as server:
        yield server


def refusal(port: int, headers: dict[str, str]) -> tuple[int, str]:
    """Status and code of a handshake that is refused."""
    with pytest.raises(InvalidStatus) as refused, dialled(port, headers=headers):
        raise AssertionError("it was accepted")
    response = refused.value.response
    return response.status_code, json.loads(response.body or b"")["error"]["code"]


@pytest.mark.parametrize(
    "headers", [{"Authorization": f"Bearer {KEY}"}, {"Authorization": f"Token {KEY}"}, {"xi-api-key": KEY}]
)
def test_a_key_in_a_header_opens(keyed: Server, headers: dict[str, str]) -> None:
    with dialled(keyed.http.port, headers=headers) as connection:
        say(connection, id="a", text="Hi.", format="pcm")
        assert hear_all(connection, "a")["a"].data


def test_a_wrong_key_in_a_header_refuses_the_handshake(keyed: Server) -> None:
    assert refusal(keyed.http.port, {"xi-api-key": "another-key"}) == (401, "invalid_api_key")


def test_a_key_may_come_in_the_first_message(keyed: Server) -> None:
    with dialled(keyed.http.port, headers={"Origin": "http://page.example"}) as connection:
        say(connection, id="a", text="Hi.", format="pcm", api_key=KEY)
        assert hear_all(connection, "a")["a"].data
        say(connection, id="b", text="Hi.", format="pcm")
        assert hear_all(connection, "b")["b"].data


@pytest.mark.parametrize("fields", [{}, {"api_key": "another-key"}, {"api_key": 3}])
def test_a_message_without_a_right_key_is_not_answered(keyed: Server, fields: dict[str, Any]) -> None:
    with dialled(keyed.http.port) as connection:
        say(connection, id="a", text="Hi.", **fields)
        error = hear_all(connection, "a")["a"].error
        assert error is not None
        if error["code"] == "invalid_api_key":
            with pytest.raises(ConnectionClosed) as closed:
                connection.recv(timeout=SECONDS)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1008


@pytest.mark.parametrize("field", ["xi_api_key", "xi-api-key", "authorization"])
def test_elevenlabs_protocol_takes_a_key_in_the_first_message(keyed: Server, field: str) -> None:
    path = "/v1/text-to-speech/default/multi-stream-input?output_format=pcm_24000"
    with dialled(keyed.http.port, path) as connection:
        say(connection, text=" ", context_id="a", **{field: "another-key"})
        assert hear(connection)["error"] == "invalid_api_key"
        with pytest.raises(ConnectionClosed) as closed:
            connection.recv(timeout=SECONDS)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008
    with dialled(keyed.http.port, path) as connection:
        say(connection, text=" ", context_id="a", **{field: f"Bearer {KEY}" if field == "authorization" else KEY})
        say(connection, text="Hi. ", context_id="a", flush=True)
        say(connection, context_id="a", close_context=True)
        assert hear(connection)["audio"]


def test_many_wrong_keys_are_stopped(keyed: Server) -> None:
    for _ in range(30):
        assert refusal(keyed.http.port, {"xi-api-key": "another-key"})[0] == 401
    assert refusal(keyed.http.port, {"xi-api-key": "another-key"}) == (429, "rate_limit_exceeded")
    assert get(keyed.http.port, "/v1/voices", {"Authorization": "Bearer another-key"}).status_code == 429
    with dialled(keyed.http.port, headers={"xi-api-key": KEY}):
        pass


def test_a_page_that_is_not_allowed_is_refused(keyed: Server) -> None:
    headers = {"Origin": "http://other.example", "xi-api-key": KEY}
    assert refusal(keyed.http.port, headers) == (403, "origin_not_allowed")


def test_texts_count_with_requests_over_http_against_the_rate_limit(tone_config: Config) -> None:
    with running(changed(tone_config, rate_limit="2/hour")) as server, dialled(server.http.port) as connection:
        for number in range(2):
            say(connection, id=number, text="Hi.", format="pcm")
            assert hear_all(connection, number)[number].data
        say(connection, id=2, text="Hi.", format="pcm")
        error = hear_all(connection, 2)[2].error
        assert post(server.http.port, "/v1/audio/speech", {"input": "Hi."}).status_code == 429
    assert error is not None
    assert (error["code"], error["type"]) == ("rate_limit_exceeded", "requests")


def test_a_busy_service_says_so(tone_config: Config) -> None:
    config = parse_config({**as_values(tone_config), "performance": {"worker_threads": 1, "max_queue": 0}})
    with running(config) as server, dialled(server.http.port) as connection:
        for number in range(6):
            say(connection, id=number, text=LONG, format="pcm")
        heard = hear_all(connection, *range(6))
    codes = [one.error["code"] for one in heard.values() if one.error]
    assert set(codes) == {"busy"}
    assert any(one.data for one in heard.values())


def test_a_stop_finishes_what_is_under_way(tone_config: Config) -> None:
    with running(tone_config) as server, dialled(server.http.port) as connection:
        say(connection, id="whole", text=LONG, format="pcm")
        say(connection, id="waits", text="One is here. Two", format="pcm", **{"continue": True})
        say(connection, id="blank", text=" ", format="pcm", **{"continue": True})
        assert hear(connection)
        expected = len(_spoken(server, LONG))
        stopping = threading.Thread(target=server.websocket.stop, kwargs={"timeout_seconds": SECONDS})
        stopping.start()
        heard = hear_all(connection, "whole", "waits", "blank")
        with pytest.raises(ConnectionClosed) as closed:
            connection.recv(timeout=SECONDS)
        stopping.join()
    assert heard["whole"].error is None
    assert heard["whole"].data
    assert len(heard["whole"].data) <= expected
    assert heard["waits"].data
    assert [heard[name].error and heard[name].error["code"] for name in ("waits", "blank")] == ["draining"] * 2  # type: ignore[index]
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1001


def _spoken(server: Server, text: str) -> bytes:
    with dialled(server.http.port) as connection:
        say(connection, id="a", text=text, format="pcm")
        return hear_all(connection, "a")["a"].data


def test_a_stop_does_not_wait_longer_than_its_bound(tone_config: Config) -> None:
    with running(tone_config) as server, dialled(server.http.port) as connection:
        say(connection, id="a", text=LONG, format="wav")
        assert hear(connection)
        server.websocket.stop(timeout_seconds=0)
        assert server.websocket.connections == 0


def test_after_a_stop_sockets_are_refused(tone_config: Config) -> None:
    with running(tone_config) as server:
        server.websocket.stop(timeout_seconds=1)
        assert refusal(server.http.port, {}) == (503, "draining")
        wait_until(lambda: server.http.connections == 0)


def test_a_client_that_reads_nothing_holds_up_its_own_texts_alone(joe_server: Server) -> None:
    with dialled(joe_server.http.port) as slow:
        slow.socket.setsockopt(1, 8, 4096)
        say(slow, id="a", text=LONG * 2, format="wav", sample_rate=48000)
        with dialled(joe_server.http.port) as other:
            say(other, id="b", text="Good morning.", format="pcm")
            assert hear_all(other, "b")["b"].data
        say(slow, cancel="a")
        assert hear_all(slow, "a")["a"].error is None
    wait_until(lambda: joe_server.service.admission.speaking == 0)


def test_many_connections_leave_nothing(joe_server: Server) -> None:
    for _ in range(3):
        with dialled(joe_server.http.port):
            pass
    wait_until(lambda: joe_server.http.connections == 0)
    threads, files = threading.active_count(), _files()
    for number in range(200):
        with dialled(joe_server.http.port) as connection:
            if number % 20 == 0:
                say(connection, id="a", text="Good morning.", format="pcm", **{"continue": True})
    wait_until(lambda: joe_server.websocket.connections == 0 and joe_server.http.connections == 0)
    wait_until(lambda: joe_server.service.admission.speaking == 0)
    wait_until(lambda: _files() <= files)
    # The pool keeps the threads that it once made, at most one a text that was spoken at once.
    assert threading.active_count() <= threads + 2


def _files() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - the listing's own descriptor is no Path's affair


def test_log_lines_and_metrics_are_those_of_every_listener(
    joe_server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    before = _counted(joe_server)
    with dialled(joe_server.http.port) as connection:
        say(connection, id="a", text="Good morning.", format="pcm")
        hear_all(connection, "a")
        say(connection, id="b", text="Hi.", voice="nobody")
        hear_all(connection, "b")
    post(joe_server.http.port, "/v1/synthesize", {"text": "Good morning.", "format": "pcm"})
    wait_until(lambda: len(_fields(caplog)) >= 3)
    spoken, refused, over_http = _fields(caplog)
    assert spoken.keys() == over_http.keys()
    assert spoken["characters"] == over_http["characters"] == 13
    assert spoken["audio_seconds"] == over_http["audio_seconds"] > 0.5
    assert (spoken["listener"], spoken["outcome"]) == ("websocket", "ok")
    assert (refused["listener"], refused["outcome"]) == ("websocket", "voice_not_found")
    after = _counted(joe_server)
    grown = {name: after[name] - before.get(name, 0.0) for name in after}
    counts = {name: count for name, count in grown.items() if name.startswith("hailo_piper_requests_total{")}
    assert sorted(counts[name] for name in counts if 'outcome="ok"' in name) == [1.0]
    assert sorted(counts[name] for name in counts if 'outcome="voice_not_found"' in name) == [1.0]


def _counted(server: Server) -> dict[str, float]:
    """Each figure of this listener in the metrics, by its name and labels."""
    lines = get(server.http.port, "/metrics").data.decode().splitlines()
    pairs = (line.rpartition(" ") for line in lines if 'listener="websocket"' in line)
    return {name: float(figure) for name, _, figure in pairs}


def _fields(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [
        record.fields  # type: ignore[attr-defined]
        for record in caplog.records
        if record.message in {"speech", "refused"}
    ]


def test_a_ping_is_answered(joe_server: Server) -> None:
    with dialled(joe_server.http.port) as connection:
        assert connection.ping().wait(SECONDS)
