"""Answers that leave when all is spoken."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from hailo_piper.audio.encoding import ENCODERS
from hailo_piper.errors import AbandonedError, SynthesisError
from hailo_piper.listeners.http.whole_answer import WholeAnswer
from hailo_piper.speech.spoken_sentences import SpokenSentences
from tests.support.client import assert_error, wav_of
from tests.support.decoding import decode

SPEECH, SYNTHESIZE = "/v1/audio/speech", "/v1/synthesize"
TEXT = "Hello there. This is a second sentence. And a third."


class FakeReply:
    """A reply of these pieces; an exception among them is raised in its place."""

    def __init__(self, *pieces: bytes | Exception) -> None:
        self._pieces = pieces
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    def exact_header(self) -> bytes:
        return b"HEAD"

    def close(self) -> None:
        self.closed += 1


def whole(reply: FakeReply, has_left: Callable[[], bool] = lambda: False) -> WholeAnswer:
    return WholeAnswer(reply, has_left=has_left, most_in_memory=1000)  # type: ignore[arg-type]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_the_header_is_exact_and_the_length_known(temporary: Path) -> None:
    reply = FakeReply(b"head", b"a" * 100_000, b"b" * 100_000)
    answer = whole(reply)
    assert reply.closed == 1
    assert answer.num_bytes == 200_004
    assert b"".join(answer) == b"HEAD" + b"a" * 100_000 + b"b" * 100_000
    answer.close()
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("size", [10, 10_000])
def test_nothing_stays_of_an_answer_that_fails(temporary: Path, size: int) -> None:
    reply = FakeReply(b"head", b"a" * size, SynthesisError("Speech synthesis failed"))
    with pytest.raises(SynthesisError):
        whole(reply)
    assert reply.closed == 1
    assert list(temporary.iterdir()) == []


def test_a_client_that_leaves_stops_the_work() -> None:
    reply = FakeReply(b"head", b"a", b"b", AssertionError("read on"))
    asked = iter([False, False, True])
    with pytest.raises(AbandonedError):
        whole(reply, lambda: next(asked))
    assert reply.closed == 1


@pytest.mark.parametrize(
    ("path", "field", "form"), [(SPEECH, "input", "response_format"), (SYNTHESIZE, "text", "format")]
)
@pytest.mark.parametrize("response_format", ENCODERS)
def test_every_format_has_its_length(
    client: FlaskClient, path: str, field: str, form: str, response_format: str
) -> None:
    body = {field: TEXT, form: response_format}
    streamed = client.post(path, json=body)
    answer = client.post(path, json={**body, "stream": False})
    assert "Content-Length" not in streamed.headers
    assert int(answer.headers["Content-Length"]) == len(answer.data) == len(streamed.data)
    assert answer.headers["Content-Type"] == streamed.headers["Content-Type"]
    samples, rate = decode(answer.data, response_format)
    if response_format == "wav":
        assert wav_of(answer.data)[0].nframes * 2 + 44 == len(answer.data)
    if response_format == "flac":
        assert int.from_bytes(answer.data[22:26], "big") == len(samples)
    assert len(samples) > rate


def test_true_streams_as_ever(client: FlaskClient) -> None:
    assert client.post(SPEECH, json={"input": TEXT, "stream": True}).data[40:44] == b"\xff" * 4


def test_a_later_sentence_that_fails_is_an_error_with_its_status(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = SpokenSentences.read

    def failing(self: SpokenSentences, number: int, **options: Any) -> Any:
        if number == 2:
            raise SynthesisError("Speech synthesis failed")
        return read(self, number, **options)

    monkeypatch.setattr(SpokenSentences, "read", failing)
    for response_format in ENCODERS:
        answer = client.post(SPEECH, json={"input": TEXT, "stream": False, "response_format": response_format})
        assert_error(answer, 500, "synthesis_failed", None)
    monkeypatch.undo()
    assert client.post(SPEECH, json={"input": TEXT, "stream": False}).status_code == 200
