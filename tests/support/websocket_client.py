"""What tests ask over a WebSocket: with the library's own client, and frame by frame."""

import base64
import json
import os
import socket
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from websockets.sync.client import ClientConnection, connect

SECONDS = 60
"""What any answer may take on a slow machine."""
OWN = "/ws/synthesize"


@dataclass
class Heard:
    """The answer to one id."""

    data: bytes = b""
    words: list[dict[str, Any]] = field(default_factory=list)
    error: dict[str, Any] | None = None
    num_messages: int = 0


@contextmanager
def dialled(port: int, path: str = OWN, headers: Mapping[str, str] | None = None) -> Iterator[ClientConnection]:
    """A WebSocket of the library's own client."""
    url = f"ws://127.0.0.1:{port}{path}"
    with connect(url, additional_headers=dict(headers or {}), proxy=None, open_timeout=SECONDS, max_size=None) as one:
        yield one


def say(connection: ClientConnection, **fields: Any) -> None:
    """Send one message."""
    connection.send(json.dumps(fields))


def hear(connection: ClientConnection) -> Any:
    """The next message."""
    return json.loads(connection.recv(timeout=SECONDS))


def hear_all(connection: ClientConnection, *ids: Any) -> dict[Any, Heard]:
    """The whole answers to these ids, however they are interleaved."""
    heard, left = {one: Heard() for one in ids}, set(ids)
    while left:
        message = hear(connection)
        one = heard[message["id"]]
        assert message["id"] in left, message
        one.num_messages += 1
        if "error" in message:
            one.error = message["error"]
            left.discard(message["id"])
            continue
        assert set(message) == {"id", "audio_chunk", "words", "sample_rate", "is_final"}
        one.data += base64.b64decode(message["audio_chunk"])
        one.words += message["words"]
        if message["is_final"]:
            left.discard(message["id"])
    return heard


class RawSocket:
    """A WebSocket of bare frames, which may break any rule."""

    def __init__(self, port: int, path: str = OWN) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        self._read = b""
        while b"\r\n\r\n" not in self._read:
            self._read += self.socket.recv(4096)
        head, _, self._read = self._read.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101 "), head

    def __enter__(self) -> "RawSocket":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def frames(self) -> Iterator[tuple[int, bytes]]:
        """Opcode and payload of each frame, until the service closes the connection."""
        while head := self._exactly(2):
            length = head[1] & 0x7F
            if length >= 126:
                length = int.from_bytes(self._exactly(2 if length == 126 else 8) or b"")
            yield head[0] & 0xF, self._exactly(length) or b""

    def close_code(self) -> int | None:
        """The code of the close frame with which the service ends it; None where it only closes the connection."""
        for opcode, payload in self.frames():
            if opcode == 8:
                code: int = struct.unpack("!H", payload[:2])[0]
                return code
        return None

    def _exactly(self, size: int) -> bytes | None:
        while len(self._read) < size:
            data = self.socket.recv(65536)
            if not data:
                return None
            self._read += data
        taken, self._read = self._read[:size], self._read[size:]
        return taken


def frame(opcode: int, payload: bytes = b"", *, fin: bool = True, masked: bool = True, reserved: int = 0) -> bytes:
    """One frame of a client, masked with zeros."""
    first = (0x80 if fin else 0) | reserved | opcode
    mask = 0x80 if masked else 0
    if len(payload) < 126:
        length = bytes([mask | len(payload)])
    elif len(payload) < 1 << 16:
        length = bytes([mask | 126]) + struct.pack("!H", len(payload))
    else:
        length = bytes([mask | 127]) + struct.pack("!Q", len(payload))
    return bytes([first]) + length + (b"\0\0\0\0" if masked else b"") + payload
