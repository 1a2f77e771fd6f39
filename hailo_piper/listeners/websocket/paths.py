"""Paths say which dialect a WebSocket speaks."""

OWN = "own"

_DIALECTS = {"/ws/synthesize": OWN}


def dialect_at(path: str) -> str | None:
    """Return the name of the dialect at a path, without a query; None if there is no WebSocket."""
    return _DIALECTS.get(path)
