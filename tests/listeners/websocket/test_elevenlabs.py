"""ElevenLabs' WebSockets, as LiveKit, Pipecat and its own SDK use them, asked of a real service."""

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from hailo_piper.listeners.elevenlabs import ElevenLabs
from hailo_piper.listeners.websocket.elevenlabs_wire import message_of, opening_of
from hailo_piper.server import Server
from tests.support.client import events_of, post, wait_until
from tests.support.websocket_client import SECONDS, dialled, hear, say

SENTENCES = ["One is here. ", "Dr. Two met Mrs. Three at 3 p.m. in the U.S. ", "They talked! "]
TEXT = "".join(SENTENCES).strip()


@dataclass
class Context:
    """What came for one context."""

    pcm: bytes = b""
    alignments: list[dict[str, Any]] = field(default_factory=list)
    sent_seconds: list[float] = field(default_factory=list)
    """Seconds of sound sent with and before each message."""
    error: dict[str, Any] | None = None

    def words(self, *, is_absolute: bool) -> list[tuple[str, float]]:
        """Each word and the milliseconds at which it starts, as LiveKit (absolute) and Pipecat (not) read them."""
        found, word, start, offset = list[tuple[str, float]](), "", 0.0, 0.0
        for one in self.alignments:
            rows = zip(one["chars"], one["charStartTimesMs"], one["charDurationsMs"], strict=True)
            for char, at, _ in rows:
                if char == " ":
                    if word:
                        found.append((word, start))
                    word = ""
                    continue
                start = start if word else at + offset
                word += char
            if not is_absolute:
                offset += one["charStartTimesMs"][-1] + one["charDurationsMs"][-1]
        assert word == "", "the last word has no space after it"
        return found


@contextmanager
def agent(server: Server, query: str = "", kind: str = "multi-stream-input") -> Iterator[ClientConnection]:
    path = f"/v1/text-to-speech/default/{kind}?output_format=pcm_24000&{query}"
    with dialled(server.http.port, path, {"xi-api-key": "x"}) as connection:
        yield connection


def listen(connection: ClientConnection, *names: str) -> dict[str, Context]:
    """All that comes until these contexts have ended."""
    heard, left = {name: Context() for name in names}, set(names)
    while left:
        message = hear(connection)
        assert message["contextId"] == message["context_id"]
        one = heard[message["contextId"]]
        assert message["contextId"] in left
        if "error" in message:
            one.error = message
        if "error" in message or message.get("isFinal"):
            left.discard(message["contextId"])
            continue
        assert message["alignment"] == message["normalizedAlignment"]
        one.pcm += base64.b64decode(message["audio"])
        one.sent_seconds.append(len(one.pcm) / 48_000)
        if message["alignment"]:
            one.alignments.append(message["alignment"])
            check_cover(one)
    return heard


def check_cover(one: Context) -> None:
    for alignment in one.alignments:
        starts, durations = alignment["charStartTimesMs"], alignment["charDurationsMs"]
        assert len(alignment["chars"]) == len(starts) == len(durations)
        assert all(duration >= 0 for duration in durations)
        assert all(
            start + duration == after for start, duration, after in zip(starts, durations, starts[1:], strict=False)
        )


def like_livekit(connection: ClientConnection, name: str, sentences: Sequence[str] = SENTENCES) -> None:
    say(connection, text=" ", context_id=name, voice_settings={})
    for sentence in sentences:
        say(connection, text=sentence, context_id=name, flush=True)
    say(connection, text="", context_id=name, flush=True)
    say(connection, context_id=name, close_context=True)


def like_pipecat(connection: ClientConnection, name: str) -> None:
    say(connection, text=" ", context_id=name, voice_settings=None)
    for word in TEXT.split():
        say(connection, text=f"{word} ", context_id=name)
    say(connection, context_id=name, flush=True)
    say(connection, context_id=name, close_context=True)
    say(connection, close_socket=True)


def expected_words(server: Server) -> list[tuple[str, float]]:
    body = {"text": TEXT, "format": "pcm", "stream_format": "sse", "timestamps": ["word"]}
    events = events_of(post(server.http.port, "/v1/synthesize", body).data)
    return [(word["word"], word["start"] * 1000) for event in events for word in event.get("words", ())]


def assert_same_words(found: Sequence[tuple[str, float]], expected: Sequence[tuple[str, float]]) -> None:
    assert [word.strip(".!") for word, _ in found] == [word.strip(".!") for word, _ in expected]
    for (word, start), (_, right) in zip(found, expected, strict=True):
        assert start == pytest.approx(right, abs=10), (word, found, expected)


def pcm_of(server: Server, text: str) -> bytes:
    return post(server.http.port, "/v1/synthesize", {"text": text, "format": "pcm"}).data


def test_livekit_hears_all_and_the_right_times(joe_server: Server) -> None:
    with agent(joe_server, "auto_mode=true&sync_alignment=true") as connection:
        like_livekit(connection, "a")
        heard = listen(connection, "a")["a"]
    assert heard.pcm == pcm_of(joe_server, TEXT)
    assert_same_words(heard.words(is_absolute=True), expected_words(joe_server))


def test_pipecat_hears_all_and_the_right_times(joe_server: Server) -> None:
    with agent(joe_server) as connection:
        like_pipecat(connection, "a")
        heard = listen(connection, "a")["a"]
        with pytest.raises(ConnectionClosed) as closed:
            connection.recv(timeout=SECONDS)
    assert heard.pcm == pcm_of(joe_server, TEXT)
    assert_same_words(heard.words(is_absolute=False), expected_words(joe_server))
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1000


@pytest.mark.parametrize("query", ["sync_alignment=true", ""])
def test_alignments_cover_the_sound(joe_server: Server, query: str) -> None:
    with agent(joe_server, query) as connection:
        like_livekit(connection, "a")
        heard = listen(connection, "a")["a"]
    if query:
        last = heard.alignments[-1]
        reach = last["charStartTimesMs"][-1] + last["charDurationsMs"][-1]
    else:
        reach = sum(one["charStartTimesMs"][-1] + one["charDurationsMs"][-1] for one in heard.alignments)
    assert reach == pytest.approx(len(heard.pcm) / 48, abs=1)
    assert "".join("".join(one["chars"]) for one in heard.alignments).strip() == TEXT


def test_sentences_without_a_space_between_are_not_glued(joe_server: Server) -> None:
    with agent(joe_server, "auto_mode=true") as connection:
        for text in ("I have six.", "Four are here."):
            say(connection, text=text, context_id="a")
        say(connection, context_id="a", flush=True)
        say(connection, context_id="a", close_context=True)
        heard = listen(connection, "a")["a"]
    words = [word for word, _ in heard.words(is_absolute=False)]
    assert words == ["I", "have", "six.", "Four", "are", "here."]
    assert heard.pcm == pcm_of(joe_server, "I have six. Four are here.")


def test_a_closed_context_may_begin_again_before_its_end(joe_server: Server) -> None:
    with agent(joe_server) as connection:
        for text in ("One is here. ", "Two is there. ", "Three."):
            say(connection, text=" ", context_id="a")
            say(connection, text=text, context_id="a", flush=True)
            say(connection, context_id="a", close_context=True)
        say(connection, close_socket=True)
        for text in ("One is here.", "Two is there.", "Three."):
            assert listen(connection, "a")["a"].pcm == pcm_of(joe_server, text)
        with pytest.raises(ConnectionClosed) as closed:
            connection.recv(timeout=SECONDS)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1000


def test_what_waits_for_a_context_is_bounded(joe_server: Server) -> None:
    with agent(joe_server) as connection:
        for _ in range(8):
            say(connection, text="This sentence is one of very many. " * 100, context_id="a", flush=True)
            say(connection, context_id="a", close_context=True)
        error = listen(connection, "a")["a"].error
        assert error is not None
        assert "wait for this context" in error["message"]


def test_the_rest_of_a_text_that_failed_is_no_text(joe_server: Server) -> None:
    with agent(joe_server) as connection:
        for text in ("x" * 6000, "One is lost. ", "Two is lost. "):
            say(connection, text=text, context_id="a", flush=True)
        say(connection, context_id="a", close_context=True)
        error = listen(connection, "a")["a"].error
        assert error is not None
        assert error["error"] == "text_too_long"
        like_livekit(connection, "a")
        assert listen(connection, "a")["a"].pcm == pcm_of(joe_server, TEXT)


def test_ssml_is_spoken_at_each_flush(joe_server: Server) -> None:
    sentences = ['One <phoneme alphabet="ipa" ph="wʌn">won</phoneme> here. ', 'Two <break time="0.2s"/> is there. ']
    with agent(joe_server, "enable_ssml_parsing=true") as connection:
        say(connection, text=sentences[0], context_id="a", flush=True)
        while not (message := hear(connection)).get("alignment"):
            pass
        say(connection, text=sentences[1], context_id="a", flush=True)
        say(connection, context_id="a", close_context=True)
        rest = listen(connection, "a")["a"]
    body = {"text": "".join(sentences), "format": "pcm", "enable_ssml_parsing": True}
    whole = post(joe_server.http.port, "/v1/synthesize", body).data
    assert whole.endswith(rest.pcm)
    assert whole.startswith(base64.b64decode(message["audio"]))


def test_contexts_are_spoken_side_by_side(joe_server: Server) -> None:
    with agent(joe_server, "sync_alignment=true") as connection:
        for name in ("a", "b", "c"):
            like_livekit(connection, name)
        heard = listen(connection, "a", "b", "c")
    assert {one.pcm for one in heard.values()} == {pcm_of(joe_server, TEXT)}


def test_a_context_closed_without_a_flush_stops_at_once(joe_server: Server) -> None:
    with agent(joe_server) as connection:
        say(connection, text="This sentence is one of very many. " * 100, context_id="a")
        assert hear(connection)["audio"]
        say(connection, context_id="a", close_context=True)
        heard = listen(connection, "a")["a"]
        wait_until(lambda: joe_server.service.admission.speaking == 0)
        like_livekit(connection, "a")
        assert listen(connection, "a")["a"].pcm == pcm_of(joe_server, TEXT)
    assert heard.error is None
    assert len(heard.pcm) / 48_000 < 60


def test_a_second_close_stops_at_once(joe_server: Server) -> None:
    with agent(joe_server) as connection:
        say(connection, text="This sentence is one of very many. " * 100, context_id="a", flush=True)
        say(connection, context_id="a", close_context=True)
        assert hear(connection)["audio"]
        say(connection, context_id="a", close_context=True)
        listen(connection, "a")
    wait_until(lambda: joe_server.service.admission.speaking == 0)


@pytest.mark.parametrize("message", [{"text": ""}, {"text": "", "context_id": "a"}, {"flush": True}])
def test_a_keepalive_opens_nothing(joe_server: Server, message: dict[str, Any]) -> None:
    with agent(joe_server) as connection:
        say(connection, **message)
        like_livekit(connection, "b")
        listen(connection, "b")
        say(connection, close_socket=True)
        with pytest.raises(ConnectionClosed):
            connection.recv(timeout=SECONDS)


def test_a_context_without_words_ends(joe_server: Server) -> None:
    with agent(joe_server) as connection:
        like_livekit(connection, "a", [])
        heard = listen(connection, "a")["a"]
    assert (heard.pcm, heard.error) == (b"", None)


@pytest.mark.parametrize("text", ["... ", "\U0001f642 ", '" ', "\0 ", "!"])
@pytest.mark.parametrize("more", [{}, {"flush": True}])
def test_a_context_with_nothing_to_say_ends_without_an_error(
    joe_server: Server, text: str, more: dict[str, bool]
) -> None:
    with agent(joe_server) as connection:
        say(connection, text=text, context_id="a", **more)
        say(connection, context_id="a", close_context=True)
        heard = listen(connection, "a")["a"]
    assert heard.error is None


def test_a_symbol_alone_is_spoken(joe_server: Server) -> None:
    with agent(joe_server) as connection:
        say(connection, text="\u20ac ", context_id="a", flush=True)
        say(connection, context_id="a", close_context=True)
        assert listen(connection, "a")["a"].pcm == pcm_of(joe_server, "\u20ac")


@pytest.mark.parametrize(
    "fields",
    [
        {"generation_config": {"chunk_length_schedule": [50]}},
        {"generation_config": "none"},
        {"pronunciation_dictionary_locators": [{"pronunciation_dictionary_id": "a", "version_id": "b"}]},
        {"pronunciation_dictionary_locators": 7},
        {"voice_settings": {"stability": "high"}},
        {"xi_api_key": "any"},
    ],
)
def test_other_fields_have_no_effect(joe_server: Server, fields: dict[str, Any]) -> None:
    with agent(joe_server) as connection:
        say(connection, text=" ", context_id="a", **fields)
        say(connection, text="One is here. ", context_id="a", flush=True, **fields)
        say(connection, context_id="a", close_context=True)
        assert listen(connection, "a")["a"].pcm == pcm_of(joe_server, "One is here.")


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("apply_text_normalization=off", {"normalize": False}),
        ("apply_text_normalization=on", {"normalize": True}),
        ("enable_ssml_parsing=true", {"enable_ssml_parsing": True}),
        ("language_code=en", {"language": "en"}),
    ],
)
def test_parameters_are_the_fields_of_http(joe_server: Server, query: str, fields: dict[str, Any]) -> None:
    text = 'On 3 May they paid $4.50. <break time="0.3s"/> He left.'
    with agent(joe_server, query) as connection:
        say(connection, text=f"{text} ", context_id="a", flush=True)
        say(connection, context_id="a", close_context=True)
        pcm = listen(connection, "a")["a"].pcm
    assert pcm == post(joe_server.http.port, "/v1/synthesize", {"text": text, "format": "pcm", **fields}).data


@pytest.mark.parametrize("text", ["One \ud800 here. ", "One \0 here. ", "One \ufdd0\U000e0001 here. "])
def test_characters_that_are_none_are_left_out(joe_server: Server, text: str) -> None:
    with agent(joe_server) as connection:
        say(connection, text=text, context_id="a\udfff", flush=True)
        say(connection, context_id="a\udfff", close_context=True)
        heard = listen(connection, "a\udfff")["a\udfff"]
    assert heard.pcm == pcm_of(joe_server, "One here.")


def test_a_flood_of_tiny_messages_is_taken(joe_server: Server) -> None:
    with agent(joe_server) as connection:
        for _ in range(3000):
            say(connection, text="")
        for letter in TEXT * 3:
            say(connection, text=letter, context_id="a")
        say(connection, text=" ", context_id="a", flush=True)
        say(connection, context_id="a", close_context=True)
        assert listen(connection, "a")["a"].pcm == pcm_of(joe_server, TEXT * 3)


def test_repeated_settings_are_no_error(joe_server: Server) -> None:
    with agent(joe_server) as connection:
        for text in ("One is here. ", "Two is there. "):
            say(connection, text=text, context_id="a", voice_settings={"stability": 0.5, "speed": 1.1}, flush=True)
        say(connection, context_id="a", close_context=True)
        heard = listen(connection, "a")["a"]
    assert 0 < len(heard.pcm) < len(pcm_of(joe_server, "One is here. Two is there."))


def test_an_error_ends_its_context_alone(joe_server: Server) -> None:
    with agent(joe_server) as connection:
        say(connection, text="x" * 6000, context_id="a", flush=True)
        like_livekit(connection, "b")
        heard = listen(connection, "a", "b")
    assert heard["a"].error is not None
    assert (heard["a"].error["error"], heard["a"].error["code"]) == ("text_too_long", 1008)
    assert heard["b"].pcm == pcm_of(joe_server, TEXT)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/text-to-speech/nobody/multi-stream-input", 404),
        ("/v1/text-to-speech/default/multi-stream-input?output_format=midi_1", 400),
        ("/v1/text-to-speech/default/multi-stream-input?apply_text_normalization=maybe", 400),
        ("/v1/text-to-speech/default/other-input", 404),
    ],
)
def test_a_wrong_address_refuses_the_handshake(joe_server: Server, path: str, status: int) -> None:
    with pytest.raises(InvalidStatus) as refused, dialled(joe_server.http.port, path):
        raise AssertionError("it was accepted")
    assert refused.value.response.status_code == status


def test_silence_ends_a_socket(joe_server: Server) -> None:
    with agent(joe_server, "inactivity_timeout=1") as connection:
        say(connection, text="Good morning. And ", context_id="a", flush=True)
        while (message := hear(connection)).get("error") is None:
            assert message["audio"] is not None
        assert message["error"] == "input_timeout_exceeded"
        with pytest.raises(ConnectionClosed) as closed:
            connection.recv(timeout=SECONDS)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008


def test_stream_input_speaks_one_text(joe_server: Server) -> None:
    with agent(joe_server, kind="stream-input") as connection:
        say(connection, text=" ", try_trigger_generation=True, voice_settings=None, generation_config={})
        for word in TEXT.split():
            say(connection, text=f"{word} ", try_trigger_generation=True)
        say(connection, text="")
        pcm, message = b"", hear(connection)
        while not message.get("isFinal"):
            assert "contextId" not in message
            pcm += base64.b64decode(message["audio"])
            message = hear(connection)
        assert message == {"audio": None, "isFinal": True}
        with pytest.raises(ConnectionClosed) as closed:
            connection.recv(timeout=SECONDS)
    assert pcm == pcm_of(joe_server, TEXT)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1000


def test_an_mp3_has_one_header(joe_server: Server) -> None:
    path = "/elevenlabs/v1/text-to-speech/default/multi-stream-input?output_format=mp3_22050_32"
    with dialled(joe_server.http.port, path) as connection:
        like_livekit(connection, "a")
        mp3 = listen(connection, "a")["a"].pcm
    assert mp3.count(b"Info") + mp3.count(b"Xing") <= 1
    assert len(mp3) > 1000


@pytest.mark.parametrize(("output_format", "same"), [("ulaw_8000", "encoding=mulaw"), ("alaw_8000", "encoding=alaw")])
def test_sound_for_telephones_is_that_of_http(joe_server: Server, output_format: str, same: str) -> None:
    path = f"/v1/text-to-speech/default/multi-stream-input?output_format={output_format}"
    with dialled(joe_server.http.port, path) as connection:
        like_livekit(connection, "a")
        spoken = listen(connection, "a")["a"].pcm
    assert spoken == post(joe_server.http.port, f"/v1/speak?{same}&container=none", {"text": TEXT}).data


@pytest.mark.parametrize(
    "message", [{"context_id": 3}, {"text": 3}, {"context_id": "a" * 101}, {"voice_settings": {"speed": 9}}]
)
def test_what_is_wrong_is_an_error(joe_server: Server, message: dict[str, Any]) -> None:
    with agent(joe_server) as connection:
        say(connection, **message)
        error = hear(connection)
        assert (error["error"], error["code"]) == ("invalid_request", 1008)


def test_the_key_of_a_message_is_found() -> None:
    for name in ("xi_api_key", "xi-api-key"):
        assert message_of({name: "one"}, ElevenLabs()).authorization == "Bearer one"
    assert message_of({"authorization": "Bearer one"}, ElevenLabs()).authorization == "Bearer one"
    assert message_of({}, ElevenLabs()).authorization is None


def test_the_address_is_read() -> None:
    opening = opening_of(
        "/v1/text-to-speech/en_US-joe%3A1/stream-input?inactivity_timeout=999&language_code=en&enable_logging=false",
        ElevenLabs(),
    )
    assert opening.request.voice == "en_US-joe:1"
    assert (opening.request.response_format, opening.request.sample_rate) == ("mp3", 44100)
    assert (opening.idle_seconds, opening.has_contexts) == (180, False)
