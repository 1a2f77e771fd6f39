"""The service reports on itself in log lines, health states, metrics and traces.

Modules, in import order: `tracing`, `opentelemetry`, `tracers`, `logs`, `health`, `state`, `metrics`, `exposition`.
"""
