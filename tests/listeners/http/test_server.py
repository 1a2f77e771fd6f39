"""What only bytes on a socket show: requests that no library would send, and clients that end half a connection."""

import errno
import json
import logging
import os
import socket
import ssl
import struct
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from typing import Any

import pytest

from hailo_piper.config.loading import parse_config
from hailo_piper.config.settings import Config
from hailo_piper.server import Server
from tests.support.client import assert_error, get, post, wait_until, wav_of
from tests.support.raw_http import HEAD, SPEECH, assert_healthy, parse_raw, raw, serving
from tests.support.services import as_values, running

BODY = b'{"input": "Hello."}'
HOST = b"Host: x\r\n"


@pytest.fixture(scope="module")
def server(tone_config: Config) -> Iterator[Server]:
    with running(tone_config) as server:
        yield server


def refused(count: float, server: Server) -> float:
    text = get(server.http.port, "/metrics").data.decode()
    lines = [
        line
        for line in text.splitlines()
        if line.startswith('hailo_piper_requests_total{format="none",listener="http"')
    ]
    return sum(float(line.rpartition(" ")[2]) for line in lines) - count


def chunked(body: bytes, *heads: bytes) -> bytes:
    return b"POST /v1/audio/speech HTTP/1.1\r\n" + HOST + b"".join(heads) + b"Transfer-Encoding: chunked\r\n\r\n" + body


REFUSED: list[tuple[bytes, int]] = [
    (b"GET http://[::1 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET http://[::1/health HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET http:///health HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET ftp://x/health HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET health HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET ?a HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET /caf\xc3\xa9 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET /a\x01b HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"CONNECT x:443 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"get /health HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET  /health HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET /health\r\n" + HOST + b"\r\n", 400),
    (b"GET /health HTTP/1.1 x\r\n" + HOST + b"\r\n", 400),
    (b"GET /health HTTP/2.0\r\n" + HOST + b"\r\n", 505),
    (b"GET /health HTTP/0.9\r\n" + HOST + b"\r\n", 505),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    (b"GET /health HTTP/1.1\r\n\r\n", 400),
    (b"GET /health HTTP/1.1\r\n" + HOST + HOST + b"\r\n", 400),
    (b"GET /health HTTP/1.0\r\n" + HOST + HOST + b"\r\n", 400),
    (b"GET /health HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
    (b"GET /health HTTP/1.1\r\nHost: a, b\r\n\r\n", 400),
    (b"GET /health HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
    (b"GET /health HTTP/1.1\r\nHost: user@a\r\n\r\n", 400),
    (b"GET /health HTTP/1.1\r\nHost: a:b\r\n\r\n", 400),
    (b"GET /health HTTP/1.1\r\nHost: [::1\r\n\r\n", 400),
    (b"GET /health HTTP/1.1\r\n" + HOST + b" folded: x\r\n\r\n", 400),
    (b"GET /health HTTP/1.1\r\n folded: x\r\n" + HOST + b"\r\n", 400),
    (b"GET /health HTTP/1.1\r\n" + HOST + b"X : y\r\n\r\n", 400),
    (b"GET /health HTTP/1.1\r\n" + HOST + b": y\r\n\r\n", 400),
    (b"GET /health HTTP/1.1\r\n" + HOST + b"nothing\r\n\r\n", 400),
    (b"GET /health HTTP/1.1\r\n" + HOST + b"X: a\x00b\r\n\r\n", 400),
    (b"GET /health HTTP/1.1\r\n" + HOST + b"X: a\rb\r\n\r\n", 400),
    (b"GET /health HTTP/1.1\r\n" + HOST + b"X: a\nb\r\n\r\n", 400),
    (b"GET /health HTTP/1.1\n" + HOST + b"\n", 400),
    (b"GET /health HTTP/1.1\nHost: x\n\n", 400),
    (b'{"type": "describe"}\n', 400),
    (HEAD.encode() + b"Content-Length: 19\r\nTransfer-Encoding: chunked\r\n\r\n" + BODY, 400),
    (HEAD.encode() + b"Transfer-Encoding: chunked\r\nContent-Length: 19\r\n\r\n" + BODY, 400),
    (HEAD.encode() + b"Content-Length: 19\r\nContent-Length: 20\r\n\r\n" + BODY, 400),
    (HEAD.encode() + b"Content-Length: 19\r\nContent-Length: 19\r\n\r\n" + BODY, 400),
    (HEAD.encode() + b"Content-Length: 19, 19\r\n\r\n" + BODY, 400),
    (HEAD.encode() + b"Content-Length: +19\r\n\r\n" + BODY, 400),
    (HEAD.encode() + b"Content-Length: -1\r\n\r\n" + BODY, 400),
    (HEAD.encode() + b"Content-Length: 0x13\r\n\r\n" + BODY, 400),
    (HEAD.encode() + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n", 400),
    (HEAD.encode() + b"Content-Length:\r\n\r\n", 400),
    (HEAD.encode().replace(b"1.1", b"1.0") + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    (HEAD.encode() + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400),
    (HEAD.encode() + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400),
    (HEAD.encode() + b"Transfer-Encoding:\r\n\r\n0\r\n\r\n", 400),
    (HEAD.encode() + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n", 400),
    (HEAD.encode() + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501),
    (chunked(b"5\n{}\r\n0\r\n\r\n"), 400),
    (chunked(b"-1\r\n{}\r\n0\r\n\r\n"), 400),
    (chunked(b"0x5\r\n{}\r\n0\r\n\r\n"), 400),
    (chunked(b" 5\r\n{}\r\n0\r\n\r\n"), 400),
    (chunked(b"zz\r\n{}\r\n0\r\n\r\n"), 400),
    (chunked(b"2;\x01=2\r\n{}\r\n0\r\n\r\n"), 400),
    (chunked(b"2\r\n{}x\r\n0\r\n\r\n"), 400),
    (chunked(b"ffffffffffffffff\r\n{}"), 413),
    (HEAD.encode() + b"Expect: 100-continue\r\nContent-Length: 50000000\r\n\r\n", 413),
]


@pytest.mark.parametrize(("request_bytes", "status"), REFUSED, ids=[f"{number}" for number in range(len(REFUSED))])
def test_what_two_programs_could_understand_differently_is_refused_and_closed(
    server: Server, request_bytes: bytes, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        answer = parse_raw(raw(server.http.port, request_bytes))
    codes = {
        400: "bad_request",
        413: "request_entity_too_large",
        501: "not_implemented",
        505: "http_version_not_supported",
    }
    assert_error(answer, status, codes[status], None)
    assert answer.headers["Connection"] == "close"
    assert len(answer.headers["X-Request-Id"]) == 32
    (line,) = [record for record in caplog.records if record.name.startswith("hailo_piper")]
    fields = line.fields  # type: ignore[attr-defined]
    assert (line.message, fields["listener"], fields["status"]) == ("refused", "http", status)
    assert not [record for record in caplog.records if record.exc_info]
    assert_healthy(server.http.port)


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /health HTTP/1.0\r\n\r\n",
        b"\r\n\r\nGET /health HTTP/1.0\r\n\r\n",
        b"GET http://x/health HTTP/1.1\r\nHost: y\r\nConnection: close\r\n\r\n",
        b"GET HTTP://[::1]:5003/health HTTP/1.1\r\nHost: [::1]:5003\r\nConnection: close\r\n\r\n",
        b"GET http://x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n",
        b"GET /health HTTP/1.1\r\nhOsT: my_host.local:80\r\nConnection: close\r\n\r\n",
        b"GET /health?a=%C3%A9 HTTP/1.1\r\nHost: x\r\nX: caf\xe9\r\nConnection: close\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /health HTTP/1.0\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        chunked(b"8;a=b\r\n" + BODY[:8] + b"\r\nb\r\n" + BODY[8:] + b"\r\n0\r\nT: x\r\n\r\n", b"Connection: close\r\n",
                b"Content-Type: application/json\r\n"),
    ],
)  # fmt: skip
def test_what_is_unusual_but_right_is_served(server: Server, request_bytes: bytes) -> None:
    assert parse_raw(raw(server.http.port, request_bytes)).status_code in (200, 404)


def test_the_bytes_of_a_refusal_are_those_of_one(server: Server) -> None:
    given = b"GET /health HTTP/1.1\r\nX-Request-Id: mine-1\r\n\r\n"
    assert parse_raw(raw(server.http.port, given)).headers["X-Request-Id"] == "mine-1"
    # Nothing that follows a refusal is a request.
    twice = raw(server.http.port, HEAD.encode() + b"Content-Length: 5, 5\r\n\r\n01234GET /health HTTP/1.0\r\n\r\n")
    assert twice.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    "head",
    [
        b"HEAD /health HTTP/1.1\r\n\r\n",
        b"HEAD http://[ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"HEAD /health HTTP/3.0\r\nHost: x\r\n\r\n",
        b"HEAD /health HTTP/1.1\n\n",
        b"HEAD /health HTTP/1.1\r\nX: ".ljust(65536, b"x"),
    ],
)
def test_the_refusal_of_a_head_has_no_body(server: Server, head: bytes) -> None:
    answer = parse_raw(raw(server.http.port, head))
    assert answer.status_code in (400, 431, 505)
    assert int(answer.headers["Content-Length"]) > 50
    assert answer.data == b""


def test_what_is_refused_is_counted_where_it_may_have_been_speech(server: Server) -> None:
    before = refused(0, server)
    raw(server.http.port, HEAD.encode() + b"Content-Length: x\r\n\r\n")
    raw(server.http.port, b"nonsense\r\n\r\n")
    raw(server.http.port, b"GET /health HTTP/1.1\r\n\r\n")
    assert refused(before, server) == 2


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 200),
        (HEAD.encode() + b"Connection: close\r\nContent-Length: 19\r\n\r\n" + BODY, 200),
        (
            HEAD.encode() + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n13\r\n" + BODY + b"\r\n0\r\n\r\n",
            200,
        ),
        (b"GET /health HTTP/1.1\nHost: x\n\n", 400),
        (b"GET /health HTTP/1.1\r\nHost: x\nX: y\r\n\r\n", 400),
    ],
)
def test_how_the_bytes_are_cut_makes_no_difference(
    server: Server, request_bytes: bytes, status: int, size: int
) -> None:
    with closing(socket.create_connection(("127.0.0.1", server.http.port), timeout=30)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(ConnectionError):
            for start in range(0, len(request_bytes), size):
                connection.sendall(request_bytes[start : start + size])
        with suppress(ConnectionError):
            assert int(connection.recv(65536).split()[1]) == status


def half_closed(port: int, request: bytes) -> bytes:
    with closing(socket.create_connection(("127.0.0.1", port), timeout=30)) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def speech(text: str = "Hello.", **fields: Any) -> bytes:
    body = json.dumps({"input": text, **fields}).encode()
    return f"{HEAD}Content-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.mark.parametrize("text", ["Hello.", "One two three. Four five six. " * 40])
def test_who_ends_his_half_after_the_request_gets_the_whole_answer(server: Server, text: str) -> None:
    port = server.http.port
    whole = post(port, SPEECH, {"input": text, "response_format": "pcm"}).data
    answer = half_closed(port, speech(text, response_format="pcm"))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK")
    if b"chunked" in head:
        assert body.endswith(b"0\r\n\r\n")
        assert len(body) > len(whole)
    else:
        assert body == whole
    wait_until(lambda: server.http.connections == 0)


def test_all_requests_before_the_end_are_answered(server: Server) -> None:
    health = b"GET /health HTTP/1.1\r\n" + HOST + b"\r\n"
    assert half_closed(server.http.port, health * 3).count(b"HTTP/1.1 200 OK") == 3
    assert half_closed(server.http.port, health + b"GET /hea").count(b"HTTP/1.1 200 OK") == 1
    assert half_closed(server.http.port, b"GET /hea") == b""
    assert half_closed(server.http.port, b"") == b""
    wait_until(lambda: server.http.connections == 0)


@pytest.mark.parametrize("request_bytes", [speech()[:-1], chunked(b"8;a=b\r\n" + BODY[:8] + b"\r\n")])
def test_half_a_body_is_refused_at_its_end(server: Server, request_bytes: bytes) -> None:
    assert_error(parse_raw(half_closed(server.http.port, request_bytes)), 400, "bad_request", None)
    health = b"GET /health HTTP/1.1\r\n" + HOST + b"\r\n"
    both = half_closed(server.http.port, health + request_bytes)
    assert (both.count(b"HTTP/1.1 200 OK"), both.count(b"HTTP/1.1 400 ")) == (1, 1)
    wait_until(lambda: server.http.connections == 0)


def one_place(tone_config: Config, **performance: Any) -> Config:
    return parse_config(
        {**as_values(tone_config), "performance": {"worker_threads": 1, "max_queue": 20, **performance}}
    )


@pytest.mark.parametrize("is_half", [True, False], ids=["half", "whole"])
def test_who_waits_for_a_place_with_half_a_connection_is_told_from_who_left(
    tone_config: Config, *, is_half: bool
) -> None:
    with running(one_place(tone_config)) as server:
        admission = server.service.admission
        ticket = admission.enter(1, deadline=float("inf"))
        with closing(socket.create_connection(("127.0.0.1", server.http.port), timeout=30)) as connection:
            connection.sendall(speech())
            wait_until(lambda: admission.waiting == 1)
            connection.shutdown(socket.SHUT_WR)
            if is_half:
                first = connection.recv(65536)
                assert first == b"HTTP/1.1 100 Continue\r\n\r\n"
                admission.leave(ticket)
                rest = b"".join(iter(lambda: connection.recv(65536), b""))
                assert rest.replace(first, b"").startswith(b"HTTP/1.1 200 OK")
            else:
                connection.close()
                wait_until(lambda: admission.waiting == 0)
                admission.leave(ticket)


def test_who_leaves_in_the_middle_after_ending_his_half_stops_the_work(tone_config: Config) -> None:
    with running(one_place(tone_config)) as server:
        with closing(socket.create_connection(("127.0.0.1", server.http.port), timeout=30)) as connection:
            connection.sendall(speech("One two three. " * 300, length_scale=10))
            connection.shutdown(socket.SHUT_WR)
            assert connection.recv(100).startswith(b"HTTP/1.1 200")
        wait_until(lambda: server.service.admission.speaking == 0)
        wait_until(lambda: not server.engine._streams)


def test_https_at_the_plain_port_ends_at_once_with_a_line_that_says_so(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    context = ssl.create_default_context()
    with (
        caplog.at_level(logging.INFO),
        closing(socket.create_connection(("127.0.0.1", server.http.port), timeout=10)) as connection,
        pytest.raises((ssl.SSLError, ConnectionError)),
    ):
        context.wrap_socket(connection, server_hostname="x")
    wait_until(lambda: "TLS" in str([record.__dict__ for record in caplog.records]))
    assert [record.message for record in caplog.records] == ["cut off"]


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def test_the_patience_with_a_client_does_not_hang_on_the_clock_on_the_wall(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(socket.create_connection(("127.0.0.1", server.http.port), timeout=10)) as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\n")
        wait_until(lambda: server.http.connections == 1)
        monkeypatch.setattr("time.time", lambda: 4e9)
        swept = server.http._server.next_channel_cleanup
        wait_until(lambda: server.http._server.next_channel_cleanup > swept + 1)
        connection.sendall(HOST + b"Connection: close\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 200")


FEW_FILES = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (120, 120))  # which leaves 19 connections to HTTP
sys.argv = ["hailo-piper", *sys.argv[1:]]
runpy.run_module("hailo_piper", run_name="__main__")
"""


def test_an_answer_that_ends_after_the_loop_wakes_nobody(tone_config: Config) -> None:
    with running(tone_config) as server:
        listener = server.http
    listener._server.pull_trigger()


def test_with_few_file_descriptors_connections_are_bounded_and_speech_is_refused_not_broken() -> None:
    with serving("--log-format", "json", program=FEW_FILES) as (process, port), ExitStack() as opened:
        for _ in range(19):
            connection = opened.enter_context(closing(socket.create_connection(("127.0.0.1", port), timeout=10)))
            connection.sendall(b"POST ")
        answer = post(port, SPEECH, {"input": "Hello."})
        assert_error(answer, 503, "busy", None)
        assert int(answer.headers["Retry-After"]) >= 1
        assert get(port, "/live").status_code == 200
        opened.close()
        wait_until(lambda: post(port, SPEECH, {"input": "Hello."}).status_code == 200)
        many = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(200)]
        # Those that ask for nothing give way to one that does.
        assert post(port, SPEECH, {"input": "Hello."}).status_code == 200
        for connection in many:
            reset(connection)
        wait_until(lambda: post(port, SPEECH, {"input": "Hello."}).status_code == 200)
        process.terminate()
        _, errors = process.communicate(timeout=30)
    warnings = [line for line in errors.splitlines() if '"WARNING"' in line]
    assert len(warnings) == 1
    assert "all 19 connections are taken" in warnings[0]
    assert "Traceback" not in errors, errors


def test_requests_without_end_shut_nobody_out() -> None:
    with serving("--log-format", "json", program=FEW_FILES) as (process, port), ExitStack() as opened:
        for _ in range(100):
            connection = opened.enter_context(closing(socket.create_connection(("127.0.0.1", port), timeout=10)))
            connection.sendall(b"GET /live HTTP/1.1\r\nHost")
        with closing(socket.create_connection(("127.0.0.1", port), timeout=25)) as connection:
            connection.sendall(b"GET /live HTTP/1.0\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.0 200")
        process.terminate()
        _, errors = process.communicate(timeout=30)
    assert "Traceback" not in errors, errors


def test_where_the_system_has_no_file_for_a_connection_the_loop_waits_and_tells_once(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    listener, tries = server.http._server, 0

    def accept() -> None:
        nonlocal tries
        tries += 1
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(listener, "accept", accept)
    with closing(socket.create_connection(("127.0.0.1", server.http.port), timeout=10)) as connection:
        connection.sendall(b"GET /health HTTP/1.0\r\n\r\n")
        begun = listener.next_channel_cleanup
        wait_until(lambda: listener.next_channel_cleanup > begun + 2)
        # Once a second, where a loop that does not wait tries thousands of times.
        assert 1 <= tries <= 5
        monkeypatch.undo()
        assert connection.recv(100).startswith(b"HTTP/1.0 200")
    assert caplog.text.count("no connection can be taken: Too many open files") == 1


def test_one_address_may_not_have_all_connections(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hailo_piper.listeners.http.server.listener.is_loopback", lambda _: False)
    monkeypatch.setattr(server.http._server, "most_connections", 10)
    with ExitStack() as opened:
        for _ in range(5):
            opened.enter_context(closing(socket.create_connection(("127.0.0.1", server.http.port), timeout=10)))
        wait_until(lambda: server.http.connections == 5)
        assert_error(post(server.http.port, SPEECH, {"input": "Hello."}), 503, "busy", None)
        assert get(server.http.port, "/health").status_code == 200
    wait_until(lambda: server.http.connections == 0)
    assert wav_of(post(server.http.port, SPEECH, {"input": "Hello."}).data)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_two_colons_are_every_address(tone_config: Config, address: str) -> None:
    values = as_values(tone_config)
    values["server"] = {"host": "::", "port": 0}
    with (
        running(parse_config(values)) as server,
        closing(socket.create_connection((address, server.http.port), timeout=10)) as connection,
    ):
        connection.sendall(b"GET /health HTTP/1.0\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.0 200")


def test_an_ipv6_address_stands_in_brackets(tone_config: Config) -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as other:
        values = as_values(tone_config)
        values["server"] = {"host": "::1", "port": other.getsockname()[1]}
        with pytest.raises(OSError, match="in use") as raised:
            Server(parse_config(values))
    assert raised.value.filename == f"[::1] port {values['server']['port']}"
