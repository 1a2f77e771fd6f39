"""The wire is read within bounds, since the library's own reader accepts any length that a client names."""

import asyncio
import json
from typing import Any

from wyoming.event import Event

MAX_PAYLOAD_BYTES = 1 << 20
"""The most sound that an event may carry; no event of ours needs any, so it is read and dropped."""

_FOREIGN = {
    b"\x16": "it speaks TLS, and this port Wyoming",
    **{
        method[:1]: "it speaks HTTP, and this port Wyoming"
        for method in (b"GET", b"POST", b"HEAD", b"OPTIONS", b"DELETE")
    },
}
"""The reason to end a connection that speaks another protocol, by its first byte."""


class WireError(Exception):
    """Bytes that are not an event, or an event beyond the bounds; nothing after them can be read."""


async def read_event(reader: asyncio.StreamReader, first_byte: bytes, max_data_bytes: int) -> Event:
    """Read the rest of the event whose first byte was read. Raises WireError.

    The reader's own limit bounds the line. A payload is dropped.
    """
    if first_byte != b"{":
        # Another protocol may never send a line end, so do not wait for one.
        raise WireError(_FOREIGN.get(first_byte) or "it is not JSON")
    try:
        head = _parse(first_byte + await reader.readuntil(b"\n"))
        kind, data = head.get("type"), head.get("data") or {}
        if not isinstance(kind, str) or not isinstance(data, dict):
            raise WireError("an event has no type or no data")
        size = _length(head, "data_length", max_data_bytes)
        if size:
            data = {**data, **_parse(await reader.readexactly(size))}
        left = _length(head, "payload_length", MAX_PAYLOAD_BYTES)
        while left:
            dropped = await reader.read(min(left, 65536))
            if not dropped:
                raise WireError("an event has no end")
            left -= len(dropped)
    except asyncio.LimitOverrunError:
        raise WireError("a line is too long") from None
    except asyncio.IncompleteReadError:
        raise WireError("an event has no end") from None
    return Event(type=kind, data=data)


def writable(event: Event) -> Event:
    """Return the event with lone surrogates replaced, which JSON can hold and UTF-8 cannot."""
    data = {
        name: value.encode(errors="replace").decode() if isinstance(value, str) else value
        for name, value in (event.data or {}).items()
    }
    return Event(type=event.type, data=data, payload=event.payload)


def _length(head: dict[str, Any], name: str, most: int) -> int:
    length = head.get(name) or 0
    if not isinstance(length, int) or not 0 <= length <= most:
        raise WireError(f"{name} is not from 0 to {most}")
    return length


def _parse(text: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        raise WireError("it is not JSON") from None
    if not isinstance(fields, dict):
        raise WireError("it is no JSON object")
    return fields
