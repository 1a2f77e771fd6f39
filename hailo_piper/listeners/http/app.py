"""The Flask factory: routes and error handlers, no logic."""

import logging
import re
from collections.abc import Collection, Mapping
from typing import Any

from flask import Flask, Response, g, jsonify, request
from werkzeug.exceptions import Forbidden, HTTPException, InternalServerError, NotFound, UnsupportedMediaType

from hailo_piper import __version__
from hailo_piper.config.settings import Config
from hailo_piper.errors import BusyError, SpeechError
from hailo_piper.listeners import dialect as api
from hailo_piper.listeners.http import listings, sse
from hailo_piper.listeners.http.cors import Cors
from hailo_piper.listeners.http.openapi import build_document
from hailo_piper.listeners.http.operator_routes import Probes
from hailo_piper.listeners.http.pages import load_page
from hailo_piper.listeners.http.voice_store import VoiceStore
from hailo_piper.listeners.keys import Keys, is_loopback
from hailo_piper.listeners.port import max_message_bytes
from hailo_piper.monitoring import logs
from hailo_piper.monitoring.health import Health
from hailo_piper.monitoring.metrics import Metrics
from hailo_piper.speech.pipeline import Reply, Speech
from hailo_piper.voices.names import Voices

logger = logging.getLogger(__name__)

_LONGEST_METHOD, _LONGEST_PATH = 20, 200
"""Characters of them in messages and log lines."""
_EXPECTED = {BusyError.code, "starting", "draining"}
"""Refusals with 5xx that are no failure: a probe at the start, or a client at a busy time, meets them."""


def create_app(*, speech: Speech, voices: Voices, health: Health, keys: Keys, config: Config) -> Flask:
    """The HTTP door of one service."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = max_message_bytes(config)
    # A path with a slash too many inside it is unknown; waitress drops those before it. A redirect would be an HTML
    # page, and lose a POST's body.
    app.url_map.merge_slashes = False
    app.json.sort_keys = False  # type: ignore[attr-defined]
    dialects = api.speech_dialects(voices.names)
    _add_request_ids(app, speech.metrics)
    _add_cors(app, Cors(config.server.cors_origins))
    _add_error_handlers(app, can_change_voices=keys.are_required)
    if keys.are_required or config.server.rate_limit:
        _add_gate(app, keys, config.server.rate_limit, dialects.keys())
    _add_speech(app, speech, dialects)
    _add_listings(app)
    _add_voices(app, voices, speech)
    if keys.are_required:
        _add_store(app, VoiceStore(voices=voices, loaded=speech.loaded, health=health, config=config))
    _add_probes(app, Probes(speech=speech, voices=voices, health=health), keys)
    _add_description(app, build_document(dialects, can_change_voices=keys.are_required))
    return app


def _add_request_ids(app: Flask, metrics: Metrics) -> None:
    @app.before_request
    def choose_request_id() -> None:
        logs.request_id.set(logs.choose_request_id(request.headers.get("X-Request-Id", "")))

    @app.after_request
    def show_request_id(response: Response) -> Response:
        response.headers["X-Request-Id"] = logs.request_id.get()
        code = g.get("error_code")
        if code is not None:
            level = logging.INFO if response.status_code < 500 or code in _EXPECTED else logging.ERROR
            method, path = request.method[:_LONGEST_METHOD], request.path[:_LONGEST_PATH]
            fields = {"listener": "http", "method": method, "path": path, "outcome": code}
            logger.log(level, "refused", extra={"fields": {**fields, "status": response.status_code}})
            if request.method == "POST" and not request.path.startswith("/v1/voices/"):
                metrics.refused("http", code)
        return response


def _add_cors(app: Flask, cors: Cors) -> None:
    @app.after_request
    def allow_origins(response: Response) -> Response:
        response.headers.update(cors.headers(request.headers.get))
        if request.method == "OPTIONS":
            response.headers.update(cors.preflight_headers(request.headers.get))
        return response


def _add_error_handlers(app: Flask, *, can_change_voices: bool) -> None:
    def answer(message: str, *, status: int, code: str, param: str | None = None,
               headers: Mapping[str, str] | None = None) -> Response:  # fmt: skip
        g.error_code = code
        response = jsonify(api.error_body(message, status=status, code=code, param=param))
        response.status_code = status
        response.headers.update(headers or {})
        return response

    @app.errorhandler(SpeechError)
    def refuse(error: SpeechError) -> Response:
        status = api.status_of(error)
        if status == 500:
            logger.error("speech failed", exc_info=error)
        dialect = g.get("dialect")
        param = dialect.wire_name(error.param) if dialect and error.param else error.param
        return answer(error.message, status=status, code=error.code, param=param, headers=api.headers_of(error))

    @app.errorhandler(HTTPException)
    def refuse_http(error: HTTPException) -> Response:
        kept = {name: value for name, value in error.get_headers() if name == "Allow"}
        code = re.sub(r"\W+", "_", error.name.lower())
        allowed = f"{request.method[:_LONGEST_METHOD]} is not possible here. Allowed: {kept['Allow']}" if kept else None
        return answer(allowed or error.description or error.name, status=error.code or 500, code=code, headers=kept)

    @app.errorhandler(NotFound)
    def refuse_path(_: NotFound) -> Response:
        known = {rule.rule for rule in app.url_map.iter_rules() if "<" not in rule.rule}
        message, status, code = api.no_endpoint(
            request.method, request.path, known, can_change_voices=can_change_voices
        )
        return answer(message, status=status, code=code)

    @app.errorhandler(InternalServerError)
    def fail(error: InternalServerError) -> Response:
        logger.error("request failed", exc_info=error.original_exception or error)
        return answer("Internal error; the log has the details", status=500, code="internal_error")


def _add_speech(app: Flask, speech: Speech, dialects: Mapping[str, api.Dialect]) -> None:
    def speak() -> Response:
        if not request.is_json:
            raise UnsupportedMediaType("Content-Type must be application/json")
        dialect = dialects[request.path]
        body, encoding = request.get_data(), request.headers.get("Content-Encoding")
        if encoding:
            from hailo_piper.listeners.http.bodies import decode

            body = decode(body, encoding, app.config["MAX_CONTENT_LENGTH"])
        wanted, stream_format = dialect.parse(body)
        # What is found wrong from here on is told by our names of the fields.
        g.dialect = dialect
        has_left = request.environ.get("waitress.client_disconnected", lambda: False)
        reply = speech.speak(wanted, listener="http", has_left=has_left)
        response = _STREAM_FORMATS[stream_format](reply)
        response.headers["X-Cache"] = reply.cached
        # A proxy that collects an answer before it passes it on would take away what streaming is for.
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
    response = Response(sse.Events(reply), content_type=sse.CONTENT_TYPE, direct_passthrough=True)
    response.headers["X-Audio-Sample-Rate"] = str(reply.sample_rate)
    response.headers["Cache-Control"] = "no-cache"
    return response


_STREAM_FORMATS = {"audio": _as_audio, "sse": _as_events}


def _add_listings(app: Flask) -> None:
    @app.get("/")
    def about() -> dict[str, Any]:
        return {
            "service": "hailo-piper",
            "version": __version__,
            "description": "A private speech server: Piper voices over OpenAI's text-to-speech API.",
            "endpoints": sorted({rule.rule for rule in app.url_map.iter_rules()}),
        }

    @app.get("/v1/models")
    def list_models() -> dict[str, Any]:
        return listings.model_entries()

    @app.get("/v1/models/<model_id>")
    def show_model(model_id: str) -> dict[str, Any]:
        return listings.model_entry(model_id)

    @app.get("/v1/audio/models")
    def list_model_names() -> dict[str, Any]:
        return {"models": listings.model_names()}


def _add_voices(app: Flask, voices: Voices, speech: Speech) -> None:
    @app.get("/v1/voices")
    def list_voices() -> dict[str, Any]:
        return {"voices": listings.voice_entries(voices, speech.loaded.voices, language=request.args.get("language"))}

    @app.get("/v1/audio/voices")
    def list_voice_names() -> dict[str, Any]:
        return {"voices": listings.voice_names(voices)}


def _add_store(app: Flask, store: VoiceStore) -> None:
    @app.post("/v1/voices/<voice_id>")
    def fetch_voice(voice_id: str) -> tuple[dict[str, Any], int]:
        return store.fetch(voice_id, has_left=request.environ.get("waitress.client_disconnected", lambda: False))

    app.add_url_rule("/v1/voices/<voice_id>", view_func=store.remove, methods=["DELETE"])


def _add_description(app: Flask, document: Mapping[str, Any]) -> None:
    page = load_page()

    @app.get("/openapi.json")
    def describe() -> Mapping[str, Any]:
        return document

    @app.get("/docs")
    def show_docs() -> Response:
        return Response(page.html, mimetype="text/html", headers=page.headers)


def _add_probes(app: Flask, probes: Probes, keys: Keys) -> None:
    app.add_url_rule("/health", view_func=probes.health)
    app.add_url_rule("/live", view_func=probes.live)
    app.add_url_rule("/ready", view_func=probes.ready)
    app.add_url_rule("/v1/cache", view_func=probes.cache)

    @app.delete("/v1/cache")
    def clear_cache() -> dict[str, Any]:
        if not keys.are_required and not is_loopback(request.remote_addr or ""):
            raise Forbidden("Without API keys, this is only possible from the machine itself")
        return probes.clear_cache()

    @app.get("/metrics")
    def show_metrics() -> Response:
        text, content_type = probes.metrics.exposition(request.headers.get("Accept", ""))
        return Response(text, content_type=content_type)


def _add_gate(app: Flask, keys: Keys, limit: str | None, speech_paths: Collection[str]) -> None:
    # Most services have neither, and start without what it takes.
    from hailo_piper.listeners.http.guards import Gate

    gate = Gate(keys, limit, speech_paths)

    @app.before_request
    def check_caller() -> None:
        caller = request.method, request.path, request.headers.get("Authorization"), request.remote_addr or ""
        gate.check_key(*caller)
        g.counted = counted = gate.count(*caller)
        if counted is not None and counted.refusal is not None:
            raise counted.refusal

    @app.after_request
    def tell_limit(response: Response) -> Response:
        counted = g.get("counted")
        response.headers.update(counted.headers if counted else {})
        return response
