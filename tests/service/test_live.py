"""The real service on a real socket with the real voice: what only a network shows."""

import json
import shlex
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from hailo_piper.config.loading import parse_config
from hailo_piper.config.settings import Config
from hailo_piper.listeners.http.cors import Cors
from hailo_piper.listeners.http.server.listener import HttpServer
from hailo_piper.listeners.http.server.threads import Threads
from hailo_piper.listeners.port import SPARE_THREADS, max_message_bytes
from hailo_piper.server import Server
from tests.support.client import ask, assert_error, post, wait_until, wav_of
from tests.support.raw_http import HEAD, SPEECH, assert_healthy, parse_raw, raw, serving
from tests.support.services import as_values, running

SHORT = "Two words."
LONG = "This is the first sentence of a longer text. " * 8


def test_a_wav_of_real_speech(joe_server: Server) -> None:
    answer = post(joe_server.http.port, SPEECH, {"input": "The quick brown fox jumps over the lazy dog."})
    assert answer.status_code == 200
    parameters, pcm = wav_of(answer.data)
    assert parameters[:3] == (1, 2, 22050)
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert 2.0 < len(pcm) / 2 / 22050 < 4.0


@pytest.mark.parametrize("text", [SHORT, LONG, "Dr. Smith met Mrs. Jones at No. 5."])
def test_wav_and_pcm_of_one_text_last_the_same(joe_server: Server, text: str) -> None:
    wav = post(joe_server.http.port, SPEECH, {"input": text, "response_format": "wav"})
    pcm = post(joe_server.http.port, SPEECH, {"input": text, "response_format": "pcm"})
    assert (len(wav.data) - 44) / 2 / 22050 == pytest.approx(len(pcm.data) / 2 / 24000, rel=0.01)


def test_the_first_bytes_leave_before_the_last_sentence_is_spoken(joe_server: Server) -> None:
    with socket.create_connection(("127.0.0.1", joe_server.http.port), timeout=30) as connection:
        body = json.dumps({"input": LONG}).encode()
        head = f"{HEAD}Connection: close\r\n"
        connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        first = connection.recv(1024)
        assert len(joe_server.engine._streams) == 1, "it was all spoken before its first byte left"
        rest = b"".join(iter(lambda: connection.recv(65536), b""))
    assert b"Transfer-Encoding: chunked" in first
    assert rest.endswith(b"0\r\n\r\n")


def test_mixed_requests_at_once_get_what_each_got_alone_while_health_answers(joe_server: Server) -> None:
    port = joe_server.http.port
    texts = [SHORT, LONG, "One sentence of middling length, with a comma.", "Go."] * 6
    alone = {text: post(port, SPEECH, {"input": text}).data for text in set(texts)}
    stop = threading.Event()
    waits: list[float] = []

    def ask_health() -> None:
        while not stop.is_set():
            started = time.monotonic()
            assert_healthy(port)
            waits.append(time.monotonic() - started)

    def one_connection(own: list[str]) -> list[bytes]:
        return [post(port, SPEECH, {"input": text}).data for text in own]

    with ThreadPoolExecutor(9) as pool:
        health = pool.submit(ask_health)
        answers = list(pool.map(one_connection, [texts[start::8] for start in range(8)]))
        stop.set()
        health.result()
    for start, got in enumerate(answers):
        assert got == [alone[text] for text in texts[start::8]]
    assert len(waits) > 5


def test_a_short_request_does_not_wait_for_a_chapter(joe_server: Server) -> None:
    port = joe_server.http.port
    order: list[str] = []

    def ask(name: str, text: str) -> None:
        post(port, SPEECH, {"input": text})
        order.append(name)

    with ThreadPoolExecutor(2) as pool:
        chapter = pool.submit(ask, "chapter", LONG * 8)
        wait_until(lambda: len(joe_server.engine._streams) == 1)
        pool.submit(ask, "word", SHORT).result()
        chapter.result()
    assert order == ["word", "chapter"]


def test_a_client_that_leaves_frees_its_place(tone_config: Config) -> None:
    config = parse_config({**as_values(tone_config), "performance": {"worker_threads": 1, "max_queue": 0}})
    with running(config) as server:
        body = json.dumps({"input": "One two three. " * 300, "length_scale": 10}).encode()
        head = f"{HEAD}Content-Length: {len(body)}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", server.http.port)) as connection:
            connection.sendall(head.encode() + body)
            assert connection.recv(100).startswith(b"HTTP/1.1 200")
            busy = post(server.http.port, SPEECH, {"input": SHORT})
            assert_error(busy, 503, "busy", None)
            assert int(busy.headers["Retry-After"]) >= 1
        port = server.http.port
        wait_until(lambda port=port: post(port, SPEECH, {"input": SHORT}).status_code == 200)  # type: ignore[misc]


STALLED = "One two three four five six seven eight nine ten. " * 90


@pytest.mark.parametrize("stream_format", ["audio", "sse"])
def test_a_client_that_never_reads_is_cut_off_and_frees_its_place(tone_config: Config, stream_format: str) -> None:
    config = parse_config({**as_values(tone_config), "performance": {"worker_threads": 1, "request_timeout": 1}})
    with running(config) as server:
        port = server.http.port
        with closing(never_reading(port, {"input": STALLED, "length_scale": 10, "stream_format": stream_format})):
            wait_until(lambda port=port: post(port, SPEECH, {"input": SHORT}).status_code == 503)  # type: ignore[misc]
            wait_until(lambda port=port: post(port, SPEECH, {"input": SHORT}).status_code == 200)  # type: ignore[misc]
            wait_until(lambda server=server: not server.engine._streams)  # type: ignore[misc]


def test_one_that_leaves_only_the_end_unread_is_cut_off_too(tone_config: Config) -> None:
    config = parse_config({**as_values(tone_config), "performance": {"request_timeout": 1}})
    with running(config) as server:
        # Less than what waitress holds for a reader: the work is done, and only the connection is left.
        text = "One two three four five six seven eight nine ten. " * 8
        with closing(never_reading(server.http.port, {"input": text, "length_scale": 10})) as connection:
            channels = server.http._server.active_channels
            wait_until(lambda channels=channels: any(c.total_outbufs_len for c in channels.values()))  # type: ignore[misc]
            wait_until(lambda channels=channels: not channels)  # type: ignore[misc]
            with pytest.raises(ConnectionResetError):
                b"".join(iter(lambda connection=connection: connection.recv(65536), b""))  # type: ignore[misc]


def test_a_slow_reader_gets_everything(tone_config: Config) -> None:
    config = parse_config({**as_values(tone_config), "performance": {"request_timeout": 3}})
    with running(config) as server:
        with closing(never_reading(server.http.port, {"input": STALLED, "length_scale": 10})) as connection:
            answer = b""
            pause = threading.Event()
            # Longer than the bound in all, but never so long without reading anything.
            for _ in range(14):
                pause.wait(0.25)
                answer += connection.recv(65536)
            assert server.engine._streams, "it was never held back"
            answer += b"".join(iter(lambda connection=connection: connection.recv(65536), b""))  # type: ignore[misc]
        assert answer.endswith(b"0\r\n\r\n")


def never_reading(port: int, body: dict[str, object]) -> socket.socket:
    """A connection with a small receive buffer that has asked for speech."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(30)
    connection.connect(("127.0.0.1", port))
    raw_body = json.dumps(body).encode()
    head = f"{HEAD}Connection: close\r\n"
    connection.sendall(f"{head}Content-Length: {len(raw_body)}\r\n\r\n".encode() + raw_body)
    return connection


def test_a_50_mb_body_gets_its_answer_and_leaves_nothing(tone_server: Server) -> None:
    answer = post(tone_server.http.port, SPEECH, b"x" * (50 << 20))
    assert_error(answer, 413, "request_entity_too_large", None)
    assert post(tone_server.http.port, SPEECH, {"input": SHORT}).status_code == 200


def test_a_body_larger_than_anyone_should_send_is_cut_off(tone_server: Server) -> None:
    request = f"{HEAD}Content-Length: 9999999999\r\n\r\n".encode()
    assert_error(parse_raw(raw(tone_server.http.port, request)), 413, "request_entity_too_large", None)


def test_a_chunked_body_too_large_is_refused(tone_server: Server, tone_config: Config) -> None:
    # One byte too many: a server that closes with bytes unread resets the connection, maybe before its answer is read.
    size = max_message_bytes(tone_config) + 1
    chunk = f"{size:x}\r\n".encode() + b"x" * size
    request = b"POST /v1/audio/speech HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk
    assert_error(parse_raw(raw(tone_server.http.port, request)), 413, "request_entity_too_large", None)


@pytest.mark.parametrize(
    ("request_bytes", "status", "code"),
    [
        (b"nonsense\r\n\r\n", 400, "bad_request"),
        (b"GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n", 400, "bad_request"),
        (b"POST /v1/audio/speech HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501, "not_implemented"),
        (b"GET / HTTP/1.1\r\nX: ".ljust(65536, b"x"), 431, "request_header_fields_too_large"),
    ],
)
def test_what_is_hardly_http_gets_the_error_object_too(
    tone_server: Server, request_bytes: bytes, status: int, code: str
) -> None:
    assert_error(parse_raw(raw(tone_server.http.port, request_bytes)), status, code, None)
    assert_healthy(tone_server.http.port)


def test_a_taken_port_is_an_os_error(tone_server: Server) -> None:
    with pytest.raises(OSError, match="in use"):
        HttpServer(
            lambda *_: [],
            host="127.0.0.1",
            port=tone_server.http.port,
            speech_threads=1,
            max_body_bytes=1,
            patience_seconds=1,
            cors=Cors([]),
        )


def waitress_threads() -> int:
    return sum(thread.name.startswith("waitress-") for thread in threading.enumerate())


def test_there_are_as_many_threads_as_requests_at_once_up_to_the_bound() -> None:
    goes_on = threading.Event()
    before = waitress_threads()

    def app(environment: dict[str, str], start: Callable[..., object]) -> list[bytes]:
        if environment["PATH_INFO"] == "/wait":
            goes_on.wait(30)
        start("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    server = HttpServer(
        app, host="127.0.0.1", port=0, speech_threads=1, max_body_bytes=1, patience_seconds=30, cors=Cors([])
    )
    server.start()
    with ThreadPoolExecutor(20) as pool:
        for _ in range(5):
            assert parse_raw(raw(server.port, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).data == b"ok"
        assert waitress_threads() - before == 1
        wait = b"GET /wait HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        answers = [pool.submit(raw, server.port, wait) for _ in range(1 + SPARE_THREADS + 5)]
        wait_until(lambda: waitress_threads() - before == 1 + SPARE_THREADS)
        wait_until(lambda: server.connections == len(answers))
        assert waitress_threads() - before == 1 + SPARE_THREADS
        goes_on.set()
        assert {parse_raw(answer.result()).data for answer in answers} == {b"ok"}
    server.stop(timeout_seconds=1)
    wait_until(lambda: waitress_threads() == before)


class Task:
    """What waitress gives to its threads."""

    def __init__(self) -> None:
        self.served = threading.Event()

    def service(self) -> None:
        self.served.set()

    def cancel(self) -> None:
        pass


class FewThreads(Threads):
    """On a system that gives only so many."""

    def __init__(self, given: int) -> None:
        super().__init__(most=5)
        self.given = given

    def start_new_thread(self, target: Callable[[int], None], thread_no: int) -> None:
        if not self.given:
            raise RuntimeError("can't start new thread")
        self.given -= 1
        super().start_new_thread(target, thread_no)


def test_where_the_system_gives_no_more_threads_those_there_are_serve_all() -> None:
    threads = FewThreads(given=1)
    tasks = [Task() for _ in range(20)]
    for task in tasks:
        threads.add_task(task)
    assert all(task.served.wait(10) for task in tasks)
    assert len(threads.threads) == 1
    threads.shutdown()


def test_where_the_system_gives_no_thread_at_all_that_is_an_error_and_the_next_tries_again() -> None:
    threads = FewThreads(given=0)
    refused, served = Task(), Task()
    with pytest.raises(RuntimeError, match="can't start"):
        threads.add_task(refused)
    threads.given = 1
    threads.add_task(served)
    assert served.served.wait(10)
    assert not refused.served.is_set()
    threads.shutdown()


def test_stopping_leaves_no_thread_and_no_file(tone_config: Config) -> None:
    threads, files = threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))
    with running(tone_config) as server:
        assert post(server.http.port, SPEECH, {"input": SHORT}).status_code == 200
    wait_until(lambda: threading.active_count() <= threads)
    wait_until(lambda: len(list(Path("/proc/self/fd").iterdir())) <= files)


def test_sigterm_finishes_the_answer_under_way_and_exits_0() -> None:
    with serving() as (process, port), closing(socket.create_connection(("127.0.0.1", port), timeout=30)) as connection:
        body = json.dumps({"input": LONG}).encode()
        head = f"{HEAD}Content-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)
        answer = connection.recv(1)
        process.send_signal(signal.SIGTERM)
        answer += b"".join(iter(lambda: connection.recv(65536), b""))
        assert answer.startswith(b"HTTP/1.1 200")
        assert answer.endswith(b"0\r\n\r\n")
        assert process.wait(timeout=10) == 0
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_ends_the_service_at_once(number: signal.Signals) -> None:
    with serving() as (process, port), closing(socket.create_connection(("127.0.0.1", port), timeout=60)) as client:
        body = json.dumps({"input": LONG * 10}).encode()
        client.sendall(f"{HEAD}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        assert client.recv(1000)
        process.send_signal(number)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1)
        process.send_signal(number)
        assert process.wait(5) == 128 + number


def test_systemd_is_told_when_it_speaks_that_it_lives_and_when_it_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(30)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "1000000")
        with serving() as (process, port):
            assert systemd.recv(1000) == b"STATUS=loading the voice"
            assert systemd.recv(1000) == f"READY=1\nSTATUS=en_US-joe-medium speaks on 127.0.0.1 port {port}".encode()
            assert systemd.recv(1000) == b"WATCHDOG=1"
            process.send_signal(signal.SIGTERM)
            told = b"WATCHDOG=1"
            while told == b"WATCHDOG=1":
                told = systemd.recv(1000)
            assert told.splitlines()[0] == b"STOPPING=1"
            assert b"EXTEND_TIMEOUT_USEC=45000000" in told
            assert process.wait(timeout=30) == 0


def test_the_printed_curl_line_asks_for_speech() -> None:
    # tests/clients has the real curl read it.
    with serving("--log-format", "text") as (process, port):
        assert process.stdout
        command, url, *options = shlex.split(process.stdout.readline())
        given = dict(zip(options[::2], options[1::2], strict=True))
        assert (command, url, given["-o"]) == ("curl", f"http://127.0.0.1:{port}{SPEECH}", "speech.wav")
        name, _, value = given["-H"].partition(": ")
        answer = ask(port, "POST", SPEECH, given["-d"].encode(), {name: value})
        parameters, _ = wav_of(answer.data)
        assert parameters[:3] == (1, 2, 22050)
        assert 0.8 < parameters.nframes / 22050 < 3
