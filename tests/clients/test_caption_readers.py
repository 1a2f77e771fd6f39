"""Programs that read `/dev/captioned_speech`: each one's request, and what it makes of the answer.

The requests are written as these projects send them to Kokoro-FastAPI, and the answers are read by the fields and the
rules that they use. None of them is a package that a test could install.
"""

import base64
import json
import math
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import pytest

from tests.clients.conftest import SECONDS_OFF, TEXT, Service, seconds_of
from tests.support.client import Answer, ask, get, post

WORDS = TEXT.replace(".", "").split()


class Heard(NamedTuple):
    """What a program keeps of an answer: sound, and words with seconds."""

    audio: bytes
    words: list[tuple[str, float, float]]


def zotero_tts(answer: Answer) -> Heard:
    """xujialiu/Zotero-TTS, src/core/providers/local/kokoro.ts: passes over an entry that lacks a field."""
    body = json.loads(answer.data)
    stamps = body.get("timestamps")
    entries = stamps if isinstance(stamps, list) else []
    kinds = {"word": str, "start_time": int | float, "end_time": int | float}
    whole = [entry for entry in entries if all(isinstance(entry.get(name), kind) for name, kind in kinds.items())]
    return Heard(base64.b64decode(body["audio"], validate=True), list(map(_word, whole)))


def markdown_preview(answer: Answer) -> Heard:
    """andrewaxelrod/markdown-preview-enhanced-personal, src/read-aloud/kokoro-client.ts: wants finite numbers."""
    body = json.loads(answer.data)
    assert isinstance(body["audio"], str)
    finite = [entry for entry in body["timestamps"] if math.isfinite(entry["start_time"] + entry["end_time"])]
    words = [(word, start, max(start, end)) for word, start, end in map(_word, finite)]
    return Heard(base64.b64decode(body["audio"]), words)


def goframe(answer: Answer) -> Heard:
    """sevigo/goframe, voice/openai/openai.go: takes the last line that is an object, and drops words without length."""
    last = [line for line in answer.data.split(b"\n") if line.startswith(b"{")][-1]
    body = json.loads(last)
    kept = [word for word in map(_word, body["timestamps"]) if int(word[2] * 1000) > int(word[1] * 1000)]
    return Heard(base64.b64decode(body["audio"]), kept)


def kokoro_example(answer: Answer) -> Heard:
    """remsky/Kokoro-FastAPI, README.md, the streaming example: every line that is not empty is an object."""
    chunks = [json.loads(line) for line in answer.data.decode().splitlines() if line]
    return Heard(b"".join(base64.b64decode(chunk["audio"]) for chunk in chunks), list(_words(chunks)))


def _words(chunks: Iterable[dict[str, Any]]) -> Iterable[tuple[str, float, float]]:
    for chunk in chunks:
        yield from map(_word, chunk["timestamps"])


def _word(entry: dict[str, Any]) -> tuple[str, float, float]:
    return entry["word"], entry["start_time"], entry["end_time"]


READERS: dict[str, tuple[Callable[[Answer], Heard], dict[str, Any]]] = {
    "zotero-tts": (
        zotero_tts,
        {"speed": 1, "response_format": "mp3", "return_timestamps": True, "stream": False},
    ),
    "markdown-preview": (
        markdown_preview,
        {
            "speed": 1,
            "response_format": "mp3",
            "stream": False,
            "return_timestamps": True,
            "normalization_options": {"normalize": False},
        },
    ),
    "goframe": (
        goframe,
        {"response_format": "wav", "return_timestamps": True, "stream": False},
    ),
    "kokoro-example": (
        kokoro_example,
        {"speed": 1.0, "response_format": "mp3", "stream": True},
    ),
}


@pytest.mark.parametrize("name", READERS)
def test_a_reader_gets_the_sound_and_every_word(service: Service, name: str) -> None:
    read, fields = READERS[name]
    # These programs offer the names that the service lists.
    voice = get(service.port, "/v1/audio/voices").get_json()["voices"][0]["id"]
    body = {"model": "kokoro", "input": TEXT, "voice": voice, **fields}
    answer = post(service.port, "/dev/captioned_speech", body)
    assert answer.status_code == 200
    heard = read(answer)
    assert seconds_of(heard.audio, fields["response_format"]) == pytest.approx(service.seconds, abs=SECONDS_OFF)
    assert [word for word, _, _ in heard.words] == WORDS
    times = [time for _, start, end in heard.words for time in (start, end)]
    assert times == sorted(times)
    assert times[-1] <= service.seconds


def test_a_probe_finds_the_endpoint(service: Service) -> None:
    """Some ask with HEAD whether there are captions, and take 405 for a yes, 404 for a no."""
    assert ask(service.port, "HEAD", "/dev/captioned_speech", None, {}).status_code == 405


def test_a_base_url_with_v1_is_told_where_the_endpoint_is(service: Service) -> None:
    """Readers that do not take `/v1` off their base URL fall back to plain speech at 404, and only then."""
    answer = post(service.port, "/v1/dev/captioned_speech", {"model": "kokoro", "input": TEXT, "voice": "default"})
    assert answer.status_code == 404
    assert "/dev/captioned_speech" in answer.get_json()["error"]["message"]
