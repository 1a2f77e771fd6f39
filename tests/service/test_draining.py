"""A service that is told to stop still accepts for a while, tells whoever asks to go elsewhere, and cuts nobody off."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hailo_piper.config.loading import parse_config
from hailo_piper.config.settings import Config
from hailo_piper.server import Server
from tests.support.client import wait_until
from tests.support.services import as_values


@contextmanager
def stopping(config: Config, **settings: float) -> Iterator[tuple[Server, threading.Thread]]:
    """A service with these settings of `server`, and a thread that stops it."""
    values = as_values(config)
    values["server"] |= settings
    values["performance"] = {"request_timeout": 1}
    server = Server(parse_config(values))
    server.start()
    thread = threading.Thread(target=server.stop)
    try:
        yield server, thread
    finally:
        if thread.ident is None:
            thread.start()
        thread.join()


def ask(connection: http.client.HTTPConnection, path: str, text: str = "") -> http.client.HTTPResponse:
    body = json.dumps({"input": text, "response_format": "pcm"}) if text else None
    connection.request("POST" if text else "GET", path, body, {"Content-Type": "application/json"} if text else {})
    return connection.getresponse()


def connect(server: Server) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", server.http.port, timeout=20)


def test_new_connections_are_served_and_told_to_go_elsewhere_while_it_drains(tone_config: Config) -> None:
    with stopping(tone_config, drain_seconds=1.5) as (server, thread):
        kept = connect(server)
        assert ask(kept, "/ready").read() == b'{"status":"ready"}\n'
        thread.start()
        wait_until(lambda: server.service.health.state == "draining")
        probe = ask(connect(server), "/ready")
        assert (probe.status, probe.headers["Connection"]) == (503, "close")
        assert json.loads(probe.read())["error"]["code"] == "draining"
        for connection in (kept, connect(server)):
            answer = ask(connection, "/v1/audio/speech", "One two.")
            assert (answer.status, answer.headers["Connection"]) == (200, "close")
            assert answer.read()
        thread.join()
        with pytest.raises(ConnectionRefusedError):
            ask(connect(server), "/ready")


def test_an_answer_under_way_has_time_of_its_own(tone_config: Config) -> None:
    with stopping(tone_config, stop_seconds=30) as (server, thread):
        text = "One two three four five six seven. " * 140
        slow = connect(server)
        slow.connect()
        wire = slow.sock
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        answer = ask(slow, "/v1/audio/speech", text)
        whole = answer.read(1)
        thread.start()
        # Longer than performance.request_timeout, which is the bound of first audio alone.
        until = time.monotonic() + 2
        while time.monotonic() < until:
            whole += answer.read(1000)
            time.sleep(0.01)
        assert thread.is_alive()
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        whole += answer.read()
        thread.join()
    with stopping(tone_config) as (server, _):
        assert ask(connect(server), "/v1/audio/speech", text).read() == whole


def test_what_is_not_finished_in_time_is_cut(tone_config: Config) -> None:
    with stopping(tone_config, stop_seconds=0) as (server, thread):
        answer = ask(connect(server), "/v1/audio/speech", "One two three four five six seven. " * 140)
        answer.read(1)
        thread.start()
        with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
            answer.read()
