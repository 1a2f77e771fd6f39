"""The HTTP listener: waitress, with JSON errors, bounded bodies and a stop that lets answers finish.

Sole owner of waitress. Its parser answers some requests before Flask sees them (a body that is too large, a broken
request line), in plain text; here they get the error object that every other error has.
"""

import json
import logging
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from waitress import create_server
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask
from waitress.utilities import RequestEntityTooLarge

from hailo_piper.api import error_body

logger = logging.getLogger(__name__)

_SPARE_THREADS = 8
"""Beside those that speak: /health and the listings answer while every speech place is taken."""

_MAX_HEADER_BYTES = 65536

_MAX_DRAINED_BYTES = 128 << 20
"""Of a body that is too large, this much is read and thrown away, since a client that is cut off while it sends
often never sees the answer."""


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """Refuses a body over the bound without keeping any of it, but reads it to its end."""

    _to_drain = 0

    def received(self, data: bytes) -> int:
        if self._to_drain:
            consumed = min(len(data), self._to_drain)
            self._to_drain -= consumed
            self.completed = not self._to_drain
            return consumed
        received: int = super().received(data)
        if self.completed and isinstance(self.error, RequestEntityTooLarge):
            self._to_drain = self.content_length if self.content_length <= _MAX_DRAINED_BYTES else 0
            self.completed = not self._to_drain
        return received


class _JsonErrorTask(ErrorTask):  # type: ignore[misc]
    """Waitress's own refusals, in the shape of ours."""

    def execute(self) -> None:
        error = self.request.error
        status = error.code
        code = error.reason.lower().replace(" ", "_")
        body = json.dumps(error_body(str(error.body), status=status, code=code)).encode()
        self.status = f"{status} {error.reason}"
        self.response_headers.append(("Content-Type", "application/json"))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Channel(HTTPChannel):  # type: ignore[misc]
    parser_class = _Parser
    error_task_class = _JsonErrorTask


class HttpServer:
    """One listener. The port is taken when it is built; it answers from `start` to `stop`."""

    def __init__(
        self, app: Callable[..., Any], *, host: str, port: int, speech_threads: int, max_body_bytes: int
    ) -> None:
        """Take the port; raises OSError where that is not possible."""
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        self._socket = socket.create_server(address[:2], family=family, backlog=1024)
        self.host, self.port = self._socket.getsockname()[:2]
        self._server = create_server(
            app,
            sockets=[self._socket],
            threads=speech_threads + _SPARE_THREADS,
            ident="hailo-piper",
            max_request_body_size=max_body_bytes,
            max_request_header_size=_MAX_HEADER_BYTES,
            connection_limit=1000,
            asyncore_use_poll=True,
            # A client that leaves is noticed while its request runs, not only at the next write.
            channel_request_lookahead=1,
            # About 20 s of audio wait for a slow reader, then its synthesis waits too.
            outbuf_high_watermark=1 << 20,
            log_socket_errors=False,
        )
        self._server.channel_class = _Channel
        self._thread = threading.Thread(target=self._server.run, name="http-listener", daemon=True)

    def start(self) -> None:
        """Answer, on threads of its own."""
        self._thread.start()

    def stop(self, *, timeout_seconds: float) -> None:
        """Accept no more, let the answers under way finish within the bound, then close everything."""
        self._in_loop(self._stop_accepting)
        deadline = time.monotonic() + timeout_seconds
        while self._is_busy() and time.monotonic() < deadline:
            time.sleep(0.02)
        if self._is_busy():
            logger.warning("stopped before every answer was finished")
        self._in_loop(self._close)
        self._thread.join(timeout=5)
        self._server.task_dispatcher.shutdown(timeout=1)

    def _is_busy(self) -> bool:
        channels = list(self._server.active_channels.values())
        return any(channel.requests or channel.total_outbufs_len for channel in channels)

    def _in_loop(self, action: Callable[[], None]) -> None:
        # Sockets belong to the loop's thread: closing one under its poll() is a race.
        done = threading.Event()

        def act() -> None:
            action()
            done.set()

        self._server.trigger.pull_trigger(act)
        done.wait(timeout=5)

    def _stop_accepting(self) -> None:
        self._server.accepting = False
        self._server.del_channel()
        self._socket.close()
        self._server.socket.close()

    def _close(self) -> None:
        for channel in list(self._server.active_channels.values()):
            channel.handle_close()
        self._server.trigger.close()
