"""A webhook is one POST to an address that was checked, within a bound of time, and follows no redirect."""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import urlsplit

SECONDS = 15.0
"""How long a target may take to answer."""
_TRANSLATED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
"""IPv6 addresses that stand for one of IPv4 (NAT64)."""


class RefusedAddressError(OSError):
    """A target with an address that the configuration does not allow."""


class Address(NamedTuple):
    """An address that was checked, as sockets take it."""

    family: int
    place: tuple[object, ...]


def is_public(address: str) -> bool:
    """Return whether an IP address is one of the internet, and stands for no other."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif ip.sixtofour is not None or ip.teredo is not None or any(ip in network for network in _TRANSLATED):
            return False
    return ip.is_global and not ip.is_multicast


def resolve(host: str, port: int, *, allow_private: bool) -> list[Address]:
    """Return the addresses of a host. Raises OSError, and RefusedAddressError if one of them is not allowed.

    One private address among public ones is refused, too: a name could lead to either from one moment to the next.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for *_, place in found:
        if not allow_private and not is_public(str(place[0])):
            raise RefusedAddressError(f"{place[0]} is no public address; allow_private would allow it")
    return [Address(family, place) for family, _, _, _, place in found]


def post(url: str, body: bytes, headers: Mapping[str, str], *, allow_private: bool, seconds: float = SECONDS) -> int:
    """Send a body; return the status of the answer, whose own body is not read. Raises OSError and HTTPException."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    addresses = resolve(host, port, allow_private=allow_private)
    connection = http.client.HTTPConnection(host, port)
    # The time limit of a socket begins anew with every byte.
    limit = threading.Timer(seconds, lambda: _cut(connection))
    limit.daemon = True
    limit.start()
    try:
        connection.sock = _connected(addresses, seconds)
        if parts.scheme == "https":
            connection.sock = ssl.create_default_context().wrap_socket(connection.sock, server_hostname=host)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, {**headers, "Connection": "close"})
        with connection.getresponse() as response:
            return response.status
    finally:
        limit.cancel()
        connection.close()


def _connected(addresses: list[Address], seconds: float) -> socket.socket:
    error = OSError("there is no address")
    for family, place in addresses:
        connection = socket.socket(family, socket.SOCK_STREAM)
        connection.settimeout(seconds)
        try:
            connection.connect(place)
        except OSError as failure:
            connection.close()
            error = failure
        else:
            return connection
    raise error


def _cut(connection: http.client.HTTPConnection) -> None:
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)
