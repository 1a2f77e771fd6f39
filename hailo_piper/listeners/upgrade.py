"""An upgrade is an HTTP connection that goes on as a WebSocket: one listener hands its socket to another."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Upgrade:
    """A socket that changes hands, and what was read from it."""

    connection: socket.socket
    """It does not block."""
    address: str
    """The client's IP address."""
    head: bytes
    """The request that asks for the upgrade: start line, headers and the empty line."""
    rest: bytes
    """Bytes of the client that came after it."""
    on_end: Callable[[], None]
    """To be called once, on any thread, when the socket is closed."""


class Upgrades(Protocol):
    """A listener that takes sockets of another one."""

    def knows(self, path: str) -> bool:
        """Return whether there is a WebSocket at this path of a request."""

    def take(self, upgrade: Upgrade) -> None:
        """Take a socket, and answer its request; does not block."""


class NoUpgrades:
    """No WebSocket at any path."""

    def knows(self, path: str) -> bool:  # noqa: ARG002 - the protocol's signature
        """Return that there is none."""
        return False

    def take(self, upgrade: Upgrade) -> None:
        """Close the socket, since nobody asked `knows`."""
        upgrade.connection.close()
        upgrade.on_end()
