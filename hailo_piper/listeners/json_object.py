"""A body is one JSON object."""

import json
from collections.abc import Mapping
from typing import Any

from hailo_piper.errors import InvalidRequestError


def parse_object(body: bytes) -> Mapping[str, Any]:
    """Return the fields of a body, by name. Raises InvalidRequestError."""
    try:
        # A byte order mark does not belong to JSON, but PowerShell sends one.
        value = json.loads(body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InvalidRequestError("The body is not UTF-8") from error
    except RecursionError as error:
        raise InvalidRequestError("The body is nested too deeply") from error
    except ValueError as error:
        raise InvalidRequestError(f"The body is not valid JSON: {error}") from error
    if not isinstance(value, dict):
        raise InvalidRequestError("The body must be a JSON object")
    return value
