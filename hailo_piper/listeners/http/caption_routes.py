"""Captions come with the speech, as Kokoro-FastAPI has it for readers and avatars, or as a file without it."""

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from flask import Flask, Response, g, request

from hailo_piper.listeners.dialect import Dialect
from hailo_piper.listeners.http.json_body import read_json_body
from hailo_piper.listeners.http.presence import client_has_left
from hailo_piper.listeners.http.speech_routes import with_facts
from hailo_piper.listeners.http.traced_app import span_of
from hailo_piper.listeners.json_object import parse_object
from hailo_piper.listeners.service import Service
from hailo_piper.speech.reply import Reply

SPOKEN_PATH, FILE_PATH = "/dev/captioned_speech", "/v1/audio/captions"
Times = Callable[[], list[dict[str, Any]] | None]
"""Returns the times of the words that became known; None where nobody wants them."""
_DEFAULT_FORMAT = "mp3"
"""Its readers expect Kokoro-FastAPI's."""
_SPOKEN = {
    "stream": {
        "description": "true: JSON objects, one a line, as the audio comes; false: one object when all is spoken.",
        "type": "boolean",
        "default": True,
    },
    "return_timestamps": {"description": "false: no times of words.", "type": "boolean", "default": True},
}


_FILE = {
    "caption_format": {
        "description": "json: OpenAI's verbose transcription; srt, vtt, lrc: as players read them.",
        "type": "string",
        "enum": ["json", "srt", "vtt", "lrc"],
        "default": "json",
    },
}


def captions_dialects(voice_names: Callable[[], Iterable[str]]) -> dict[str, Dialect]:
    """Return the dialect of each endpoint that tells when words sound, by its path: OpenAI's fields, and some more."""
    return {
        path: Dialect(
            text="input",
            synonyms={"text": "input", "format": "response_format"},
            voice_names=voice_names,
            more=more,
            without=("stream_format", "timestamps"),
        )
        for path, more in ((SPOKEN_PATH, _SPOKEN), (FILE_PATH, _FILE))
    }


def add_captions(app: Flask, service: Service, dialects: Mapping[str, Dialect]) -> None:
    """Route captions."""

    @app.post(FILE_PATH)
    def write_captions() -> Response:
        dialect, span = dialects[FILE_PATH], span_of(request.environ)
        with span.child("parse"):
            fields = parse_object(read_json_body())
            speech_request = dialect.request(fields)
        g.dialect = dialect
        has_left = client_has_left()
        captions = service.speech.captions(speech_request, listener="http", has_left=has_left, span=span)
        # Few requests want captions, so the start does not wait for this import.
        from hailo_piper.speech.captions.formats import FORMATS

        form = FORMATS[(fields.get("caption_format") or "json").lower()]
        return Response(form.write(captions), content_type=form.content_type)

    @app.post(SPOKEN_PATH)
    def speak_with_captions() -> Response:
        dialect = dialects[SPOKEN_PATH]
        span = span_of(request.environ)
        with span.child("parse"):
            fields = {name: value for name, value in parse_object(read_json_body()).items() if value is not None}
            speech_request = dialect.request({"response_format": _DEFAULT_FORMAT, **fields})
        g.dialect = dialect
        has_left = client_has_left()
        wants_times = fields.get("return_timestamps", True)
        spoken = replace(speech_request, words=wants_times)

        def answer(reply: Reply) -> Response:
            times = (lambda: _times(reply)) if wants_times else (lambda: None)
            return with_facts(_line_by_line(reply, times) if is_stream else _in_object(reply, times, has_left), reply)

        is_stream = fields.get("stream", True)
        if is_stream:
            return answer(service.speech.speak(spoken, listener="http", has_left=has_left, span=span))
        return service.speech.speak_whole(spoken, answer, listener="http", has_left=has_left, span=span)


def _line_by_line(reply: Reply, times: Times) -> Response:
    return Response(_Lines(reply, times), content_type="application/x-ndjson", direct_passthrough=True)


def _in_object(reply: Reply, times: Times, has_left: Callable[[], bool]) -> Response:
    from hailo_piper.listeners.http.whole_answer import WholeInObject

    whole = WholeInObject(reply, "audio", lambda: _beside_audio(reply, times()), has_left=has_left)
    response = Response(whole, content_type="application/json", direct_passthrough=True)
    response.content_length = whole.num_bytes
    return response


class _Lines:
    """The lines of a reply, to be read once and closed."""

    def __init__(self, reply: Reply, times: Times) -> None:
        self._reply = reply
        self._times = times

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._reply:
            audio = base64.b64encode(piece).decode("ascii")
            yield json.dumps({"audio": audio, **_beside_audio(self._reply, self._times())}).encode() + b"\n"

    def close(self) -> None:
        """Stop the work, as `Reply.close` does."""
        self._reply.close()


def _times(reply: Reply) -> list[dict[str, Any]]:
    """Return the times of the words that became known since the last call."""
    return [
        {"word": word.text, "start_time": round(word.start, 4), "end_time": round(word.end, 4)}
        for word in reply.take_words()
    ]


def _beside_audio(reply: Reply, times: list[dict[str, Any]] | None) -> dict[str, Any]:
    return {"audio_format": reply.content_type, "timestamps": times}
