"""Messages are JSON objects one way, and sound in pieces of bounded size the other way."""

import asyncio
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from hailo_piper.listeners.json_object import parse_object

LONG_TEXT = 1 << 14
"""Characters that are read on a thread: reading them takes milliseconds."""
_MOST_SOUND_BYTES = 48_000
"""In one message: many clients take messages of a mebibyte, and small ones are heard sooner. A multiple of 3, as base64
wants it, and of 2, as samples do."""


async def fields_of(message: str) -> Mapping[str, Any]:
    """Return the fields of a message. Raises InvalidRequestError."""
    read = partial(parse_object, message.encode(errors="surrogatepass"))
    return await asyncio.to_thread(read) if len(message) > LONG_TEXT else read()


def in_messages(sound: bytes) -> Iterator[bytes]:
    """Yield sound in pieces, one for each message."""
    for start in range(0, len(sound), _MOST_SOUND_BYTES):
        yield sound[start : start + _MOST_SOUND_BYTES]
