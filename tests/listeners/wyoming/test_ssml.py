"""SSML over Wyoming, whole and in pieces, and the two tags that a plain text may have."""

import asyncio
import json
from collections.abc import Iterator

import pytest
from wyoming.event import Event
from wyoming.tts import Synthesize, SynthesizeChunk, SynthesizeStart, SynthesizeStop, SynthesizeTextFormat

from hailo_piper.config.settings import Config
from hailo_piper.server import Server
from tests.support.client import post, wait_until
from tests.support.wyoming_client import (
    Spoken,
    connected,
    connections,
    pieces,
    port_of,
    read,
    serving,
    speak,
    speak_pieces,
)

SSML = (
    '<speak version="1.1" xml:lang="en-US"><p>Dial <say-as interpret-as="digits">42</say-as>.</p>\n<p>I &amp; '
    '<sub alias="World Wide Web Consortium">W3C</sub>, <phoneme alphabet="ipa" ph="wˈɪn">Nguyen</phoneme>'
    '<break time="300ms"/> and <emphasis>more</emphasis>. <prosody rate="80%" volume="-6dB">Slow.</prosody></p></speak>'
)
BARE = 'Wait <break time="1s"/> here, <phoneme alphabet="ipa" ph="wˈɪn">Nguyen</phoneme> & co.'


@pytest.fixture
def server(tone_config: Config) -> Iterator[Server]:
    with serving(tone_config) as server:
        yield server


def over_http(server: Server, text: str, **fields: object) -> bytes:
    rate = server.engine.voice.sample_rate
    answer = post(
        server.http.port,
        "/v1/synthesize",
        {"text": text, "format": "pcm", "sample_rate": rate, "stream": False, **fields},
    )
    assert answer.status_code == 200
    return answer.data


@pytest.mark.parametrize("text_format", ["ssml", "SSML", SynthesizeTextFormat.SSML])
def test_ssml_sounds_as_it_does_over_http(server: Server, text_format: str) -> None:
    expected = over_http(server, SSML, text_format="ssml")
    assert asyncio.run(speak(port_of(server), SSML, text_format=text_format)).pcm == expected
    assert over_http(server, SSML, markup="none") != expected


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50, 1000])
def test_ssml_in_pieces_sounds_as_the_whole(server: Server, size: int) -> None:
    whole = asyncio.run(speak(port_of(server), SSML, text_format="ssml"))
    spoken = asyncio.run(speak_pieces(port_of(server), pieces(SSML, size), text_format="ssml"))
    assert spoken.kinds == ["audio-start", "audio-chunk", "audio-stop", "synthesize-stopped"]
    assert spoken.pcm == whole.pcm


def test_a_sentence_of_ssml_is_spoken_before_the_document_ends(server: Server) -> None:
    async def talk() -> tuple[Spoken, Spoken]:
        async with connected(port_of(server)) as client:
            await client.write_event(SynthesizeStart(text_format=SynthesizeTextFormat.SSML).event())
            await client.write_event(SynthesizeChunk(text="<speak><s>One is here.</s><s>And then").event())
            begun = await read(client, "audio-chunk")
            await client.write_event(SynthesizeChunk(text=" there is more.</s></speak>").event())
            await client.write_event(SynthesizeStop().event())
            return begun, await read(client, "synthesize-stopped")

    begun, rest = asyncio.run(talk())
    assert begun.pcm
    assert rest.kinds[-2:] == ["audio-stop", "synthesize-stopped"]


def test_a_text_that_is_not_said_to_be_ssml_is_read_as_it_stands(server: Server) -> None:
    text = "a < b & <s>c</s>"
    for text_format in (None, "text"):
        assert asyncio.run(speak(port_of(server), text, text_format=text_format)).pcm == over_http(server, text)


def test_other_formats_are_refused_with_those_that_there_are(server: Server) -> None:
    spoken = asyncio.run(speak(port_of(server), "Hello.", text_format="markdown"))
    assert spoken.errors == [("Unsupported text_format: 'markdown'. Allowed: text, ssml", "invalid_request")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<speak>\nAt&T</speak>", "line 2, column 3"),
        ("<speak>a<sub>b</speak>", "line 1, column 15"),
        ("<!DOCTYPE speak []><speak>a</speak>", "a document type is not allowed"),
        ("<speak>a<break time='61s'/></speak>", "a pause has at most 60 s"),
        ("<speak>", "line 1, column"),
        ("<speak/>", "at least one letter or digit"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_the_connection_goes_on(server: Server, text: str, words: str) -> None:
    async def talk() -> tuple[Spoken, Spoken, Spoken]:
        async with connected(port_of(server)) as client:
            await client.write_event(Synthesize(text=text, text_format="ssml").event())
            whole = await read(client, "error", "audio-stop")
            await client.write_event(SynthesizeStart(text_format="ssml").event())
            for piece in pieces(text, 3):
                await client.write_event(SynthesizeChunk(text=piece).event())
            await client.write_event(SynthesizeStop().event())
            streamed = await read(client, "synthesize-stopped")
            # The next stream is a plain text again.
            await client.write_event(SynthesizeStart().event())
            await client.write_event(SynthesizeChunk(text="1 < 2").event())
            await client.write_event(SynthesizeStop().event())
            return whole, streamed, await read(client, "synthesize-stopped")

    whole, streamed, after = asyncio.run(talk())
    assert whole.errors == streamed.errors
    assert words in whole.errors[0][0]
    assert whole.code == "invalid_request"
    assert after.pcm == over_http(server, "1 < 2")
    wait_until(lambda: connections(server) == 0 and server.service.admission.speaking == 0)


def test_a_mistake_after_the_first_sound_ends_the_connection_and_leaves_nothing(server: Server) -> None:
    async def talk() -> Spoken:
        async with connected(port_of(server)) as client:
            await client.write_event(SynthesizeStart(text_format="ssml").event())
            await client.write_event(SynthesizeChunk(text="<s>One is here.</s><s>And").event())
            await read(client, "audio-chunk")
            await client.write_event(SynthesizeChunk(text=" then & there.</s>").event())
            await client.write_event(SynthesizeStop().event())
            return await read(client)

    spoken = asyncio.run(talk())
    assert (spoken.code, spoken.kinds[-1]) == ("invalid_request", "error")
    assert "line 1, column 32" in spoken.errors[0][0]
    wait_until(lambda: connections(server) == 0 and server.service.admission.speaking == 0)
    wait_until(lambda: not server.engine._streams)


def test_the_longest_document_fits_an_event(server: Server) -> None:
    document = f"Hello.<!--{'🎉' * (40_000 - 13)}-->"
    event = Event(type="synthesize", data={"text": document, "text_format": "ssml"})

    async def talk() -> Spoken:
        async with connected(port_of(server)) as client:
            await client.write_event(event)
            return await read(client, "audio-stop", "error")

    async def talk_in_one_line() -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port_of(server))
        writer.write(json.dumps({"type": event.type, "data": event.data}).encode() + b"\n")
        line = await reader.readline()
        writer.close()
        await writer.wait_closed()
        return line

    hello = asyncio.run(speak(port_of(server), "Hello."))
    assert asyncio.run(talk()).pcm == hello.pcm
    assert json.loads(asyncio.run(talk_in_one_line()))["type"] == "audio-start"


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_two_tags_in_plain_text_are_meant_where_the_operator_says_so(tone_config: Config, size: int) -> None:
    with serving(tone_config, synthesis={"enable_ssml_parsing": True}) as server:
        expected = over_http(server, BARE, enable_ssml_parsing=True)
        assert asyncio.run(speak(port_of(server), BARE)).pcm == expected
        assert asyncio.run(speak_pieces(port_of(server), pieces(BARE, size))).pcm == expected
        assert over_http(server, BARE) == expected
        assert over_http(server, BARE, enable_ssml_parsing=False) != expected


def test_without_that_setting_they_are_markup_like_any_other(server: Server) -> None:
    paused = over_http(server, BARE, enable_ssml_parsing=True)
    plain = asyncio.run(speak(port_of(server), BARE)).pcm
    assert plain == over_http(server, BARE, enable_ssml_parsing=False)
    assert len(paused) - len(plain) > 22050
