"""A handover gives the sockets of upgraded connections to another listener, and goes on counting them."""

import threading
from functools import partial

from hailo_piper.listeners.http.server.channel import Channel
from hailo_piper.listeners.upgrade import Upgrade, Upgrades


class Handover:
    """The sockets that waitress's loop gave away, until they are closed."""

    def __init__(self, upgrades: Upgrades, loop: threading.Thread) -> None:
        """`upgrades`: who takes the sockets; `loop`: the thread of waitress's loop."""
        self._loop = loop
        self._upgrades = upgrades
        self._addresses: dict[object, str] = {}

    @property
    def addresses(self) -> list[str]:
        """The client's address of each open socket that was given away."""
        return list(self._addresses.values())

    def __len__(self) -> int:
        return len(self._addresses)

    def give(self, channel: Channel) -> bool:
        """Give the channel's socket away if its first request is for a WebSocket; return whether it was.

        waitress calls this for every request, under the channel's lock. One that comes behind another is answered by a
        thread, on which the socket cannot leave waitress's loop: the upgrade is ignored then (RFC 9110, 7.8).
        """
        request = channel.requests[0]
        may_leave = request.upgrade_head and not request.error and not channel.is_surplus
        if not may_leave or threading.current_thread() is not self._loop or not self._upgrades.knows(request.path):
            return False
        token = object()
        self._addresses[token] = channel.addr[0]
        self._upgrades.take(
            Upgrade(
                connection=channel.let_go(),
                address=channel.addr[0],
                head=request.upgrade_head,
                rest=request.after_head,
                on_end=partial(self._forget, token),
            )
        )
        return True

    def _forget(self, token: object) -> None:
        self._addresses.pop(token, None)
