"""Requests come in through listeners, one protocol each.

Modules, in import order: `port`, `hosts`, `keys`, `rate_limits`, `near_names`, `dialect`, `service`, `http`, `wyoming`.
"""
