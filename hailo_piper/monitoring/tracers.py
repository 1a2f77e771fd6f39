"""The environment decides whether traces are sent."""

import logging
from collections.abc import Mapping

from hailo_piper.monitoring.tracing import NoTracer, Tracer, traces_are_wanted

logger = logging.getLogger(__name__)


def build_tracer(environment: Mapping[str, str]) -> Tracer:
    """Return what sends traces where OpenTelemetry's variables name a collector; else what sends none."""
    if not traces_are_wanted(environment):
        return NoTracer()
    try:
        from hailo_piper.monitoring.opentelemetry import OpenTelemetryTracer

        return OpenTelemetryTracer()
    except ImportError as error:
        logger.warning("no traces are sent: pip install 'hailo-piper[tracing]' (%s)", error)
    except (ValueError, OSError) as error:
        # Of the many variables that OpenTelemetry reads, one has a value that it cannot use.
        logger.warning("no traces are sent: an OTEL_ variable has a wrong value: %s", error)
    return NoTracer()
