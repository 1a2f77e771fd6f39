"""The names that dashboards and log searches hold on to: what 1.0.0 had stays until 2.0.0 (docs/upgrading.md)."""

import logging
import re

import pytest
from flask import Flask

from tests.support import ROOT

METRICS = {
    "hailo_piper_requests_total", "hailo_piper_first_audio_seconds", "hailo_piper_synthesis_seconds",
    "hailo_piper_audio_seconds", "hailo_piper_real_time_factor", "hailo_piper_ready", "hailo_piper_speaking",
    "hailo_piper_waiting", "hailo_piper_queue_depth", "hailo_piper_queue_limit", "hailo_piper_utilization",
    "hailo_piper_lateness_seconds", "hailo_piper_busy_seconds_total", "hailo_piper_cache_entries",
    "hailo_piper_cache_bytes", "hailo_piper_engine_requests_total", "hailo_piper_fallbacks_total",
    "hailo_piper_audio_quality_score", "hailo_piper_engine_failures_total", "hailo_piper_cache_hits_total",
    "hailo_piper_cache_misses_total", "hailo_piper_works", "hailo_piper_voice_load_seconds", "hailo_piper_build_info",
}  # fmt: skip
LABELS = {
    "hailo_piper_requests_total": {"listener", "format", "outcome"},
    "hailo_piper_first_audio_seconds_count": {"listener"},
    "hailo_piper_engine_requests_total": {"engine", "outcome"},
    "hailo_piper_voice_load_seconds": {"voice"},
    "hailo_piper_build_info": {"version", "python", "machine"},
}
FIELDS = {
    "speech": {
        "listener", "voice", "engine", "response_format", "characters", "cached", "audio_seconds", "synthesis_seconds",
        "first_audio_seconds", "outcome",
    },
    "refused": {"listener", "method", "path", "outcome", "status"},
}  # fmt: skip


def test_metrics_keep_their_names_and_labels(app: Flask) -> None:
    client = app.test_client()
    assert client.post("/v1/audio/speech", json={"input": "Hello."}).data
    text = client.get("/metrics").get_data(as_text=True)
    assert set(re.findall(r"^# TYPE (\S+)", text, flags=re.MULTILINE)) >= METRICS
    for name, labels in LABELS.items():
        series = re.search(rf"^{name}\{{(.*?)\}} ", text, flags=re.MULTILINE)
        assert series, name
        assert set(re.findall(r'(\w+)="', series[1])) >= labels, name


def test_log_lines_keep_their_fields_and_the_page_lists_them(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    client = app.test_client()
    assert client.post("/v1/audio/speech", json={"input": "Hello."}).data
    client.post("/v1/audio/speech", json={"input": ""})
    lines = {record.message: set(record.__dict__["fields"]) for record in caplog.records if "fields" in record.__dict__}
    section = (ROOT / "docs" / "operating.md").read_text().partition("\n## Logs")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.+?) \|", section, flags=re.MULTILINE)
    listed = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    for message, fields in FIELDS.items():
        assert lines[message] >= fields
        assert lines[message] <= listed
