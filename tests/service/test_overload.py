"""Clients that send slowly, read nothing, leave, or come all at once: the others are served, and nothing is left."""

import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hailo_piper.config.loading import parse_config
from hailo_piper.config.settings import Config
from hailo_piper.listeners.http.cors import Cors
from hailo_piper.listeners.http.server.listener import HttpServer
from hailo_piper.server import Server
from tests.support.client import assert_error, get, post, wait_until, wav_of
from tests.support.services import running

SPEECH = "/v1/audio/speech"
CHAPTER = {"input": "One two three. " * 300, "length_scale": 10, "volume": 0.1}
"""Minutes of sound that cost little: so quiet, nothing needs limiting."""


def request_bytes(body: object) -> bytes:
    raw = json.dumps(body).encode()
    head = f"POST {SPEECH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(raw)}\r\n\r\n".encode() + raw


def connect(port: int) -> socket.socket:
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(20)
    connection.connect(("127.0.0.1", port))
    return connection


def never_reading(port: int) -> socket.socket:
    connection = connect(port)
    connection.sendall(request_bytes(CHAPTER))
    return connection


def sip(port: int, stop: threading.Event) -> None:
    """Hear a chapter, a little now and then: such a reader is not stalled, so he keeps his place."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(request_bytes(CHAPTER))
        while not stop.wait(0.02) and connection.recv(1 << 16):
            pass


def never_ending(port: int) -> socket.socket:
    connection = connect(port)
    connection.sendall(request_bytes(CHAPTER)[:100])
    return connection


def is_cut_off(connection: socket.socket) -> bool:
    """Whether it ends before an answer does; reads what there is."""
    received = b""
    try:
        while piece := connection.recv(1 << 20):
            received = received[-5:] + piece
    except ConnectionError:
        pass
    return not received.endswith(b"0\r\n\r\n")


def passing_threads() -> list[str]:
    """All but those that stay for the next request."""
    return [thread.name for thread in threading.enumerate() if not thread.name.startswith("waitress-")]


@pytest.fixture
def impatient_server(tone_config: Config) -> Iterator[Server]:
    piper = {"model_path": tone_config.piper.model_path, "cache_directory": tone_config.piper.cache_directory}
    config = parse_config(
        {"server": {"host": "127.0.0.1", "port": 0}, "piper": piper, "performance": {"request_timeout": 8}}
    )
    with running(config) as server:
        yield server


def test_the_others_are_served_while_50_send_slowly_and_50_never_read(impatient_server: Server) -> None:
    port, admission = impatient_server.http.port, impatient_server.service.admission
    good = {"input": "Two words."}
    right = len(post(port, SPEECH, good).data)
    files, threads = len(list(Path("/proc/self/fd").iterdir())), len(passing_threads())
    bad = [never_reading(port) for _ in range(50)] + [never_ending(port) for _ in range(50)]
    try:
        # More than there are places: stalled readers have given theirs up.
        wait_until(lambda: admission.speaking > admission.places, timeout_seconds=8)
        done = 0
        while impatient_server.http.connections:
            answer = post(port, SPEECH, good)
            assert (answer.status_code, len(answer.data)) == (200, right)
            assert get(port, "/health").status_code == 200
            done += 1
        assert done > 1
        assert all(map(is_cut_off, bad))
    finally:
        for connection in bad:
            connection.close()
    wait_until(lambda: admission.speaking == 0)
    wait_until(lambda: not impatient_server.http.connections)
    wait_until(lambda: len(list(Path("/proc/self/fd").iterdir())) <= files)
    wait_until(lambda: len(passing_threads()) <= threads)


def test_a_request_that_trickles_in_is_cut_off_too() -> None:
    server = HttpServer(
        lambda *_: [],
        host="127.0.0.1",
        port=0,
        speech_threads=1,
        max_body_bytes=1 << 20,
        patience_seconds=1,
        cors=Cors([]),
    )
    server.start()
    with connect(server.port) as connection:
        raw = iter(request_bytes(CHAPTER))

        def is_refused() -> bool:
            try:
                connection.sendall(bytes([next(raw)]))
            except ConnectionError:
                return True
            return False

        wait_until(is_refused)
    server.stop(timeout_seconds=0)


def test_everything_else_answers_at_once_with_every_place_and_the_queue_taken(tone_config: Config) -> None:
    piper = {"model_path": tone_config.piper.model_path, "cache_directory": tone_config.piper.cache_directory}
    performance = {"worker_threads": 2, "max_queue": 3, "request_timeout": 60}
    config = parse_config({"server": {"host": "127.0.0.1", "port": 0}, "piper": piper, "performance": performance})
    with running(config) as server:
        port, admission = server.http.port, server.service.admission
        stop = threading.Event()

        with ThreadPoolExecutor(8) as pool:
            reading = [pool.submit(sip, port, stop) for _ in range(2)]
            # Whoever comes after these two has to wait.
            wait_until(lambda admission=admission: admission.speaking == 2)  # type: ignore[misc]
            waiting = [pool.submit(post, port, SPEECH, {"input": "Two words."}) for _ in range(3)]
            wait_until(lambda admission=admission: admission.waiting == 3)  # type: ignore[misc]
            busy = post(port, SPEECH, {"input": "Two words."})
            assert_error(busy, 503, "busy", None)
            assert 1 <= int(busy.headers["Retry-After"]) <= 60
            for path in ("/health", "/ready", "/live", "/v1/voices", "/v1/models", "/"):
                assert get(port, path).status_code == 200, path
            assert admission.waiting == 3
            stop.set()
            for reader in reading:
                reader.result(30)
            assert [wav_of(future.result(30).data)[0].nframes > 1000 for future in waiting] == [True] * 3


def test_clients_that_leave_while_they_wait_are_not_spoken_to(tone_config: Config) -> None:
    piper = {"model_path": tone_config.piper.model_path, "cache_directory": tone_config.piper.cache_directory}
    performance = {"worker_threads": 1, "max_queue": 20}
    config = parse_config({"server": {"host": "127.0.0.1", "port": 0}, "piper": piper, "performance": performance})
    with running(config) as server:
        port, admission = server.http.port, server.service.admission
        stop = threading.Event()
        with ThreadPoolExecutor(1) as pool:
            speaking = pool.submit(sip, port, stop)
            wait_until(lambda admission=admission: admission.speaking == 1)  # type: ignore[misc]
            leaving = [never_reading(port) for _ in range(20)]
            wait_until(lambda admission=admission: admission.waiting == 20)  # type: ignore[misc]
            for connection in leaving:
                connection.close()
            wait_until(lambda admission=admission: admission.waiting == 0)  # type: ignore[misc]
            assert admission.speaking == 1
            stop.set()
            speaking.result(30)
