"""Requests come in through listeners, one protocol each.

Modules, in import order: `port`, `hosts`, `keys`, `rate_limits`, `callers`, `error_object`, `batch_lines`, `alignment`,
`near_names`, `fields`, `json_object`, `turns`, `dialect`, `elevenlabs`, `deepgram`, `service`, `threaded_reply`,
`text_streams`, `upgrade`, `http`, `wyoming`, `websocket`.
"""
