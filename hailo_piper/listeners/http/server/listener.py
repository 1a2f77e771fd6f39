"""The HTTP listener takes a port, runs waitress's loop on a thread of its own, and stops.

waitress's loop is held to the monotonic clock here, and to the file descriptors that the process has.
"""

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
from hailo_piper.listeners.http.server.handover import Handover
from hailo_piper.listeners.http.server.long_bodies import LongBodies
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
from hailo_piper.listeners.upgrade import NoUpgrades, Upgrades

logger = logging.getLogger(__name__)

_MAX_HEADER_BYTES = 65536

_SWEEP_SECONDS = 1
_SURPLUS = 32
"""Connections beyond the bound that are accepted to be refused; later ones wait in the kernel's backlog."""


class _Server(TcpWSGIServer):  # type: ignore[misc]
    """Waitress's server with bounds; its own only closes idle connections, and none that leaves bytes unread."""

    channel_class = Channel
    patience_seconds: float
    cors: Cors
    on_refusal: Callable[[str], None]
    most_connections: int
    handover: Handover
    is_draining = False
    """Whether every answer says that its connection ends with it."""
    next_channel_cleanup: float = 0
    _accepts_from = 0.0
    """When connections are accepted again, after the system had no file descriptor for one."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._warnings = ThrottledWarnings()
        super().__init__(*arguments, **named)

    def readable(self) -> bool:
        """Return whether to accept a connection now; waitress asks in every turn of its loop, and once a second."""
        # waitress's own interval goes by the wall clock.
        now = time.monotonic()
        if now >= self.next_channel_cleanup:
            self.next_channel_cleanup = now + self.adj.cleanup_interval
            self.maintenance(now)
        taken = len(self.active_channels) + len(self.handover)
        has_room = taken < self.most_connections + min(_SURPLUS, self.most_connections // 4)
        if not has_room and self.accepting and has_input(self.socket):
            useless = self._longest_useless()
            if useless is not None:
                useless.cut_off(CutOff.GIVES_WAY)
        return bool(self.accepting and has_room and now >= self._accepts_from)

    def handle_accept(self) -> None:
        """Accept a connection; if the system has no file descriptor for it, try again a second later."""
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

    def add_task(self, task: Channel) -> None:
        """Have a thread answer the first request of a channel, or give its socket to the WebSocket listener."""
        if not self.handover.give(task):
            super().add_task(task)

    def pull_trigger(self) -> None:
        """Wake the loop, unless it has ended while a thread finished its answer."""
        try:
            super().pull_trigger()
        except OSError:
            if not self.trigger._closed:  # noqa: SLF001 - waitress has no public name for it
                raise

    def maintenance(self, now: float) -> None:
        """Cut off clients that exceed a time limit, and close connections whose clients have left."""
        for channel in list(self.active_channels.values()):
            reason = channel.exceeded(now, self.patience_seconds)
            if reason is not None:
                channel.cut_off(reason)
            else:
                channel.probe(now)

    def _longest_useless(self, newcomer: Channel | None = None) -> Channel | None:
        """Return the connection that gives way once every one is taken, if any can."""
        channels = [channel for channel in self.active_channels.values() if channel is not newcomer]
        since = sorted(((channel.useless_since, channel) for channel in channels), key=itemgetter(0))
        return next((channel for when, channel in since if when < math.inf and not has_input(channel.socket)), None)

    def _is_one_too_many(self, newcomer: Channel) -> bool:
        """Return whether all connections are taken and none gives way, or one address has too many of them."""
        address = newcomer.addr[0]
        taken = [channel.addr[0] for channel in list(self.active_channels.values())] + self.handover.addresses
        if len(taken) > self.most_connections:
            useless = self._longest_useless(newcomer)
            what = "one without use is closed for each that comes" if useless else "requests for more are refused"
            self._warnings.warn(logger, "all %d connections are taken: %s", self.most_connections, what)
            if useless is None:
                return True
            useless.handle_close()
        most = connections_of_one(self.most_connections)
        if len(taken) <= most or is_loopback(address):
            return False
        # Only a service near the bound needs this import, so the start does not wait for it.
        from hailo_piper.listeners.rate_limits import caller_at

        if Counter(map(caller_at, taken))[caller_at(address)] <= most:
            return False
        self._warnings.warn(logger, "%s has %d connections: its requests for more are refused", address, most)
        return True


class HttpServer:
    """A listener that takes its port when it is built, and answers from `start` to `stop`."""

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
        upgrades: Upgrades = NoUpgrades(),  # noqa: B008 - it holds nothing
        long_bodies: LongBodies = lambda *_: None,
    ) -> None:
        """Take the port. Raises OSError.

        `speech_threads`: the number of requests that may speak or wait. `patience_seconds`: the time that a client may
        take to send a request, or take nothing of its answer, before it is cut off. `on_refusal` is called with the
        code of every request that is refused before the app sees it. `upgrades` takes the sockets of WebSockets.
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
            connection_limit=1 << 20,  # this module counts them itself, so that those over the bound get an answer
            cleanup_interval=_SWEEP_SECONDS,
            asyncore_use_poll=True,
            channel_request_lookahead=1,  # a client that leaves is noticed before the next write
            # About 20 s of audio wait for a slow client, then its synthesis waits too (backpressure).
            outbuf_high_watermark=1 << 20,
            log_socket_errors=False,
        )
        self._server.adj.long_bodies = long_bodies
        self._server.patience_seconds = patience_seconds
        self._server.cors = cors
        self._server.on_refusal = on_refusal
        self._server.most_connections = connections_within(HTTP_CONNECTIONS)
        self._thread = threading.Thread(target=self._server.run, name="http-listener", daemon=True)
        self._server.handover = Handover(upgrades, self._thread)

    def start(self) -> None:
        """Answer requests, on threads of its own."""
        self._thread.start()

    @property
    def connections(self) -> int:
        """The number of open connections, with those that were handed over."""
        return len(self._server.active_channels) + len(self._server.handover)

    def drain(self) -> None:
        """Have every answer end its connection from now on; connections are still taken."""
        self._server.is_draining = True

    def stop(self, *, timeout_seconds: float) -> None:
        """Accept no more connections, let answers finish within the bound, then close everything."""
        self.drain()
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
        # Sockets belong to the loop's thread; closing one while it polls is a race.
        done = threading.Event()

        def act() -> None:
            action()
            done.set()

        try:
            self._server.trigger.pull_trigger(act)
        except OSError:
            # The loop was awake already, and has closed its trigger before this thread could wake it.
            if not self._server.trigger._closed:  # noqa: SLF001 - waitress has no public name for it
                raise
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
