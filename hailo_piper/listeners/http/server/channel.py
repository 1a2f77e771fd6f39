"""A channel holds one HTTP connection to its time limits, and notices a client that left.

Once a second the loop asks every channel for the limit it exceeds: a client that does not end its request, or takes
none of the bytes waiting for it, for `performance.request_timeout` seconds is reset, which wakes its thread and frees
its place.

Who has left: the end of a client's data (a FIN) looks the same whether the client closed the whole connection or only
its sending half. Only data sent to it tells them apart, since a client that has left answers with a reset. So an end of
data stops no answer by itself. The bytes of the answer are the test, and before the first of them, once a second, a
`100 Continue`, which every client of HTTP/1.1 ignores. A client of HTTP/1.0 that leaves while it waits is only noticed
at its first bytes.
"""

import logging
import math
import socket
import struct
import time
from contextlib import suppress
from typing import Any

from waitress.channel import HTTPChannel
from waitress.utilities import BadRequest

from hailo_piper.listeners.http.server.error_task import RefusalTask, TooManyConnections
from hailo_piper.listeners.http.server.long_bodies import SLOWEST_BYTES_A_SECOND
from hailo_piper.listeners.http.server.parser import Parser
from hailo_piper.listeners.port import UNFINISHED_BODY_SECONDS, UNFINISHED_HEAD_SECONDS, CutOff, is_reset

logger = logging.getLogger(__name__)

_IDLE_SECONDS = 120
"""The idle limit of a connection that is kept alive."""
_SURPLUS_SECONDS = 5
"""The time limit for the request of a connection beyond the bound."""
_PROBE_SECONDS = 1
_PROBE = b"HTTP/1.1 100 Continue\r\n\r\n"
_TLS_HANDSHAKE = b"\x16"
"""The first byte of https; no HTTP method begins with it."""


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that knows since when its client keeps it waiting."""

    parser_class = Parser
    error_task_class = RefusalTask
    is_surplus = False
    """Whether it is beyond the bound of connections: it gets one answer, but no speech."""
    close_when_flushed: bool = False
    request: Any = None
    requests: list[Any]
    socket: Any
    """None once the connection is closed, or handed over."""
    _is_new = True
    _ended_since: float | None = None
    """When its client closed its sending half; it may still read."""
    _has_begun_answer = False
    _request_since: float | None = None
    """When the request was first seen that is not complete yet."""
    _answer_since: float | None = None
    """When bytes of an answer were first seen that the client has not taken yet."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._moved_at = time.monotonic()
        super().__init__(*arguments, **named)

    @property
    def useless_since(self) -> float:
        """The time since which it does nothing, on the monotonic clock; infinity if it does something.

        It does nothing if nothing is asked and nothing answered, or if a request is incomplete for too long.
        """
        request, since = self.request, self._request_since
        if self.requests or self.total_outbufs_len:
            return math.inf
        if request is None:
            return self._moved_at
        may_take = UNFINISHED_BODY_SECONDS if request.headers_finished else UNFINISHED_HEAD_SECONDS
        return since if since is not None and time.monotonic() - since > may_take else math.inf

    def readable(self) -> bool:
        """Return whether waitress should read more."""
        return self._ended_since is None and bool(super().readable())

    def handle_read(self) -> None:
        """Read bytes of the client; their end ends its requests, but it may still read the answers."""
        try:
            data = self.socket.recv(self.adj.recv_bytes)
        except BlockingIOError:
            return
        except OSError:
            self.handle_close()
            return
        self._moved_at = time.monotonic()
        if self._is_new and data[:1] == _TLS_HANDSHAKE:
            self._log_cut_off(CutOff.SPEAKS_TLS)
            self.handle_close()
            return
        self._is_new = False
        if data:
            self.received(data)
            if self.socket is not None:
                self._note_request(self._moved_at)
        else:
            self._end_requests()

    def service(self) -> None:
        """Answer the next request; runs on a thread of its own."""
        self._has_begun_answer = False
        request = self.requests[0]
        wants_place = request.command == "POST" or request.upgrade_head
        if self.is_surplus and wants_place and request.error is None:
            request.error = TooManyConnections("The service is busy: there are too many connections")
        if self.server.is_draining or request.after_head:
            # Bytes after a request for a WebSocket are no HTTP, if that was not handed over.
            request.headers["CONNECTION"] = "close"
        super().service()
        self._moved_at = time.monotonic()
        if self._ended_since is not None or self.is_surplus:
            with self.requests_lock:
                self.close_when_flushed = self.close_when_flushed or not self.requests
            self.server.pull_trigger()

    def let_go(self) -> socket.socket:
        """Return the socket, which the loop does not know any more; called in the loop, under the requests' lock."""
        connection = self.socket
        self.del_channel()
        self.requests.clear()
        self.connected = False
        self.socket = None
        return connection

    def write_soon(self, data: Any) -> int:
        """Queue a part of the answer for sending."""
        with self.outbuf_lock:
            self._has_begun_answer = True
        written: int = super().write_soon(data)
        return written

    def probe(self, now: float) -> None:
        """Close the connection if its client closed its sending half and has left; called every second, in the loop."""
        if self._ended_since is None:
            return
        if is_reset(self.socket):
            self.handle_close()
        elif now - self._ended_since > _PROBE_SECONDS and self.outbuf_lock.acquire(blocking=False):
            try:
                if self.requests and self.requests[0].version == "1.1" and not self._has_begun_answer:
                    self.socket.send(_PROBE)
            except OSError:
                self.handle_close()
            finally:
                self.outbuf_lock.release()

    def exceeded(self, now: float, patience_seconds: float) -> CutOff | None:
        """Return the limit that the client exceeds, if any; called once a second."""
        patience_seconds = min(patience_seconds, _SURPLUS_SECONDS) if self.is_surplus else patience_seconds
        self._note_request(now)
        self._answer_since = (self._answer_since or now) if self.total_outbufs_len else None
        if self._request_since is not None and now - self._request_since > patience_seconds + self._more_patience():
            return CutOff.ENDLESS_REQUEST
        if self._answer_since is not None and now - max(self._answer_since, self._moved_at) > patience_seconds:
            return CutOff.STALLED
        idle_seconds = _SURPLUS_SECONDS if self.is_surplus else _IDLE_SECONDS
        if not self.requests and not self.total_outbufs_len and now - self._moved_at > idle_seconds:
            return CutOff.IDLE
        return None

    def cut_off(self, reason: CutOff) -> None:
        """Make the loop close the connection; closed here, its descriptor could be reused while the loop polls it."""
        self._log_cut_off(reason)
        # With a linger time of 0, the kernel drops what the client has not read (a reset).
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        if self._ended_since is not None:
            # The loop does not read from it any more, so it would not notice the shutdown.
            self.handle_close()

    def _more_patience(self) -> float:
        """Return the seconds that what came of a long body may have taken."""
        request = self.request
        if request is None or request.long_body is None:
            return 0.0
        return float(request.body_bytes_received / SLOWEST_BYTES_A_SECOND)

    def _note_request(self, now: float) -> None:
        # While we answer we do not read, so a pipelined request must not count as slow.
        is_sending = self.request is not None and self.readable()
        self._request_since = (self._request_since or now) if is_sending else None

    def _end_requests(self) -> None:
        self._ended_since = time.monotonic()
        with self.requests_lock:
            if self.request is not None and self.request.headers_finished:
                self.request.error = BadRequest("The body ends before its length does")
                self.requests.append(self.request)
                self.request = None
                if len(self.requests) == 1:
                    self.server.add_task(self)
            if self.requests:
                return
            self.close_when_flushed = bool(self.total_outbufs_len)
        if not self.close_when_flushed:
            self.handle_close()

    def _flush_some(self, do_close: bool = True) -> bool:  # noqa: FBT001, FBT002 - waitress's signature
        sent = bool(super()._flush_some(do_close=do_close))
        if sent:
            self._moved_at = time.monotonic()
        return sent

    def _log_cut_off(self, reason: CutOff) -> None:
        logger.info("cut off", extra={"fields": {"client": self.addr[0], "because": reason.value}})
