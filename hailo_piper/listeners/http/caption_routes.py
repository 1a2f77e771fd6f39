"""Captions come with the speech: Kokoro-FastAPI's endpoint, which readers and avatars call for the times of words."""

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from flask import Flask, Response, g, request

from hailo_piper.listeners.dialect import Dialect, parse_object
from hailo_piper.listeners.http.json_body import read_json_body
from hailo_piper.listeners.http.traced_app import span_of
from hailo_piper.speech.pipeline import Speech
from hailo_piper.speech.reply import Reply

PATH = "/dev/captioned_speech"
_DEFAULT_FORMAT = "mp3"
"""Its readers expect Kokoro-FastAPI's."""
_MORE = {
    "stream": {
        "description": "true: JSON objects, one a line, as the audio comes; false: one object when all is spoken.",
        "type": "boolean",
        "default": True,
    },
    "return_timestamps": {"description": "false: no times of words.", "type": "boolean", "default": True},
}


def captions_dialect(voice_names: Callable[[], Iterable[str]]) -> Dialect:
    """Return the dialect of the endpoint: OpenAI's fields, and two of its own."""
    return Dialect(
        text="input",
        synonyms={"text": "input", "format": "response_format"},
        voice_names=voice_names,
        more=_MORE,
        without=("stream_format", "timestamps"),
    )


def add_captions(app: Flask, speech: Speech, dialect: Dialect) -> None:
    """Route captioned speech."""

    @app.post(PATH)
    def speak_with_captions() -> Response:
        span = span_of(request.environ)
        with span.child("parse"):
            fields = {name: value for name, value in parse_object(read_json_body()).items() if value is not None}
            speech_request = dialect.request({"response_format": _DEFAULT_FORMAT, **fields})
        g.dialect = dialect
        has_left = request.environ.get("waitress.client_disconnected", lambda: False)
        wants_times = fields.get("return_timestamps", True)
        reply = speech.speak(replace(speech_request, words=wants_times), listener="http", has_left=has_left, span=span)
        captions = _Captions(reply, wants_times=wants_times)
        if fields.get("stream", True):
            response = Response(captions, content_type="application/x-ndjson", direct_passthrough=True)
            response.headers["X-Accel-Buffering"] = "no"
        else:
            response = Response(captions.whole(), content_type="application/json")
        response.headers["X-Audio-Sample-Rate"] = str(reply.sample_rate)
        response.headers["X-Cache"] = reply.cached
        return response


class _Captions:
    """The lines of a reply, to be read once and closed."""

    def __init__(self, reply: Reply, *, wants_times: bool) -> None:
        self._reply = reply
        self._wants_times = wants_times

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._reply:
            yield self._line(piece)

    def whole(self) -> bytes:
        """Return one object with all of the audio, and close the reply. Raises SpeechError."""
        try:
            audio = b"".join(self._reply)
            header = self._reply.exact_header()
            return self._line(header + audio[len(header) :])
        finally:
            self._reply.close()

    def close(self) -> None:
        """Stop the work, as `Reply.close` does."""
        self._reply.close()

    def _line(self, audio: bytes) -> bytes:
        words: list[dict[str, Any]] = [
            {"word": word.text, "start_time": round(word.start, 4), "end_time": round(word.end, 4)}
            for word in self._reply.take_words()
        ]
        fields = {
            "audio": base64.b64encode(audio).decode("ascii"),
            "audio_format": self._reply.content_type,
            "timestamps": words if self._wants_times else None,
        }
        return json.dumps(fields).encode() + b"\n"
