"""The Flask factory registers routes and error handlers, and holds no logic."""

import logging
from collections.abc import Collection
from functools import cache, partial
from typing import Any

from flask import Flask, Response, g, request

from hailo_piper.errors import BusyError
from hailo_piper.listeners.callers import Callers
from hailo_piper.listeners.http import caption_routes, listings, text_routes
from hailo_piper.listeners.http.batch_routes import add_batches
from hailo_piper.listeners.http.cors import Cors
from hailo_piper.listeners.http.error_handlers import LONGEST_METHOD, add_error_handlers
from hailo_piper.listeners.http.file_routes import add_files
from hailo_piper.listeners.http.gate import Gate, limit_headers
from hailo_piper.listeners.http.job_routes import add_jobs, jobs_dialect
from hailo_piper.listeners.http.kept_work import BATCHES, JOBS
from hailo_piper.listeners.http.lexicon_routes import add_lexicon
from hailo_piper.listeners.http.operator_routes import add_cache, add_config, add_probes
from hailo_piper.listeners.http.pages import add_description, add_pages, needs_no_key
from hailo_piper.listeners.http.speech_routes import add_speech, speech_dialects
from hailo_piper.listeners.http.traced_app import span_of
from hailo_piper.listeners.http.vendor_routes import SPEECH_PATHS, add_vendors
from hailo_piper.listeners.http.voice_routes import add_installer, add_voices, forbid_changes
from hailo_piper.listeners.keys import authorization_of
from hailo_piper.listeners.port import max_message_bytes
from hailo_piper.listeners.service import Service
from hailo_piper.monitoring import logs
from hailo_piper.monitoring.metrics import Metrics

logger = logging.getLogger(__name__)

_LONGEST_PATH = 200
"""Characters of a path that log lines show."""
_EXPECTED = {BusyError.code, "starting", "draining"}
"""Codes of 5xx refusals that are not failures: a probe at the start, or a client at a busy time, gets them."""


def create_app(service: Service) -> Flask:
    """Build the Flask app around a service."""
    config, callers = service.config, service.callers
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = max_message_bytes(config)
    # A path with a doubled slash inside is unknown; waitress drops doubled slashes at its start. A redirect would be an
    # HTML page, and lose a POST's body.
    app.url_map.merge_slashes = False
    app.json.sort_keys = False  # type: ignore[attr-defined]
    dialects = speech_dialects(service.voices.names)
    captions = caption_routes.captions_dialects(service.voices.names)
    _add_request_ids(app, service.metrics)
    _add_cors(app, Cors(config.server.cors_origins))
    add_error_handlers(app, can_change_voices=callers.need_keys)
    if callers.need_keys or callers.are_limited:
        _add_gate(app, callers, {*dialects, text_routes.PATH, *captions, *SPEECH_PATHS, BATCHES, JOBS})
    add_speech(app, service.speech, dialects)
    caption_routes.add_captions(app, service, captions)
    add_vendors(app, service)
    text_routes.add_text(app, service.explain, dialects["/v1/synthesize"])
    add_pages(app)
    _add_listings(app)
    add_voices(app, service)
    if callers.need_keys:
        add_installer(app, service)
    else:
        forbid_changes(app)
    add_probes(app, service)
    add_cache(app, service)
    add_config(app, service)
    add_lexicon(app, service)
    add_files(app, service)
    add_batches(app, service)
    jobs = cache(partial(jobs_dialect, service.voices.names))
    add_jobs(app, service, jobs)
    add_description(app, {**dialects, **captions}, jobs)
    return app


def _add_request_ids(app: Flask, metrics: Metrics) -> None:
    @app.before_request
    def choose_request_id() -> None:
        logs.request_id.set(logs.choose_request_id(request.headers.get("X-Request-Id", "")))

    @app.after_request
    def show_request_id(response: Response) -> Response:
        response.headers["X-Request-Id"] = logs.request_id.get()
        code = g.get("error_code")
        span = span_of(request.environ)
        if request.url_rule is not None:
            span.name(f"{request.method} {request.url_rule.rule}")
            span.note({"http.route": request.url_rule.rule, "url.path": request.path[:_LONGEST_PATH]})
        span.note({"speech.request_id": logs.request_id.get()})
        if code is not None:
            span.note({"error.type": code, "speech.outcome": code})
            if response.status_code >= 500:
                span.fail(code)
            level = logging.INFO if response.status_code < 500 or code in _EXPECTED else logging.ERROR
            method, path = request.method[:LONGEST_METHOD], request.path[:_LONGEST_PATH]
            fields = {"listener": "http", "method": method, "path": path, "outcome": code}
            logger.log(level, "refused", extra={"fields": {**fields, "status": response.status_code}})
            if request.method == "POST" and not request.path.startswith("/v1/voices/"):
                metrics.refused("http", code)
        return response


def _add_cors(app: Flask, cors: Cors) -> None:
    @app.after_request
    def allow_origins(response: Response) -> Response:
        headers = cors.headers(request.headers.get)
        # An answer may depend on more than the origin.
        response.vary.update(filter(None, [headers.pop("Vary", None)]))
        response.headers.update(headers)
        if request.method == "OPTIONS":
            response.headers.update(cors.preflight_headers(request.headers.get))
        return response


def _add_listings(app: Flask) -> None:
    @app.get("/v1/models")
    def list_models() -> dict[str, Any]:
        return listings.model_entries()

    @app.get("/v1/models/<model_id>")
    def show_model(model_id: str) -> dict[str, Any]:
        return listings.model_entry(model_id)

    @app.get("/v1/audio/models")
    def list_model_names() -> dict[str, Any]:
        return {"models": listings.model_names()}


def _add_gate(app: Flask, callers: Callers, speech_paths: Collection[str]) -> None:
    gate = Gate(callers, speech_paths)

    @app.before_request
    def check_caller() -> None:
        authorization, address = authorization_of(request.headers.get), request.remote_addr or ""
        if not needs_no_key(request):
            gate.check_key(request.method, request.path, authorization, address)
        endpoint = request.url_rule.rule if request.url_rule else ""
        g.counted = counted = gate.count(request.method, endpoint, authorization, address)
        if counted is not None and counted.refusal is not None:
            raise counted.refusal

    @app.after_request
    def show_limit(response: Response) -> Response:
        counted = g.get("counted")
        response.headers.update(limit_headers(counted) if counted else {})
        return response
