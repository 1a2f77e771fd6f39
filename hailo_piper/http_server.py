"""The HTTP listener: waitress, with JSON errors, bounded bodies and a stop that lets answers finish.

Sole owner of waitress. Its parser answers some requests before Flask sees them (a body that is too large, a broken
request line), in plain text; here they get the error object that every other error has. And a client that stops
reading would hold its thread and its place for ever; here it is cut off after a bound.
"""

import json
import logging
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher
from waitress.utilities import RequestEntityTooLarge

from hailo_piper.api import error_body
from hailo_piper.cors import Cors
from hailo_piper.doors import SPARE_THREADS, listen

logger = logging.getLogger(__name__)

_MAX_HEADER_BYTES = 65536

_SWEEP_SECONDS = 1
_IDLE_SECONDS = 120
"""A connection that is kept alive and asks for nothing is closed."""

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
        asked = self.request.headers
        cors = self.channel.server.cors.headers(lambda name: asked.get(name.upper().replace("-", "_")))
        self.response_headers.extend(cors.items())
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that knows how long its client has kept it waiting."""

    parser_class = _Parser
    error_task_class = _JsonErrorTask
    _request_since: float | None = None
    """When a request was first seen that is not complete yet."""
    _answer_since: float | None = None
    """When a part of an answer was first seen that the client has not taken yet."""

    def overstays(self, now: float, patience_seconds: float) -> str | None:
        """Why this connection is to be closed, if it is; to be asked every few seconds."""
        # While an answer is on its way nothing is read, and a next request is late by no fault of its client.
        is_sending = self.request is not None and self.readable()
        self._request_since = (self._request_since or now) if is_sending else None
        self._answer_since = (self._answer_since or now) if self.total_outbufs_len else None
        if self._request_since is not None and now - self._request_since > patience_seconds:
            return "its request does not come to an end"
        # last_activity moves with every byte that leaves.
        if self._answer_since is not None and now - max(self._answer_since, self.last_activity) > patience_seconds:
            return "it takes nothing of its answer"
        if not self.requests and not self.total_outbufs_len and now - self.last_activity > _IDLE_SECONDS:
            return "it is idle"
        return None

    def cut_off(self) -> None:
        """Have the loop close it in its own time: a socket closed here would leave its number to a newcomer."""
        # The kernel, too, drops what the client has not taken.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)


class _Server(TcpWSGIServer):  # type: ignore[misc]
    """Waitress's own, which only closes idle connections, and of those none that will not take its last bytes."""

    channel_class = _Channel
    patience_seconds: float
    cors: Cors

    def maintenance(self, now: float) -> None:
        """Close what nobody uses: waitress calls this from its loop, every _SWEEP_SECONDS."""
        for channel in list(self.active_channels.values()):
            reason = channel.overstays(now, self.patience_seconds)
            if reason:
                logger.info("cut off", extra={"fields": {"client": channel.addr[0], "because": reason}})
                channel.cut_off()


class Threads(ThreadedTaskDispatcher):  # type: ignore[misc]
    """Waitress's own, but a thread is made when there is work for it: a start does not wait for forty."""

    def __init__(self, most: int) -> None:
        """At most so many."""
        super().__init__()
        self._most = most

    def add_task(self, task: Any) -> None:
        """Have a thread serve it: one that is idle, or a new one, or the first that becomes idle."""
        with self.lock:
            self.queue.append(task)
            idle = len(self.threads) - self.stop_count - self.active_count
            if len(self.queue) > idle and len(self.threads) < self._most:
                self._add_thread()
            self.queue_cv.notify()

    def _add_thread(self) -> None:
        number = len(self.threads)
        self.threads.add(number)
        self.active_count += 1
        try:
            self.start_new_thread(self.handler_thread, number)
        except RuntimeError:
            self.threads.discard(number)
            self.active_count -= 1
            if not self.threads:
                self.queue.pop()
                raise
            logger.warning("the system gives no more threads; requests wait for the %d there are", number)


class HttpServer:
    """One listener. The port is taken when it is built; it answers from `start` to `stop`."""

    def __init__(  # noqa: PLR0913 - each is a bound that waitress is held to
        self,
        app: Callable[..., Any],
        *,
        host: str,
        port: int,
        speech_threads: int,
        max_body_bytes: int,
        patience_seconds: float,
        cors: Cors,
    ) -> None:
        """Take the port; raises OSError where that is not possible.

        `speech_threads`: as many as there are speech requests that speak or wait. `patience_seconds`: how long a
        client may take to send a request, or take nothing of its answer, before it is cut off.
        """
        self._socket = listen(host, port)
        self.host, self.port = self._socket.getsockname()[:2]
        self._server = _Server(
            app,
            _sock=self._socket,
            bind_socket=False,
            sockinfo=(self._socket.family, socket.SOCK_STREAM, self._socket.proto, self._socket.getsockname()),
            dispatcher=Threads(speech_threads + SPARE_THREADS),
            ident="hailo-piper",
            max_request_body_size=max_body_bytes,
            max_request_header_size=_MAX_HEADER_BYTES,
            connection_limit=1000,
            cleanup_interval=_SWEEP_SECONDS,
            asyncore_use_poll=True,
            # A client that leaves is noticed while its request runs, not only at the next write.
            channel_request_lookahead=1,
            # About 20 s of audio wait for a slow reader, then its synthesis waits too.
            outbuf_high_watermark=1 << 20,
            log_socket_errors=False,
        )
        self._server.patience_seconds = patience_seconds
        self._server.cors = cors
        self._thread = threading.Thread(target=self._server.run, name="http-listener", daemon=True)

    def start(self) -> None:
        """Answer, on threads of its own."""
        self._thread.start()

    @property
    def connections(self) -> int:
        """Open connections."""
        return len(self._server.active_channels)

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
