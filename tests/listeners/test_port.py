import errno
import logging
import re
import resource
import socket
from contextlib import closing

import pytest

from hailo_piper.listeners.port import (
    HTTP_CONNECTIONS,
    WYOMING_CONNECTIONS,
    ThrottledWarnings,
    allow_connections,
    connections_within,
    in_url,
    is_reset,
    listen,
    reachable,
)
from tests.support import ROOT

UNIT = ROOT / "systemd" / "hailo-piper.service"


def limit_files(monkeypatch: pytest.MonkeyPatch, soft: int, hard: int = 1 << 20) -> list[tuple[int, int]]:
    limits = [(soft, hard)]
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _, both: limits.append(both))
    return limits


@pytest.mark.parametrize(
    ("files", "http", "wyoming"),
    [(2048, 1000, 256), (1352, 1000, 256), (1024, 738, 189), (256, 127, 32), (120, 19, 8), (32, 8, 8), (-1, 1000, 256)],
)
def test_connections_are_as_many_as_there_are_files_for(
    monkeypatch: pytest.MonkeyPatch, files: int, http: int, wyoming: int
) -> None:
    limit_files(monkeypatch, files)
    assert (connections_within(HTTP_CONNECTIONS), connections_within(WYOMING_CONNECTIONS)) == (http, wyoming)


@pytest.mark.parametrize(
    ("soft", "hard", "then"), [(1024, 4096, 1352), (1024, 1100, 1100), (1024, -1, 1352), (4096, 4096, 4096)]
)
def test_the_service_takes_the_files_it_may_have(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, then: int
) -> None:
    limits = limit_files(monkeypatch, soft, hard)
    allow_connections()
    assert limits[-1] == (then, hard)


def test_where_it_may_not_ask_for_more_it_makes_do(monkeypatch: pytest.MonkeyPatch) -> None:
    limit_files(monkeypatch, 1024)

    def forbid(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(resource, "setrlimit", forbid)
    allow_connections()


def test_the_unit_gives_files_for_every_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    files = re.search(r"^LimitNOFILE=(\d+)$", UNIT.read_text(), flags=re.MULTILINE)
    assert files
    limit_files(monkeypatch, int(files[1]))
    assert connections_within(HTTP_CONNECTIONS) == HTTP_CONNECTIONS


@pytest.mark.parametrize(
    ("host", "shown", "reached"),
    [
        ("127.0.0.1", "127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", "0.0.0.0", "127.0.0.1"),
        ("::", "[::]", "[::1]"),
        ("::1", "[::1]", "[::1]"),
        ("fe80::1%eth0", "[fe80::1%25eth0]", "[fe80::1%25eth0]"),
        ("raspberrypi.local", "raspberrypi.local", "raspberrypi.local"),
    ],
)
def test_an_address_in_a_url(host: str, shown: str, reached: str) -> None:
    assert (in_url(host), reachable(host)) == (shown, reached)


@pytest.mark.parametrize(("host", "families"), [("::", 2), ("0.0.0.0", 1), ("127.0.0.1", 1), ("::1", 1)])
def test_two_colons_listen_for_both_families(host: str, families: int) -> None:
    reached = 0
    with closing(listen(host, 0)) as listening:
        for address in ("127.0.0.1", "::1"):
            try:
                with closing(socket.create_connection((address, listening.getsockname()[1]), timeout=10)):
                    reached += 1
            except ConnectionRefusedError:
                pass
    assert reached == families


def test_a_taken_port_is_refused_in_the_systems_own_words() -> None:
    with closing(listen("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use") as raised:
        listen("127.0.0.1", taken.getsockname()[1])
    assert (raised.value.errno, raised.value.strerror) == (errno.EADDRINUSE, "Address already in use")


def test_half_a_close_is_told_from_a_whole_one() -> None:
    with closing(listen("127.0.0.1", 0)) as listening:
        client = socket.create_connection(listening.getsockname())
        server, _ = listening.accept()
        with closing(server):
            client.shutdown(socket.SHUT_WR)
            assert server.recv(1) == b""
            server.sendall(b"are you there?")
            assert not is_reset(server)
            assert client.recv(100)
            client.close()
            server.sendall(b"are you there?")
            assert is_reset(server)


def test_a_trouble_that_lasts_is_told_once_a_minute(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now, warnings = 100.0, ThrottledWarnings()
    monkeypatch.setattr("time.monotonic", lambda: now)
    for now in (100.0, 100.1, 159.9, 160.0, 161.0):
        warnings.warn(logging.getLogger("x"), "no room for %s", now)
    warnings.warn(logging.getLogger("x"), "another trouble")
    assert [record.getMessage() for record in caplog.records] == [
        "no room for 100.0",
        "no room for 160.0",
        "another trouble",
    ]
