"""The announcement in the network, found by a browser; on the loopback, since a test must not talk to its network."""

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from zeroconf import IPVersion, ServiceBrowser, ServiceListener, Zeroconf

from hailo_piper.config.settings import Config
from hailo_piper.listeners.wyoming.discovery import SERVICE_TYPE, announce, instance_name
from tests.support.client import wait_until
from tests.support.wyoming_client import port_of, serving


class Found(ServiceListener):
    """The services that are there now."""

    def __init__(self) -> None:
        self.names = set[str]()

    def add_service(self, zc: Zeroconf, type_: str, name: str) -> None:  # noqa: ARG002 - the browser's signature
        self.names.add(name)

    def update_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        """Its port and address are asked for."""

    def remove_service(self, zc: Zeroconf, type_: str, name: str) -> None:  # noqa: ARG002
        self.names.discard(name)


@contextmanager
def browsing() -> Iterator[tuple[Zeroconf, Found]]:
    zeroconf = Zeroconf(interfaces=["127.0.0.1"], ip_version=IPVersion.V4Only)
    found = Found()
    browser = ServiceBrowser(zeroconf, SERVICE_TYPE, found)
    try:
        yield zeroconf, found
    finally:
        browser.cancel()
        zeroconf.close()


def test_a_browser_finds_the_service_and_stops_finding_it(tone_config: Config) -> None:
    with browsing() as (zeroconf, found):
        with serving(tone_config, wyoming={"zeroconf": True}) as server:
            port = port_of(server)
            name = f"{instance_name(port, socket.gethostname())}.{SERVICE_TYPE}"
            wait_until(lambda: name in found.names, timeout_seconds=30)
            service = zeroconf.get_service_info(SERVICE_TYPE, name, timeout=30_000)
            assert service is not None
            assert (service.port, service.parsed_addresses()) == (port, ["127.0.0.1"])
        wait_until(lambda: name not in found.names, timeout_seconds=30)


@pytest.mark.parametrize(
    ("port", "hostname", "name"),
    [
        (10200, "raspberrypi", "hailo-piper-raspberrypi-10200"),
        (10201, "raspberrypi.fritz.box", "hailo-piper-raspberrypi-10201"),
        (10200, "x" * 64, f"hailo-piper-{'x' * 45}-10200"),
    ],
)
def test_names_are_stable_and_differ_by_host_and_port(port: int, hostname: str, name: str) -> None:
    assert instance_name(port, hostname) == name
    assert len(name) <= 63


def test_an_address_that_cannot_be_announced_is_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    async def try_it() -> None:
        until = asyncio.Event()
        announcing = asyncio.create_task(announce("::1", 10200, until))
        await asyncio.to_thread(wait_until, lambda: bool(caplog.records), 30)
        until.set()
        await announcing

    with caplog.at_level(logging.INFO):
        asyncio.run(try_it())
    assert [record.levelname for record in caplog.records] == ["WARNING"]
