"""A service that is traced, as a process of its own: what it sends, to whom, and how soon it stops."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.support.collector import attributes_of, collecting
from tests.support.raw_http import serving

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
CONNECTING = (
    "import sys\n"
    "def told(event, of):\n"
    "    if event == 'socket.connect' and isinstance(of[1], tuple): print('connects', *of[1][:2], file=sys.stderr)\n"
    "    if event == 'socket.getaddrinfo': print('looks up', of[0], file=sys.stderr)\n"
    "sys.addaudithook(told)\n"
    "from hailo_piper.__main__ import main\n"
    "sys.exit(main())\n"
)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("OTEL_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a collector that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def speak(port: int) -> http.client.HTTPResponse:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        body = json.dumps({"input": "Hello there.", "stream_format": "sse", "use_cache": False})
        headers = {"Content-Type": "application/json", "traceparent": PARENT}
        connection.request("POST", "/v1/audio/speech", body, headers)
        answer = connection.getresponse()
        assert b"speech.audio.done" in answer.read()
        return answer


def stop(process: "subprocess.Popen[str]") -> tuple[float, list[str]]:
    """Stop it; return how long that took, and its log."""
    started = time.monotonic()
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=60)
    assert process.returncode == 0, log
    return time.monotonic() - started, log.splitlines()


def test_a_stop_sends_what_is_left_and_nobody_else_is_contacted(monkeypatch: pytest.MonkeyPatch) -> None:
    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", f"http://127.0.0.1:{collector.port}/v1/traces")
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip")
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "3600000")
        monkeypatch.setenv("OTEL_SERVICE_NAME", "speaker")
        with serving(program=CONNECTING) as (process, port):
            answer = speak(port)
            assert not collector.spans
            _, log = stop(process)
        (root,) = collector.named("POST /v1/audio/speech")
        names = {span.name for span in collector.children(root)}
        assert names == {"parse", "plan", "wait", "voice", "sentence", "encode"}
        assert answer.headers["traceparent"].split("-")[1:3] == [root.trace_id.hex(), root.span_id.hex()]
        assert attributes_of(root)["speech.outcome"] == "ok"
        assert collector.resource["service.name"] == "speaker"
        told = {line for line in log if line.startswith(("connects", "looks up"))}
        # waitress looks up its default host, traced or not.
        assert told - {"looks up 0.0.0.0"} == {f"connects 127.0.0.1 {collector.port}", "looks up 127.0.0.1"}


def test_a_collector_that_never_answers_delays_no_stop(monkeypatch: pytest.MonkeyPatch, silent: int) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{silent}")
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
    with serving() as (process, port):
        for _ in range(5):
            assert speak(port).status == 200
        seconds, log = stop(process)
    assert seconds < 8
    assert len([line for line in log if "opentelemetry" in line]) <= 3


def test_what_is_not_sampled_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{collector.port}")
        monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
        with serving() as (process, port):
            answer = speak(port)
            _, log = stop(process)
        assert not collector.spans
    assert re.fullmatch(r"00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-00", answer.headers["traceparent"] or "")
    assert [line for line in log if PARENT.split("-")[1] in line]


def test_a_service_that_is_not_traced_sends_no_context() -> None:
    with serving() as (process, port):
        assert speak(port).headers["traceparent"] is None
        _, log = stop(process)
    assert not [line for line in log if "trace_id" in line]
