"""Paths say which dialect a WebSocket speaks."""

import re

OWN, ELEVENLABS, DEEPGRAM = "own", "elevenlabs", "deepgram"

_PATHS = {"/ws/synthesize": OWN, "/v1/speak": DEEPGRAM}
ELEVENLABS_PATH = re.compile(
    "(?:/elevenlabs)?/v1/text-to-speech/(?P<voice>[^/]{1,200})/(?P<kind>multi-stream-input|stream-input)"
)


def dialect_at(path: str) -> str | None:
    """Return the name of the dialect at a path, without a query; None if there is no WebSocket."""
    return ELEVENLABS if ELEVENLABS_PATH.fullmatch(path) else _PATHS.get(path)
