"""The listener itself: its port, its loop, and how it stops."""

import logging
import math
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from operator import itemgetter
from typing import Any

from waitress.server import TcpWSGIServer

from hailo_piper.listeners.http.cors import Cors
from hailo_piper.listeners.http.server.channel import Channel
from hailo_piper.listeners.http.server.threads import Threads
from hailo_piper.listeners.keys import is_loopback
from hailo_piper.listeners.port import (
    HTTP_CONNECTIONS,
    SPARE_THREADS,
    CutOff,
    ThrottledWarnings,
    connections_of_one,
    connections_within,
    has_input,
    listen,
)

logger = logging.getLogger(__name__)

_MAX_HEADER_BYTES = 65536

_SWEEP_SECONDS = 1
_SURPLUS = 32
"""Connections beyond the bound that are taken to be told so; whoever comes after them waits in the system's line."""


class _Server(TcpWSGIServer):  # type: ignore[misc]
    """Waitress's own, which only closes idle connections, and of those none that will not take its last bytes."""

    channel_class = Channel
    patience_seconds: float
    cors: Cors
    on_refusal: Callable[[str], None]
    most_connections: int
    next_channel_cleanup: float = 0
    _accepts_from = 0.0
    """When connections are taken again, after the system had nothing left for one."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._warnings = ThrottledWarnings()
        super().__init__(*arguments, **named)

    def readable(self) -> bool:
        """Whether a connection may be taken now; waitress asks in every turn of its loop, and once a second."""
        # Waitress's own goes by a clock that people set.
        now = time.monotonic()
        if now >= self.next_channel_cleanup:
            self.next_channel_cleanup = now + self.adj.cleanup_interval
            self.maintenance(now)
        has_room = len(self.active_channels) < self.most_connections + min(_SURPLUS, self.most_connections // 4)
        if not has_room and self.accepting and has_input(self.socket):
            useless = self._longest_useless()
            if useless is not None:
                useless.cut_off(CutOff.GIVES_WAY)
        return bool(self.accepting and has_room and now >= self._accepts_from)

    def handle_accept(self) -> None:
        """Take a connection; where the system has no more for one, wait a second and try again."""
        try:
            accepted = self.accept()
            if accepted is None:
                return
            connection, address = accepted
            self.set_socket_options(connection)
            channel = self.channel_class(self, connection, address, self.adj, map=self._map)
        except OSError as error:
            self._accepts_from = time.monotonic() + _SWEEP_SECONDS
            self._warnings.warn(logger, "no connection can be taken: %s", error.strerror or error)
            return
        channel.is_surplus = self._is_one_too_many(channel)

    def pull_trigger(self) -> None:
        """Wake the loop, unless it has ended: a thread may be done with its answer just then."""
        try:
            super().pull_trigger()
        except OSError:
            if not self.trigger._closed:  # noqa: SLF001 - waitress says it nowhere else
                raise

    def maintenance(self, now: float) -> None:
        """Close what nobody uses."""
        for channel in list(self.active_channels.values()):
            reason = channel.exceeded(now, self.patience_seconds)
            if reason is not None:
                channel.cut_off(reason)
            else:
                channel.probe(now)

    def _longest_useless(self, newcomer: Channel | None = None) -> Channel | None:
        """The one that gives way where every connection is taken, if any does."""
        channels = [channel for channel in self.active_channels.values() if channel is not newcomer]
        since = sorted(((channel.useless_since, channel) for channel in channels), key=itemgetter(0))
        return next((channel for when, channel in since if when < math.inf and not has_input(channel.socket)), None)

    def _is_one_too_many(self, newcomer: Channel) -> bool:
        """Whether all connections are taken, and none of them gives way, or too many of them by one address."""
        address, taken = newcomer.addr[0], list(self.active_channels.values())
        if len(taken) > self.most_connections:
            useless = self._longest_useless(newcomer)
            what = (
                "requests for more are refused"
                if useless is None
                else "the one that is of no use for longest is closed for each that comes"
            )
            self._warnings.warn(logger, "all %d connections are taken: %s", self.most_connections, what)
            if useless is None:
                return True
            useless.handle_close()
        most = connections_of_one(self.most_connections)
        if len(taken) <= most or is_loopback(address):
            return False
        # Who never comes near the bound does not wait for this at the start.
        from hailo_piper.listeners.rate_limits import caller_at

        if Counter(caller_at(channel.addr[0]) for channel in taken)[caller_at(address)] <= most:
            return False
        self._warnings.warn(logger, "%s has %d connections: its requests for more are refused", address, most)
        return True


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
        on_refusal: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Take the port; raises OSError where that is not possible.

        `speech_threads`: as many as there are speech requests that speak or wait. `patience_seconds`: how long a
        client may take to send a request, or take nothing of its answer, before it is cut off. `on_refusal` is told
        the code of what is refused before the app sees it.
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
            # Counted here, since whoever comes too many is to be told.
            connection_limit=1 << 20,
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
        self._server.on_refusal = on_refusal
        self._server.most_connections = connections_within(HTTP_CONNECTIONS)
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
