"""What every listener holds its clients to alike: the port, the largest message, the threads, the connections."""

import logging
import os
import resource
import select
import socket
import time
from contextlib import suppress
from typing import Any

from hailo_piper.config.settings import Config

BACKLOG = 1024
SPARE_THREADS = 8
"""Beside those for requests that speak or wait: whatever else is asked is answered while every place is taken."""
HTTP_CONNECTIONS = 1000
WYOMING_CONNECTIONS = 256

HALF_A_HEAD_SECONDS = 1
"""What the first part of a request may stand without its end where every connection is taken: it fits one packet."""
HALF_A_BODY_SECONDS = 5

_OTHER_FILES = 96
"""What the service itself needs of its file descriptors: voices, the cache, its children, requests under way."""
_FEWEST_CONNECTIONS = 8
_SOCKET_BUFFER_BYTES = 1 << 18
_BYTES_PER_CHARACTER = 12
"""The most that JSON needs for one: a surrogate pair, escaped."""
_TELL_AGAIN_SECONDS = 60


class ListenError(OSError):
    """A port that cannot be taken; its file name is the host and port."""


def listen(host: str, port: int) -> socket.socket:
    """A port, taken; `::` is every address of the machine, IPv4's too. Raises OSError where that is not possible."""
    family, address = address_of(host, port)
    is_any = family == socket.AF_INET6 and address[0] == "::" and socket.has_dualstack_ipv6()
    try:
        taken = socket.create_server(address, family=family, backlog=BACKLOG, dualstack_ipv6=is_any)
    except OSError as error:
        if error.errno is None:
            raise
        # create_server adds the address to the system's words, and whoever asked for the port names it too.
        raise OSError(error.errno, os.strerror(error.errno)) from error
    # Every connection inherits it: the kernel would keep megabytes for a reader who takes nothing.
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SOCKET_BUFFER_BYTES)
    return taken


def address_of(host: str, port: int) -> tuple[socket.AddressFamily, Any]:
    """Where a host is, as sockets name it. Raises OSError where the system knows none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return found[0][0], found[0][4]


def in_url(host: str) -> str:
    """A host as a URL has it: an IPv6 address stands in brackets."""
    return f"[{host.replace('%', '%25')}]" if ":" in host else host


def reachable(host: str) -> str:
    """Where a program on this machine reaches a listener on this host, as a URL has it."""
    return in_url({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host))  # noqa: S104 - compared, not bound


def allow_connections() -> None:
    """Have the system give this process the files that every listener's connections take, where it may."""
    wanted = HTTP_CONNECTIONS + WYOMING_CONNECTIONS + _OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        # systemd's sandbox forbids the call; there the unit says how many.
        with suppress(OSError, ValueError):
            resource.setrlimit(
                resource.RLIMIT_NOFILE, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
            )


def has_input(connection: socket.socket) -> bool:
    """Whether something waits in the system that was not read yet: bytes, or connections that were not taken."""
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return bool(poll.poll(0))


def is_reset(connection: socket.socket) -> bool:
    """Whether the other side has refused what was sent to it: it has left, and not only ended its own half."""
    poll = select.poll()
    poll.register(connection.fileno(), 0)
    return bool(poll.poll(0))


def connections_within(most: int) -> int:
    """How many of a listener's connections the process has files for, each listener taking its share."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    share = (soft - _OTHER_FILES) * most // (HTTP_CONNECTIONS + WYOMING_CONNECTIONS)
    return most if soft == resource.RLIM_INFINITY else max(_FEWEST_CONNECTIONS, min(most, share))


def connections_of_one(most: int) -> int:
    """How many of so many connections one address may have: half, since behind a proxy all clients have one."""
    return most // 2


def max_message_bytes(config: Config) -> int:
    """The largest JSON that can hold an accepted text; what is larger is refused unread."""
    return 65536 + _BYTES_PER_CHARACTER * config.synthesis.max_text_length


class Told:
    """What was told in the log lately, so that a trouble that lasts has a line a minute and not one a connection."""

    def __init__(self) -> None:
        self._at: dict[str, float] = {}

    def warn(self, logger: logging.Logger, message: str, *arguments: object) -> None:
        """Log a warning, unless the same was told within the last minute, whatever its arguments were."""
        now = time.monotonic()
        if now - self._at.get(message, -_TELL_AGAIN_SECONDS) >= _TELL_AGAIN_SECONDS:
            self._at[message] = now
            logger.warning(message, *arguments)
