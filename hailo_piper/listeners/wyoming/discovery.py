"""Announces a listener to the local network by multicast DNS (zeroconf), so that Home Assistant finds it.

It announces the one address that multicast leaves from, and determines that address again every minute.
"""

import asyncio
import ipaddress
import logging
import socket
from contextlib import suppress

from zeroconf import Error, IPVersion, ServiceInfo
from zeroconf.asyncio import AsyncZeroconf

logger = logging.getLogger(__name__)

SERVICE_TYPE = "_wyoming._tcp.local."
_MULTICAST = ("224.0.0.251", 5353)
_CHECK_SECONDS = 60
"""The interval between two checks of the address: a machine may get it after its services start, or a new one later."""
_LONGEST_LABEL = 63


def instance_name(port: int, hostname: str) -> str:
    """Return the name of the service in the network: the same after every start, different for every port of a host."""
    suffix = f"-{port}"
    return f"hailo-piper-{hostname.partition('.')[0]}"[: _LONGEST_LABEL - len(suffix)] + suffix


async def announce(host: str, port: int, until: asyncio.Event) -> None:
    """Announce a Wyoming listener until the event is set, then withdraw it. A network failure is only logged."""
    present: str | None = None
    announced: AsyncZeroconf | None = None
    troubles = set[str]()
    while not until.is_set():
        try:
            address = await asyncio.to_thread(_address, host)
            if address != present:
                await _withdraw(announced)
                announced, present = None, None
                announced = await _announce(address, port)
                present = address
                troubles.clear()
        except (OSError, Error) as error:
            reason = str(error) or type(error).__name__
            if reason not in troubles:
                logger.warning("the Wyoming listener cannot be announced by zeroconf: %s", reason)
            troubles.add(reason)
        with suppress(TimeoutError):
            await asyncio.wait_for(until.wait(), _CHECK_SECONDS)
    await _withdraw(announced)


def _address(host: str) -> str:
    """Return the IPv4 address at which others reach the listener. Raises OSError if there is none."""
    with suppress(ValueError):
        address = ipaddress.ip_address(host)
        if address.version != 4 and not address.is_unspecified:
            raise OSError(f"{host} is no IPv4 address")
        if not address.is_unspecified:
            return host
    if host not in {"0.0.0.0", "::"}:  # noqa: S104 - a name, not an address to bind
        return socket.gethostbyname(host)
    # Ask for the address that a packet to the multicast group would leave from; none is sent. Listing all interfaces
    # would need netlink, which the service's sandbox otherwise forbids.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(_MULTICAST)
        name: str = probe.getsockname()[0]
        return name


async def _announce(address: str, port: int) -> AsyncZeroconf:
    name = instance_name(port, socket.gethostname())
    service = ServiceInfo(
        SERVICE_TYPE,
        f"{name}.{SERVICE_TYPE}",
        addresses=[socket.inet_aton(address)],
        port=port,
        # A host name of its own: only the host announces the host's name.
        server=f"{name}.local.",
    )
    zeroconf = AsyncZeroconf(interfaces=[address], ip_version=IPVersion.V4Only)
    try:
        # A second host of the same name gets a different instance name.
        registered = await zeroconf.async_register_service(service, allow_name_change=True)
        await registered
    except BaseException:
        await zeroconf.async_close()
        raise
    logger.info("announced by zeroconf", extra={"fields": {"name": service.name, "address": address, "port": port}})
    return zeroconf


async def _withdraw(announced: AsyncZeroconf | None) -> None:
    if announced is not None:
        await announced.async_unregister_all_services()
        await announced.async_close()
