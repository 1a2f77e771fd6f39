"""WebSockets on the HTTP listener's port take text in pieces, and send sound and the times of its words.

Modules, in import order: `paths`, `messages`, `inbox`, `link`, `speakers`, `speaking`, `context`, `caller`,
`contexts`, `handshake`, `own_messages`, `own_dialect`, `elevenlabs_wire`, `elevenlabs_answer`,
`elevenlabs`, `deepgram`, `connection`, `loop`, `listener`.
"""
