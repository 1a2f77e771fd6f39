"""The service reports on itself in log lines, health states, metrics and traces.

Modules, in import order: `tracing`, `opentelemetry`, `logs`, `health`, `state`, `metrics`, `exposition`.
"""
