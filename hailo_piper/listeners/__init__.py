"""Requests come in through listeners, one protocol each.

Modules, in import order: `port`, `hosts`, `keys`, `rate_limits`, `near_names`, `fields`, `json_object`, `turns`,
`dialect`, `service`, `upgrade`, `http`, `wyoming`, `websocket`.
"""
