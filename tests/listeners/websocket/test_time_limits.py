"""A WebSocket's time limits, with a clock that runs ahead."""

import json
import threading
import time
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from hailo_piper.listeners.websocket.connection import Connection
from hailo_piper.server import Server
from tests.support.client import wait_until
from tests.support.websocket_client import SECONDS, RawSocket, dialled, frame, hear, say

PING, PONG, CLOSE = 9, 10, 8


def sweep_later(server: Server, seconds: float) -> None:
    """Have the listener look after its sockets as if so many seconds had passed."""
    wait_until(lambda: server.websocket.connections == 1)
    loop = server.websocket._loop
    assert loop is not None
    done = threading.Event()

    def sweep() -> None:
        connections: list[Connection] = list(loop._connections)
        for connection in connections:
            connection.sweep(time.monotonic() + seconds)
        done.set()

    loop._asyncio.call_soon_threadsafe(sweep)
    assert done.wait(SECONDS)


def next_frame(connection: RawSocket, opcode: int) -> bytes:
    return next(payload for found, payload in connection.frames() if found == opcode)


def test_a_silent_client_is_asked_and_stays_if_it_answers(joe_server: Server) -> None:
    with RawSocket(joe_server.http.port) as connection:
        sweep_later(joe_server, 25)
        payload = next_frame(connection, PING)
        connection.socket.sendall(frame(PONG, payload) + frame(PING, b"still here"))
        assert next_frame(connection, PONG) == b"still here"


def test_a_client_that_answers_no_ping_is_closed(joe_server: Server) -> None:
    with RawSocket(joe_server.http.port) as connection:
        sweep_later(joe_server, 25)
        next_frame(connection, PING)
        sweep_later(joe_server, 50)
        assert connection.close_code() == 1011
    wait_until(lambda: joe_server.http.connections == 0)


def test_an_idle_socket_is_closed(joe_server: Server) -> None:
    with dialled(joe_server.http.port) as connection:
        say(connection, id="a", text="No end", **{"continue": True})
        connection.ping().wait(SECONDS)
        sweep_later(joe_server, 700)
        with pytest.raises(ConnectionClosed) as closed:
            connection.recv(timeout=SECONDS)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1001


def test_a_client_that_takes_nothing_is_cut_off(joe_server: Server) -> None:
    text = "This sentence is one of very many. " * 140
    with RawSocket(joe_server.http.port) as connection:
        request: dict[str, Any] = {"id": "a", "text": text, "format": "wav", "sample_rate": 48000}
        for name in range(8):
            connection.socket.sendall(frame(1, json.dumps({**request, "id": name}).encode()))
        loop = joe_server.websocket._loop
        assert loop is not None
        wait_until(lambda: joe_server.websocket.connections == 1)
        (served,) = loop._connections
        wait_until(lambda: served.link._transport.get_write_buffer_size() > 1 << 16, SECONDS)
        assert joe_server.websocket.connections == 1
        sweep_later(joe_server, 0)
        sweep_later(joe_server, 31)
        wait_until(lambda: joe_server.http.connections == 0)
    wait_until(lambda: joe_server.service.admission.speaking == 0)


def test_an_idle_socket_is_useless_and_one_at_work_is_not(joe_server: Server) -> None:
    with dialled(joe_server.http.port) as connection:
        wait_until(lambda: joe_server.websocket.connections == 1)
        loop = joe_server.websocket._loop
        assert loop is not None
        (served,) = loop._connections
        assert served.useless_since(time.monotonic() + 60) < time.monotonic()
        say(connection, id="a", text="This sentence is one of very many. " * 100, format="pcm")
        hear(connection)
        assert served.useless_since(time.monotonic() + 60) > time.monotonic()
