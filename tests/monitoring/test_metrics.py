"""What /metrics exports, and what docs/operating.md says of it; tests/clients has what Prometheus makes of both."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import prometheus_client
import pytest
from flask import Flask
from prometheus_client import CollectorRegistry, generate_latest

from hailo_piper.monitoring.exposition import expose
from hailo_piper.monitoring.metrics import Metrics
from tests.support import ROOT

MONITORING = ROOT / "deploy" / "monitoring"
RULES = MONITORING / "hailo-piper.rules.yml"
SPEECH = "/v1/audio/speech"


def samples(text: str) -> dict[str, float]:
    """Series to value, out of an exposition."""
    lines = (line.rpartition(" ") for line in text.splitlines() if line and not line.startswith("#"))
    return {series: float(value) for series, _, value in lines}


def exported(app: Flask) -> list[str]:
    text = app.test_client().get("/metrics").get_data(as_text=True)
    return re.findall(r"^# TYPE (\S+)", text, flags=re.MULTILINE)


def test_the_page_for_operators_lists_what_is_exported(app: Flask) -> None:
    section = (ROOT / "docs" / "operating.md").read_text().partition("\n## Metrics")[2].partition("\n#")[0]
    listed = re.findall(r"^\| `(\w+)`", section, flags=re.MULTILINE)
    assert sorted(listed) == sorted(exported(app))


@pytest.mark.parametrize("path", [RULES, MONITORING / "grafana-dashboard.json"])
def test_alerts_and_dashboard_name_what_is_exported(app: Flask, path: Path) -> None:
    named = set(re.findall(r"\b(?:hailo_piper|process)_\w+", path.read_text()))
    known = {f"{name}{suffix}" for name in exported(app) for suffix in ("", "_bucket", "_sum", "_count")}
    assert named
    assert named <= known


def test_every_panel_of_the_dashboard_has_a_query_and_a_place() -> None:
    dashboard = json.loads((MONITORING / "grafana-dashboard.json").read_text())
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in dashboard["panels"]]
    assert len(places) == len(set(places)) > 10
    assert all(target["expr"] for panel in dashboard["panels"] for target in panel["targets"])
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(places)


def test_requests_are_counted_by_door_format_and_outcome(app: Flask) -> None:
    client = app.test_client()
    assert client.post(SPEECH, json={"input": "Hello."}).data
    assert client.post(SPEECH, json={"input": "Hello.", "response_format": "pcm"}).data
    client.post(SPEECH, json={"input": "Hello.", "response_format": "x" * 50})
    client.post(SPEECH, json={"input": "Hello.", "voice": "nobody"})
    client.post(SPEECH, data="{", content_type="text/plain")
    client.get("/v1/voices")
    values = samples(client.get("/metrics").get_data(as_text=True))
    counted = {series: value for series, value in values.items() if series.startswith("hailo_piper_requests_total")}
    assert counted == {
        'hailo_piper_requests_total{format="wav",listener="http",outcome="ok"}': 1,
        'hailo_piper_requests_total{format="pcm",listener="http",outcome="ok"}': 1,
        'hailo_piper_requests_total{format="none",listener="http",outcome="invalid_request"}': 1,
        'hailo_piper_requests_total{format="none",listener="http",outcome="voice_not_found"}': 1,
        'hailo_piper_requests_total{format="none",listener="http",outcome="unsupported_media_type"}': 1,
    }
    assert values['hailo_piper_first_audio_seconds_count{listener="http"}'] == 2
    assert values["hailo_piper_audio_seconds_count"] == values["hailo_piper_real_time_factor_count"] == 2
    assert values["hailo_piper_audio_seconds_sum"] > values["hailo_piper_synthesis_seconds_sum"] > 0


def test_the_state_is_shown_as_it_is(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    performance = {"cache_enabled": True, "cache_directory": str(tmp_path), "worker_threads": 3, "max_queue": 4}
    app = make_app({"performance": performance})
    client = app.test_client()
    for _ in range(3):
        assert client.post(SPEECH, json={"input": "Hello."}).data
    values = samples(client.get("/metrics").get_data(as_text=True))
    expected = {
        "hailo_piper_ready": 1, "hailo_piper_speaking": 0, "hailo_piper_waiting": 0, "hailo_piper_queue_depth": 0,
        "hailo_piper_queue_limit": 7, "hailo_piper_cache_entries": 1, "hailo_piper_cache_hits_total": 2,
        "hailo_piper_cache_misses_total": 1,
    }  # fmt: skip
    assert {name: values[name] for name in expected} == expected
    assert values["hailo_piper_cache_bytes"] > 0
    assert values["process_resident_memory_bytes"] > 1e7
    assert client.get("/v1/cache").get_json()["hit_rate"] == pytest.approx(2 / 3, abs=1e-4)
    assert client.delete("/v1/cache").get_json() == {"deleted": 1}
    assert samples(client.get("/metrics").get_data(as_text=True))["hailo_piper_cache_entries"] == 0


def test_clients_cannot_make_series(app: Flask) -> None:
    client = app.test_client()

    def series() -> int:
        return len(samples(client.get("/metrics").get_data(as_text=True)))

    client.post(SPEECH, json={"input": "Hello.", "voice": "nobody"})
    before = series()
    for number in range(50):
        client.post(SPEECH, json={"input": f"{number}", "voice": f"nobody-{number}", "model": f"model-{number}"})
    assert series() == before


def test_every_app_has_its_own_registry() -> None:
    one, other = Metrics(), Metrics()
    one.refused("http", "busy")
    assert 'outcome="busy"' in expose(one, "")[0].decode()
    assert 'outcome="busy"' not in expose(other, "")[0].decode()


def test_what_is_counted_before_the_first_scrape_is_not_lost() -> None:
    asked, many = Metrics(), Metrics()
    asked.refused("http", "busy")
    expose(asked, "")
    asked.refused("http", "busy")
    for _ in range(200):
        many.refused("http", "busy")
    for metrics, count in ((asked, 2), (many, 200)):
        name = 'hailo_piper_requests_total{format="none",listener="http",outcome="busy"}'
        assert samples(expose(metrics, "")[0].decode())[name] == count


def test_counting_imports_nothing_of_prometheus() -> None:
    program = (
        "import sys\n"
        "import hailo_piper.server, hailo_piper.listeners.http.app, hailo_piper.listeners.http.server.listener\n"
        "from hailo_piper.monitoring.metrics import Metrics\n"
        "Metrics().refused('http', 'busy')\n"
        "assert 'prometheus_client' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_buckets_are_those_that_prometheus_would_fill() -> None:
    metrics, registry = Metrics(), CollectorRegistry()
    known = prometheus_client.Histogram("known", "", registry=registry, buckets=metrics.counts.audio.bounds)
    for seconds in (0, 0.49, 0.5, 0.51, 1, 29.9, 600, 601):
        metrics.spoken("http", "wav", "ok", first_audio_seconds=1, synthesis_seconds=1, audio_seconds=seconds)
        known.observe(seconds)
    expected = samples(generate_latest(registry).decode())
    values = samples(expose(metrics, "")[0].decode())
    for series, value in expected.items():
        if "_created" not in series:
            assert values[series.replace("known", "hailo_piper_audio_seconds")] == value
