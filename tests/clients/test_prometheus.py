"""Prometheus: its own tool and its server read what we export, and our rules."""

import shutil
import socket
import subprocess
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.clients.conftest import Service
from tests.monitoring.test_metrics import MONITORING, RULES, SPEECH
from tests.support.client import get, post, wait_until

RULE_TESTS = MONITORING / "hailo-piper.rules.test.yml"


def run(*command: object, text: str | None = None) -> "subprocess.CompletedProcess[str]":
    assert shutil.which("promtool"), "these tests need Prometheus: sudo apt-get install prometheus"
    return subprocess.run([str(part) for part in command], input=text, capture_output=True, text=True, check=False)


def test_promtool_accepts_what_is_exported(service: Service) -> None:
    for body in ({"input": "Hello."}, {"input": ""}):
        post(service.port, SPEECH, body)
    answer = get(service.port, "/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain")
    check = run("promtool", "check", "metrics", text=answer.data.decode())
    # Lint names what it would like otherwise on standard error; there is to be nothing.
    assert (check.returncode, check.stderr) == (0, "")


@pytest.mark.parametrize(
    "arguments", [("check", "rules", RULES), ("test", "rules", RULE_TESTS),
                  ("check", "config", MONITORING / "prometheus.yml")],
)  # fmt: skip
def test_promtool_accepts_rules_and_configuration(arguments: tuple[object, ...]) -> None:
    check = run("promtool", *arguments)
    assert check.returncode == 0, check.stdout + check.stderr


@contextmanager
def prometheus(target: int, directory: Path) -> Iterator[Callable[[str], Any]]:
    """A real Prometheus that scrapes us and has our rules; yields a function that asks its HTTP API."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config = (MONITORING / "prometheus.yml").read_text()
    config = config.replace("raspberrypi.local:5003", f"127.0.0.1:{target}").replace("15s", "200ms")
    (directory / "prometheus.yml").write_text(config)
    shutil.copy(RULES, directory)
    command = [
        "prometheus", f"--config.file={directory}/prometheus.yml", f"--storage.tsdb.path={directory}/data",
        f"--web.listen-address=127.0.0.1:{port}", "--log.level=error",
    ]  # fmt: skip
    with subprocess.Popen(command, cwd=directory, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:

        def is_ready() -> bool:
            try:
                return get(port, "/-/ready").status_code == 200
            except OSError:
                return False

        try:
            wait_until(is_ready, timeout_seconds=30)
            yield lambda path: get(port, f"/api/v1/{path}").get_json()["data"]
        finally:
            process.terminate()


def test_a_real_prometheus_shows_our_series(service: Service, tmp_path: Path) -> None:
    assert post(service.port, SPEECH, {"input": "Hello."}).status_code == 200
    with prometheus(service.port, tmp_path) as ask:

        def value(expression: str) -> float | None:
            result = ask(f"query?query={urllib.parse.quote(expression)}")["result"]
            return float(result[0]["value"][1]) if result else None

        wait_until(lambda: value('up{job="hailo-piper"}') == 1.0, timeout_seconds=30)
        wait_until(lambda: (value('hailo_piper_requests_total{listener="http",format="wav",outcome="ok"}') or 0) >= 1)
        assert value("hailo_piper_ready") == 1
        assert value("histogram_quantile(0.5, hailo_piper_first_audio_seconds_bucket)") is not None
        assert (value("process_resident_memory_bytes{job='hailo-piper'}") or 0) > 1e8
        targets = ask("targets")["activeTargets"]
        assert [target["lastError"] for target in targets] == [""]
        rules = [rule for group in ask("rules")["groups"] for rule in group["rules"]]
        assert len(rules) == 8
        wait_until(lambda: all(rule["health"] != "err" for group in ask("rules")["groups"] for rule in group["rules"]))
