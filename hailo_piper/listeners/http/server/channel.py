"""One HTTP connection: what it is held to, and whether its client is still there."""

import logging
import math
import socket
import struct
import time
from contextlib import suppress
from typing import Any

from waitress.channel import HTTPChannel
from waitress.utilities import BadRequest

from hailo_piper.listeners.http.server.parser import Parser
from hailo_piper.listeners.http.server.refusals import RefusalTask, TooManyConnections
from hailo_piper.listeners.port import UNFINISHED_BODY_SECONDS, UNFINISHED_HEAD_SECONDS, CutOff, is_reset

logger = logging.getLogger(__name__)

_IDLE_SECONDS = 120
"""A connection that is kept alive and asks for nothing is closed."""
_SURPLUS_SECONDS = 5
"""What one beyond the bound may take for its request."""
_PROBE_SECONDS = 1
_PROBE = b"HTTP/1.1 100 Continue\r\n\r\n"
_TLS_HANDSHAKE = b"\x16"
"""The first byte of https; no method of HTTP begins with it."""


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that knows how long its client has kept it waiting."""

    parser_class = Parser
    error_task_class = RefusalTask
    is_surplus = False
    """Whether it is beyond the bound: it gets one answer, but no speech."""
    close_when_flushed: bool = False
    request: Any = None
    _is_new = True
    _ended_since: float | None = None
    """When its client ended its half of the connection: it sends no more, but may still read."""
    _has_begun_answer = False
    _request_since: float | None = None
    """When a request was first seen that is not complete yet."""
    _answer_since: float | None = None
    """When a part of an answer was first seen that the client has not taken yet."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._moved_at = time.monotonic()
        super().__init__(*arguments, **named)

    @property
    def useless_since(self) -> float:
        """Since when its place is of no use, on the monotonic clock; infinity where something is being done in it.

        Nothing is asked and nothing answered, or a request is not complete for longer than it takes.
        """
        request, since = self.request, self._request_since
        if self.requests or self.total_outbufs_len:
            return math.inf
        if request is None:
            return self._moved_at
        may_take = UNFINISHED_BODY_SECONDS if request.headers_finished else UNFINISHED_HEAD_SECONDS
        return since if since is not None and time.monotonic() - since > may_take else math.inf

    def readable(self) -> bool:
        """Whether more is to be read."""
        return self._ended_since is None and bool(super().readable())

    def handle_read(self) -> None:
        """Take what the client sends. An end is the end of its requests, not of its interest in the answers."""
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
            self._note_request(self._moved_at)
        else:
            self._end_requests()

    def service(self) -> None:
        """Answer the next request, on a thread of its own."""
        self._has_begun_answer = False
        request = self.requests[0]
        if self.is_surplus and request.command == "POST" and request.error is None:
            request.error = TooManyConnections("The service is busy: there are too many connections")
        super().service()
        self._moved_at = time.monotonic()
        if self._ended_since is not None or self.is_surplus:
            with self.requests_lock:
                self.close_when_flushed = self.close_when_flushed or not self.requests
            self.server.pull_trigger()

    def write_soon(self, data: Any) -> int:
        """Hand over a part of the answer."""
        with self.outbuf_lock:
            self._has_begun_answer = True
        written: int = super().write_soon(data)
        return written

    def probe(self, now: float) -> None:
        """Close it where its client ended its half and has left; to be asked every second, in the loop.

        An end may be all of a close or only half of it. Whoever has left refuses what it is sent: the answer itself
        tells, and before that a `100 Continue`, which every client of HTTP/1.1 passes over.
        """
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
        if self._request_since is not None and now - self._request_since > patience_seconds:
            return CutOff.ENDLESS_REQUEST
        if self._answer_since is not None and now - max(self._answer_since, self._moved_at) > patience_seconds:
            return CutOff.STALLED
        idle_seconds = _SURPLUS_SECONDS if self.is_surplus else _IDLE_SECONDS
        if not self.requests and not self.total_outbufs_len and now - self._moved_at > idle_seconds:
            return CutOff.IDLE
        return None

    def cut_off(self, reason: CutOff) -> None:
        """Have the loop close it in its own time: a socket closed here would leave its number to a newcomer."""
        self._log_cut_off(reason)
        # The kernel, too, drops what the client has not taken.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        if self._ended_since is not None:
            # Nothing is read from it any more, so the loop would not see that.
            self.handle_close()

    def _note_request(self, now: float) -> None:
        # While an answer is on its way nothing is read, and a next request is late by no fault of its client.
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
