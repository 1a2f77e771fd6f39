"""These routes speak: they take a JSON body and return audio or events."""

from collections.abc import Callable, Iterable, Mapping

from flask import Flask, Response, g, request

from hailo_piper.listeners.dialect import WHOLE, Asked, Dialect
from hailo_piper.listeners.http.json_body import read_json_body
from hailo_piper.listeners.http.presence import client_has_left
from hailo_piper.listeners.http.traced_app import span_of
from hailo_piper.speech.pipeline import Speech
from hailo_piper.speech.reply import Reply


def speech_dialects(voice_names: Callable[[], Iterable[str]]) -> dict[str, Dialect]:
    """Return the dialect of each endpoint that speaks, by its path."""
    return {
        "/v1/audio/speech": Dialect(
            text="input", synonyms={"text": "input", "format": "response_format"}, voice_names=voice_names
        ),
        "/v1/synthesize": Dialect(
            response_format="format", synonyms={"input": "text", "response_format": "format"}, voice_names=voice_names
        ),
        # Piper's own HTTP server answers there, always with WAV.
        "/": Dialect(fixed={"response_format": "wav"}, synonyms={"format": "response_format"}, voice_names=voice_names),
    }


def add_speech(app: Flask, speech: Speech, dialects: Mapping[str, Dialect]) -> None:
    """Route speech requests, each path with its dialect."""

    def speak() -> Response:
        dialect = dialects[request.path]
        span = span_of(request.environ)
        with span.child("parse"):
            asked = dialect.parse(read_json_body())
        # Later errors name fields in our terms; the error handler translates them with this dialect.
        g.dialect = dialect
        has_left = client_has_left()

        def answer(reply: Reply) -> Response:
            return with_facts(_STREAM_FORMATS[asked.stream_format](reply, asked, has_left), reply)

        if asked.stream_format == WHOLE:
            return speech.speak_whole(asked.request, answer, listener="http", has_left=has_left, span=span)
        return answer(speech.speak(asked.request, listener="http", has_left=has_left, span=span))

    for path in dialects:
        app.add_url_rule(path, f"speak {path}", speak, methods=["POST"])


def with_facts(response: Response, reply: Reply) -> Response:
    """Return an answer with the headers that every reply has."""
    response.headers["X-Audio-Sample-Rate"] = str(reply.sample_rate)
    response.headers["X-Cache"] = reply.cached
    response.headers["X-Engine"] = reply.engine
    if reply.stands_in is not None:
        response.headers["X-Fallback-Voice"] = reply.stands_in
    if reply.other_language:
        response.headers["X-Text-Language"] = reply.other_language
    # A proxy that buffers the whole answer would defeat streaming; nginx obeys this header.
    response.headers["X-Accel-Buffering"] = "no"
    return response


def as_audio(reply: Reply) -> Response:
    """Return an answer whose audio leaves as it is spoken."""
    return _audio(reply, reply, reply.content_length)


def as_whole(reply: Reply, has_left: Callable[[], bool]) -> Response:
    """Return an answer that leaves when all is spoken. Raises as `WholeAnswer` does."""
    from hailo_piper.listeners.http.whole_answer import WholeAnswer

    answer = WholeAnswer(reply, has_left=has_left)
    return _audio(reply, answer, answer.num_bytes)


def _audio(reply: Reply, body: Iterable[bytes], num_bytes: int | None) -> Response:
    response = Response(body, content_type=reply.content_type, direct_passthrough=True)
    response.headers["Content-Disposition"] = f'attachment; filename="speech.{reply.extension}"'
    if num_bytes is not None:
        response.content_length = num_bytes
    return response


def _as_events(reply: Reply, asked: Asked, _: Callable[[], bool]) -> Response:
    from hailo_piper.listeners.http import sse

    response = Response(sse.Events(reply, asked.timestamps), content_type=sse.CONTENT_TYPE, direct_passthrough=True)
    response.headers["Cache-Control"] = "no-cache"
    return response


_STREAM_FORMATS: Mapping[str, Callable[[Reply, Asked, Callable[[], bool]], Response]] = {
    "audio": lambda reply, _, __: as_audio(reply),
    WHOLE: lambda reply, _, has_left: as_whole(reply, has_left),
    "sse": _as_events,
}
