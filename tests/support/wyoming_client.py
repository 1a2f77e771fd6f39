"""What tests ask of the Wyoming listener, with the library's own client."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from wyoming.audio import AudioChunk, AudioStart
from wyoming.client import AsyncTcpClient
from wyoming.error import Error
from wyoming.event import Event
from wyoming.info import Describe, Info
from wyoming.tts import (
    Synthesize,
    SynthesizeChunk,
    SynthesizeStart,
    SynthesizeStop,
    SynthesizeStopped,
    SynthesizeVoice,
)

from hailo_piper.config.loading import parse_config
from hailo_piper.config.settings import Config
from hailo_piper.server import Server
from tests.support.services import as_values, running

SECONDS = 60
"""What any answer may take on a slow machine."""


@dataclass
class Spoken:
    """One answer."""

    pcm: bytes = b""
    formats: set[tuple[int, int, int]] = field(default_factory=set)
    """Every (rate, width, channels) that an event named."""
    errors: list[tuple[str, str | None]] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    """The events, in order; audio-chunks that follow each other are one."""

    @property
    def code(self) -> str | None:
        assert len(self.errors) == 1, self.errors
        return self.errors[0][1]


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[AsyncTcpClient]:
    async with AsyncTcpClient("127.0.0.1", port, connect_timeout=SECONDS, read_timeout=SECONDS) as client:
        yield client


async def read(client: AsyncTcpClient, *ends: str) -> Spoken:
    """The answer up to one of these events, or until the connection ends."""
    spoken = Spoken()
    while (event := await client.read_event()) is not None:
        if spoken.kinds[-1:] != [event.type]:
            spoken.kinds.append(event.type)
        _take(event, spoken)
        if event.type in ends:
            break
    return spoken


def _take(event: Event, spoken: Spoken) -> None:
    if AudioStart.is_type(event.type):
        start = AudioStart.from_event(event)
        spoken.formats.add((start.rate, start.width, start.channels))
    elif AudioChunk.is_type(event.type):
        chunk = AudioChunk.from_event(event)
        spoken.formats.add((chunk.rate, chunk.width, chunk.channels))
        spoken.pcm += chunk.audio
    elif Error.is_type(event.type):
        error = Error.from_event(event)
        spoken.errors.append((error.text, error.code))


async def describe(port: int) -> Info:
    async with connected(port) as client:
        await client.write_event(Describe().event())
        event = await client.read_event()
        assert event is not None
        return Info.from_event(event)


async def speak(
    port: int, text: str, voice: SynthesizeVoice | None = None, *, text_format: str | None = None
) -> Spoken:
    async with connected(port) as client:
        await client.write_event(Synthesize(text=text, voice=voice, text_format=text_format).event())
        return await read(client, "audio-stop", "error")


async def speak_pieces(
    port: int,
    pieces: Sequence[str],
    voice: SynthesizeVoice | None = None,
    *,
    text_format: str | None = None,
    compatible: bool = True,
    before: Callable[[int], None] = lambda _: None,
) -> Spoken:
    """A text piece by piece, as Home Assistant sends it; `before` is called with the number of every piece."""
    async with connected(port) as client:
        reading = asyncio.create_task(read(client, "synthesize-stopped"))
        await client.write_event(SynthesizeStart(voice=voice, text_format=text_format).event())
        for number, piece in enumerate(pieces):
            await asyncio.to_thread(before, number)
            await client.write_event(SynthesizeChunk(text=piece).event())
        if compatible:
            await client.write_event(Synthesize(text="".join(pieces), voice=voice, text_format=text_format).event())
        await client.write_event(SynthesizeStop().event())
        return await reading


__all__ = ["SynthesizeStopped", "SynthesizeVoice", "connected", "describe", "read", "speak", "speak_pieces"]


@contextmanager
def serving(config: Config, **sections: Any) -> Iterator[Server]:
    """A service with the Wyoming listener; sections of the configuration may be changed."""
    values = as_values(config)
    for name, section in {"wyoming": {}, **sections}.items():
        values[name] = {**values.get(name, {}), **section}
    values["wyoming"] = {"enabled": True, "host": "127.0.0.1", "port": 0, "zeroconf": False, **values["wyoming"]}
    with running(parse_config(values)) as server:
        yield server


def port_of(server: Server) -> int:
    assert server.wyoming is not None
    port: int = server.wyoming.port
    return port


def connections(server: Server) -> int:
    assert server.wyoming is not None
    return server.wyoming.connections


def pieces(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]
