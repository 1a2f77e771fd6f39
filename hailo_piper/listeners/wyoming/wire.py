"""Events on the wire, within bounds: the library's own reader takes whatever length a client names."""

import asyncio
import json
from typing import Any

from wyoming.event import Event

MAX_PAYLOAD_BYTES = 1 << 20
"""Of an event that brings sound along, which nothing here wants: it is read and dropped."""


_FOREIGN = {
    b"\x16": "it speaks TLS, and this port Wyoming",
    **{
        method[:1]: "it speaks HTTP, and this port Wyoming"
        for method in (b"GET", b"POST", b"HEAD", b"OPTIONS", b"DELETE")
    },
}
"""By its first byte."""


class WireError(Exception):
    """What came is no event, or one beyond the bounds: nothing after it can be read either."""


async def read_event(reader: asyncio.StreamReader, begun: bytes, max_data_bytes: int) -> Event:
    """The event whose first byte has been read. Raises WireError.

    The reader's own limit bounds the line. What belongs to no event of ours is dropped.
    """
    if begun != b"{":
        # Another protocol may never send the end of a line.
        raise WireError(_FOREIGN.get(begun[:1]) or "it is not JSON")
    try:
        head = _parse(begun + await reader.readuntil(b"\n"))
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
    """The same event, with what UTF-8 cannot hold replaced: half a surrogate pair, which JSON can."""
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
