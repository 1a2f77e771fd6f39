"""These routes list voices, show one, and let clients with a key fetch and remove them."""

from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import Forbidden

from hailo_piper.listeners.http import listings
from hailo_piper.listeners.http.presence import client_has_left
from hailo_piper.listeners.http.unknown_paths import VOICES_NEED_KEYS
from hailo_piper.listeners.service import Service


def add_voices(app: Flask, service: Service) -> None:
    """Route the lists of voices and the facts of one voice."""
    voices, loaded = service.voices, service.loaded

    @app.get("/v1/voices")
    def list_voices() -> dict[str, Any]:
        language, engine = request.args.get("language"), request.args.get("engine")
        return {"voices": listings.voice_entries(voices, loaded.voices, language=language, engine=engine)}

    @app.get("/v1/voices/<voice_id>")
    def show_voice(voice_id: str) -> dict[str, Any]:
        return listings.listed_voice(voice_id, voices, loaded.voices)

    @app.get("/v1/audio/voices")
    def list_voice_names() -> dict[str, Any]:
        return {"voices": listings.voice_names(voices)}


def add_installer(app: Flask, service: Service) -> None:
    """Route the requests that fetch and remove voices."""
    # Most services have no keys, and start without the means to change voices.
    from hailo_piper.listeners.http.voice_installer import VoiceInstaller

    installer = VoiceInstaller(service)

    @app.post("/v1/voices/<voice_id>")
    def fetch_voice(voice_id: str) -> tuple[dict[str, Any], int]:
        return installer.fetch(voice_id, has_left=client_has_left())

    app.add_url_rule("/v1/voices/<voice_id>", view_func=installer.remove, methods=["DELETE"])

    @app.get("/v1/catalogue")
    def list_catalogue() -> dict[str, Any]:
        return {"voices": installer.catalogue(has_left=client_has_left())}

    @app.get("/v1/catalogue/progress")
    def show_progress() -> dict[str, Any]:
        return installer.progress


def forbid_changes(app: Flask) -> None:
    """Route the same requests to a refusal: without keys, anybody could change the voices."""

    @app.route("/v1/voices/<voice_id>", methods=["POST", "DELETE"])
    @app.get("/v1/catalogue")
    @app.get("/v1/catalogue/progress")
    def refuse_change(voice_id: str = "") -> Response:  # noqa: ARG001 - Flask passes the path's variable
        raise Forbidden(VOICES_NEED_KEYS)
