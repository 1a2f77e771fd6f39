"""The traced app gives each request a span, which ends with the last byte of its answer.

Flask's own instrumentation would end it before the first byte: an answer is streamed after the app has returned. It
ends, too, when the client leaves.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from hailo_piper.errors import AbandonedError
from hailo_piper.monitoring import logs
from hailo_piper.monitoring.tracing import NO_SPAN, Span, Tracer

_SPAN = "speech.span"
_UNTRACED = frozenset(["/live", "/ready", "/health", "/metrics"])
"""Paths that machines ask every few seconds."""
_METHODS = frozenset(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"])
_OTHER_METHOD = "HTTP", "_OTHER"
"""The name and the attribute that OpenTelemetry gives to any other method, so that strangers cannot invent names."""

Environ = dict[str, Any]
StartResponse = Callable[..., Callable[[bytes], object]]
App = Callable[[Environ, StartResponse], Iterable[bytes]]


def span_of(environ: Environ) -> Span:
    """Return the span of a request, to which steps become children."""
    span: Span = environ.get(_SPAN, NO_SPAN)
    return span


class TracedApp:
    """A WSGI app around another one."""

    def __init__(self, app: App, tracer: Tracer) -> None:
        self._app = app
        self._tracer = tracer

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        if environ["PATH_INFO"] in _UNTRACED:
            return self._app(environ, start_response)
        method = environ["REQUEST_METHOD"]
        name, method = (method, method) if method in _METHODS else _OTHER_METHOD
        headers = {
            name.removeprefix("HTTP_").replace("_", "-").lower(): value
            for name, value in environ.items()
            if name in {"HTTP_TRACEPARENT", "HTTP_TRACESTATE"}
        }
        span = environ[_SPAN] = self._tracer.begin(name, headers)
        span.note({"http.request.method": method, "url.scheme": environ["wsgi.url_scheme"]})
        logs.trace_id.set(span.traceparent.split("-")[1])

        def start(status: str, response_headers: list[tuple[str, str]], *more: object) -> Callable[[bytes], object]:
            span.note({"http.response.status_code": int(status.split(maxsplit=1)[0])})
            if status.startswith("5"):
                span.fail(status.split(maxsplit=1)[0])
            return start_response(status, [*response_headers, ("traceparent", span.traceparent)], *more)

        try:
            return _TracedBody(self._app(environ, start), span)
        except BaseException as error:
            _end(span, error)
            raise


class _TracedBody:
    """The bytes of an answer, which the server reads and then closes."""

    def __init__(self, body: Iterable[bytes], span: Span) -> None:
        self._body = body
        self._span = span

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._body
        except AbandonedError:
            # A client that leaves is an outcome, no error.
            raise
        except Exception as error:
            self._span.fail(type(error).__name__)
            raise

    def close(self) -> None:
        """Close the answer, and end its span."""
        try:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
        finally:
            _end(self._span, None)


def _end(span: Span, error: BaseException | None) -> None:
    if error is not None:
        span.fail(type(error).__name__)
    span.end()
    # The next request on this thread may not be traced.
    logs.trace_id.set(None)
