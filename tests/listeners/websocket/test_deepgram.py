"""Deepgram's WebSocket, as LiveKit, Pipecat and its own SDK use it, asked of a real service."""

import json
from contextlib import suppress
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from hailo_piper.server import Server
from tests.support.client import post, wait_until
from tests.support.websocket_client import SECONDS, dialled, say

PATH = "/v1/speak?encoding=linear16&sample_rate=24000&model=aura-2-andromeda-en"
TEXT = "One is here. Two met three in the park. They talked!"
LONG = "This sentence is one of very many. " * 100


def pcm_of(server: Server, text: str) -> bytes:
    return post(server.http.port, "/v1/synthesize", {"text": text, "format": "pcm"}).data


def until(connection: ClientConnection, kind: str) -> tuple[bytes, dict[str, Any]]:
    """The sound up to a message of this type, and that message."""
    pcm = b""
    while True:
        message = connection.recv(timeout=SECONDS)
        if isinstance(message, bytes):
            pcm += message
            continue
        fields = json.loads(message)
        assert fields["type"] == kind, fields
        return pcm, fields


def _read_to_end(connection: ClientConnection) -> None:
    while True:
        connection.recv(timeout=SECONDS)


def close_code(connection: ClientConnection) -> int | None:
    with pytest.raises(ConnectionClosed) as closed:
        _read_to_end(connection)
    return closed.value.rcvd.code if closed.value.rcvd else None


def test_word_by_word_sounds_as_it_would_whole(joe_server: Server) -> None:
    with dialled(joe_server.http.port, PATH, {"Authorization": "Token x"}) as connection:
        _, metadata = until(connection, "Metadata")
        assert set(metadata) == {"type", "request_id", "model_name", "model_version", "model_uuid"}
        assert metadata["model_name"] == joe_server.engine.voice.id
        for _ in range(2):
            for word in TEXT.split():
                say(connection, type="Speak", text=f"{word} ")
            say(connection, type="Flush")
        for number in range(2):
            pcm, flushed = until(connection, "Flushed")
            assert pcm == pcm_of(joe_server, TEXT)
            assert flushed["sequence_id"] == number
        say(connection, type="Flush")
        assert until(connection, "Flushed")[0] == b""
        say(connection, type="Close")
        assert close_code(connection) == 1000


@pytest.mark.parametrize(
    "query", ["encoding=mulaw&sample_rate=8000", "encoding=alaw", "encoding=linear16&sample_rate=8000"]
)
def test_samples_are_those_of_http(joe_server: Server, query: str) -> None:
    with dialled(joe_server.http.port, f"/v1/speak?{query}&container=none") as connection:
        until(connection, "Metadata")
        say(connection, type="Speak", text=TEXT)
        say(connection, type="Flush")
        spoken, _ = until(connection, "Flushed")
    assert spoken == post(joe_server.http.port, f"/v1/speak?{query}&container=none", {"text": TEXT}).data


@pytest.mark.parametrize("text", ["...", "!", "\0"])
def test_a_segment_with_nothing_to_say_is_flushed_and_the_socket_goes_on(joe_server: Server, text: str) -> None:
    with dialled(joe_server.http.port, PATH) as connection:
        until(connection, "Metadata")
        for said in (text, TEXT):
            say(connection, type="Speak", text=said)
            say(connection, type="Flush")
        assert until(connection, "Flushed")[0] == b""
        assert until(connection, "Flushed")[0] == pcm_of(joe_server, TEXT)


def test_a_clear_stops_at_once(joe_server: Server) -> None:
    with dialled(joe_server.http.port, PATH) as connection:
        until(connection, "Metadata")
        say(connection, type="Speak", text=LONG)
        say(connection, type="Speak", text=LONG[:500])
        assert isinstance(connection.recv(timeout=SECONDS), bytes)
        say(connection, type="Clear")
        assert len(until(connection, "Cleared")[0]) / 48_000 < 100
        wait_until(lambda: joe_server.service.admission.speaking == 0)
        say(connection, type="Speak", text=TEXT)
        say(connection, type="Flush")
        pcm, _ = until(connection, "Flushed")
    assert pcm.endswith(pcm_of(joe_server, TEXT))


def test_a_close_speaks_what_came(joe_server: Server) -> None:
    with dialled(joe_server.http.port, PATH) as connection:
        until(connection, "Metadata")
        for text in ("One is here. ", "Two is there."):
            say(connection, type="Speak", text=text)
            say(connection, type="Flush")
        say(connection, type="Close")
        assert until(connection, "Flushed")[0] == pcm_of(joe_server, "One is here.")
        assert until(connection, "Flushed")[0] == pcm_of(joe_server, "Two is there.")
        assert close_code(connection) == 1000


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"type": "Speak"},
        {"type": "Speak", "text": 3},
        {"type": "Sing"},
        {"type": "Speak", "text": "x" * 6000},
    ],
)
def test_what_is_wrong_is_told_before_the_end(joe_server: Server, message: dict[str, Any]) -> None:
    with dialled(joe_server.http.port, PATH) as connection:
        until(connection, "Metadata")
        say(connection, **message)
        # The socket may be closed already.
        with suppress(ConnectionClosed):
            say(connection, type="Flush")
        _, error = until(connection, "Error")
        assert error["code"] in {"invalid_request", "text_too_long"}
        assert close_code(connection) == 1008


def test_what_waits_is_bounded(joe_server: Server) -> None:
    with dialled(joe_server.http.port, PATH) as connection:
        until(connection, "Metadata")
        for _ in range(9):
            say(connection, type="Speak", text=LONG)
            say(connection, type="Flush")
        assert "wait to be spoken" in until(connection, "Error")[1]["description"]
        assert close_code(connection) == 1008


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("model=nobody", 404),
        ("encoding=midi", 400),
        ("encoding=mp3", 400),
        ("container=wav", 400),
        ("sample_rate=1", 400),
        ("sample_rate=24000.5", 400),
        ("speed=nan", 400),
    ],
)
def test_a_wrong_address_refuses_the_handshake(joe_server: Server, query: str, status: int) -> None:
    with pytest.raises(InvalidStatus) as refused, dialled(joe_server.http.port, f"/v1/speak?{query}"):
        raise AssertionError("it was accepted")
    assert refused.value.response.status_code == status
