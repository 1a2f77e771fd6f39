"""Deepgram's endpoint over HTTP answers with audio as it is spoken."""

from collections.abc import Callable

from flask import Response, g, request

from hailo_piper.listeners.deepgram import Deepgram
from hailo_piper.listeners.http.json_body import read_json_body
from hailo_piper.listeners.http.speech_routes import as_audio, with_facts
from hailo_piper.listeners.http.traced_app import span_of
from hailo_piper.listeners.json_object import parse_object
from hailo_piper.listeners.service import Service


class DeepgramAnswers:
    """The answers of one service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.dialect = Deepgram(service.voices.names)

    def speak(self, has_left: Callable[[], bool]) -> Response:
        """Answer the present request. Raises SpeechError."""
        span = span_of(request.environ)
        g.dialect = self.dialect
        with span.child("parse"):
            asked = self.dialect.request(request.args, parse_object(read_json_body()))
        reply = self._service.speech.speak(asked, listener="http", has_left=has_left, span=span)
        return with_facts(as_audio(reply), reply)
