"""Parses requests by RFC 9112, and refuses any that two programs could understand differently.

Such differences are what request smuggling lives on.
"""

import re
from typing import Any

from waitress.parser import HTTPRequestParser, ParsingError
from waitress.receiver import ChunkedReceiver
from waitress.utilities import BadRequest, Error, RequestEntityTooLarge, RequestHeaderFieldsTooLarge

from hailo_piper.listeners.http.server.long_bodies import DiskBuffer, LongBody

_MAX_DRAINED_BYTES = 128 << 20
"""The part of a too large body that is read and dropped: a client that is cut off while it sends often never sees the
answer."""

_START_LINE = re.compile(rb"(\S+) (\S+)(?: HTTP/(\d\.\d))?")
_BARE_LINE_FEED = re.compile(rb"(?<!\r)\n")
_TARGET = re.compile(rb"(?i:https?://[^/?#\x00-\x20\x7f]+)?/[^\x00-\x20\x7f]*|(?i:https?://[^/?#\x00-\x20\x7f]+)|\*")
_HOST = re.compile(r"(?:[\w.~!$&'()*+,;=%-]*|\[[0-9A-Fa-f:.]+(?:%25[\w.~-]+)?\])(?::[0-9]{0,5})?", re.ASCII)


class VersionNotSupported(Error):  # type: ignore[misc] # noqa: N818 - waitress names its own so
    """An HTTP version that this server does not speak."""

    code = 505
    reason = "HTTP Version Not Supported"


class InsufficientStorage(Error):  # type: ignore[misc] # noqa: N818 - waitress names its own so
    """A body for which the disk has no room."""

    code = 507
    reason = "Insufficient Storage"


class _RefusedError(Exception):
    """An error with a status of its own, which waitress must not turn into a ParsingError."""

    def __init__(self, error: Error) -> None:
        super().__init__(str(error))
        self.error = error


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """A parser that refuses a body over the bound without keeping any of it, but reads it to its end."""

    adj: Any
    error: Error | None
    command = ""
    path = ""
    request_uri = ""
    expect_continue: bool = False
    upgrade_head = b""
    """The whole head of a request that asks for a WebSocket; empty for any other."""
    after_head = b""
    """Bytes that came with that head; its client should have waited for the answer."""
    long_body: LongBody | None = None
    """How its body is taken, where its path takes long ones."""
    _to_drain = 0

    def received(self, data: bytes) -> int:
        """Parse bytes of the connection; return how many of them belong to this request."""
        if self._to_drain:
            consumed = min(len(data), self._to_drain)
            self._to_drain -= consumed
            self.completed = not self._to_drain
            return consumed
        try:
            consumed = self._take(data)
        except OSError as error:
            return self._refuse_rest(error, len(data))
        if self.completed and self.upgrade_head:
            self.after_head = data[consumed:]
            return len(data)
        if self.completed and isinstance(self.error, RequestEntityTooLarge):
            if not self.expect_continue:
                self._to_drain = self.content_length if self.content_length <= _MAX_DRAINED_BYTES else 0
                self.completed = not self._to_drain
            if self.long_body is not None and not self.long_body.is_known:
                # The app counts wrong keys, and refuses them before it reads a body.
                self.error, self.expect_continue = None, False
                self.headers["CONNECTION"] = "close"
        # A client that waits for `100 Continue` before it sends its body gets the refusal instead.
        self.expect_continue = self.expect_continue and self.error is None
        return consumed

    def parse_header(self, header_plus: bytes) -> None:
        """Read the start line and the header. Raises ParsingError."""
        start, _, header = header_plus.partition(b"\r\n")
        try:
            self._check_start(start)
            self._check_header(header)
            super().parse_header(header_plus)
        except (ValueError, ParsingError, _RefusedError) as error:
            self._note_header(header)
            if isinstance(error, ValueError):
                raise ParsingError("The request target or a length is invalid") from error
            raise
        # A server may ignore an upgrade (RFC 9110, 7.8); werkzeug would refuse one to WebSocket.
        protocol = self.headers.pop("UPGRADE", "")
        if protocol.lower() == "websocket" and self.command == "GET" and self.body_rcv is None:
            self.upgrade_head = header_plus.strip() + b"\r\n\r\n"
        # The target http://host alone has an empty path.
        self.path = self.path or "/"
        if self.body_rcv is not None:
            self._take_long_body()

    def _take_long_body(self) -> None:
        """Give the body the bound of its path, which its client's key is part of, before any of it is read."""
        asked = self.headers
        self.long_body = self.adj.long_bodies(
            self.command, self.path, lambda name: asked.get(name.upper().replace("-", "_"))
        )
        if self.long_body is not None and self.long_body.is_known:
            self.adj = self.long_body.adjusted(self.adj)
            self.body_rcv.buf = DiskBuffer(self.adj.inbuf_overflow, self.long_body.directory)

    def _take(self, data: bytes) -> int:
        if self.body_rcv is None and not self.headers_finished:
            # Only scan the new bytes: a client may send byte by byte.
            before = self.header_plus
            is_ended = b"\r\n\r\n" in before[-3:] + data
            if not is_ended and _BARE_LINE_FEED.search(before[-1:] + data, len(before[-1:])):
                return self._refuse(BadRequest("A line ends with LF alone, not with CR LF"), before + data, data)
        try:
            consumed: int = super().received(data)
        except _RefusedError as refused:
            return self._refuse(refused.error, b"", data)
        if isinstance(self.error, RequestHeaderFieldsTooLarge):
            self._note_start((self.header_plus + data).partition(b"\r\n")[0])
        receiver = self.body_rcv
        if isinstance(receiver, ChunkedReceiver) and not self.completed:
            if b"\n" in receiver.control_line:
                return self._refuse(BadRequest("A chunk's size ends with LF alone, not with CR LF"), b"", data)
            if receiver.chunk_remainder >= self.adj.max_request_body_size:
                return self._refuse(
                    RequestEntityTooLarge(f"exceeds max_body of {self.adj.max_request_body_size}"), b"", data
                )
        return consumed

    def _refuse(self, error: Error, begun: bytes, data: bytes) -> int:
        self._note_start(begun.lstrip().partition(b"\n")[0].rstrip())
        self.error = error
        self.completed = self.headers_finished = True
        return len(data)

    def _refuse_rest(self, error: OSError, num_bytes: int) -> int:
        """Refuse a body that cannot be kept, and read it to its end as one that is too large."""
        self.error = InsufficientStorage(f"The body cannot be kept: {error.strerror}")
        left = getattr(self.body_rcv, "remain", 0)
        consumed = min(num_bytes, left) if left else num_bytes
        self._to_drain = left - consumed if 0 < left <= _MAX_DRAINED_BYTES else 0
        self.completed = not self._to_drain
        return consumed

    def _note_header(self, header: bytes) -> None:
        """Keep the headers that a refusal needs: the request id and the origin."""
        for line in header.split(b"\r\n"):
            name, _, value = line.partition(b":")
            key = name.upper().replace(b"-", b"_").decode("latin-1")
            if key in {"X_REQUEST_ID", "ORIGIN"}:
                self.headers[key] = value.strip(b" \t").decode("latin-1")

    def _note_start(self, start: bytes) -> bytes | None:
        """Keep method and target, for a refusal; return the version, or None without a start line."""
        parts = _START_LINE.fullmatch(start.strip())
        if parts is None:
            return None
        self.command, self.request_uri = parts[1].decode("latin-1"), parts[2].decode("latin-1")
        return parts[3] or b""

    def _check_start(self, start: bytes) -> None:
        version = self._note_start(start)
        if version is None or not version:
            raise ParsingError("The start line is not METHOD TARGET HTTP/1.1")
        if version not in (b"1.0", b"1.1"):
            raise _RefusedError(VersionNotSupported("Only HTTP/1.0 and HTTP/1.1 are spoken here"))
        self.version = version.decode("ascii")
        if not _TARGET.fullmatch(self.request_uri.encode("latin-1")) or self.command == "CONNECT":
            raise ParsingError("The request target is neither a path nor an http address")

    def _check_header(self, header: bytes) -> None:
        values: dict[bytes, list[str]] = {b"host": [], b"content-length": [], b"transfer-encoding": []}
        for line in header.split(b"\r\n"):
            if line[:1] in (b" ", b"\t"):
                raise ParsingError("A header line is folded, which is obsolete")
            name, _, value = line.partition(b":")
            values.get(name.lower(), []).append(value.strip(b" \t").decode("latin-1"))
        hosts, lengths, codings = values.values()
        if len(hosts) > 1 or (not hosts and self.version == "1.1"):
            raise ParsingError("A request of HTTP/1.1 has one Host header, neither none nor two")
        if hosts and not _HOST.fullmatch(hosts[0]):
            raise ParsingError("The Host header is not a name or an address, perhaps with a port")
        if len(lengths) > 1:
            raise ParsingError("There is more than one Content-Length")
        if codings and lengths:
            raise ParsingError("Transfer-Encoding and Content-Length cannot stand together")
        if codings and (self.version == "1.0" or len(codings) > 1 or not codings[0] or "," in codings[0]):
            raise ParsingError("The only Transfer-Encoding is chunked, once, in HTTP/1.1")
