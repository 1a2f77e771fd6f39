"""What a balancer hands on: audio as it comes, events, upgrades, refusals, and requests for whoever is free."""

import base64
import hashlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import parse_headers
from pathlib import Path

import pytest

from tests.balancers.balancers import balancing
from tests.balancers.fleet import Instance, fleet, is_ready
from tests.balancers.listeners import LONG, SHORT, KeptConnection, listening
from tests.support.client import assert_error, events_of, get, post, wait_until

SPEECH = "/v1/audio/speech"
TO_ENCODE = {**LONG, "response_format": "flac", "sample_rate": 48000}
"""An answer that takes seconds to encode, so that its first byte comes long before its last."""
ONE_PLACE = {"worker_threads": 1, "max_queue": 0}


@pytest.mark.parametrize("form", [{}, {"stream_format": "sse"}], ids=["audio", "sse"])
def test_the_first_byte_does_not_wait_for_the_last(balancer: int, form: dict[str, str]) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", balancer, timeout=60)) as connection:
        began = time.monotonic()
        connection.request("POST", SPEECH, json.dumps({**TO_ENCODE, **form}), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        assert answer.status == 200
        assert answer.read(1)
        first = time.monotonic() - began
        assert answer.read()
        last = time.monotonic() - began
    assert first < last / 3


def test_events_are_handed_on_as_they_are(balancer: int, expected: tuple[bytes, bytes]) -> None:
    answer = post(balancer, SPEECH, {**SHORT, "stream_format": "sse"})
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    *deltas, done = events_of(answer.data)
    assert b"".join(base64.b64decode(delta["audio"]) for delta in deltas) == expected[0]
    assert done["type"] == "speech.audio.done"


def test_a_permanent_refusal_is_handed_on(balancer: int) -> None:
    assert_error(post(balancer, SPEECH, {"input": "Hello.", "speed": 9}), 400, "invalid_request", "speed")


@pytest.fixture
def saturated(
    tmp_path: Path, tone_path: Path, cache_directory: Path, expected: tuple[bytes, bytes]
) -> Iterator[list[Instance]]:
    """Three services, the first with one place, which somebody who went round the balancer holds."""
    with fleet(tmp_path, tone_path, cache_directory, first=ONE_PLACE) as instances, occupied(instances[0], expected):
        yield instances


@contextmanager
def occupied(instance: Instance, expected: tuple[bytes, bytes]) -> Iterator[None]:
    with listening([KeptConnection(instance.port), KeptConnection(instance.port)], expected):
        wait_until(lambda: get(instance.port, "/health").get_json()["speaking"] == 1)
        yield


def test_a_saturated_instance_costs_no_request(
    name: str, saturated: list[Instance], tmp_path: Path, expected: tuple[bytes, bytes]
) -> None:
    addresses = [instance.address for instance in saturated]
    with (
        balancing(name, tmp_path, addresses, is_ready) as port,
        listening([KeptConnection(port) for _ in range(4)], expected) as outcomes,
    ):
        wait_until(lambda: outcomes.short >= 100 and outcomes.long >= 2, timeout_seconds=60)
    assert (outcomes.cut, outcomes.different) == ([], 0)
    # Caddy hands a 503 on, and leaves the instance alone for two seconds.
    assert len(outcomes.failed) <= (outcomes.whole // 10 if name == "caddy" else 0)
    assert all('"code":"busy"' in failure for failure in outcomes.failed), outcomes.failed


def test_without_an_instance_the_refusal_is_one_that_clients_try_again(name: str, tmp_path: Path) -> None:
    nobody = ["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"]

    def answers(port: int) -> bool:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            return False
        return True

    with balancing(name, tmp_path, nobody, answers) as port:
        answer = post(port, SPEECH, SHORT)
        assert_error(answer, 503, "busy", None)
        assert answer.headers["Retry-After"] == "1"


@contextmanager
def upgrading() -> Iterator[str]:
    """A stand-in for a service with WebSocket: it answers /ready and the handshake, and sends back what it gets."""

    def serve(connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines:
            request = lines.readline()
            headers = parse_headers(lines)
            if headers.get("Upgrade", "").lower() != "websocket":
                connection.sendall(
                    b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" if request else b""
                )
                return
            seed = headers["Sec-WebSocket-Key"].encode() + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
            key = base64.b64encode(hashlib.sha1(seed).digest())
            head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            connection.sendall(head + b"Sec-WebSocket-Accept: " + key + b"\r\n\r\n")
            while piece := lines.read1():
                connection.sendall(piece)

    def accept(listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=accept, args=(listener,))
        thread.start()
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def test_a_websocket_passes(name: str, tmp_path: Path) -> None:
    handshake = (
        b"GET /v1/text-to-speech/x/stream-input HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    with (
        upgrading() as server,
        balancing(name, tmp_path, [server] * 3, is_ready) as port,
        socket.create_connection(("127.0.0.1", port), timeout=20) as connection,
        connection.makefile("rb") as lines,
    ):
        connection.sendall(handshake)
        assert b" 101 " in lines.readline()
        assert parse_headers(lines)["Sec-WebSocket-Accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        for frame in (b"\x81\x85abcdhello", b"\x82\x84abcdmore"):
            connection.sendall(frame)
            assert lines.read(len(frame)) == frame
