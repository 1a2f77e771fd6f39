"""The service reports on itself in log lines, health states and metrics.

Modules, in import order: `logs`, `health`, `state`, `metrics`, `exposition`.
"""
