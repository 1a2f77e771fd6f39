"""A link carries one client's messages over one socket, within bounds of size, number and time.

The bytes are the affair of `websockets`, as a protocol without input or output of its own. The link reads in small
pieces, so that a flood of frames holds up no other client. It stops reading while messages or answers to pings pile up,
and lets a sender wait while the client does not take what was sent (backpressure).
"""

import asyncio
import logging
import socket
import struct
import time
from contextlib import suppress

from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Request, Response
from websockets.protocol import State
from websockets.server import ServerProtocol

from hailo_piper.listeners.port import CutOff
from hailo_piper.listeners.upgrade import Upgrade
from hailo_piper.listeners.websocket.inbox import Inbox, WireError

logger = logging.getLogger(__name__)

LISTENER = "websocket"
"""The name of this listener in log lines and metrics."""

_READ_BYTES = 1 << 14
_WRITE_BUFFER_BYTES = 1 << 16
"""The bytes that wait in this process for a slow reader, beside the kernel's buffer; beyond them synthesis waits."""
_MOST_UNSENT_BYTES = 1 << 19
"""Beyond these nothing is read: what is asked for, or answered to pings, would pile up."""
_MOST_PINGS = 200
"""Pings that a client may send in a second."""
_PING_SECONDS = 20.0
"""A client that is silent for so long is asked whether it is there, and has as long to answer."""
_CLOSING_SECONDS = 3.0
"""The time that a client has for its part of closing."""

# It would log every connection twice, at INFO.
_silent = logging.getLogger(f"{__name__}.protocol")
_silent.setLevel(logging.ERROR)


class Link(asyncio.BufferedProtocol):
    """One client's socket, as asyncio's transport moves its bytes."""

    def __init__(self, upgrade: Upgrade, *, max_message_bytes: int, patience_seconds: float) -> None:
        """`patience_seconds`: how long the client may take nothing of what was sent."""
        self.address = upgrade.address
        self._upgrade = upgrade
        self._patience_seconds = patience_seconds
        self._protocol = ServerProtocol(max_size=max_message_bytes, logger=_silent)
        self._buffer = bytearray(_READ_BYTES)
        self._transport: asyncio.Transport
        self.request: Request | None = None
        """The request for the upgrade; None if it cannot be read."""
        self._inbox = Inbox()
        self._taken = asyncio.Event()
        """Set while the client takes what is sent."""
        self._taken.set()
        self._pings = 0
        self._has_left = False
        self._unsent = 0
        now = time.monotonic()
        self.heard_at = now
        """When the last message came; a ping is none."""
        self._alive_at = now
        """When the last bytes came."""
        self._pinged_at: float | None = None
        self._moved_at = now
        """When the client last took something, or had nothing to take."""
        self._closing_since: float | None = None
        self.ended = asyncio.Event()
        """Set when the socket is closed."""

    def has_left(self) -> bool:
        """Return whether the client no longer reads; may be called on any thread."""
        return self._has_left

    async def next_message(self) -> str | None:
        """Return the next message; None once one side closes."""
        message = await self._inbox.next()
        self._pace_reading()
        return message

    async def send(self, message: str | bytes) -> None:
        """Send a message of text or of bytes, and wait until the client takes it. Raises ConnectionError."""
        if self._protocol.state is not State.OPEN:
            raise ConnectionResetError("the WebSocket is closing")
        if isinstance(message, str):
            # JSON can hold lone surrogates, UTF-8 cannot.
            self._protocol.send_text(message.encode(errors="replace"))
        else:
            self._protocol.send_binary(message)
        self._write()
        await self._taken.wait()
        if self._has_left:
            raise ConnectionResetError("the client has left")

    def answer(self, response: Response) -> None:
        """Answer the request for the upgrade; any status but 101 ends the connection."""
        self._protocol.send_response(response)
        self._write()
        if self._protocol.state is State.OPEN and self._upgrade.rest:
            self._receive(self._upgrade.rest)
        self._pace_reading()

    def accept(self) -> Response:
        """Return the response that accepts the request, or refuses one that is no WebSocket's."""
        if self.request is None:
            raise ValueError("there is no request")
        return self._protocol.accept(self.request)

    def close(self, code: CloseCode, reason: str = "") -> None:
        """Begin to close, once what was sent is taken; its client answers, or is cut off."""
        self._inbox.close()
        if self._protocol.state is State.OPEN:
            # The reason of a close frame has at most 123 bytes.
            self._protocol.send_close(code, reason.encode()[:120].decode(errors="ignore"))
            self._write()

    def fail(self, code: CloseCode, reason: str) -> None:
        """Close, and read nothing more of a client that breaks the rules."""
        if self._protocol.state is State.OPEN:
            self._log_end(reason)
            self._protocol.fail(code, reason)
            self._write()

    def sweep(self, now: float) -> None:
        """Ask a silent client whether it is there, and cut off one that exceeds a limit; call it every second."""
        self._pings = 0
        unsent = self._transport.get_write_buffer_size()
        if not unsent or unsent < self._unsent:
            self._moved_at = now
        self._unsent = unsent
        if self._closing_since is not None:
            if now - self._closing_since > _CLOSING_SECONDS:
                self._transport.abort()
        elif now - self._moved_at > self._patience_seconds:
            self.cut_off(CutOff.STALLED)
        elif self._pinged_at is not None and now - self._pinged_at > _PING_SECONDS:
            self.fail(CloseCode.INTERNAL_ERROR, "no answer to a ping")
        elif self._pinged_at is None and self._transport.is_reading() and now - self._alive_at > _PING_SECONDS:
            self._pinged_at = now
            self._protocol.send_ping(b"hailo-piper")
            self._write()

    def cut_off(self, reason: CutOff) -> None:
        """Close the socket at once, whatever is still being sent."""
        self._log_end(reason.value)
        raw = self._transport.get_extra_info("socket")
        with suppress(OSError):
            # With a linger time of 0, the kernel drops what the client has not read (a reset).
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()

    # What asyncio calls:

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Read the request, which came before the socket changed hands; nothing more until it is answered."""
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a WebSocket needs a stream")
        self._transport = transport
        transport.set_write_buffer_limits(high=_WRITE_BUFFER_BYTES)
        self._protocol.receive_data(self._upgrade.head)
        self.request = next((event for event in self._protocol.events_received() if isinstance(event, Request)), None)
        transport.pause_reading()
        self._write()

    def get_buffer(self, sizehint: int) -> bytearray:  # noqa: ARG002 - asyncio's signature
        """Return where the next bytes go."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Take the bytes that came."""
        self._receive(bytes(self._buffer[:nbytes]))

    def eof_received(self) -> None:
        """Close the socket, since the client has closed its half: a WebSocket has no other use for that."""
        self._protocol.receive_eof()
        self._write()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Wake everybody who waits for the client."""
        self._has_left = True
        self._inbox.drop()
        self._taken.set()
        self.ended.set()
        self._upgrade.on_end()

    def pause_writing(self) -> None:
        """Let senders wait."""
        self._taken.clear()

    def resume_writing(self) -> None:
        """Let senders go on."""
        self._taken.set()
        self._pace_reading()

    def _receive(self, data: bytes) -> None:
        self._alive_at, self._pinged_at = time.monotonic(), None
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if isinstance(event, Frame):
                self._take(event)
        self._write()
        self._pace_reading()

    def _take(self, frame: Frame) -> None:
        if frame.opcode is Opcode.PING:
            self._pings += 1
            if self._pings > _MOST_PINGS:
                self.fail(CloseCode.POLICY_VIOLATION, "too many pings")
        try:
            if self._inbox.take(frame):
                self.heard_at = time.monotonic()
        except WireError as error:
            self.fail(error.code, error.reason)

    def _write(self) -> None:
        """Send what the protocol wants sent, and close as it wants."""
        for data in self._protocol.data_to_send():
            if data:
                self._transport.write(data)
            elif self._protocol.close_rcvd is not None:
                self._transport.close()
            elif self._transport.can_write_eof() and not self._transport.is_closing():
                # A client that still sends would be reset, and never see why; so it is only told that nothing follows.
                self._transport.write_eof()
        if self._protocol.state is not State.OPEN and (self._protocol.close_sent or self._protocol.eof_sent):
            self._closing_since = self._closing_since or time.monotonic()
            self._inbox.close()

    def _pace_reading(self) -> None:
        """Read on only while neither messages nor answers pile up."""
        if self._transport.is_closing():
            return
        is_full = self._inbox.is_full or self._transport.get_write_buffer_size() > _MOST_UNSENT_BYTES
        if is_full and self._closing_since is None:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    def _log_end(self, reason: str) -> None:
        fields = {"client": self.address, "listener": LISTENER, "because": reason}
        logger.info("cut off", extra={"fields": fields})
