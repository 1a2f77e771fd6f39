"""Lists the configuration in force: each value, its default, and where it came from."""

import re
from typing import Any

from hailo_piper.config.settings import Config, Origin
from hailo_piper.schemas.checker import load_schema

_SECRET_OF_URL = re.compile(r"(?<=://)[^/?#@]*@|\?[^#]*")
"""A user with a password, or a query, which may hold a token."""
_HIDDEN = "***"


def settings_in_force(config: Config) -> dict[str, dict[str, Any]]:
    """Return every setting by `section.key`: `value`, `default`, `changed`, `origin` and `source`.

    `origin`: default, file, environment or option; `source`: that file, variable or option, None for a default. What a
    URL has of secrets is hidden. Key files are named, and never read here.
    """
    values = config.as_values()
    return {
        f"{section}.{key}": _entry(values[section][key], entry.get("default"), config.origins.get(f"{section}.{key}"))
        for section, declared in load_schema("config.json")["properties"].items()
        for key, entry in declared["properties"].items()
    }


def _entry(value: Any, default: Any, origin: Origin | None) -> dict[str, Any]:
    return {
        "value": _without_secret(value),
        "default": default,
        "changed": value != default,
        "origin": origin.kind if origin else "default",
        "source": origin.name if origin else None,
    }


def _without_secret(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_without_secret(one) for one in value]
    if isinstance(value, dict):
        return {name: _without_secret(one) for name, one in value.items()}
    if not isinstance(value, str) or "://" not in value:
        return value
    return _SECRET_OF_URL.sub(lambda found: f"{_HIDDEN}@" if found[0].endswith("@") else f"?{_HIDDEN}", value)
