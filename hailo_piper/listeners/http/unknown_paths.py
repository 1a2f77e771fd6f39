"""A path without an endpoint gets a hint: a similar endpoint, or the keys it would need."""

import re
from collections.abc import Iterable

VOICES_NEED_KEYS = (
    "Without API keys nobody can change voices over the network: "
    "set server.api_keys_file, or use `hailo-piper voices` on the machine itself"
)
_VOICE_PATH = re.compile("(?:/v1)?/voices/([^/]+)/?")


def no_endpoint(method: str, path: str, known: Iterable[str], *, can_change_voices: bool) -> tuple[str, int, str]:
    """Return message, status and code for a path without an endpoint: a similar endpoint, or the keys it would need."""
    voice = _VOICE_PATH.fullmatch(path) if method in {"POST", "DELETE", "PUT", "PATCH"} else None
    if voice and can_change_voices:
        return f"There is no such endpoint; did you mean /v1/voices/{voice[1][:60]}?", 404, "not_found"
    if voice:
        return VOICES_NEED_KEYS, 403, "forbidden"
    from hailo_piper.listeners.near_names import near_path

    near = near_path(path, known)
    hint = f"did you mean {near}?" if near else "GET / lists those there are"
    return f"There is no such endpoint; {hint}", 404, "not_found"
