"""All listeners share this: taking a port, and bounds for messages, threads and connections."""

import logging
import os
import resource
import select
import socket
import time
from contextlib import suppress
from enum import Enum
from typing import Any

from hailo_piper.config.settings import Config
from hailo_piper.text.reading import DOCUMENT_PER_CHARACTER

BACKLOG = 1024
SPARE_THREADS = 8
"""Threads beside those for requests that speak or wait, so that probes and lists are answered while every place is
taken."""
HTTP_CONNECTIONS = 1000
WYOMING_CONNECTIONS = 256

UNFINISHED_HEAD_SECONDS = 1
"""The age at which a request with an incomplete header gives way, once every connection is taken: a header fits one
packet."""
UNFINISHED_BODY_SECONDS = 5
"""The same for an incomplete body or event, and for a Wyoming client that asks for nothing."""

_OTHER_FILES = 96
"""The file descriptors that the service itself needs: voices, the cache, child processes, requests under way."""
_FEWEST_CONNECTIONS = 8
_SOCKET_BUFFER_BYTES = 1 << 18
_BYTES_PER_CHARACTER = 12
"""The most bytes that JSON needs for one character: an escaped surrogate pair."""
_REPEAT_SECONDS = 60


class ListenError(OSError):
    """A port that cannot be taken; its file name is the host and port."""


class CutOff(Enum):
    """The reasons to end a connection that its client has not ended, as log lines give them."""

    ENDLESS_REQUEST = "its request does not come to an end"
    STALLED = "it takes nothing of its answer"
    IDLE = "it is idle"
    GIVES_WAY = "every connection is taken, and it asks for nothing or its request has no end"
    TOO_MANY = "there are too many connections"
    SPEAKS_TLS = "it speaks TLS: this port is http, not https"
    SERVICE_STOPS = "the service stops"


def listen(host: str, port: int) -> socket.socket:
    """Take a port and listen on it; `::` is every address of the machine, those of IPv4 too. Raises OSError."""
    family, address = address_of(host, port)
    is_any = family == socket.AF_INET6 and address[0] == "::" and socket.has_dualstack_ipv6()
    try:
        taken = socket.create_server(address, family=family, backlog=BACKLOG, dualstack_ipv6=is_any)
    except OSError as error:
        if error.errno is None:
            raise
        # create_server adds the address to the system's message, and the caller's message names it too.
        raise OSError(error.errno, os.strerror(error.errno)) from error
    # Every connection inherits this bound; the kernel would buffer megabytes for a client that reads nothing.
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SOCKET_BUFFER_BYTES)
    return taken


def address_of(host: str, port: int) -> tuple[socket.AddressFamily, Any]:
    """Return the family and address of a host, as sockets take them. Raises OSError for an unknown host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return found[0][0], found[0][4]


def in_url(host: str) -> str:
    """Return a host as it stands in a URL: an IPv6 address in brackets."""
    return f"[{host.replace('%', '%25')}]" if ":" in host else host


def reachable(host: str) -> str:
    """Return the host at which a program on this machine reaches a listener, as it stands in a URL."""
    return in_url({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host))  # noqa: S104 - compared, not bound


def allow_connections() -> None:
    """Raise this process's limit of open files to the number that all connections need, as far as the system allows."""
    wanted = HTTP_CONNECTIONS + WYOMING_CONNECTIONS + _OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        # systemd's sandbox forbids the call; there the unit sets the limit (LimitNOFILE).
        with suppress(OSError, ValueError):
            resource.setrlimit(
                resource.RLIMIT_NOFILE, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
            )


def has_input(connection: socket.socket) -> bool:
    """Return whether the kernel holds input that was not read yet: bytes, or connections to accept."""
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return bool(poll.poll(0))


def is_reset(connection: socket.socket) -> bool:
    """Return whether the other side answered with a reset: it has left, and not only closed its sending half."""
    poll = select.poll()
    poll.register(connection.fileno(), 0)
    return bool(poll.poll(0))


def connections_within(most: int) -> int:
    """Return the number of a listener's connections that the process has files for; each listener gets its share."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    share = (soft - _OTHER_FILES) * most // (HTTP_CONNECTIONS + WYOMING_CONNECTIONS)
    return most if soft == resource.RLIM_INFINITY else max(_FEWEST_CONNECTIONS, min(most, share))


def connections_of_one(most: int) -> int:
    """Return how many of these connections one address may have: half, since all clients behind a proxy share one."""
    return most // 2


def max_message_bytes(config: Config) -> int:
    """Return the size of the largest JSON that can hold an accepted text; anything larger is refused unread.

    That is a document of SSML, which leaves the turns of a dialogue room for their other fields.
    """
    return 65536 + _BYTES_PER_CHARACTER * DOCUMENT_PER_CHARACTER * config.synthesis.max_text_length


class ThrottledWarnings:
    """Warnings that are logged at most once a minute each, so that lasting trouble does not fill the log."""

    def __init__(self) -> None:
        self._logged_at: dict[str, float] = {}

    def warn(self, logger: logging.Logger, message: str, *arguments: object) -> None:
        """Log a warning, unless the same message, with any arguments, was logged within the last minute."""
        now = time.monotonic()
        if now - self._logged_at.get(message, -_REPEAT_SECONDS) >= _REPEAT_SECONDS:
            self._logged_at[message] = now
            logger.warning(message, *arguments)
