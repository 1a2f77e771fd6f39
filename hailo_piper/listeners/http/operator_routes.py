"""What probes and operators ask of a running service: its health, its cache and its metrics."""

from dataclasses import asdict
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import Forbidden

from hailo_piper import __version__
from hailo_piper.errors import NotReadyError
from hailo_piper.listeners.keys import is_loopback
from hailo_piper.listeners.service import Service


class Probes:
    """The parts of one service, for those who run it."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def health(self) -> tuple[dict[str, Any], int]:
        """Everything worth knowing at a glance, and 200, or 503 where the service cannot speak."""
        voice, admission = self._service.voices.default, self._service.admission
        is_ready = self._service.health.is_ready()
        facts = {
            "status": "healthy" if is_ready else self._service.health.state,
            "service": "hailo-piper",
            "version": __version__,
            "uptime_seconds": round(self._service.health.uptime_seconds, 1),
            "model_loaded": True,
            "model_info": {
                "model_path": str(voice.model_path),
                "sample_rate": voice.sample_rate,
                "num_speakers": voice.num_speakers,
                "language": voice.language,
            },
            "loaded_voices": sorted(voice.id for voice in self._service.loaded.voices),
            "speaking": admission.speaking,
            "queue_depth": admission.waiting,
            "cache_entries": self._service.cache.statistics.entries,
        }
        return facts, 200 if is_ready else 503

    def live(self) -> dict[str, Any]:
        """The process answers."""
        return {"status": "alive"}

    def ready(self) -> dict[str, Any]:
        """A request sent now would be spoken. Raises NotReadyError."""
        state = self._service.health.state
        if state != "ready":
            raise NotReadyError(state)
        return {"status": state}

    def cache(self) -> dict[str, Any]:
        """What the cache holds, and what it was good for since the start."""
        statistics = self._service.cache.statistics
        return {**asdict(statistics), "hit_rate": round(statistics.hit_rate, 4)}

    def clear_cache(self) -> dict[str, Any]:
        """Forget every sentence."""
        return {"deleted": self._service.cache.clear()}


def add_probes(app: Flask, service: Service) -> None:
    """Route probes, the cache and the metrics."""
    probes = Probes(service)
    app.add_url_rule("/health", view_func=probes.health)
    app.add_url_rule("/live", view_func=probes.live)
    app.add_url_rule("/ready", view_func=probes.ready)
    app.add_url_rule("/v1/cache", view_func=probes.cache)

    @app.delete("/v1/cache")
    def clear_cache() -> dict[str, Any]:
        if not service.keys.are_required and not is_loopback(request.remote_addr or ""):
            raise Forbidden("Without API keys, this is only possible from the machine itself")
        return probes.clear_cache()

    @app.get("/metrics")
    def show_metrics() -> Response:
        # Its import would delay the first answer after a start.
        from hailo_piper.monitoring.exposition import expose

        text, content_type = expose(service.metrics, request.headers.get("Accept", ""))
        return Response(text, content_type=content_type)
