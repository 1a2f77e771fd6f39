"""Frames that break the rules end their own connection, with the right code, and nothing else."""

import json
import socket
from collections.abc import Callable

import pytest

from hailo_piper.listeners.port import max_message_bytes
from hailo_piper.server import Server
from tests.support.client import wait_until
from tests.support.raw_http import assert_healthy, parse_raw, raw
from tests.support.websocket_client import OWN, RawSocket, dialled, frame, hear_all, say

TEXT, BINARY, CLOSE, PING, PONG, CONTINUATION = 1, 2, 8, 9, 10, 0
REQUEST = json.dumps({"id": "a", "text": "Good morning.", "format": "pcm"}).encode()

GARBAGE: dict[str, tuple[bytes, int]] = {
    "no mask": (frame(TEXT, b"{}", masked=False), 1002),
    "reserved bits": (frame(TEXT, b"{}", reserved=0x40), 1002),
    "opcode 3": (frame(3, b"{}"), 1002),
    "opcode 11": (frame(11), 1002),
    "continuation of nothing": (frame(CONTINUATION, b"{}"), 1002),
    "a text inside another": (frame(TEXT, b"{", fin=False) + frame(TEXT, b"}"), 1002),
    "a ping in fragments": (frame(PING, b"a", fin=False), 1002),
    "a ping of 126 bytes": (frame(PING, b"a" * 126), 1002),
    "a close of one byte": (frame(CLOSE, b"a"), 1002),
    "a close with a code that does not exist": (frame(CLOSE, b"\x03\xed"), 1002),
    "a length without end": (b"\x81\xff" + b"\xff" * 8 + b"\0\0\0\0", 1009),
    "a giant frame": (b"\x81\xff" + (10 << 20).to_bytes(8) + b"\0\0\0\0", 1009),
    "text that is not UTF-8": (frame(TEXT, b'{"text": "\xff"}'), 1007),
    "half a character": (frame(TEXT, b"\xe2\x82"), 1007),
    "a surrogate": (frame(TEXT, b'"\xed\xa0\x80"'), 1007),
    "a close whose reason is not UTF-8": (frame(CLOSE, b"\x03\xe8\xff"), 1007),
    "bytes": (frame(BINARY, b"{}"), 1003),
    "bytes in fragments": (frame(BINARY, b"{", fin=False) + frame(CONTINUATION, b"}"), 1003),
    "a flood of pings": (frame(PING, b"ping") * 5000, 1008),
    "HTTP": (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 1002),
    "zeros": (b"\0" * 1000, 1002),
}


@pytest.mark.parametrize("what", GARBAGE)
def test_garbage_is_closed_with_the_right_code(joe_server: Server, what: str) -> None:
    data, code = GARBAGE[what]
    with RawSocket(joe_server.http.port) as connection:
        connection.socket.sendall(data)
        assert connection.close_code() == code
    assert_still_fine(joe_server)


@pytest.mark.parametrize("size", [1, 7])
def test_frames_may_come_byte_by_byte(joe_server: Server, size: int) -> None:
    data = frame(TEXT, REQUEST)
    with RawSocket(joe_server.http.port) as connection:
        for start in range(0, len(data), size):
            connection.socket.sendall(data[start : start + size])
        assert_speaks(connection)


def test_a_message_may_come_in_fragments_with_pings_between(joe_server: Server) -> None:
    with RawSocket(joe_server.http.port) as connection:
        connection.socket.sendall(
            frame(TEXT, REQUEST[:5], fin=False)
            + frame(PING, b"one")
            + frame(CONTINUATION, b"", fin=False) * 50
            + frame(CONTINUATION, REQUEST[5:])
        )
        frames = connection.frames()
        assert next(frames) == (PONG, b"one")
        assert_speaks(connection)


def test_a_message_in_fragments_is_bounded(joe_server: Server) -> None:
    most = max_message_bytes(joe_server.service.config)
    part = frame(CONTINUATION, b" " * 50_000, fin=False)
    with RawSocket(joe_server.http.port) as connection:
        connection.socket.sendall(frame(TEXT, b"{", fin=False) + part * (most // 50_000 + 1))
        assert connection.close_code() == 1009
    assert_still_fine(joe_server)


@pytest.mark.parametrize("cut", [1, 3, 20])
def test_half_a_frame_and_no_more_leaves_nothing(joe_server: Server, cut: int) -> None:
    with RawSocket(joe_server.http.port) as connection:
        connection.socket.sendall(frame(TEXT, REQUEST)[:cut])
        connection.socket.shutdown(socket.SHUT_WR)
        assert list(connection.frames()) == []
    assert_still_fine(joe_server)


def test_nothing_is_read_after_a_close(joe_server: Server) -> None:
    with RawSocket(joe_server.http.port) as connection:
        connection.socket.sendall(frame(CLOSE, b"\x03\xe8bye") + frame(TEXT, REQUEST) * 3)
        assert list(connection.frames()) == [(CLOSE, b"\x03\xe8bye")]
    assert_still_fine(joe_server)


def test_bytes_sent_before_the_answer_are_frames(joe_server: Server) -> None:
    head = (
        f"GET {OWN} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()
    answer = raw(joe_server.http.port, head + frame(PING, b"hi") + frame(CLOSE, b"\x03\xe8"))
    head, _, frames = answer.partition(b"\r\n\r\n")
    assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in head
    assert frames == b"\x8a\x02hi\x88\x02\x03\xe8"


HANDSHAKE = {
    "Host": "x",
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"Sec-WebSocket-Key": ""}, 400),
        ({"Sec-WebSocket-Key": "short"}, 400),
        ({"Sec-WebSocket-Version": "8"}, 400),
        ({"Connection": "close"}, 426),
        ({"Upgrade": "h2c", "Connection": "close"}, 404),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_a_wrong_handshake_is_refused_with_the_error_object(
    joe_server: Server, changes: dict[str, str], status: int
) -> None:
    lines = [f"{name}: {value}\r\n" for name, value in {**HANDSHAKE, **changes}.items() if value]
    request = f"GET {OWN} HTTP/1.1\r\n{''.join(lines)}\r\n"
    answer = parse_raw(raw(joe_server.http.port, request.encode()))
    assert answer.status_code == status
    assert set(answer.get_json()["error"]) == {"message", "type", "param", "code"}
    assert answer.headers["X-Request-Id"]
    assert_still_fine(joe_server)


def test_an_upgrade_elsewhere_is_ignored(joe_server: Server) -> None:
    lines = "".join(f"{name}: {value}\r\n" for name, value in HANDSHAKE.items() if name != "Connection")
    request = f"GET /live HTTP/1.1\r\n{lines}Connection: close\r\n\r\n"
    assert parse_raw(raw(joe_server.http.port, request.encode())).status_code == 200


def test_a_page_of_the_services_own_host_may_ask(joe_server: Server) -> None:
    origin = f"http://127.0.0.1:{joe_server.http.port}"
    with dialled(joe_server.http.port, headers={"Origin": origin}) as connection:
        say(connection, id=1, text="Hi.", format="pcm")
        assert hear_all(connection, 1)[1].data


def assert_speaks(connection: RawSocket) -> None:
    """The service answers the request with sound."""
    for opcode, payload in connection.frames():
        assert opcode == TEXT
        message = json.loads(payload)
        if message["is_final"]:
            return
    raise AssertionError("the answer has no end")


def assert_still_fine(server: Server) -> None:
    """Nothing of the connection is left, and others are served."""
    is_gone: tuple[Callable[[], bool], ...] = (
        lambda: server.websocket.connections == 0,
        lambda: server.http.connections == 0,
        lambda: server.service.admission.speaking == 0,
    )
    for gone in is_gone:
        wait_until(gone)
    assert_healthy(server.http.port)
