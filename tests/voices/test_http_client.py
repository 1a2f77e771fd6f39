"""Where a fetch may be led, how long it may take, and who may end it; on real servers of this machine."""

import http.server
import io
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPMessage
from pathlib import Path

import pytest

from hailo_piper.errors import FetchError
from hailo_piper.voices.fetching import limits as fetch_limits
from hailo_piper.voices.fetching.http_client import HttpClient, _Redirects, _Route, depth
from hailo_piper.voices.fetching.limits import FetchLimits
from hailo_piper.voices.fetching.remote_file import fetch_small
from tests.support.client import wait_until


@contextmanager
def leading_to(target: Callable[[int], str | None], host: str = "127.0.0.1") -> Iterator[str]:
    """A server that leads from /N to target(N), or answers where that is None; its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            where = target(int(self.path[1:] or 0))
            self.send_response(302 if where else 200)
            if where is not None:
                self.send_header("Location", where)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer((host, 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def ask(url: str, *, far: tuple[str, ...] = ()) -> bytes:
    """The answer; `far`: addresses of this machine that stand for the internet."""
    with (
        FetchLimits(seconds=30) as limits,
        HttpClient(limits, depth=lambda ip: 0 if ip in far else depth(ip)).open(url) as response,
    ):
        content: bytes = response.read()
        return content


@pytest.mark.parametrize(
    ("address", "how_far_in"),
    [("8.8.8.8", 0), ("2606:4700::1111", 0), ("10.0.0.1", 1), ("192.168.1.9", 1), ("172.16.3.4", 1), ("100.64.0.1", 1),
     ("fd00::1", 1), ("127.0.0.1", 2), ("127.9.9.9", 2), ("::1", 2), ("0.0.0.0", 2), ("::", 2), ("169.254.169.254", 2),
     ("fe80::1%eth0", 2), ("224.0.0.1", 2), ("::ffff:127.0.0.1", 2), ("::ffff:10.0.0.1", 1), ("::ffff:8.8.8.8", 0),
     ("2002:7f00:1::", 2), ("64:ff9b::7f00:1", 2), ("64:ff9b::a00:1", 1)],
)  # fmt: skip
def test_how_far_in_an_address_is(address: str, how_far_in: int) -> None:
    assert depth(address) == how_far_in


@pytest.mark.parametrize(
    "target", ["/1", "//127.0.0.1:{port}/1", "http://localhost:{port}/1", "http://127.0.0.2:{other}/1"]
)
def test_a_mirror_on_this_machine_may_lead_to_itself(target: str) -> None:
    with leading_to(lambda _: None, host="127.0.0.2") as other:

        def where(number: int) -> str | None:
            return target.format(port=mirror.rpartition(":")[2], other=other.rpartition(":")[2]) if not number else None

        with leading_to(where) as mirror:
            assert ask(f"{mirror}/0") == b"ok"


def test_a_host_may_have_addresses_of_both_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    with leading_to(lambda number: None if number else "/1") as mirror:
        port = int(mirror.rpartition(":")[2])

        def resolve(*_: object, **__: object) -> list[tuple[object, ...]]:
            """Nobody listens at the first, which stands for the internet."""
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ("127.0.0.9", "127.0.0.1")]

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        assert ask(f"http://mirror.example:{port}/1", far=("127.0.0.9",)) == b"ok"
        # Having come to the private one, it may lead there again, though not by way of the other.
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: resolve()[1:])
        assert ask(f"http://mirror.example:{port}/0", far=("127.0.0.9",)) == b"ok"


@pytest.mark.parametrize("host", ["127.0.0.2", "localhost", "0.0.0.0", "[::ffff:127.0.0.2]", "2130706434", "127.2"])
def test_the_internet_does_not_lead_in(host: str) -> None:
    asked: list[int] = []
    with leading_to(lambda number: asked.append(number), host="0.0.0.0") as inner:  # noqa: PLW0108
        port = inner.rpartition(":")[2]
        far = ("127.0.0.3",)
        with leading_to(lambda number: f"http://{host}:{port}/7" if number < 1 else None, host=far[0]) as public:
            with pytest.raises((FetchError, OSError), match=r"private network|known|resolution"):
                ask(f"{public}/0", far=far)
            assert ask(f"{public}/1", far=far) == b"ok"
    assert not asked


@pytest.mark.parametrize(
    "target", ["ftp://127.0.0.1/x", "file:///etc/hostname", "data:,x", "gopher://x/", "//", "http://", "javascript:x"]
)
def test_no_other_scheme_is_followed(target: str) -> None:
    with leading_to(lambda _: target) as url, pytest.raises((FetchError, OSError, ValueError)):
        ask(f"{url}/0")


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/x", "file:///etc/hostname", "x", "", "data:,x", "HTTPX://x"])
def test_no_other_scheme_is_asked(url: str) -> None:
    with pytest.raises(FetchError, match="not an http or https address"):
        ask(url)


def test_hops_are_bounded() -> None:
    with leading_to(lambda number: f"/{number + 1}" if number < 5 else None) as url:
        assert ask(f"{url}/0") == b"ok"
    with leading_to(lambda number: f"/{number + 1}") as url, pytest.raises(OSError, match="redirect"):
        ask(f"{url}/0")
    with leading_to(lambda _: "/0") as url, pytest.raises(OSError, match="redirect"):
        ask(f"{url}/0")


@contextmanager
def silent(begin: bytes = b"", drip: bytes = b"") -> Iterator[tuple[str, threading.Event]]:
    """A server that takes a connection and says little; and whether the connection has ended."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(30)
    ended, over = threading.Event(), threading.Event()

    def serve() -> None:
        with listener.accept()[0] as connection:
            connection.sendall(begin)
            connection.settimeout(0.02)
            while not over.is_set():
                try:
                    if drip:
                        connection.sendall(drip)
                    if not connection.recv(4096):
                        break
                except TimeoutError:
                    continue
                except OSError:
                    break
            ended.set()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", ended
    finally:
        over.set()
        thread.join()
        listener.close()


DRIPS = [(b"", b""), (b"HTTP/1.1 2", b"0"), (b"HTTP/1.1 200 OK\r\nX-A: ", b"x"), (b"HTTP/1.1 200 OK\r\n\r\n", b"x")]


@pytest.mark.parametrize(("begin", "drip"), DRIPS)
def test_whoever_drips_does_not_hold_a_fetch(begin: bytes, drip: bytes) -> None:
    with silent(begin, drip) as (url, ended):
        with FetchLimits(seconds=0.5) as limits, pytest.raises(FetchError, match=r"it took longer than 0\.5 seconds"):
            fetch_small(url, max_bytes=1 << 30, limits=limits)
        assert ended.wait(10)


@pytest.mark.parametrize(("begin", "drip"), DRIPS)
def test_a_fetch_that_nobody_wants_ends(begin: bytes, drip: bytes) -> None:
    unwanted = threading.Event()
    with silent(begin, drip) as (url, ended):
        threading.Timer(0.3, unwanted.set).start()
        give_up = lambda: "the client left" if unwanted.is_set() else None  # noqa: E731
        with FetchLimits(seconds=600, give_up=give_up) as limits, pytest.raises(FetchError, match="the client left"):
            fetch_small(url, max_bytes=1 << 30, limits=limits)
        assert ended.wait(10)


def test_a_connection_that_is_never_taken_ends() -> None:
    # A listener whose line is full answers no further one.
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.settimeout(0)
            one.connect_ex(listener.getsockname())
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with FetchLimits(seconds=0.5) as limits, pytest.raises(FetchError, match="longer than"):
            fetch_small(url, max_bytes=10, limits=limits)
        for one in waiting:
            one.close()


def test_threads_and_files_of_a_fetch_go_with_it() -> None:
    before = threading.active_count()
    files = len(list(Path("/proc/self/fd").iterdir()))
    with leading_to(lambda _: None) as url:
        for _ in range(10):
            assert fetch_small(url, max_bytes=10) == b"ok"
    wait_until(lambda: threading.active_count() <= before)
    assert len(list(Path("/proc/self/fd").iterdir())) <= files


def test_a_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Proxy(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(302 if self.path.endswith("/inward") else 200)
            self.send_header("Location", "http://127.0.0.1:1/x")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.delenv("no_proxy", raising=False)
        assert ask("http://hub.example/voices.json") == b"ok"
        with pytest.raises(FetchError, match="private network"):
            ask("http://hub.example/inward")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert asked == ["http://hub.example/voices.json", "http://hub.example/inward"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_that_waits_for_a_silent_hub_is_ended_by_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    with silent() as (url, ended):
        command = [sys.executable, "-m", "hailo_piper", "voices", "fetch", "en_US-x-low", "--catalogue-url", url]
        command += ["--directory", str(tmp_path)]
        with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
            assert not ended.wait(2)
            process.send_signal(number)
            assert process.wait(30) == 128 + number
            assert process.stderr
            assert b"Traceback" not in process.stderr.read()
        assert ended.wait(10)


def test_https_does_not_lead_to_http() -> None:
    with FetchLimits(seconds=30) as limits:
        redirects = _Redirects(_Route(limits, depth))
        secure = urllib.request.Request("https://hub.example/voices.json")
        with pytest.raises(FetchError, match="is no https address: not followed"):
            redirects.redirect_request(secure, io.BytesIO(), 302, "Found", HTTPMessage(), "http://hub.example/x")
        assert redirects.redirect_request(secure, io.BytesIO(), 302, "Found", HTTPMessage(), "https://cdn.example/x")


def test_what_comes_too_slowly_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch_limits, "_WINDOW_SECONDS", 0.3)
    with silent(b"HTTP/1.1 200 OK\r\n\r\n", b"x") as (url, ended):
        with FetchLimits(seconds=600) as limits, pytest.raises(FetchError, match="it came too slowly"):
            fetch_small(url, max_bytes=1 << 30, limits=limits)
        assert ended.wait(10)


def test_a_host_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch_limits, "_CONNECT_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.settimeout(0)
            one.connect_ex(listener.getsockname())
        with pytest.raises(FetchError, match=r"no answer for 0\.3 seconds"):
            fetch_small(f"http://127.0.0.1:{listener.getsockname()[1]}", max_bytes=10)
        for one in waiting:
            one.close()


def test_what_is_no_name_of_a_host_is_told() -> None:
    with pytest.raises(FetchError, match="is no name of a host"):
        fetch_small(f"http://{'a' * 70}.example/", max_bytes=10)


def test_a_host_that_is_not_there_is_named_in_plain_words() -> None:
    with pytest.raises(FetchError) as raised:
        fetch_small("https://hub.invalid/voices.json", max_bytes=10)
    assert raised.value.message == "https://hub.invalid/voices.json: the host hub.invalid cannot be found"


def test_a_refused_connection_is_told_without_its_number() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(FetchError) as raised:
        fetch_small(url, max_bytes=10)
    assert raised.value.message == f"{url}: Connection refused"
