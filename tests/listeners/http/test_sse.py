import base64
import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from flask.testing import FlaskClient

from hailo_piper.audio.encoding import ENCODERS
from hailo_piper.errors import SynthesisError
from hailo_piper.listeners.http.sse import Events
from hailo_piper.server import Server
from tests.support.client import assert_error, events_of, wait_until

SPEECH = "/v1/audio/speech"
TEXT = "Hello there. This is a second sentence."


class FakeReply:
    """A reply of these pieces; an exception among them is raised in its place."""

    characters = 12

    def __init__(self, *pieces: bytes | Exception, audio_seconds: float = 0.15) -> None:
        self._pieces = pieces
        self.audio_seconds = audio_seconds
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    def take_words(self) -> tuple[()]:
        return ()

    def close(self) -> None:
        self.closed += 1


def events_from(*pieces: bytes | Exception, **facts: Any) -> list[dict[str, Any]]:
    return events_of(b"".join(Events(FakeReply(*pieces, **facts))))  # type: ignore[arg-type]


def audio_of(events: list[dict[str, Any]]) -> bytes:
    return b"".join(base64.b64decode(event["audio"]) for event in events if event["type"] == "speech.audio.delta")


@pytest.fixture
def plain(client: FlaskClient) -> Callable[[str], Any]:
    return lambda response_format: client.post(SPEECH, json={"input": TEXT, "response_format": response_format})


@pytest.mark.parametrize("response_format", ENCODERS)
def test_the_events_carry_the_bytes_of_the_plain_answer(
    client: FlaskClient, plain: Callable[[str], Any], response_format: str
) -> None:
    fields = {"input": f" {TEXT} ", "response_format": response_format, "stream_format": "sse"}
    response = client.post(SPEECH, json=fields)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/event-stream"
    assert response.headers["Cache-Control"] == "no-cache"
    assert response.headers["X-Accel-Buffering"] == "no"
    assert "Content-Length" not in response.headers
    assert "Content-Disposition" not in response.headers
    *deltas, done = events_of(response.data)
    assert len(deltas) > 1
    assert {event["type"] for event in deltas} == {"speech.audio.delta"}
    audio = plain(response_format)
    assert audio_of(deltas) == audio.data
    assert response.headers["X-Audio-Sample-Rate"] == audio.headers["X-Audio-Sample-Rate"]
    assert done["type"] == "speech.audio.done"
    usage = done["usage"]
    assert usage["input_tokens"] == len(TEXT)
    seconds = len(plain("pcm").data) / 2 / 24000
    assert usage["output_tokens"] == pytest.approx(seconds * 20, abs=1)
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]


@pytest.mark.parametrize("stream_format", ["audio", None])
def test_audio_is_audio(client: FlaskClient, plain: Callable[[str], Any], stream_format: str | None) -> None:
    response = client.post(SPEECH, json={"input": TEXT, "response_format": "pcm", "stream_format": stream_format})
    assert response.headers["Content-Type"] == "audio/pcm"
    assert response.data == plain("pcm").data


def test_every_speech_endpoint_can_answer_with_events(client: FlaskClient) -> None:
    for path in ("/v1/synthesize", "/"):
        response = client.post(path, json={"text": TEXT, "stream_format": "sse"})
        assert audio_of(events_of(response.data))[:4] == b"RIFF"


def test_what_is_wrong_before_the_first_byte_is_an_answer_with_a_status(client: FlaskClient) -> None:
    assert_error(client.post(SPEECH, json={"input": "", "stream_format": "sse"}), 400, "invalid_request", "input")


def test_a_piece_without_bytes_is_no_event() -> None:
    assert [event["type"] for event in events_from(b"", b"a", b"")] == ["speech.audio.delta", "speech.audio.done"]


@pytest.mark.parametrize(("seconds", "tokens"), [(0.001, 1), (0.05, 1), (0.051, 2), (0.15, 3), (60.0, 1200)])
def test_a_token_of_output_is_50_ms_begun_or_whole(seconds: float, tokens: int) -> None:
    *_, done = events_from(b"a", audio_seconds=seconds)
    assert done["usage"] == {"input_tokens": 12, "output_tokens": tokens, "total_tokens": 12 + tokens}


def test_a_failure_after_the_first_byte_is_an_error_event_and_the_end() -> None:
    *heard, error = events_from(b"a", b"b", SynthesisError("Speech synthesis failed"), b"c")
    assert audio_of(heard) == b"ab"
    assert error == {
        "type": "error",
        "error": {
            "message": "Speech synthesis failed",
            "type": "server_error",
            "param": None,
            "code": "synthesis_failed",
        },
    }


def test_a_failure_that_nobody_foresaw_breaks_the_connection() -> None:
    with pytest.raises(RuntimeError):
        events_from(b"a", RuntimeError("a bug"))


def test_closing_the_events_closes_the_reply() -> None:
    reply = FakeReply(b"a", b"b")
    events = Events(reply)  # type: ignore[arg-type]
    next(iter(events))
    events.close()
    assert reply.closed == 1


def ask(port: int, **fields: Any) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    body = json.dumps({"stream_format": "sse", **fields})
    connection.request("POST", SPEECH, body, {"Content-Type": "application/json"})
    return connection, connection.getresponse()


def test_events_leave_as_they_are_made(joe_server: Server) -> None:
    connection, response = ask(joe_server.http.port, input=TEXT * 8)
    with closing(connection):
        first = response.readline()
        assert first.startswith(b'data: {"type": "speech.audio.delta"')
        assert len(joe_server.engine._streams) == 1, "it was all spoken before its first event left"
        *_, done = events_of(first + response.read())
        assert done["type"] == "speech.audio.done"


def test_a_client_that_leaves_stops_the_work(tone_server: Server) -> None:
    connection, response = ask(tone_server.http.port, input="One two three. " * 300, length_scale=10)
    with closing(connection):
        assert response.readline().startswith(b"data: ")
        assert len(tone_server.engine._streams) == 1
    response.close()
    wait_until(lambda: not tone_server.engine._streams)


@pytest.mark.parametrize("kinds", [["mark"], ["word"], ["word", "mark"]])
def test_events_tell_of_words_and_marks_as_far_as_they_are_asked_for(client: FlaskClient, kinds: list[str]) -> None:
    text = "<speak><mark name='first'/>One <mark name='second'/>two.<mark name='last'/></speak>"
    body = {"input": text, "ssml": True, "stream_format": "sse", "timestamps": kinds}
    answer = client.post("/v1/audio/speech", json=body).data.decode()
    events = [json.loads(line.removeprefix("data: ")) for line in answer.split("\n\n") if line]
    told = [event for event in events if event["type"] == "speech.audio.timestamps"]
    assert all(set(event) == {"type", *(f"{kind}s" for kind in kinds)} for event in told)
    words = [word for event in told for word in event.get("words", ())]
    marks = [mark for event in told for mark in event.get("marks", ())]
    assert [word["word"] for word in words] == (["One", "two"] if "word" in kinds else [])
    assert [mark["name"] for mark in marks] == (["first", "second", "last"] if "mark" in kinds else [])
    if len(kinds) == 2:
        assert marks[1]["start"] == pytest.approx(words[1]["start"], abs=0.001)
        assert marks[2]["start"] >= words[1]["end"]
