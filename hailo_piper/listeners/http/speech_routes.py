"""These routes speak: they take a JSON body and return audio or events."""

from collections.abc import Mapping

from flask import Flask, Response, g, request

from hailo_piper.listeners.dialect import Dialect
from hailo_piper.listeners.http.json_body import read_json_body
from hailo_piper.listeners.http.traced_app import span_of
from hailo_piper.speech.pipeline import Speech
from hailo_piper.speech.reply import Reply


def add_speech(app: Flask, speech: Speech, dialects: Mapping[str, Dialect]) -> None:
    """Route speech requests, each path with its dialect."""

    def speak() -> Response:
        dialect = dialects[request.path]
        span = span_of(request.environ)
        with span.child("parse"):
            speech_request, stream_format = dialect.parse(read_json_body())
        # Later errors name fields in our terms; the error handler translates them with this dialect.
        g.dialect = dialect
        has_left = request.environ.get("waitress.client_disconnected", lambda: False)
        reply = speech.speak(speech_request, listener="http", has_left=has_left, span=span)
        response = _STREAM_FORMATS[stream_format](reply)
        response.headers["X-Cache"] = reply.cached
        if reply.other_language:
            response.headers["X-Text-Language"] = reply.other_language
        # A proxy that buffers the whole answer would defeat streaming; nginx obeys this header.
        response.headers["X-Accel-Buffering"] = "no"
        return response

    for path in dialects:
        app.add_url_rule(path, f"speak {path}", speak, methods=["POST"])


def _as_audio(reply: Reply) -> Response:
    response = Response(reply, content_type=reply.content_type, direct_passthrough=True)
    response.headers["X-Audio-Sample-Rate"] = str(reply.sample_rate)
    response.headers["Content-Disposition"] = f'attachment; filename="speech.{reply.extension}"'
    if reply.content_length is not None:
        response.content_length = reply.content_length
    return response


def _as_events(reply: Reply) -> Response:
    from hailo_piper.listeners.http import sse

    response = Response(sse.Events(reply), content_type=sse.CONTENT_TYPE, direct_passthrough=True)
    response.headers["X-Audio-Sample-Rate"] = str(reply.sample_rate)
    response.headers["Cache-Control"] = "no-cache"
    return response


_STREAM_FORMATS = {"audio": _as_audio, "sse": _as_events}
