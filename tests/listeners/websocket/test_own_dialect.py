"""The service's own dialect over a WebSocket, asked by the library's own client of a real service."""

from collections.abc import Callable
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from hailo_piper.server import Server
from tests.support.client import events_of, post, wait_until
from tests.support.websocket_client import dialled, hear, hear_all, say

TEXT = "One is here. Dr. Two met Mrs. Three at 3.14 p.m. in the U.S. They talked! Did they? Yes."


def http_pcm(server: Server, text: str, **fields: Any) -> bytes:
    return post(server.http.port, "/v1/synthesize", {"text": text, "format": "pcm", **fields}).data


def test_a_text_sounds_as_over_http(joe_server: Server) -> None:
    with dialled(joe_server.http.port) as connection:
        say(connection, id="a", text=TEXT, format="pcm")
        heard = hear_all(connection, "a")["a"]
    assert heard.error is None
    assert heard.data == http_pcm(joe_server, TEXT)
    assert heard.num_messages > 3


@pytest.mark.parametrize("size", [1, 2, 3, 7, 500])
def test_a_text_in_pieces_sounds_as_it_would_whole(joe_server: Server, size: int) -> None:
    with dialled(joe_server.http.port) as connection:
        for start in range(0, len(TEXT), size):
            say(connection, id=1, text=TEXT[start : start + size], **{"continue": True}, **_first(start))
        say(connection, id=1, **{"continue": False})
        heard = hear_all(connection, 1)[1]
    assert heard.error is None
    assert heard.data == http_pcm(joe_server, TEXT)


def _first(start: int) -> dict[str, Any]:
    return {} if start else {"format": "pcm", "voice": "default"}


def test_words_have_the_times_that_http_gives(joe_server: Server) -> None:
    body = {"text": TEXT, "format": "pcm", "stream_format": "sse", "timestamps": ["word"]}
    events = events_of(post(joe_server.http.port, "/v1/synthesize", body).data)
    expected = [word for event in events for word in event.get("words", ())]
    with dialled(joe_server.http.port) as connection:
        say(connection, id="a", text=TEXT, format="pcm", words=True)
        assert hear_all(connection, "a")["a"].words == expected
        say(connection, id="b", text=TEXT[:20], format="pcm", words=True, **{"continue": True})
        say(connection, id="b", text=TEXT[20:])
        assert hear_all(connection, "b")["b"].words == expected


def test_a_flush_speaks_what_came(joe_server: Server) -> None:
    with dialled(joe_server.http.port) as connection:
        say(connection, id="a", text="Good morning", format="pcm", words=True, flush=True, **{"continue": True})
        heard: list[str] = []
        while "morning" not in heard:
            heard += [word["word"] for word in hear(connection)["words"]]
        say(connection, id="a", text="and good night")
        rest = hear_all(connection, "a")["a"]
    assert [(word["word"], word["start_char"], word["end_char"]) for word in rest.words] == [
        ("and", 12, 15),
        ("good", 16, 20),
        ("night", 21, 26),
    ]


def test_a_flushed_sentence_sounds_as_if_it_were_not(joe_server: Server) -> None:
    with dialled(joe_server.http.port) as connection:
        say(connection, id="a", text="One is here. ", format="pcm", flush=True, **{"continue": True})
        say(connection, id="a", text="Two is there.", flush=True, **{"continue": True})
        say(connection, id="a")
        assert hear_all(connection, "a")["a"].data == http_pcm(joe_server, "One is here. Two is there.")


def test_texts_are_spoken_side_by_side(joe_server: Server) -> None:
    texts = {number: f"This is text number {number}. It has two sentences." for number in range(4)}
    with dialled(joe_server.http.port) as connection:
        for number, text in texts.items():
            say(connection, id=number, text=text, format="pcm")
        heard = hear_all(connection, *texts)
    assert {number: heard[number].data for number in texts} == {
        number: http_pcm(joe_server, text) for number, text in texts.items()
    }


def test_a_whole_answer_is_one_message(joe_server: Server) -> None:
    with dialled(joe_server.http.port) as connection:
        say(connection, text="Good morning.", format="pcm", stream=False, words=True)
        message = hear_all(connection, None)[None]
    assert message.num_messages == 1
    assert message.data == http_pcm(joe_server, "Good morning.")
    assert [word["word"] for word in message.words] == ["Good", "morning"]


def test_a_cancelled_text_ends_at_once(joe_server: Server) -> None:
    long = "This sentence is one of very many. " * 100
    spoken = joe_server.service.scheduler.busy_seconds
    with dialled(joe_server.http.port) as connection:
        say(connection, id="a", text=long, format="pcm")
        assert hear(connection)["id"] == "a"
        say(connection, cancel="a")
        heard = hear_all(connection, "a")["a"]
        wait_until(lambda: joe_server.service.admission.speaking == 0)
        before = spoken()
        say(connection, id="b", text="Next.", format="pcm")
        assert hear_all(connection, "b")["b"].error is None
        say(connection, cancel="nobody")
        say(connection, id="a", text="The name is free again.", format="pcm")
        assert hear_all(connection, "a")["a"].data
    # What a minute of speech costs is far more than what two short sentences do.
    assert spoken() - before < 5
    assert len(heard.data) < 48_000 * 60


def test_a_text_that_waits_can_be_cancelled(joe_server: Server) -> None:
    with dialled(joe_server.http.port) as connection:
        say(connection, id="a", text="No end", format="pcm", **{"continue": True})
        say(connection, cancel="a")
        assert hear_all(connection, "a")["a"].data == b""


@pytest.mark.parametrize(
    ("fields", "code", "param"),
    [
        ({"text": ""}, "invalid_request", "text"),
        ({}, "invalid_request", "text"),
        ({"text": "x" * 6000}, "text_too_long", "text"),
        ({"text": "Hi.", "voice": "nobody"}, "voice_not_found", "voice"),
        ({"text": "Hi.", "format": "midi"}, "invalid_request", "format"),
        ({"text": "Hi.", "fromat": "wav"}, "invalid_request", "fromat"),
        ({"text": "Hi.", "speed": 9}, "invalid_request", "speed"),
        ({"text": "Hi.", "words": "yes"}, "invalid_request", "words"),
        ({"text": 3, "continue": True}, "invalid_request", "text"),
        ({"text": "x" * 6000, "continue": True}, "text_too_long", "text"),
        ({"text": " ", "continue": False}, "invalid_request", "text"),
    ],
)
def test_what_is_wrong_is_an_error_with_its_id(
    joe_server: Server, fields: dict[str, Any], code: str, param: str
) -> None:
    with dialled(joe_server.http.port) as connection:
        say(connection, id="a", **fields)
        error = hear_all(connection, "a")["a"].error
        assert error is not None
        assert (error["code"], error["param"]) == (code, param), error
        assert set(error) == {"message", "type", "param", "code"}
        if fields.get("continue"):
            say(connection, id="a")
        say(connection, id="a", text="Hi.", format="pcm")
        assert hear_all(connection, "a")["a"].data


@pytest.mark.parametrize("message", ["", "{", "[]", "[" * 100_000, '{"id": {}, "text": "Hi."}', '{"id": true}'])
def test_what_is_no_request_is_an_error_without_an_id(joe_server: Server, message: str) -> None:
    with dialled(joe_server.http.port) as connection:
        connection.send(message)
        answer = hear(connection)
    assert answer["id"] is None
    assert answer["error"]["code"] == "invalid_request"


def test_a_piece_that_is_wrong_ends_its_text_alone(joe_server: Server) -> None:
    with dialled(joe_server.http.port) as connection:
        say(connection, id="a", text="One ", format="pcm", **{"continue": True})
        say(connection, id="b", text="Two ", format="pcm", **{"continue": True})
        say(connection, id="a", text="three.", voice="default", **{"continue": True})
        error = hear_all(connection, "a")["a"].error
        assert error is not None
        assert error["param"] == "voice"
        say(connection, id="b", text="three.")
        assert hear_all(connection, "b")["b"].data


def test_the_rest_of_a_text_that_failed_is_no_text(joe_server: Server) -> None:
    with dialled(joe_server.http.port) as connection:
        for text in ("x" * 6000, "One is lost. ", "Two is lost. "):
            say(connection, id="a", text=text, **{"continue": True})
        say(connection, id="a", text="No end.")
        error = hear_all(connection, "a")["a"].error
        assert error is not None
        assert error["code"] == "text_too_long"
        say(connection, id="a", text="Three is here.", format="pcm")
        assert hear_all(connection, "a")["a"].data == http_pcm(joe_server, "Three is here.")


def test_a_name_that_is_being_spoken_is_taken(joe_server: Server) -> None:
    with dialled(joe_server.http.port) as connection:
        say(connection, id="a", text=TEXT * 3, format="pcm")
        say(connection, id="a", text="Another.")
        while "error" not in (message := hear(connection)):
            pass
    assert message["error"]["param"] == "id"


def test_one_text_too_many_is_refused(joe_server: Server) -> None:
    with dialled(joe_server.http.port) as connection:
        for number in range(17):
            say(connection, id=number, text="Wait ", format="pcm", **{"continue": True})
        message = hear(connection)
        assert message["id"] == 16
        assert "16 texts" in message["error"]["message"]
        say(connection, cancel=3)
        hear_all(connection, 3)
        say(connection, id=16, text="this is the rest")
        say(connection, id=16, text="Now.", format="pcm")
        assert hear_all(connection, 16)[16].data


def test_ssml_in_pieces_is_spoken(joe_server: Server) -> None:
    document = '<speak>Good <break time="200ms"/> morning.</speak>'
    with dialled(joe_server.http.port) as connection:
        for start in range(0, len(document), 5):
            fields = {} if start else {"format": "pcm", "text_format": "ssml"}
            say(connection, id="a", text=document[start : start + 5], **{"continue": True}, **fields)
        say(connection, id="a")
        assert hear_all(connection, "a")["a"].data == http_pcm(joe_server, document, text_format="ssml")


def test_nothing_is_left_behind(joe_server: Server) -> None:
    service = joe_server.service
    for leave in _WAYS_TO_LEAVE:
        with dialled(joe_server.http.port) as connection:
            say(connection, id="a", text=TEXT * 20, format="pcm")
            say(connection, id="b", text="No end", format="pcm", **{"continue": True})
            assert hear(connection)["id"] == "a"
            leave(connection)
        wait_until(lambda: service.admission.speaking == service.admission.waiting == 0)
        wait_until(lambda: joe_server.websocket.connections == 0)
        wait_until(lambda: joe_server.http.connections == 0)


_WAYS_TO_LEAVE: tuple[Callable[[Any], object], ...] = (
    lambda connection: connection.close(),
    lambda connection: connection.socket.close(),
    lambda connection: connection.socket.shutdown(1),
)


def test_a_closed_socket_takes_no_more(joe_server: Server) -> None:
    with dialled(joe_server.http.port) as connection:
        connection.close()
        with pytest.raises(ConnectionClosed):
            connection.send("{}")
