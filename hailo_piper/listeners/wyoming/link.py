"""A link is the client's end of one connection: it sends events, notices that the client left, and closes.

Who has left: the end of a client's data (a FIN) looks the same whether the client closed the whole connection or only
its sending half. Only data sent to it tells them apart, since a client that has left answers with a reset. So an end of
data stops no answer by itself. The events of the answer are the test, and before the first of them, once a second, a
`pong` that nobody asked for, which clients ignore.
"""

import asyncio
import logging
import socket
import struct
import time
from contextlib import suppress

from wyoming.event import Event, async_write_event

from hailo_piper.listeners.port import CutOff, is_reset
from hailo_piper.listeners.wyoming.patience import Patience
from hailo_piper.listeners.wyoming.wire import writable

logger = logging.getLogger(__name__)

LISTENER = "wyoming"
"""The name of this listener in log lines and metrics."""

_PROBE_SECONDS = 1
_PROBE = b'{"type": "pong"}\n'


class Link:
    """The client's end of one connection."""

    def __init__(self, writer: asyncio.StreamWriter, patience: Patience) -> None:
        """`patience`: it is informed of every event that is being sent."""
        self._writer = writer
        self._patience = patience
        self.address: str = (writer.get_extra_info("peername") or ("",))[0]
        """The client's IP address."""
        self._sending = asyncio.Lock()
        self._sent_at = 0.0
        self._has_left = False
        self._half_closed_at: float | None = None
        """When the client closed its sending half, on the monotonic clock."""
        self._is_broken = False
        """Whether an answer broke off, after which nothing more is sent."""

    @property
    def is_half_closed(self) -> bool:
        """Whether the client closed its sending half; it may still read."""
        return self._half_closed_at is not None

    def has_left(self) -> bool:
        """Return whether the client no longer reads; may be called on any thread."""
        return self._has_left or self._writer.is_closing()

    def abandon(self) -> None:
        """Treat the client as gone, so that the work for it stops."""
        self._has_left = True

    def note_half_close(self) -> None:
        """Note that the client closed its sending half."""
        self._half_closed_at = time.monotonic()

    async def send(self, event: Event) -> None:
        """Send one event, as soon as the client takes it. Raises ConnectionError."""
        async with self._sending:
            if self._is_broken:
                raise ConnectionResetError("an answer broke off")
            self._patience.send_since = time.monotonic()
            try:
                await async_write_event(writable(event), self._writer)
            except OSError as error:
                raise ConnectionResetError(str(error)) from error
            self._patience.send_since = None
            self._sent_at = time.monotonic()

    def break_off(self) -> None:
        """Close the sending half, so that the client does not take a part of an answer for the whole."""
        self._is_broken = True
        self._writer.write_eof()

    def probe(self, now: float, *, is_busy: bool) -> None:
        """Notice a client that closed its sending half and has left; call it every second."""
        if self._half_closed_at is None or self._writer.is_closing():
            return
        if is_reset(self._writer.get_extra_info("socket")):
            self._has_left = True
            return
        is_quiet = now - max(self._half_closed_at, self._sent_at) > _PROBE_SECONDS and not self._sending.locked()
        if is_quiet and is_busy:
            self._writer.write(_PROBE)

    def cut_off(self, reason: CutOff) -> None:
        """Close the connection at once, whatever is still being sent."""
        if not self._patience.was_refused:
            self.log_end(reason.value)
        self._has_left = True
        if reason is not CutOff.IDLE:
            # With a linger time of 0, the kernel drops what the client has not read (a reset).
            raw = self._writer.get_extra_info("socket")
            with suppress(OSError):
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    async def close(self, *, gracefully: bool) -> None:
        """Close the connection; gracefully: after the client has read what was sent."""
        if gracefully:
            self._writer.close()
        else:
            self._writer.transport.abort()
        with suppress(OSError):
            await self._writer.wait_closed()

    def log_end(self, reason: str) -> None:
        """Log why this side ends the connection."""
        logger.info("cut off", extra={"fields": {"client": self.address, "listener": LISTENER, "because": reason}})
