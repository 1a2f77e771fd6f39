"""These routes answer probes and operators: health, cache, metrics and configuration."""

from dataclasses import asdict
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import Forbidden

from hailo_piper import __version__
from hailo_piper.errors import NotReadyError
from hailo_piper.listeners.keys import is_from_machine, is_loopback
from hailo_piper.listeners.service import Service


def add_probes(app: Flask, service: Service) -> None:
    """Route the probes and the metrics."""

    @app.get("/live")
    def live() -> dict[str, Any]:
        return {"status": "alive"}

    @app.get("/ready")
    def ready() -> dict[str, Any]:
        state = service.health.state
        if not service.health.is_ready():
            raise NotReadyError(state)
        return {"status": state}

    @app.get("/health")
    def health() -> tuple[dict[str, Any], int]:
        return _facts(service), 200 if service.health.speaks() else 503

    @app.get("/metrics")
    def show_metrics() -> Response:
        # Its import would delay the first answer after a start.
        from hailo_piper.monitoring.exposition import expose

        text, content_type = expose(service.metrics, request.headers.get("Accept", ""))
        return Response(text, content_type=content_type)


def add_cache(app: Flask, service: Service) -> None:
    """Route the statistics of the cache, and the request that clears it."""

    @app.get("/v1/cache")
    def show_cache() -> dict[str, Any]:
        statistics = service.cache.statistics
        return {**asdict(statistics), "hit_rate": round(statistics.hit_rate, 4)}

    @app.delete("/v1/cache")
    def clear_cache() -> dict[str, Any]:
        if not service.callers.need_keys and not is_loopback(request.remote_addr or ""):
            raise Forbidden("Without API keys, this is only possible from the machine itself")
        return {"deleted": service.cache.clear()}


def add_config(app: Flask, service: Service) -> None:
    """Route the configuration in force."""

    @app.get("/v1/config")
    def show_config() -> dict[str, Any]:
        if not service.callers.need_keys and not is_from_machine(request.remote_addr or "", request.headers.get):
            raise Forbidden("Without API keys, this is only possible from the machine itself, and not through a proxy")
        # Few ask, so the start does not wait for this import.
        from hailo_piper.listeners.http.config_listing import settings_in_force

        return {"settings": settings_in_force(service.config)}


def _facts(service: Service) -> dict[str, Any]:
    """Return the state of the service at a glance, as /health shows it."""
    voice, admission = service.voices.default, service.admission
    return {
        "status": "healthy" if service.health.state == "ready" else service.health.state,
        "service": "hailo-piper",
        "version": __version__,
        "uptime_seconds": round(service.health.uptime_seconds, 1),
        "model_loaded": True,
        "model_info": {
            "model_path": str(voice.model_path),
            "engine": voice.engine,
            "sample_rate": voice.sample_rate,
            "num_speakers": voice.num_speakers,
            "language": voice.language,
        },
        "loaded_voices": sorted(voice.id for voice in service.loaded.voices),
        "speaking": admission.speaking,
        "queue_depth": admission.waiting,
        "cache_entries": service.cache.statistics.entries,
    }
