"""The Wyoming listener, asked by the library's own client."""

import asyncio
import io
import json
import logging
import os
import resource
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, closing, suppress
from pathlib import Path
from typing import Any

import pytest
from wyoming.client import AsyncTcpClient
from wyoming.event import Event
from wyoming.ping import Ping
from wyoming.tts import Synthesize, SynthesizeChunk, SynthesizeStart, SynthesizeStop

from hailo_piper import __version__
from hailo_piper.config.loading import parse_config
from hailo_piper.config.settings import Config
from hailo_piper.listeners.port import ThrottledWarnings
from hailo_piper.monitoring import logs
from hailo_piper.monitoring.exposition import expose
from hailo_piper.server import Server
from tests.support.client import get, post, wait_until
from tests.support.services import as_values
from tests.support.tone_voice import make_tone_voice
from tests.support.wyoming_client import (
    Spoken,
    SynthesizeVoice,
    connected,
    connections,
    describe,
    pieces,
    port_of,
    read,
    serving,
    speak,
    speak_pieces,
)

TEXT = "One is here. Dr. Two met Mrs. Three at 3.14 p.m. in the U.S. They talked! Did they? Yes."
SENTENCES = 5


@pytest.fixture
def server(tone_config: Config) -> Iterator[Server]:
    with serving(tone_config) as server:
        yield server


def metric(server: Server, line: str) -> float:
    text = get(server.http.port, "/metrics").data.decode()
    return sum(float(row.rpartition(" ")[2]) for row in text.splitlines() if row.startswith(line))


def test_it_tells_who_can_speak(server: Server) -> None:
    (program,) = asyncio.run(describe(port_of(server))).tts
    assert (program.name, program.version, program.installed) == ("hailo-piper", __version__, True)
    assert program.supports_synthesize_streaming
    (voice,) = program.voices
    assert (voice.name, voice.languages, voice.installed) == ("en_US-tone-low", ["en_US"], True)
    assert (voice.description, voice.speakers) == ("tone (low)", None)


def test_it_lists_the_speakers_and_speaks_as_each(tone_config: Config, tmp_path: Path) -> None:
    path = make_tone_voice(tmp_path, name="en_GB-crowd-medium", speakers=3)
    piper = {"model_path": str(path), "noise_scale": 0, "noise_w_scale": 0}
    with serving(tone_config, piper=piper) as server:
        (voice,) = asyncio.run(describe(port_of(server))).tts[0].voices
        names = [speaker.name for speaker in voice.speakers or []]
        assert names == ["speaker-0", "speaker-1", "speaker-2"]
        said = [
            asyncio.run(speak(port_of(server), "Hello.", SynthesizeVoice(name=voice.name, speaker=name)))
            for name in names
        ]
        assert len({spoken.pcm for spoken in said}) == 3
        unknown = SynthesizeVoice(name=voice.name, speaker="nobody")
        refused = asyncio.run(speak(port_of(server), "Hello.", unknown))
    assert refused.code == "invalid_request"
    assert "speaker-1" in refused.errors[0][0]


@pytest.mark.parametrize(
    "voice",
    [
        None,
        SynthesizeVoice(name="en_US-tone-low"),
        SynthesizeVoice(name="alloy"),
        SynthesizeVoice(language="en"),
        SynthesizeVoice(language="en_US"),
    ],
)
def test_it_speaks_at_one_rate(server: Server, voice: SynthesizeVoice | None) -> None:
    spoken = asyncio.run(speak(port_of(server), TEXT, voice))
    assert spoken.kinds == ["audio-start", "audio-chunk", "audio-stop"]
    assert spoken.formats == {(22050, 2, 1)}
    assert len(spoken.pcm) > 22050


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_a_text_in_pieces_sounds_as_the_whole(server: Server, size: int) -> None:
    whole = asyncio.run(speak(port_of(server), TEXT))
    spoken = asyncio.run(speak_pieces(port_of(server), pieces(TEXT, size)))
    assert spoken.kinds == ["audio-start", "audio-chunk", "audio-stop", "synthesize-stopped"]
    assert spoken.pcm == whole.pcm


@pytest.mark.parametrize("size", [1, 7])
def test_pauses_are_configured(server: Server, tone_config: Config, size: int) -> None:
    text = "One. Two.\n\nThree."
    plain = asyncio.run(speak(port_of(server), text)).pcm
    silences = {"lead_silence": 0.1, "sentence_silence": 0.2, "paragraph_silence": 0.4, "tail_silence": 0.8}
    with serving(tone_config, synthesis=silences) as paused:
        whole = asyncio.run(speak(port_of(paused), text)).pcm
        assert asyncio.run(speak_pieces(port_of(paused), pieces(text, size))).pcm == whole
    assert len(whole) - len(plain) == 2 * round(1.5 * 22050)


def test_with_the_real_voice_too(joe_config: Config) -> None:
    text = "The birch canoe slid on the smooth planks. Glue the sheet to the dark blue background. It is easy."
    with serving(joe_config) as server:
        wait_until(lambda: server.engine.is_prepared, timeout_seconds=120)
        whole = asyncio.run(speak(port_of(server), text))
        for size in (3, 40):
            assert asyncio.run(speak_pieces(port_of(server), pieces(text, size))).pcm == whole.pcm


def test_it_speaks_before_the_text_ends(server: Server) -> None:
    async def talk() -> None:
        async with connected(port_of(server)) as client:
            await client.write_event(SynthesizeStart().event())
            await client.write_event(SynthesizeChunk(text="One is here. And then").event())
            begun = await read(client, "audio-chunk")
            assert begun.pcm
            await client.write_event(SynthesizeChunk(text=" there is more.").event())
            await client.write_event(SynthesizeStop().event())
            rest = await read(client, "synthesize-stopped")
            assert rest.kinds[-2:] == ["audio-stop", "synthesize-stopped"]

    asyncio.run(talk())
    assert metric(server, 'hailo_piper_requests_total{format="pcm",listener="wyoming",outcome="ok"}') == 1


def test_a_stream_is_one_request_with_one_line(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        asyncio.run(speak_pieces(port_of(server), pieces(TEXT, 7)))
        wait_until(lambda: any(record.message == "speech" for record in caplog.records))
    (line,) = [record for record in caplog.records if record.message == "speech"]
    fields = line.fields  # type: ignore[attr-defined]
    assert (fields["listener"], fields["characters"], fields["outcome"]) == ("wyoming", len(TEXT), "ok")


@pytest.mark.parametrize(
    ("text", "voice", "code"),
    [
        ("", None, "invalid_request"),
        ("...", None, "invalid_request"),
        ("x" * 5001, None, "text_too_long"),
        ("Hello.", SynthesizeVoice(name="nobody"), "voice_not_found"),
        ("Hello.", SynthesizeVoice(language="xx"), "voice_not_found"),
        ("Hello.", SynthesizeVoice(name="alloy", speaker="nobody"), "invalid_request"),
    ],
)
def test_what_is_wrong_is_an_error_and_the_connection_goes_on(
    server: Server, text: str, voice: SynthesizeVoice | None, code: str
) -> None:
    async def talk() -> tuple[Spoken, Spoken, Spoken]:
        async with connected(port_of(server)) as client:
            await client.write_event(Synthesize(text=text, voice=voice).event())
            whole = await read(client, "error", "audio-stop")
            await client.write_event(SynthesizeStart(voice=voice).event())
            await client.write_event(SynthesizeChunk(text=text).event())
            await client.write_event(SynthesizeStop().event())
            streamed = await read(client, "synthesize-stopped")
            await client.write_event(Synthesize(text="Hello.").event())
            return whole, streamed, await read(client, "error", "audio-stop")

    whole, streamed, after = asyncio.run(talk())
    assert whole.code == streamed.code == code
    assert whole.errors == streamed.errors
    assert (streamed.kinds, after.kinds[-1]) == (["error", "synthesize-stopped"], "audio-stop")
    assert metric(server, f'hailo_piper_requests_total{{format="none",listener="wyoming",outcome="{code}"}}') == 2


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("synthesize", {}),
        ("synthesize", {"text": 5}),
        ("synthesize", {"text": "Hello.", "voice": "joe"}),
        ("synthesize", {"text": "Hello.", "voice": []}),
        ("synthesize", {"text": "Hello.", "voice": False}),
        ("synthesize", {"text": "Hello.", "text_format": []}),
        ("synthesize", {"text": "Hello.", "voice": {"name": 5}}),
        ("synthesize", {"text": "Hello.", "text_format": "markdown"}),
        ("synthesize-start", {"text_format": "xml"}),
        ("synthesize-start", {"voice": {"language": []}}),
    ],
)
def test_fields_of_a_wrong_kind_are_refused(server: Server, kind: str, data: dict[str, Any]) -> None:
    async def talk() -> Spoken:
        async with connected(port_of(server)) as client:
            await client.write_event(Event(type=kind, data=data))
            return await read(client, "error")

    assert asyncio.run(talk()).code == "invalid_request"


@pytest.fixture
def lines_of_requests() -> Iterator[list[tuple[str, str | None]]]:
    """The message of every log line, and the id of its request, as the log's own handler finds it."""
    lines: list[tuple[str, str | None]] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append((record.getMessage(), logs.request_id.get()))

    handler, logger = Handler(), logging.getLogger("hailo_piper")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield lines
    logger.removeHandler(handler)
    logger.setLevel(before)


def test_every_line_of_a_request_has_its_id(server: Server, lines_of_requests: list[tuple[str, str | None]]) -> None:
    def ended(*messages: str) -> bool:
        return sorted(message for message, _ in lines_of_requests) == sorted(messages)

    async def talk() -> None:
        async with connected(port_of(server)) as client:
            for data in ({"text": "Hello.", "text_format": "xml"}, {"text": "Hello.", "voice": {"name": "nobody"}}):
                await client.write_event(Event(type="synthesize", data=data))
                await read(client, "error")
            # One request, in which one event is wrong.
            await client.write_event(SynthesizeStart().event())
            await client.write_event(Event(type="synthesize-chunk", data={"text": 5}))
            await read(client, "error")
            await client.write_event(SynthesizeChunk(text="Hello.").event())
            await client.write_event(SynthesizeStop().event())
            await read(client, "synthesize-stopped")

    asyncio.run(talk())
    wait_until(lambda: ended("refused", "refused", "refused", "speech"))
    ids = [request_id for _, request_id in lines_of_requests]
    assert None not in ids
    assert len(set(ids)) == 3
    assert ids[2] == ids[3]


def test_a_line_between_requests_has_no_id(server: Server, lines_of_requests: list[tuple[str, str | None]]) -> None:
    async def talk() -> None:
        async with connected(port_of(server)) as client:
            await client.write_event(Synthesize(text="").event())
            await read(client, "error")
            await client.write_event(Ping().event())
            await read(client, "pong")

    asyncio.run(talk())
    with closing(socket.create_connection(("127.0.0.1", port_of(server)), timeout=60)) as client:
        client.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert client.recv(1) == b""
    wait_until(lambda: len(lines_of_requests) == 2)
    assert [(message, request_id is None) for message, request_id in lines_of_requests] == [
        ("refused", False),
        ("cut off", True),
    ]


def test_after_an_error_who_asks_nothing_more_is_let_go(server: Server) -> None:
    async def talk() -> Spoken:
        async with connected(port_of(server)) as client:
            await client.write_event(Synthesize(text="").event())
            return await read(client, "audio-stop")

    assert asyncio.run(talk()).kinds == ["error"]


@pytest.mark.parametrize("event", [Event(type="detect"), Event(type="audio-chunk", payload=b"\0" * 100_000)])
def test_unknown_events_are_ignored(server: Server, event: Event) -> None:
    async def talk() -> Event | None:
        async with connected(port_of(server)) as client:
            await client.write_event(event)
            await client.write_event(Ping(text="still there?").event())
            return await client.read_event()

    answer = asyncio.run(talk())
    assert answer is not None
    assert (answer.type, answer.data["text"]) == ("pong", "still there?")


def test_pings_are_answered_while_it_speaks(server: Server) -> None:
    async def talk() -> list[str]:
        async with connected(port_of(server)) as client:
            await client.write_event(SynthesizeStart().event())
            await client.write_event(SynthesizeChunk(text="One is here. And").event())
            await read(client, "audio-chunk")
            await client.write_event(Ping().event())
            return (await read(client, "pong")).kinds

    assert asyncio.run(talk())[-1] == "pong"


def test_who_can_speak_is_told_while_all_places_are_taken(tone_config: Config) -> None:
    with serving(tone_config, performance={"worker_threads": 1, "max_queue": 0}) as server:
        ticket = server.service.admission.enter(1, deadline=time.monotonic() + 60)
        assert asyncio.run(describe(port_of(server))).tts
        assert asyncio.run(speak(port_of(server), "Hello.")).code == "busy"
        server.service.admission.leave(ticket)
        assert asyncio.run(speak(port_of(server), "Hello.")).pcm


def test_twenty_clients_at_once_get_what_each_gets_alone(server: Server) -> None:
    async def talk() -> list[Spoken]:
        texts = [f"This is client {number % 5}. It talks." for number in range(20)]
        return await asyncio.gather(
            *(
                speak(port_of(server), text) if number % 2 else speak_pieces(port_of(server), pieces(text, 4))
                for number, text in enumerate(texts)
            )
        )

    said = asyncio.run(talk())
    alone = [asyncio.run(speak(port_of(server), f"This is client {number}. It talks.")).pcm for number in range(5)]
    assert [spoken.pcm for spoken in said] == [alone[number % 5] for number in range(20)]


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"POST /v1/audio/speech HTTP/1.1",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
        b"\n",
        b"5",
        b"{}\n",
        b"[]\n",
        b'{"type": 5}\n',
        b'{"type": "ping", "data": 5}\n',
        b'{"type": "ping", "data_length": 999999999}\n',
        b'{"type": "ping", "data_length": -1}\n',
        b'{"type": "ping", "data_length": 4}\nxxxx',
        b'{"type": "ping", "payload_length": 999999999999}\n',
        b'{"a":' * 100_000 + b"\n",
        b"x" * 10_000_000,
    ],
    ids=lambda garbage: f"{garbage[:40]!r}-{len(garbage)}",
)
def test_garbage_ends_the_connection_and_nothing_else(
    server: Server, garbage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.INFO),
        closing(socket.create_connection(("127.0.0.1", port_of(server)), timeout=60)) as client,
    ):
        try:
            client.sendall(garbage)
            assert client.recv(1) == b""
        except ConnectionError:
            pass
        wait_until(lambda: connections(server) == 0)
    assert [record.message for record in caplog.records] == ["cut off"]
    assert asyncio.run(speak(port_of(server), "Hello.")).pcm


@pytest.mark.parametrize("half", [b"{", b'{"type": "ping"', b'{"type": "ping", "data_length": 9}\n{', b""])
def test_who_does_not_end_what_he_asks_is_cut_off(tone_config: Config, half: bytes) -> None:
    with (
        serving(tone_config, performance={"request_timeout": 0.2}) as server,
        closing(socket.create_connection(("127.0.0.1", port_of(server)), timeout=60)) as client,
    ):
        client.sendall(half)
        with suppress(ConnectionError):
            assert client.recv(1) == b""
        wait_until(lambda: connections(server) == 0)


@pytest.mark.parametrize(
    "half", [b"{", b'{"type": "ping", "data_length": 9}\n{', b'{"type": "x", "payload_length": 9}\nx']
)
def test_half_an_event_ends_with_its_connection(server: Server, half: bytes) -> None:
    with closing(socket.create_connection(("127.0.0.1", port_of(server)), timeout=60)) as client:
        client.sendall(half)
    wait_until(lambda: connections(server) == 0)


def test_a_text_that_stops_coming_ends_with_an_error(tone_config: Config) -> None:
    async def talk(port: int) -> Spoken:
        async with connected(port) as client:
            await client.write_event(SynthesizeStart().event())
            await client.write_event(SynthesizeChunk(text="One is here. And then").event())
            return await read(client)

    with serving(tone_config, performance={"request_timeout": 3}) as server:
        spoken = asyncio.run(talk(port_of(server)))
        assert spoken.pcm
        assert spoken.code == "invalid_request"
        wait_until(lambda: server.service.admission.speaking == 0)


def test_a_text_that_becomes_too_long_ends_its_connection(server: Server) -> None:
    async def talk() -> Spoken:
        async with connected(port_of(server)) as client:
            await client.write_event(SynthesizeStart().event())
            await client.write_event(SynthesizeChunk(text="One is here. And then").event())
            await read(client, "audio-chunk")
            await client.write_event(SynthesizeChunk(text="x" * 5000).event())
            await client.write_event(SynthesizeStop().event())
            return await read(client)

    spoken = asyncio.run(talk())
    assert (spoken.code, spoken.kinds[-1]) == ("text_too_long", "error")
    wait_until(lambda: connections(server) == 0)


def test_a_stream_that_waits_for_text_holds_up_nobody(tone_config: Config) -> None:
    async def talk(server: Server) -> Spoken:
        async with connected(port_of(server)) as waiting:
            await waiting.write_event(SynthesizeStart().event())
            await waiting.write_event(SynthesizeChunk(text="One is here. And then").event())
            await read(waiting, "audio-chunk")
            assert server.service.admission.speaking == 1
            return await speak(port_of(server), "Hello.")

    with serving(tone_config, performance={"worker_threads": 1, "max_queue": 1}) as server:
        assert asyncio.run(talk(server)).pcm


def leave(client: AsyncTcpClient) -> None:
    """Go without a word, as a program that is killed."""
    assert client._writer is not None
    client._writer.transport.abort()


LEAVINGS = ["while it speaks", "while it waits for text", "while it waits for a place"]


@pytest.mark.parametrize("moment", LEAVINGS)
def test_clients_that_leave_leave_nothing_behind(tone_config: Config, moment: str) -> None:
    text = "This is a sentence of a longer text. " * 100

    async def talk(server: Server) -> None:
        client = AsyncTcpClient("127.0.0.1", port_of(server))
        await client.connect()
        if moment == "while it waits for text":
            await client.write_event(SynthesizeStart().event())
            await client.write_event(SynthesizeChunk(text="One is here. And").event())
        else:
            await client.write_event(Synthesize(text=text).event())
        if moment == "while it waits for a place":
            await asyncio.to_thread(wait_until, lambda: server.service.admission.waiting == 1)
        else:
            await read(client, "audio-chunk")
        leave(client)

    with serving(tone_config, performance={"worker_threads": 1, "max_queue": 1}) as server:
        admission = server.service.admission
        taken = moment == "while it waits for a place"
        ticket = admission.enter(1, deadline=time.monotonic() + 60) if taken else None

        def is_over() -> bool:
            return connections(server) == 0 and admission.waiting == 0 and not server.engine._streams

        asyncio.run(talk(server))
        wait_until(is_over)
        threads, files = threading.active_count(), open_files()
        for _ in range(10):
            asyncio.run(talk(server))
            wait_until(is_over, timeout_seconds=30)
        assert admission.speaking == taken
        wait_until(lambda: open_files() <= files)
        # The pool's threads stay for whoever comes next.
        assert threading.active_count() <= threads + server.service.admission.places + admission.max_queue + 8
        if ticket is not None:
            admission.leave(ticket)
        assert asyncio.run(speak(port_of(server), "Hello.")).pcm


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_reader_that_does_not_read_is_cut_off(tone_config: Config) -> None:
    text = "This is a sentence of a longer text. " * 130
    with (
        serving(tone_config, performance={"request_timeout": 3}) as server,
        closing(socket.create_connection(("127.0.0.1", port_of(server)), timeout=60)) as client,
    ):
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(b'{"type": "synthesize", "data": {"text": "%s"}}\n' % text.encode())
        wait_until(lambda: server.service.admission.speaking == 1)
        wait_until(lambda: server.service.admission.speaking == 0, timeout_seconds=60)
        wait_until(lambda: connections(server) == 0)
    assert metric_was_left(server)


def metric_was_left(server: Server) -> bool:
    text = expose(server.service.metrics, "")[0].decode()
    return 'hailo_piper_requests_total{format="pcm",listener="wyoming",outcome="client_left"} 1.0' in text


def test_what_is_being_spoken_is_finished_at_the_stop(tone_config: Config) -> None:
    async def talk(server: Server, stop: Callable[[], None]) -> Spoken:
        async with connected(port_of(server)) as client:
            await client.write_event(SynthesizeStart().event())
            await client.write_event(SynthesizeChunk(text="One is here. And then").event())
            await read(client, "audio-chunk")
            stopping = asyncio.create_task(asyncio.to_thread(stop))
            await asyncio.to_thread(wait_until, server._stopping.is_set)
            await client.write_event(SynthesizeChunk(text=" there is more.").event())
            await client.write_event(SynthesizeStop().event())
            spoken = await read(client)
            await stopping
            return spoken

    values = {**as_values(tone_config), "wyoming": {"enabled": True, "host": "127.0.0.1", "port": 0, "zeroconf": False}}
    server = Server(parse_config(values))
    server.start()
    spoken = asyncio.run(talk(server, server.stop))
    assert spoken.kinds[-2:] == ["audio-stop", "synthesize-stopped"]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("wyoming-listener")]


@pytest.mark.parametrize(
    ("texts", "kinds"),
    [
        ([], ["error"]),
        (["Hello"], ["audio-start", "audio-chunk", "error"]),
        (["One is here. And then"], ["audio-start", "audio-chunk", "error"]),
    ],
)
@pytest.mark.parametrize("stays", [True, False], ids=["stays", "leaves"])
def test_a_stream_that_waits_for_text_does_not_hold_up_the_stop(
    tone_config: Config, texts: list[str], kinds: list[str], *, stays: bool
) -> None:
    async def talk(server: Server) -> Spoken:
        async with connected(port_of(server)) as client:
            await client.write_event(SynthesizeStart().event())
            for text in texts:
                await client.write_event(SynthesizeChunk(text=text).event())
            if texts and "." in texts[0]:
                await asyncio.to_thread(
                    wait_until, lambda: any(ticket.awaits_text for ticket in server.service.admission._speaking)
                )
            else:
                await client.write_event(Ping().event())
                await client.read_event()
            if not stays:
                await client.disconnect()
            begun = time.monotonic()
            await asyncio.to_thread(server.stop)
            assert time.monotonic() - begun < 10
            return await read(client) if stays else Spoken()

    values = {**as_values(tone_config), "wyoming": {"enabled": True, "host": "127.0.0.1", "port": 0, "zeroconf": False}}
    server = Server(parse_config(values))
    server.start()
    spoken = asyncio.run(talk(server))
    if stays:
        assert spoken.kinds == kinds
        assert spoken.code == "draining"


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (Event(type="ping", data={"text": "\ud800"}), "pong"),
        (Event(type="ping", data={"text": "a\udfffb"}), "pong"),
        (Event(type="synthesize", data={"text": "Hi.", "voice": {"name": "\ud800"}}), "error"),
        (Event(type="synthesize", data={"text": "Hi.", "voice": {"language": "\ud800"}}), "error"),
        (Event(type="synthesize", data={"text": "Hi.", "text_format": "\ud800"}), "error"),
        (Event(type="synthesize", data={"text": "Hi \ud800 there."}), "audio-start"),
    ],
)
def test_half_a_surrogate_pair_breaks_nothing(server: Server, event: Event, kind: str) -> None:
    line = json.dumps({"type": event.type, "data": event.data}).encode() + b"\n"
    with closing(socket.create_connection(("127.0.0.1", port_of(server)), timeout=60)) as client:
        client.sendall(line)
        assert json.loads(client.makefile("rb").readline())["type"] == kind


def lines(*events: Event) -> bytes:
    return b"".join(json.dumps({"type": event.type, "data": event.data}).encode() + b"\n" for event in events)


def kinds_of(answer: bytes) -> list[str]:
    """The types of the events in these bytes; those that follow each other are one."""
    file = io.BytesIO(answer)
    kinds: list[str] = []
    while line := file.readline():
        head = json.loads(line)
        file.seek(head.get("data_length", 0) + head.get("payload_length", 0), io.SEEK_CUR)
        kinds += [head["type"]] if kinds[-1:] != [head["type"]] else []
    return kinds


STREAM = (SynthesizeStart().event(), SynthesizeChunk(text="One is here. And two.").event(), SynthesizeStop().event())


@pytest.mark.parametrize(
    ("events", "kinds"),
    [
        ([Synthesize(text=TEXT).event()], ["audio-start", "audio-chunk", "audio-stop"]),
        (STREAM, ["audio-start", "audio-chunk", "audio-stop", "synthesize-stopped"]),
        ([Synthesize(text="Hi.").event()] * 2, ["audio-start", "audio-chunk", "audio-stop"] * 2),
        ([Ping().event(), Synthesize(text="").event()], ["pong", "error"]),
        (STREAM[:1], []),
        ([], []),
    ],
)
def test_who_ends_his_half_gets_what_he_asked_for_in_full(
    server: Server, events: Sequence[Event], kinds: list[str]
) -> None:
    with closing(socket.create_connection(("127.0.0.1", port_of(server)), timeout=60)) as client:
        client.sendall(lines(*events))
        client.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert kinds_of(answer) == kinds
    wait_until(lambda: connections(server) == 0)


@pytest.mark.parametrize("is_half", [True, False], ids=["half", "whole"])
def test_who_waits_with_half_a_connection_is_told_from_who_left(tone_config: Config, *, is_half: bool) -> None:
    with serving(tone_config, performance={"worker_threads": 1, "max_queue": 1}) as server:
        admission = server.service.admission
        ticket = admission.enter(1, deadline=time.monotonic() + 60)
        with closing(socket.create_connection(("127.0.0.1", port_of(server)), timeout=60)) as client:
            client.sendall(lines(Synthesize(text="Hi.").event()))
            wait_until(lambda: admission.waiting == 1)
            client.shutdown(socket.SHUT_WR)
            if is_half:
                assert client.recv(1) == b"{"
                admission.leave(ticket)
                answer = b"{" + b"".join(iter(lambda: client.recv(65536), b""))
                assert [kind for kind in kinds_of(answer) if kind != "pong"] == [
                    "audio-start",
                    "audio-chunk",
                    "audio-stop",
                ]
        if not is_half:
            wait_until(lambda: admission.waiting == 0)
            admission.leave(ticket)


def test_streams_without_text_keep_nobody_from_speaking(tone_config: Config) -> None:
    async def talk(server: Server) -> None:
        async with AsyncExitStack() as stack:
            held = [await stack.enter_async_context(connected(port_of(server))) for _ in range(12)]
            for number, client in enumerate(held):
                await client.write_event(SynthesizeStart().event())
                if number % 2:
                    await client.write_event(SynthesizeChunk(text="One is here. And").event())
                    await read(client, "audio-chunk")
            admission = server.service.admission
            await asyncio.to_thread(wait_until, lambda: len([t for t in admission._speaking if t.awaits_text]) == 6)
            answer = await asyncio.to_thread(post, server.http.port, "/v1/audio/speech", {"input": "Hello."})
            assert answer.status_code == 200
            assert (await speak(port_of(server), "Hello.")).pcm
            # Whoever goes on has his place again, and is spoken to his end.
            await held[1].write_event(SynthesizeChunk(text=" two.").event())
            await held[1].write_event(SynthesizeStop().event())
            assert (await read(held[1], "synthesize-stopped")).kinds[-2:] == ["audio-stop", "synthesize-stopped"]

    with serving(tone_config, performance={"worker_threads": 2, "max_queue": 1}) as server:
        asyncio.run(talk(server))


def test_one_address_may_not_have_all_connections(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hailo_piper.listeners.wyoming.listener.is_loopback", lambda _: False)
    monkeypatch.setattr(server.wyoming, "_most_connections", 6)
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(closing(socket.create_connection(("127.0.0.1", port_of(server)), timeout=60)))
        wait_until(lambda: connections(server) == 3)
        # The refusal may come before the connection is made, or after it.
        with (
            suppress(OSError),
            closing(socket.create_connection(("127.0.0.1", port_of(server)), timeout=60)) as client,
        ):
            assert client.recv(1) == b""
        assert connections(server) == 3
    wait_until(lambda: connections(server) == 0)
    assert asyncio.run(speak(port_of(server), "Hello.")).pcm


@pytest.mark.parametrize("sent", [b'{"type": "desc', b""], ids=["half an event", "nothing"])
def test_who_asks_for_nothing_keeps_nobody_out(server: Server, monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    monkeypatch.setattr(server.wyoming, "_most_connections", 4)
    monkeypatch.setattr("hailo_piper.listeners.wyoming.patience.UNFINISHED_BODY_SECONDS", 1)
    with ExitStack() as stack:
        for _ in range(4):
            client = stack.enter_context(closing(socket.create_connection(("127.0.0.1", port_of(server)), timeout=60)))
            client.sendall(sent)
        wait_until(lambda: connections(server) == 4)

        def is_answered() -> bool:
            with suppress(ConnectionError):
                return bool(asyncio.run(speak(port_of(server), "Hello.")).pcm)
            return False

        wait_until(is_answered, timeout_seconds=10)
        assert connections(server) >= 3


class CountedWarnings(ThrottledWarnings):
    """Counts how often there was something to tell."""

    troubles = 0

    def warn(self, logger: logging.Logger, message: str, *arguments: object) -> None:
        self.troubles += 1
        super().warn(logger, message, *arguments)


def test_without_files_for_a_connection_it_waits_and_tells_once(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    assert server.wyoming is not None
    warnings = server.wyoming._warnings = CountedWarnings()
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    with ExitStack() as stack:
        clients = [stack.enter_context(closing(socket.socket())) for _ in range(3)]
        for client in clients:
            client.settimeout(60)
        resource.setrlimit(
            resource.RLIMIT_NOFILE, (max(int(path.name) for path in Path("/proc/self/fd").iterdir()) + 1, limits[1])
        )
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, limits)
        gaps = stack.enter_context(ExitStack())
        with suppress(OSError):
            while True:
                gaps.enter_context(Path(os.devnull).open("rb"))
        for client in clients:
            client.connect(("127.0.0.1", port_of(server)))
        # It tries again, but once a second.
        wait_until(lambda: warnings.troubles >= 3)
        gaps.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        for client in clients:
            client.sendall(lines(Ping().event()))
            assert client.recv(1) == b"{"
    assert caplog.text.count("no connection can be taken") == 1


def test_a_port_that_is_taken_is_named(tone_config: Config) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        wyoming = {"enabled": True, "host": "127.0.0.1", "port": port, "zeroconf": False}
        with pytest.raises(OSError, match="in use") as raised:
            Server(parse_config({**as_values(tone_config), "wyoming": wyoming}))
    assert raised.value.filename == f"127.0.0.1 port {port}"


def test_there_is_none_by_default(tone_server: Server) -> None:
    assert tone_server.wyoming is None
