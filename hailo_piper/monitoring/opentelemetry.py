"""Spans go to a collector over OTLP and HTTP, as the standard OTEL_ variables say.

It is imported only where such a variable names a collector (`pip install 'hailo-piper[tracing]'`). Nothing else is
contacted, and no span holds a text or a key.
"""

import logging
import threading
import time
from collections.abc import Mapping
from typing import Any

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from hailo_piper import __version__
from hailo_piper.monitoring.tracing import NO_SPAN, Span

_W3C = TraceContextTextMapPropagator()
_CLOSING_SECONDS = 2.0
_REPEAT_SECONDS = 300.0
"""A collector that is away is reported once in this time."""


class OpenTelemetryTracer:
    """A tracer that sends spans in batches, on a thread of its own."""

    is_on = True

    def __init__(self) -> None:
        _say_rarely()
        ours = {"service.name": "hailo-piper", "service.version": __version__}
        # What OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say counts first.
        resource = Resource.create(ours).merge(OTELResourceDetector().detect())
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("hailo_piper", __version__)

    def begin(self, name: str, headers: Mapping[str, str]) -> Span:
        """Begin a request's span, under the parent that its headers name."""
        started = time.monotonic()
        span = self._tracer.start_span(name, _W3C.extract(headers), kind=SpanKind.SERVER)
        return _Recorded(self._tracer, span, time.time() - started)

    def close(self) -> None:
        """Send what is left, and end the thread; a collector that is away does not hold this up for long."""
        closing = threading.Thread(target=self._provider.shutdown, name="tracing", daemon=True)
        closing.start()
        closing.join(_CLOSING_SECONDS)


class _Recorded:
    """A span of OpenTelemetry."""

    def __init__(self, tracer: trace.Tracer, span: trace.Span, epoch: float) -> None:
        """`epoch`: seconds to add to time.monotonic for the time of day."""
        self._tracer = tracer
        self._span = span
        self._epoch = epoch
        self._has_failed = False
        self.is_recording = span.is_recording()
        context = span.get_span_context()
        self.traceparent = f"00-{context.trace_id:032x}-{context.span_id:016x}-{int(context.trace_flags):02x}"

    def child(self, name: str, *, started: float | None = None) -> Span:
        if not self.is_recording:
            return NO_SPAN
        context = trace.set_span_in_context(self._span)
        return _Recorded(
            self._tracer, self._tracer.start_span(name, context, start_time=self._nanoseconds(started)), self._epoch
        )

    def name(self, name: str) -> None:
        self._span.update_name(name)

    def note(self, attributes: Mapping[str, Any]) -> None:
        self._span.set_attributes({name: value for name, value in attributes.items() if value is not None})

    def event(self, name: str) -> None:
        self._span.add_event(name)

    def fail(self, error: str) -> None:
        # What failed first is the reason; the rest follows from it.
        if self._has_failed:
            return
        self._has_failed = True
        self._span.set_attribute("error.type", error)
        self._span.set_status(Status(StatusCode.ERROR, error))

    def end(self, *, ended: float | None = None) -> None:
        if self._span.is_recording():
            self._span.end(self._nanoseconds(ended))

    def __enter__(self) -> Span:
        return self

    def __exit__(self, *error: object) -> None:
        self.end()

    def _nanoseconds(self, monotonic: float | None) -> int | None:
        return None if monotonic is None else round((monotonic + self._epoch) * 1e9)


class _Rarely(logging.Filter):
    """Lets a message through that was not there for some minutes, without its traceback."""

    def __init__(self) -> None:
        super().__init__()
        self._next: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        now = time.monotonic()
        if now < self._next.get(record.name, 0.0):
            return False
        self._next[record.name] = now + _REPEAT_SECONDS
        record.exc_info = None
        return True


def _hide_values(record: logging.LogRecord) -> bool:
    record.args = tuple("(not shown)" for _ in record.args or ())
    return True


def _say_rarely() -> None:
    # It shows headers that it cannot read, and such a header may hold a key.
    logging.getLogger("opentelemetry.util.re").addFilter(_hide_values)
    rarely = _Rarely()
    for name in (
        "opentelemetry.exporter.otlp.proto.http.trace_exporter",
        "opentelemetry.exporter.otlp.common.http",
        "opentelemetry.exporter.otlp.proto.http._common",
        "opentelemetry.sdk._shared_internal",
    ):
        logging.getLogger(name).addFilter(rarely)
