"""Many live texts at once, and clients that come and leave: right or refused, and nothing stays."""

import json
import os
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from hailo_piper.audio.samples import Samples
from hailo_piper.config.loading import parse_config
from hailo_piper.config.settings import Config
from hailo_piper.engine.piper.models import StagedUnit
from hailo_piper.engine.stream import Stream
from hailo_piper.server import Server
from tests.support.client import post, wait_until
from tests.support.services import as_values, running
from tests.support.websocket_client import RawSocket, dialled, frame, hear, hear_all, say

TEXT = "One is here. Two met three in the park."
LONG = "This sentence is one of very many. " * 100
SOCKETS, CONTEXTS = 12, 4
MULTI = "/v1/text-to-speech/default/multi-stream-input?output_format=pcm_24000"


@pytest.fixture
def small_server(tone_config: Config) -> Iterator[Server]:
    """A service that speaks four texts at once, and has four more wait."""
    with running(parse_config({**as_values(tone_config), "performance": {"worker_threads": 4, "max_queue": 4}})) as one:
        yield one


def test_every_context_of_a_crowd_is_right_or_refused(small_server: Server) -> None:
    port = small_server.http.port
    expected = post(port, "/v1/synthesize", {"text": TEXT, "format": "pcm"}).data

    def one_socket(_: int) -> list[bytes | str]:
        with dialled(port) as connection:
            for number in range(CONTEXTS):
                say(connection, id=number, text=TEXT, format="pcm")
            heard = hear_all(connection, *range(CONTEXTS))
        return [one.error["code"] if one.error else one.data for one in heard.values()]

    with ThreadPoolExecutor(SOCKETS) as pool:
        answers = [answer for one in pool.map(one_socket, range(SOCKETS)) for answer in one]
    assert len(answers) == SOCKETS * CONTEXTS
    assert set(answers) <= {expected, "busy"}
    assert answers.count(expected) >= CONTEXTS
    assert small_server.service.admission.speaking == 0


def send_json(connection: RawSocket, **fields: object) -> None:
    connection.socket.sendall(frame(1, json.dumps(fields).encode()))


def _at_once(port: int) -> None:
    RawSocket(port).socket.close()


def _politely(port: int) -> None:
    with dialled(port) as connection:
        say(connection, id="a", text="Never ends", **{"continue": True})


def _in_mid_answer(port: int) -> None:
    with RawSocket(port) as connection:
        send_json(connection, id="a", text=LONG, format="pcm")
        next(connection.frames())


def _with_a_reset(port: int) -> None:
    with RawSocket(port, MULTI) as connection:
        send_json(connection, context_id="a", text=LONG, flush=True)
        next(connection.frames())
        connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _in_mid_message(port: int) -> None:
    with RawSocket(port, "/v1/speak") as connection:
        connection.socket.sendall(frame(1, b'{"type": "Speak"', fin=False))


def _in_mid_handshake(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET /ws/synthesize HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n")


WAYS: tuple[Callable[[int], None], ...] = (
    _at_once,
    _politely,
    _in_mid_answer,
    _with_a_reset,
    _in_mid_message,
    _in_mid_handshake,
)


def files() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - the listing's own descriptor is no Path's affair


def is_quiet(server: Server) -> bool:
    """Whether the service has no client and no work."""
    counts = (server.websocket.connections, server.http.connections, server.service.admission.speaking)
    return counts == (0, 0, 0) and not server.engine._streams


def test_clients_that_leave_in_any_way_leave_nothing(small_server: Server) -> None:
    for leave in WAYS:
        leave(small_server.http.port)
    wait_until(lambda: is_quiet(small_server))
    threads, descriptors = threading.active_count(), files()
    for _ in range(10):
        for leave in WAYS:
            leave(small_server.http.port)
    wait_until(lambda: is_quiet(small_server))
    wait_until(lambda: files() <= descriptors)
    # The pools keep a thread for each text that was spoken at once.
    assert threading.active_count() <= threads + len(WAYS) * 2


@pytest.mark.parametrize(
    ("path", "begin", "interrupt"),
    [
        ("/ws/synthesize", {"id": "a", "text": LONG, "format": "pcm"}, {"cancel": "a"}),
        (MULTI, {"context_id": "a", "text": LONG}, {"context_id": "a", "close_context": True}),
        ("/v1/speak", {"type": "Speak", "text": LONG}, {"type": "Clear"}),
    ],
)
def test_an_interruption_stops_the_work_within_one_window(
    joe_server: Server,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    begin: dict[str, object],
    interrupt: dict[str, object],
) -> None:
    begun: list[float] = []
    ended: list[float] = []
    closed: list[float] = []
    decode, close = StagedUnit.decode, Stream.close

    def decoded(unit: StagedUnit, start: int, end: int) -> Samples:
        begun.append(time.monotonic())
        samples = decode(unit, start, end)
        ended.append(time.monotonic())
        return samples

    def noted(stream: Stream) -> None:
        close(stream)
        closed.append(time.monotonic())

    monkeypatch.setattr(StagedUnit, "decode", decoded)
    with dialled(joe_server.http.port, path) as connection:
        say(connection, **begin)
        while isinstance(message := connection.recv(timeout=60), str) and "Metadata" in message:
            pass
        monkeypatch.setattr(Stream, "close", noted)
        say(connection, **interrupt)
        wait_until(lambda: joe_server.service.admission.speaking == 0)
        wait_until(lambda: bool(closed) and joe_server.service.scheduler.is_idle)
    # A window that is under way is finished on each processor; one may be about to begin.
    workers = joe_server.service.scheduler.workers
    assert sum(moment > closed[0] for moment in begun) <= workers
    assert sum(moment > closed[0] for moment in ended) <= workers
    # A hundred sentences have some five hundred windows.
    assert 0 < len(begun) < 250


def test_sixteen_contexts_that_are_flushed_word_by_word_are_all_spoken(joe_server: Server) -> None:
    names = [f"context {number}" for number in range(16)]
    with dialled(joe_server.http.port, f"{MULTI}&sync_alignment=true") as connection:
        for word in TEXT.split():
            for name in names:
                say(connection, context_id=name, text=f"{word} ", flush=True)
        for name in names:
            say(connection, context_id=name, close_context=True)
        chars, left = dict.fromkeys(names, ""), set(names)
        while left:
            message = hear(connection)
            assert "error" not in message
            if message.get("isFinal"):
                left.remove(message["contextId"])
            elif message["alignment"]:
                chars[message["contextId"]] += "".join(message["alignment"]["chars"])
    assert set(chars.values()) == {f"{TEXT} "}
