"""Words are told when they sound: the same however the text comes, at every speed, from the cache and anew."""

import base64
import http.client
import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hailo_piper.assembly import build_service
from hailo_piper.audio.word import Word
from hailo_piper.config.loading import parse_config
from hailo_piper.config.settings import Config
from hailo_piper.default_voice import load_default_voice
from hailo_piper.errors import AbandonedError
from hailo_piper.listeners.service import Service
from hailo_piper.server import Server
from hailo_piper.speech.request import SpeechRequest
from hailo_piper.text.stream import TextStream
from tests.support.client import events_of
from tests.support.services import as_values, running

TEXT = (
    "Hello **bold** wor**ld** of the [link text](http://x.y/link) end. It cost $3.50 & more; Dr. Smith's U.S. office, "
    "19:30 on 5 Oct 2024.\n\n- item 1: 12kg\n- Naïve cafe\u0301 10% &amp; don't, would have to.\n\n"
    "The 1990s, 555-0199; ½ cup!"
)
QUIET: dict[str, Any] = {"noise_scale": 0.0, "noise_w_scale": 0.0}


@pytest.fixture(scope="module")
def joe(joe_config: Config) -> Iterator[Service]:
    with ExitStack() as stack:
        default = load_default_voice(joe_config, stack)
        default.engine.prepare()
        assert default.engine.is_prepared
        yield build_service(default, joe_config, stack)


def spoken(service: Service, text: str | TextStream, **fields: Any) -> tuple[list[Word], float]:
    """The words of an answer, and its seconds."""
    request = SpeechRequest(text=text, words=True, **{**QUIET, **fields})
    with closing(service.speech.speak(request, listener="test")) as reply:
        words = [word for _ in reply for word in reply.take_words()]
        return words, reply.audio_seconds


def assert_in_order(words: list[Word], text: str, seconds: float) -> None:
    at, char = 0.0, 0
    for word in words:
        assert word.text == text[word.start_char : word.end_char] != ""
        assert at - 1e-9 <= word.start <= word.end <= seconds + 1e-9
        assert char <= word.start_char < word.end_char
        at, char = word.end, word.end_char


def test_every_word_is_there_and_in_its_place(joe: Service) -> None:
    words, seconds = spoken(joe, TEXT)
    assert_in_order(words, TEXT, seconds)
    told = [word.text for word in words]
    assert told[:8] == ["Hello", "bold", "wor**ld", "of", "the", "link", "text", "end"]
    for word in (
        "$3.50",
        "Smith's",
        "U.S.",
        "19:30",
        "2024",
        "12kg",
        "Naïve",
        "cafe\u0301",
        "don't",
        "1990s",
        "555-0199",
    ):
        assert word in told
    # What sounds by itself is not estimated.
    assert [word.text for word in words if word.is_estimated][:2] == ["of", "the"]


@pytest.mark.parametrize("speed", [0.25, 0.5, 0.8, 1.0, 1.5, 4.0])
def test_at_every_speed_the_last_word_ends_where_the_sound_does(joe: Service, speed: float) -> None:
    text = "One two three four five. Six seven eight nine ten."
    words, seconds = spoken(joe, text, speed=speed)
    usual, _ = spoken(joe, text)
    assert_in_order(words, text, seconds)
    assert [word.text for word in words] == [word.text for word in usual]
    # A voice's last sounds are the full stop, which is silence.
    assert 0.7 * seconds < words[-1].end <= seconds


@pytest.mark.parametrize("response_format", ["mp3", "opus", "aac", "flac", "wav", "pcm"])
def test_formats_and_rates_keep_the_time(joe: Service, response_format: str) -> None:
    words, _ = spoken(joe, TEXT, response_format=response_format, sample_rate=48000)
    assert words == spoken(joe, TEXT)[0]


@settings(max_examples=8, deadline=None)
@given(cuts=st.lists(st.integers(0, len(TEXT)), max_size=12))
def test_a_text_in_pieces_has_the_same_words(joe: Service, cuts: list[int]) -> None:
    stream = TextStream(max_text_length=5000, patience_seconds=10, keeps_places=True)
    bounds = [0, *sorted(cuts), len(TEXT)]
    for start, end in pairwise(bounds):
        stream.push(TEXT[start:end])
    stream.finish()
    assert spoken(joe, stream)[0] == spoken(joe, TEXT)[0]


def test_a_pause_between_sentences_moves_the_words_after_it(joe: Service) -> None:
    text = "One two. Three four."
    usual, _ = spoken(joe, text, sentence_silence=0.0)
    later, _ = spoken(joe, text, sentence_silence=1.5)
    moved = [round(after.start - before.start, 3) for before, after in zip(usual, later, strict=True)]
    assert moved == [0.0, 0.0, 1.5, 1.5]


def test_words_begin_where_the_sound_does(joe: Service) -> None:
    """After a pause of silence, the first word begins when the sound does, to some frames."""
    text = "Please. Take. Part. Now."
    request = SpeechRequest(
        text=text, words=True, response_format="pcm", sample_rate=22050, sentence_silence=1.0, **QUIET
    )
    with closing(joe.speech.speak(request, listener="test")) as reply:
        pieces = [(data, reply.take_words()) for data in reply]
    pcm = np.frombuffer(b"".join(data for data, _ in pieces), "<i2").astype(float)
    words = [word for _, found in pieces for word in found]
    assert len(words) == 4
    for word in words[1:]:
        before = pcm[int((word.start - 0.4) * 22050) : int(word.start * 22050)]
        inside = pcm[int(word.start * 22050) : int(word.end * 22050)]
        assert np.sqrt(np.mean(inside**2)) > 10 * np.sqrt(np.mean(before**2))


def test_cached_words_are_those_of_the_first_time(joe_config: Config, tmp_path: Path) -> None:
    cached = joe_config.performance._replace(cache_enabled=True, cache_directory=str(tmp_path))
    with ExitStack() as stack:
        config = joe_config._replace(performance=cached)
        default = load_default_voice(config, stack)
        default.engine.prepare()
        service = build_service(default, config, stack)
        fresh = spoken(service, TEXT, speed=1.5)
        # Nobody asked for words when these sentences were spoken first.
        with closing(service.speech.speak(SpeechRequest(text="Another one.", **QUIET), listener="test")) as reply:
            assert b"".join(reply)
        assert spoken(service, TEXT, speed=1.5) == fresh
        again = SpeechRequest(text="Another one.", words=True, **QUIET)
        with closing(service.speech.speak(again, listener="test")) as reply:
            assert reply.cached == "hit"
            assert [word.text for _ in reply for word in reply.take_words()] == ["Another", "one"]


def test_a_voice_that_is_not_cut_has_the_same_times(joe: Service, joe_config: Config, tmp_path: Path) -> None:
    config = joe_config._replace(piper=joe_config.piper._replace(cache_directory=str(tmp_path)))
    with ExitStack() as stack:
        default = load_default_voice(config, stack)
        assert not default.engine.is_prepared
        whole, seconds = spoken(build_service(default, config, stack), "One two three. Four five.")
    assert_in_order(whole, "One two three. Four five.", seconds)
    assert (whole, seconds) == spoken(joe, "One two three. Four five.")
    assert not any(word.is_estimated for word in whole)


@settings(max_examples=25, deadline=None)
@given(text=st.text(st.sampled_from("ab cde. 12,5$%&*_#-—…!?()[]<>\"'\n日本éßñ😀①ﬃ½°€/:;"), min_size=1, max_size=60))
def test_any_text_keeps_the_invariants(joe: Service, text: str) -> None:
    try:
        words, seconds = spoken(joe, f"Well {text} done")
    except Exception as error:
        raise AssertionError(repr(text)) from error
    assert_in_order(words, f"Well {text} done", seconds)
    assert words[0].text.startswith("Well")


# Its doors


@pytest.fixture(scope="module")
def server(joe_config: Config) -> Iterator[Server]:
    with running(parse_config(as_values(joe_config))) as server:
        yield server


def ask(server: Server, path: str, **fields: object) -> tuple[int, bytes, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", server.http.port, timeout=60)) as connection:
        connection.request("POST", path, json.dumps(fields), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers["Content-Type"]


@pytest.mark.parametrize("path", ["/v1/audio/speech", "/v1/synthesize"])
def test_events_tell_the_words_before_their_sound(server: Server, path: str) -> None:
    fields = {"stream_format": "sse", "response_format": "pcm", "format": "pcm", "text": "Hello there. Good day."}
    _, body, _ = ask(server, path, **fields, timestamps=["word"])
    events = events_of(body)
    heard, told = 0.0, []
    for event in events:
        if event["type"] == "speech.audio.timestamps":
            assert event["words"][0]["start"] >= heard - 0.001
            told += [word["word"] for word in event["words"]]
        elif event["type"] == "speech.audio.delta":
            heard += len(base64.b64decode(event["audio"])) / 2 / 24000
    assert told == ["Hello", "there", "Good", "day"]
    assert {event["type"] for event in events_of(ask(server, path, **fields)[1])} == {
        "speech.audio.delta",
        "speech.audio.done",
    }


def test_bare_audio_has_no_place_for_times(server: Server) -> None:
    status, body, _ = ask(server, "/v1/audio/speech", input="Hello.", timestamps=["word"])
    assert status == 400
    assert json.loads(body)["error"]["param"] == "timestamps"
    status, body, _ = ask(server, "/v1/audio/speech", input="Hello.", timestamps=["phoneme"], stream_format="sse")
    assert (status, "allowed: word" in json.loads(body)["error"]["message"]) == (400, True)


def test_captioned_speech_is_kokoros(server: Server) -> None:
    fields = {"input": "Hello there. Good day.", "model": "kokoro", "voice": "default"}
    status, body, content_type = ask(server, "/dev/captioned_speech", **fields, stream=False)
    whole = json.loads(body)
    assert (status, content_type, whole["audio_format"]) == (200, "application/json", "audio/mpeg")
    assert [word["word"] for word in whole["timestamps"]] == ["Hello", "there", "Good", "day"]
    assert set(whole["timestamps"][0]) == {"word", "start_time", "end_time"}
    _, body, _ = ask(server, "/dev/captioned_speech", **fields)
    lines = [json.loads(line) for line in body.splitlines()]
    assert len(lines) > 1
    assert [word["word"] for line in lines for word in line["timestamps"]] == ["Hello", "there", "Good", "day"]
    _, body, _ = ask(server, "/dev/captioned_speech", **fields, stream=False, return_timestamps=False)
    assert json.loads(body)["timestamps"] is None


def test_a_whole_wav_with_captions_has_true_sizes(server: Server) -> None:
    _, body, _ = ask(server, "/dev/captioned_speech", input="Hello. Good day.", response_format="wav", stream=False)
    wav = base64.b64decode(json.loads(body)["audio"])
    assert int.from_bytes(wav[4:8], "little") == len(wav) - 8


@pytest.mark.parametrize(("field", "value"), [("stream", "yes"), ("return_timestamps", 1), ("input", ""), ("speed", 9)])
def test_captioned_speech_refuses_what_is_wrong(server: Server, field: str, value: object) -> None:
    status, body, _ = ask(server, "/dev/captioned_speech", **{"input": "Hello.", field: value})
    assert (status, json.loads(body)["error"]["param"]) == (400, field)


@pytest.mark.parametrize(
    ("caption_format", "content_type", "begins"),
    [
        (None, "application/json", '{"task": "transcribe"'),
        ("srt", "application/x-subrip; charset=utf-8", "1\n00:00:00,0"),
        ("VTT", "text/vtt; charset=utf-8", "WEBVTT\n"),
        ("lrc", "text/plain; charset=utf-8", "[00:00."),
    ],
)
def test_captions_come_without_sound(
    server: Server, caption_format: str | None, content_type: str, begins: str
) -> None:
    fields = {"input": TEXT, "caption_format": caption_format, "response_format": "mp3"}
    status, body, found = ask(server, "/v1/audio/captions", **fields)
    assert (status, found, body.decode()[: len(begins)]) == (200, content_type, begins)


def test_captions_have_the_times_of_the_speech(joe: Service) -> None:
    request = SpeechRequest(text=TEXT, sentence_silence=0.4, speed=1.5, **QUIET)
    captions = joe.speech.captions(request, listener="test", has_left=lambda: False)
    words, seconds = spoken(joe, TEXT, sentence_silence=0.4, speed=1.5, sample_rate=22050)
    assert captions.words == tuple(words)
    assert captions.duration == pytest.approx(seconds, abs=0.001)


def test_captions_refuse_as_speech_does(server: Server) -> None:
    for field, value in {"input": "", "caption_format": "ass", "voice": "none"}.items():
        status, body, _ = ask(server, "/v1/audio/captions", **{"input": "Hello.", field: value})
        assert (status, json.loads(body)["error"]["param"]) == (400, field)


def test_a_client_that_leaves_stops_its_captions(joe: Service) -> None:
    with pytest.raises(AbandonedError):
        joe.speech.captions(SpeechRequest(text=TEXT, **QUIET), listener="test", has_left=lambda: True)
    assert joe.admission.speaking == 0
