"""Frames after the cases 1 to 7 and 10 of the Autobahn test suite, whose own program runs on Python 2 alone."""

import json
import struct

import pytest

from hailo_piper.server import Server
from tests.support.websocket_client import RawSocket, frame

TEXT, CLOSE, PING, PONG, CONTINUATION = 1, 8, 9, 10, 0
NOTHING = json.dumps({"cancel": "nobody"}).encode()
"""A message that asks for nothing."""
ASKS = json.dumps({"id": "a", "text": ""}).encode()
"""A message that gets an error, and so shows that the socket goes on."""


def close_of(code: int, reason: bytes = b"") -> bytes:
    return frame(CLOSE, struct.pack("!H", code) + reason)


def assert_goes_on(connection: RawSocket) -> None:
    """The socket answers; pongs may come before."""
    connection.socket.sendall(frame(TEXT, ASKS))
    assert json.loads(next(payload for opcode, payload in connection.frames() if opcode == TEXT))["id"] == "a"


@pytest.mark.parametrize("size", [23, 125, 126, 127, 128, 65535, 65536])
@pytest.mark.parametrize("chop", [997, 1 << 20])
def test_1_messages_of_any_length_are_read(joe_server: Server, size: int, chop: int) -> None:
    data = frame(TEXT, NOTHING.ljust(size))
    with RawSocket(joe_server.http.port) as connection:
        for start in range(0, len(data), chop):
            connection.socket.sendall(data[start : start + chop])
        assert_goes_on(connection)


@pytest.mark.parametrize("payload", [b"", b"hello", b"\0\xff\xfe\xfd\xfc\xfb\0\xff", b"\xfe" * 125])
@pytest.mark.parametrize("chop", [1, 1000])
def test_2_pings_are_answered_with_their_payload(joe_server: Server, payload: bytes, chop: int) -> None:
    data = frame(PONG, b"unasked") + frame(PONG) + frame(PING, payload) * 10
    with RawSocket(joe_server.http.port) as connection:
        for start in range(0, len(data), chop):
            connection.socket.sendall(data[start : start + chop])
        frames = connection.frames()
        assert [next(frames) for _ in range(10)] == [(PONG, payload)] * 10
        assert_goes_on(connection)


BROKEN: dict[str, tuple[bytes, int]] = {
    **{f"3, reserved bits {bits} of a text": (frame(TEXT, NOTHING, reserved=bits << 4), 1002) for bits in range(1, 8)},
    **{f"3, reserved bits {bits} of a ping": (frame(PING, reserved=bits << 4), 1002) for bits in range(1, 8)},
    **{f"3, reserved bits {bits} of a close": (frame(CLOSE, reserved=bits << 4), 1002) for bits in range(1, 8)},
    **{f"4, opcode {opcode}": (frame(opcode), 1002) for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)},
    "5.1, a ping in fragments": (frame(PING, b"a", fin=False) + frame(CONTINUATION, b"b"), 1002),
    "5.2, a pong in fragments": (frame(PONG, b"a", fin=False) + frame(CONTINUATION, b"b"), 1002),
    "5.9, a continuation of nothing": (frame(CONTINUATION, NOTHING) + frame(TEXT, NOTHING), 1002),
    "5.11, a continuation of nothing without end": (frame(CONTINUATION, NOTHING, fin=False), 1002),
    "5.15, a continuation after the end": (
        frame(TEXT, b"{", fin=False) + frame(CONTINUATION, b"}") + frame(CONTINUATION, b"x", fin=False), 1002,
    ),
    "5.18, a text inside a text": (frame(TEXT, b"{", fin=False) + frame(TEXT, b"}"), 1002),
    **{
        f"6, {text!r} is not UTF-8": (frame(TEXT, text), 1007)
        for text in (
            b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80", b"\xce", b"\xce\xba\xe1", b"\xce\xba\xe1\xbd",
            b"\xf8\x88\x80\x80\x80", b"\xfc\x84\x80\x80\x80\x80", b"\xf7\xbf\xbf\xbf", b"\xf4\x90\x80\x80", b"\x80",
            b"\xbf", b"\x80\xbf", b"\x80\xbf\x80\xbf", b"\xc0 \xc1 ", b"\xe0 \xe1 ", b"\xf0 \xf1 ", b"\xfe", b"\xff",
            b"\xfe\xfe\xff\xff", b"\xc0\xaf", b"\xe0\x80\xaf", b"\xf0\x80\x80\xaf", b"\xc1\xbf", b"\xe0\x9f\xbf",
            b"\xf0\x8f\xbf\xbf", b"\xed\xa0\x80", b"\xed\xaf\xbf", b"\xed\xbf\xbf", b"\xed\xa0\x80\xed\xb0\x80",
        )
    },
    "6, wrong in the second fragment": (frame(TEXT, b'"\xce', fin=False) + frame(CONTINUATION, b'x"'), 1007),
    "7.3.2, a close of one byte": (frame(CLOSE, b"\x03"), 1002),
    "7.3.6, a close of 126 bytes": (close_of(1000, b"*" * 124), 1002),
    "7.5.1, a reason that is not UTF-8": (close_of(1000, b"\xce\xba\xe1\xbd\xed\xa0\x80"), 1007),
    **{
        f"7.9, the close code {code}": (close_of(code), 1002)
        for code in (0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65535)
    },
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_frame_ends_the_socket_with_the_right_code(joe_server: Server, case: str) -> None:
    data, code = BROKEN[case]
    with RawSocket(joe_server.http.port) as connection:
        connection.socket.sendall(data)
        assert connection.close_code() == code


@pytest.mark.parametrize("size", [1, 2, 3])
def test_5_and_6_a_text_in_fragments_is_read_with_controls_between(joe_server: Server, size: int) -> None:
    said = json.dumps({"cancel": "κόσμε \U0001f600 \ufffe"}, ensure_ascii=False).encode()
    pieces = [said[start : start + size] for start in range(0, len(said), size)]
    data = frame(TEXT, pieces[0], fin=False)
    for piece in pieces[1:]:
        data += frame(PING, piece) + frame(CONTINUATION, piece, fin=False)
    with RawSocket(joe_server.http.port) as connection:
        connection.socket.sendall(data + frame(CONTINUATION))
        frames = connection.frames()
        for piece in pieces[1:]:
            assert next(frames) == (PONG, piece)
        assert_goes_on(connection)


CODES = (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999)


@pytest.mark.parametrize("payload", [b"", *(struct.pack("!H", code) + b"bye" for code in CODES)])
def test_7_a_close_is_answered_and_nothing_after_it_is_read(joe_server: Server, payload: bytes) -> None:
    with RawSocket(joe_server.http.port) as connection:
        connection.socket.sendall(frame(CLOSE, payload) + frame(CLOSE, payload) + frame(PING) + frame(TEXT, ASKS))
        assert list(connection.frames()) == [(CLOSE, payload)]


def test_7_a_close_between_two_fragments_ends_the_socket(joe_server: Server) -> None:
    with RawSocket(joe_server.http.port) as connection:
        connection.socket.sendall(frame(TEXT, b"{", fin=False) + close_of(1000) + frame(CONTINUATION, b"}"))
        # `websockets` takes a message that its client leaves unfinished for a broken rule.
        assert connection.close_code() == 1002


def test_10_a_long_message_in_fragments_is_read(joe_server: Server) -> None:
    said = NOTHING.ljust(60_000)
    data = frame(TEXT, said[:1300], fin=False)
    data += b"".join(frame(CONTINUATION, said[start : start + 1300], fin=False) for start in range(1300, 60_000, 1300))
    with RawSocket(joe_server.http.port) as connection:
        connection.socket.sendall(data + frame(CONTINUATION))
        assert_goes_on(connection)
