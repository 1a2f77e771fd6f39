"""What every listener holds its clients to alike: the port, the largest message, the threads."""

import socket

from hailo_piper.config import Config

BACKLOG = 1024
SPARE_THREADS = 8
"""Beside those for requests that speak or wait: whatever else is asked is answered while every place is taken."""

_SOCKET_BUFFER_BYTES = 1 << 18
_BYTES_PER_CHARACTER = 12
"""The most that JSON needs for one: a surrogate pair, escaped."""


def listen(host: str, port: int) -> socket.socket:
    """A port, taken. Raises OSError where that is not possible."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    taken = socket.create_server(address[:2], family=family, backlog=BACKLOG)
    # Every connection inherits it: the kernel would keep megabytes for a reader who takes nothing.
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SOCKET_BUFFER_BYTES)
    return taken


def max_message_bytes(config: Config) -> int:
    """The largest JSON that can hold an accepted text; what is larger is refused unread."""
    return 65536 + _BYTES_PER_CHARACTER * config.synthesis.max_text_length
