"""These routes speak to clients of ElevenLabs and Deepgram; what answers is imported with the first such request."""

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from flask import Flask, Response

from hailo_piper.listeners.http.presence import client_has_left
from hailo_piper.listeners.service import Service

if TYPE_CHECKING:
    from hailo_piper.listeners.http.deepgram_answers import DeepgramAnswers
    from hailo_piper.listeners.http.elevenlabs_answers import ElevenLabsAnswers

PREFIX = "/elevenlabs"
"""Before the paths that collide with OpenAI's; the others are there with it and without."""
ELEVENLABS = {
    f"{prefix}/v1/text-to-speech/<voice_id>{end}": form
    for prefix in ("", PREFIX)
    for end, form in (
        ("", "whole"), ("/stream", "stream"), ("/with-timestamps", "timed"), ("/stream/with-timestamps", "timed lines"),
    )
}  # fmt: skip
"""How each of ElevenLabs' paths answers."""
DEEPGRAM = "/v1/speak"
SPEECH_PATHS = {*ELEVENLABS, DEEPGRAM}
"""Rules of the endpoints that speak."""


class _Answers:
    """The answers of both, each made when it is first asked for."""

    def __init__(self, service: Service) -> None:
        self._service = service

    @cached_property
    def elevenlabs(self) -> "ElevenLabsAnswers":
        from hailo_piper.listeners.http.elevenlabs_answers import ElevenLabsAnswers

        return ElevenLabsAnswers(self._service)

    @cached_property
    def deepgram(self) -> "DeepgramAnswers":
        from hailo_piper.listeners.http.deepgram_answers import DeepgramAnswers

        return DeepgramAnswers(self._service)


def add_vendors(app: Flask, service: Service) -> None:
    """Route ElevenLabs' and Deepgram's requests."""
    answers = _Answers(service)

    def speak(form: str, voice_id: str) -> Response:
        return answers.elevenlabs.speak(form, voice_id, client_has_left())

    for path, form in ELEVENLABS.items():
        app.add_url_rule(path, f"speak {path}", partial(speak, form), methods=["POST"])

    @app.get(f"{PREFIX}/v1/voices")
    def list_elevenlabs_voices() -> dict[str, Any]:
        return answers.elevenlabs.voices()

    @app.get(f"{PREFIX}/v1/models")
    def list_elevenlabs_models() -> list[dict[str, Any]]:
        return answers.elevenlabs.models()

    @app.post(DEEPGRAM)
    def speak_deepgram() -> Response:
        return answers.deepgram.speak(client_has_left())
