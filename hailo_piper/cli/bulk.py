"""Commands that speak much share what their sound depends on, and which bounds are lifted."""

import hashlib
import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hailo_piper.config.settings import Config
    from hailo_piper.engine.engine import Engine

MOST_THREADS = 256
_PATIENCE_SECONDS = 3600.0
"""How long a text may wait for its first audio: nobody listens."""


def without_bounds(config: "Config", **performance: Any) -> "Config":
    """Return the configuration without the bounds that protect a service from its callers.

    `performance`: settings of that section to change, too.
    """
    own = config.performance._replace(worker_threads=MOST_THREADS + 1, request_timeout=_PATIENCE_SECONDS, **performance)
    return config._replace(performance=own, synthesis=config.synthesis._replace(max_text_length=sys.maxsize))


def settings_digest(engine: "Engine", config: "Config", *more: object) -> str:
    """Return a digest of all settings that the sound of a text depends on, and of `more` that JSON can hold.

    Where files lie is no part of it: that may differ from machine to machine.
    """
    piper = config.piper._replace(model_path=None, cache_directory=None)
    said = json.dumps([engine.digest, piper, config.synthesis, *more])
    return hashlib.sha256(said.encode()).hexdigest()
