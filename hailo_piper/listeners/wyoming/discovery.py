"""Tells the local network of a listener by multicast DNS, so that Home Assistant finds it by itself."""

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
_LOOK_AGAIN_SECONDS = 60
"""A machine may get its address after its services, or another one later."""
_LONGEST_LABEL = 63


def instance_name(port: int, hostname: str) -> str:
    """What the service is called in the network: the same after every start, and another for every port of a host."""
    suffix = f"-{port}"
    return f"hailo-piper-{hostname.partition('.')[0]}"[: _LONGEST_LABEL - len(suffix)] + suffix


async def announce(host: str, port: int, until: asyncio.Event) -> None:
    """Announce a Wyoming listener until the event is set, and then take it back. A network that fails is a warning."""
    present: str | None = None
    announced: AsyncZeroconf | None = None
    troubles = set[str]()
    while not until.is_set():
        try:
            address = await asyncio.to_thread(_address, host)
            if address != present:
                await _take_back(announced)
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
            await asyncio.wait_for(until.wait(), _LOOK_AGAIN_SECONDS)
    await _take_back(announced)


def _address(host: str) -> str:
    """The IPv4 address that others reach the listener at. Raises OSError where there is none."""
    with suppress(ValueError):
        address = ipaddress.ip_address(host)
        if address.version != 4 and not address.is_unspecified:
            raise OSError(f"{host} is no IPv4 address")
        if not address.is_unspecified:
            return host
    if host not in {"0.0.0.0", "::"}:  # noqa: S104 - a name, not an address to bind
        return socket.gethostbyname(host)
    # Where a packet to the group would leave; none is sent. Asking for all interfaces would need netlink, which the
    # service's sandbox has no other use for.
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
        # A name of its own: the host's own is for the host to announce.
        server=f"{name}.local.",
    )
    zeroconf = AsyncZeroconf(interfaces=[address], ip_version=IPVersion.V4Only)
    try:
        # Two hosts of one name tell themselves apart.
        registered = await zeroconf.async_register_service(service, allow_name_change=True)
        await registered
    except BaseException:
        await zeroconf.async_close()
        raise
    logger.info("announced by zeroconf", extra={"fields": {"name": service.name, "address": address, "port": port}})
    return zeroconf


async def _take_back(announced: AsyncZeroconf | None) -> None:
    if announced is not None:
        await announced.async_unregister_all_services()
        await announced.async_close()
