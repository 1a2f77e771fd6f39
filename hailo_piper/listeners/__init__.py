"""Requests come in through listeners, one protocol each.

Modules, in import order: `port`, `hosts`, `keys`, `rate_limits`, `alignment`, `near_names`, `fields`, `json_object`,
`turns`, `dialect`, `elevenlabs`, `deepgram`, `service`, `http`, `wyoming`.
"""
