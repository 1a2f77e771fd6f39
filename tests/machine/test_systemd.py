import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hailo_piper.machine.systemd import ServiceManager, Watchdog
from tests.support.client import wait_until


@pytest.fixture(params=["path", "abstract"])
def listener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    """Systemd's end of the notification socket, and its address as systemd writes it."""
    address = str(tmp_path / "notify") if request.param == "path" else f"@hailo-piper-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as connection:
        connection.bind(address.replace("@", "\0"))
        connection.settimeout(10)
        yield connection, address


def test_states_reach_the_socket(listener: tuple[socket.socket, str]) -> None:
    connection, address = listener
    ServiceManager.of({"NOTIFY_SOCKET": address}).notify(READY=1, STATUS="it speaks")
    assert connection.recv(1000) == b"READY=1\nSTATUS=it speaks"


def test_without_a_service_manager_nobody_is_told(caplog: pytest.LogCaptureFixture) -> None:
    ServiceManager.of({}).notify(READY=1)
    assert not caplog.records


def test_a_socket_that_is_gone_is_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    ServiceManager.of({"NOTIFY_SOCKET": "/nowhere/notify"}).notify(READY=1)
    assert "systemd could not be told READY" in caplog.text


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "90000000"}, 90.0),
        ({"WATCHDOG_USEC": "90000000", "WATCHDOG_PID": str(os.getpid())}, 90.0),
        ({"WATCHDOG_USEC": "90000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
    ],
)
def test_the_watchdog_is_read_from_the_environment(environment: dict[str, str], seconds: float | None) -> None:
    assert ServiceManager.of({"NOTIFY_SOCKET": "@x", **environment}).watchdog_seconds == seconds
    assert ServiceManager.of(environment).watchdog_seconds is None


def test_signs_of_life_come_while_there_is_life_and_end_with_it(
    listener: tuple[socket.socket, str], caplog: pytest.LogCaptureFixture
) -> None:
    connection, address = listener
    alive = threading.Event()
    alive.set()
    patience = []

    def is_alive(patience_seconds: float) -> bool:
        patience.append(patience_seconds)
        return alive.is_set()

    watchdog = Watchdog(ServiceManager(address, watchdog_seconds=0.2), is_alive)
    watchdog.start()
    assert [connection.recv(100) for _ in range(3)] == [b"WATCHDOG=1"] * 3
    alive.clear()
    wait_until(lambda: "the engine hangs" in caplog.text)
    watchdog.stop()
    connection.settimeout(0.3)
    with pytest.raises(TimeoutError):
        # At most one was on its way when life ended.
        [connection.recv(100) for _ in range(2)]
    assert patience == [pytest.approx(0.15)] * len(patience)


def test_without_a_watchdog_nothing_is_asked() -> None:
    threads = threading.active_count()
    Watchdog(ServiceManager(None, watchdog_seconds=1), lambda _: True).start()
    assert threading.active_count() == threads
