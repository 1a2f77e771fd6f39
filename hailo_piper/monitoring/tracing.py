"""A span says when one step of a request began and ended; without a tracer, nothing is noted.

Code on the way of a request calls these methods whether somebody traces or not. `monitoring.opentelemetry` has the
spans that are sent to a collector; this module imports nothing of OpenTelemetry.
"""

import logging
import time
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

logger = logging.getLogger(__name__)

MOST_SENTENCES, MOST_WITH_STEPS = 5, 2
"""Sentences of a request that have a span, and those whose spans have children: together 2 ms of a processor."""


class Span(Protocol):
    """One step, and what is part of it. Thread-safe; times are time.monotonic seconds."""

    is_recording: bool
    """Whether anybody will see it."""

    traceparent: str
    """The W3C header that names it as a parent; empty if nobody traces."""

    def child(self, name: str, *, started: float | None = None) -> "Span":
        """Begin a step that is part of this one, now or at `started`."""

    def name(self, name: str) -> None:
        """Give it another name."""

    def note(self, attributes: Mapping[str, Any]) -> None:
        """Add attributes; None is left out. Never a text, never a key."""

    def event(self, name: str) -> None:
        """Mark this moment."""

    def fail(self, error: str) -> None:
        """Mark it as failed, unless it is. `error`: an error's code, or its type."""

    def end(self, *, ended: float | None = None) -> None:
        """End it, now or at `ended`; a second end has no effect."""

    def __enter__(self) -> "Span":
        """Return it."""

    def __exit__(self, *error: object) -> None:
        """End it, whatever happened."""


class NoSpan:
    """A step that nobody looks at."""

    is_recording = False
    traceparent = ""

    def child(self, name: str, *, started: float | None = None) -> Span:  # noqa: ARG002
        """Return this step."""
        return self

    def name(self, name: str) -> None:
        """Do nothing."""

    def note(self, attributes: Mapping[str, Any]) -> None:
        """Do nothing."""

    def event(self, name: str) -> None:
        """Do nothing."""

    def fail(self, error: str) -> None:
        """Do nothing."""

    def end(self, *, ended: float | None = None) -> None:
        """Do nothing."""

    def __enter__(self) -> Span:
        return self

    def __exit__(self, *error: object) -> None:
        pass


NO_SPAN: Span = NoSpan()


class Tracer(Protocol):
    """A source of spans."""

    is_on: bool

    def begin(self, name: str, headers: Mapping[str, str]) -> Span:
        """Begin a request's span, under the parent that its `traceparent` header names; header names in lower case."""

    def close(self) -> None:
        """Send what is left, within a few seconds."""


class NoTracer:
    """A service that nobody traces."""

    is_on = False

    def begin(self, name: str, headers: Mapping[str, str]) -> Span:  # noqa: ARG002
        """Return a step that nobody looks at."""
        return NO_SPAN

    def close(self) -> None:
        """Do nothing."""


class Step(NamedTuple):
    """One step of a sentence; times are time.monotonic seconds."""

    name: str
    started: float
    ended: float


class Steps(Protocol):
    """What the engine does for each sentence of a stream."""

    def note(self, sentence: int, step: str, started: float) -> None:
        """Note a step of a sentence that ends now: `phonemize`, `encode`, `flow`, `decode`. From any thread."""

    def take(self, sentence: int) -> list[Step]:
        """Return the steps of a sentence, once."""


class NoSteps:
    """Steps that nobody looks at."""

    def note(self, sentence: int, step: str, started: float) -> None:
        """Do nothing."""

    def take(self, sentence: int) -> list[Step]:  # noqa: ARG002
        """Return none."""
        return []


NO_STEPS: Steps = NoSteps()


class SentenceSteps:
    """The steps of sentences until their spans are made."""

    def __init__(self) -> None:
        self._steps: dict[int, list[Step]] = {}

    def note(self, sentence: int, step: str, started: float) -> None:
        """Note a step that ends now."""
        # Appending needs no lock.
        self._steps.setdefault(sentence, []).append(Step(step, started, time.monotonic()))

    def take(self, sentence: int) -> list[Step]:
        """Return the steps of a sentence, once."""
        return self._steps.pop(sentence, [])


class SentenceSpans:
    """The sentences of one request, as a trace shows them: the first ones, so that a book has no endless trace."""

    def __init__(self, request: Span) -> None:
        self._request = request
        self._shown = 0

    @property
    def is_recording(self) -> bool:
        """Whether anybody will see the next one."""
        return self._request.is_recording and self._shown < MOST_SENTENCES

    def steps(self) -> Steps:
        """Return what gathers the steps of one stream."""
        return SentenceSteps() if self.is_recording else NO_STEPS

    def show(self, steps: list[Step], *, started: float, attributes: dict[str, Any]) -> None:
        """Make the span of a sentence that was read to its end, from `started` or its first step until now.

        Windows after its first are only counted, and the steps of later sentences are not told apart.
        """
        self._shown += 1
        span = self._request.child("sentence", started=min([started, *(step.started for step in steps)]))
        decoded = [step for step in steps if step.name == "decode"]
        if self._shown <= MOST_WITH_STEPS:
            for step in (*(step for step in steps if step.name in {"phonemize", "encode"}), *decoded[:1]):
                name = "first window" if step.name == "decode" else step.name
                span.child(name, started=step.started).end(ended=step.ended)
        worked = sum(step.ended - step.started for step in steps if step.name != "phonemize")
        span.note(attributes | {"speech.windows": len(decoded), "speech.worker_seconds": round(worked, 6)})
        span.end()


_EXPORTER = "OTEL_TRACES_EXPORTER"
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")


def traces_are_wanted(environment: Mapping[str, str]) -> bool:
    """Return whether OpenTelemetry's standard variables name a collector that can be used; warn where it cannot."""
    given = {name: value.strip() for name, value in environment.items() if name.startswith("OTEL_") and value.strip()}
    endpoint = next((name for name in _ENDPOINTS if name in given), None)
    exporter, protocol = given.get(_EXPORTER), next((name for name in _PROTOCOLS if name in given), None)
    if endpoint is None or given.get("OTEL_SDK_DISABLED", "").lower() == "true" or exporter == "none":
        return False
    if exporter not in {None, "otlp"}:
        logger.warning("no traces are sent: %s is %s; allowed: otlp, none", _EXPORTER, exporter)
    elif protocol is not None and given[protocol] != "http/protobuf":
        logger.warning("no traces are sent: %s is %s; allowed: http/protobuf", protocol, given[protocol])
    elif not given[endpoint].lower().startswith(("http://", "https://")):
        # The address itself may hold a password.
        logger.warning("no traces are sent: %s must begin with http:// or https://", endpoint)
    else:
        return True
    return False
