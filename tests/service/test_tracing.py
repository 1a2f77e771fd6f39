"""Traces arrive at a collector as OpenTelemetry's own programs would send them."""

import asyncio
import http.client
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any

import pytest

from hailo_piper.audio.samples import AudioChunk
from hailo_piper.config.settings import Config
from hailo_piper.engine.stream import Stream
from hailo_piper.errors import BusyError, SynthesisError
from hailo_piper.monitoring.tracers import build_tracer
from hailo_piper.monitoring.tracing import MOST_SENTENCES, MOST_WITH_STEPS, NoTracer
from hailo_piper.server import Server
from hailo_piper.speech.admission import Admission
from tests.support.client import wait_until
from tests.support.collector import Collector, attributes_of, collecting, seconds
from tests.support.services import running
from tests.support.wyoming_client import port_of, serving, speak

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
TEXT = "This secret is the first sentence. And here comes another one."


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    with collecting() as collector:
        for name in [name for name in os.environ if name.startswith("OTEL_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{collector.port}")
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
        yield collector


@pytest.fixture
def traced(collector: Collector, tone_config: Config) -> Iterator[Server]:
    with running(tone_config) as server:
        assert collector.port
        yield server


def post(
    server: Server, body: dict[str, object], path: str = "/v1/audio/speech", **headers: str
) -> http.client.HTTPResponse:
    with closing(http.client.HTTPConnection("127.0.0.1", server.http.port, timeout=60)) as connection:
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        answer.read()
        return answer


def test_the_whole_tree_hangs_under_the_callers_span(traced: Server, collector: Collector) -> None:
    answer = post(traced, {"input": TEXT, "response_format": "mp3"}, traceparent=PARENT, **{"X-Request-Id": "mine"})
    wait_until(lambda: bool(collector.named("POST /v1/audio/speech")))
    (root,) = collector.named("POST /v1/audio/speech")
    assert root.trace_id.hex() == PARENT.split("-")[1]
    assert root.parent_span_id.hex() == PARENT.split("-")[2]
    assert answer.headers["traceparent"] == f"00-{root.trace_id.hex()}-{root.span_id.hex()}-01"
    sentence: tuple[str, list[object]] = ("sentence", [("phonemize", []), ("encode", []), ("first window", [])])
    names = [collector.tree(child) for child in collector.children(root)]
    assert sorted(names, key=str) == sorted(
        [("parse", []), ("plan", []), ("wait", []), ("voice", []), sentence, sentence, ("encode", [])], key=str
    )
    found = attributes_of(root)
    assert found["http.response.status_code"] == 200
    assert found["http.route"] == "/v1/audio/speech"
    assert found["url.path"] == "/v1/audio/speech"
    assert found["speech.request_id"] == "mine"
    assert found["speech.response_format"] == "mp3"
    assert found["speech.characters"] == len(TEXT)
    assert found["speech.outcome"] == "ok"
    assert [event.name for event in root.events] == ["first audio"]
    for child in (span for span in collector.spans if span.trace_id == root.trace_id):
        assert root.start_time_unix_nano <= child.start_time_unix_nano
        assert child.end_time_unix_nano <= root.end_time_unix_nano
    assert collector.resource["service.name"] == "hailo-piper"


def test_no_span_holds_a_text(traced: Server, collector: Collector) -> None:
    post(traced, {"input": TEXT})
    post(traced, {"input": TEXT, "voice": "none such"})
    wait_until(lambda: len(collector.named("POST /v1/audio/speech")) == 2)
    assert all(b"secret" not in body for body in collector.bodies)


def test_a_span_ends_with_the_last_byte(traced: Server, collector: Collector) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", traced.http.port, timeout=60)) as connection:
        body = json.dumps({"input": "A long sentence goes on. " * 150, "response_format": "pcm"})
        started = time.monotonic()
        connection.request("POST", "/v1/audio/speech", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read(1)
        first = time.monotonic() - started
        assert not collector.named("POST /v1/audio/speech")
        answer.read()
        whole = time.monotonic() - started
    wait_until(lambda: bool(collector.named("POST /v1/audio/speech")))
    (root,) = collector.named("POST /v1/audio/speech")
    assert first < seconds(root) <= whole + 0.5


def test_a_book_has_a_trace_that_ends(traced: Server, collector: Collector) -> None:
    post(traced, {"input": "A short one. " * 20, "response_format": "pcm"})
    wait_until(lambda: bool(collector.named("POST /v1/audio/speech")))
    (root,) = collector.named("POST /v1/audio/speech")
    sentences = [span for span in collector.children(root) if span.name == "sentence"]
    in_order = sorted(sentences, key=lambda span: span.start_time_unix_nano)
    assert [len(collector.children(span)) for span in in_order] == [3] * MOST_WITH_STEPS + [0] * (
        MOST_SENTENCES - MOST_WITH_STEPS
    )
    assert all(attributes_of(span)["speech.windows"] for span in sentences)


@pytest.mark.parametrize(
    ("body", "path", "expected"),
    [
        ({"input": ""}, "/v1/audio/speech", ("POST /v1/audio/speech", 400, "invalid_request")),
        ({"input": "a", "voice": "none"}, "/v1/audio/speech", ("POST /v1/audio/speech", 400, "voice_not_found")),
        ({}, "/no/such/path", ("POST", 404, "not_found")),
    ],
)
def test_a_refusal_is_a_span_with_its_code(
    traced: Server, collector: Collector, body: dict[str, object], path: str, expected: tuple[str, int, str]
) -> None:
    name, status, error = expected
    answer = post(traced, body, path)
    wait_until(lambda: bool(collector.named(name)))
    found = attributes_of(collector.named(name)[0])
    assert (answer.status, found["http.response.status_code"], found["error.type"]) == (status, status, error)
    assert answer.headers["traceparent"].split("-")[2] == collector.named(name)[0].span_id.hex()
    # What the client did wrong is no failure of the service.
    assert collector.named(name)[0].status.code == 0


def test_a_client_that_leaves_is_an_outcome(traced: Server, collector: Collector) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", traced.http.port, timeout=60)) as connection:
        body = json.dumps({"input": "A long sentence goes on. " * 190, "response_format": "wav"})
        connection.request("POST", "/v1/audio/speech", body, {"Content-Type": "application/json"})
        connection.getresponse().read(1)
    wait_until(lambda: bool(collector.named("POST /v1/audio/speech")))
    (root,) = collector.named("POST /v1/audio/speech")
    assert attributes_of(root)["speech.outcome"] == "client_left"
    assert root.status.code == 0


def test_probes_are_not_traced(traced: Server, collector: Collector) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", traced.http.port, timeout=60)) as connection:
        for path in ("/health", "/live", "/ready", "/metrics", "/v1/voices"):
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            assert (answer.headers["traceparent"] is None) == (path != "/v1/voices")
    wait_until(lambda: bool(collector.named("GET /v1/voices")))
    assert len(collector.spans) == 1


def test_wyoming_is_traced(collector: Collector, tone_config: Config) -> None:
    with serving(tone_config) as server:
        asyncio.run(speak(port_of(server), "Hello there."))
    (root,) = collector.named("wyoming synthesize")
    names = {span.name for span in collector.children(root)}
    assert names == {"plan", "wait", "voice", "sentence", "encode"}


def test_log_lines_carry_the_trace(traced: Server, collector: Collector, capfd: pytest.CaptureFixture[str]) -> None:
    from hailo_piper.monitoring import logs

    logs.configure(level="INFO", style="json")
    post(traced, {"input": "Hello."}, traceparent=PARENT)
    post(traced, {"input": ""}, traceparent=PARENT)
    wait_until(lambda: len(collector.named("POST /v1/audio/speech")) == 2)
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    told = [line["trace_id"] for line in lines if line["message"] in {"speech", "refused"}]
    assert told == [PARENT.split("-")[1]] * 2


def test_a_caller_that_is_not_sampled_costs_no_spans(traced: Server, collector: Collector) -> None:
    answer = post(traced, {"input": "Hello."}, traceparent=PARENT[:-2] + "00")
    post(traced, {"input": "Hello."})
    wait_until(lambda: bool(collector.named("POST /v1/audio/speech")))
    assert PARENT.split("-")[1] not in {span.trace_id.hex() for span in collector.spans}
    assert answer.headers["traceparent"].startswith(f"00-{PARENT.split('-')[1]}-")


@pytest.mark.usefixtures("collector")
def test_a_collector_that_is_away_holds_nothing_up(
    tone_config: Config, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    with running(tone_config) as server:
        for _ in range(5):
            assert post(server, {"input": "Hello."}).status == 200
        started = time.monotonic()
    assert time.monotonic() - started < 10
    told = [record for record in caplog.records if record.name.startswith("opentelemetry")]
    assert len(told) <= 4


@pytest.mark.parametrize(
    ("environment", "warning"),
    [
        ({}, ""),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, ""),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_SDK_DISABLED": "TRUE"}, ""),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_TRACES_EXPORTER": "none"}, ""),
        (
            {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_TRACES_EXPORTER": "console"},
            "no traces are sent: OTEL_TRACES_EXPORTER is console; allowed: otlp, none",
        ),
        (
            {"OTEL_EXPORTER_OTLP_ENDPOINT": "user:password@collector:4318"},
            "no traces are sent: OTEL_EXPORTER_OTLP_ENDPOINT must begin with http:// or https://",
        ),
        (
            {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
            "no traces are sent: OTEL_EXPORTER_OTLP_PROTOCOL is grpc; allowed: http/protobuf",
        ),
    ],
)
def test_without_a_collector_nothing_is_traced(
    environment: dict[str, str], warning: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert isinstance(build_tracer(environment), NoTracer)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == [warning] * bool(
        warning
    )


def test_without_the_extra_a_warning_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    monkeypatch.delitem(sys.modules, "hailo_piper.monitoring.opentelemetry", raising=False)
    assert isinstance(build_tracer({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:9/v1/traces"}), NoTracer)
    assert "pip install 'hailo-piper[tracing]'" in caplog.text


@pytest.mark.usefixtures("collector")
@pytest.mark.parametrize(
    ("name", "value", "warning"),
    [
        ("OTEL_BSP_MAX_QUEUE_SIZE", "-1", "max_queue_size must be a positive integer"),
        ("OTEL_ATTRIBUTE_COUNT_LIMIT", "x", "OTEL_ATTRIBUTE_COUNT_LIMIT must be"),
        ("OTEL_PROPAGATORS", "none_such", ""),
    ],
)
def test_a_variable_that_opentelemetry_refuses_stops_no_service(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, name: str, value: str, warning: str
) -> None:
    monkeypatch.setenv(name, value)
    with closing(build_tracer(os.environ)) as tracer:
        assert tracer.is_on == (warning == "")
    assert warning in caplog.text


@pytest.mark.usefixtures("collector")
def test_a_header_that_cannot_be_read_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "Bearer secret")
    with closing(build_tracer(os.environ)):
        pass
    assert "not shown" in caplog.text
    assert "secret" not in caplog.text


def test_an_answer_that_breaks_is_a_failure(
    traced: Server, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Stream.read

    def broken(self: Stream, sentence: int, **options: Any) -> Iterator[AudioChunk]:
        if sentence == 1:
            raise SynthesisError("Speech synthesis failed")
        yield from read(self, sentence, **options)

    monkeypatch.setattr(Stream, "read", broken)
    for stream_format in ("sse", "audio"):
        with suppress(http.client.HTTPException):
            post(traced, {"input": TEXT, "response_format": "pcm", "stream_format": stream_format})
    wait_until(lambda: len(collector.named("POST /v1/audio/speech")) == 2)
    for root in collector.named("POST /v1/audio/speech"):
        found = attributes_of(root)
        assert (root.status.code, found["http.response.status_code"]) == (2, 200)
        assert (found["error.type"], found["speech.outcome"]) == ("synthesis_failed", "failed")


def test_a_busy_service_is_a_failure_with_its_code(
    traced: Server, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise BusyError("The service is busy", retry_after_seconds=1)

    monkeypatch.setattr(Admission, "enter", full)
    assert post(traced, {"input": "Hello."}).status == 503
    wait_until(lambda: bool(collector.named("POST /v1/audio/speech")))
    (root,) = collector.named("POST /v1/audio/speech")
    found = attributes_of(root)
    assert (root.status.code, found["error.type"], found["speech.outcome"]) == (2, "busy", "busy")


def test_strangers_invent_no_names(traced: Server, collector: Collector) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", traced.http.port, timeout=60)) as connection:
        connection.request("SECRET", "/a/secret/path?of=secret")
        connection.getresponse().read()
        connection.request("HEAD", "/v1/voices")
        connection.getresponse().read()
    wait_until(lambda: bool(collector.named("HTTP")) and bool(collector.named("HEAD /v1/voices")))
    assert attributes_of(collector.named("HTTP")[0])["http.request.method"] == "_OTHER"
    assert all(b"secret" not in body.lower() for body in collector.bodies)


def test_a_service_that_is_not_traced_imports_nothing_of_it() -> None:
    program = (
        "import sys, hailo_piper.server, hailo_piper.listeners.http.app, hailo_piper.listeners.wyoming.listener\n"
        "from hailo_piper.monitoring.tracers import build_tracer\n"
        "build_tracer({})\n"
        "sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-P", "-c", program], check=False).returncode == 0
