"""The messages of the service's own dialect are told apart here: a text, more of one, a cancellation."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from hailo_piper.errors import InvalidRequestError
from hailo_piper.monitoring import logs

_LONGEST_ID = 100
_ONLY_HERE = ("id", "cancel", "continue", "flush", "words", "api_key")
"""Fields that no request over HTTP has."""


class Asked(NamedTuple):
    """A message, as it was understood."""

    fields: Mapping[str, Any]
    """Without those that only a WebSocket has."""
    continues: bool
    flush: bool
    words: bool
    cancels: bool
    authorization: str | None


def id_in(fields: Mapping[str, Any]) -> str | int | None:
    """Return the id of a message. Raises InvalidRequestError."""
    given_id = fields.get("cancel", fields.get("id"))
    if isinstance(given_id, bool) or not isinstance(given_id, str | int | None) or len(str(given_id)) > _LONGEST_ID:
        field = "cancel" if "cancel" in fields else "id"
        raise InvalidRequestError(
            f"Invalid {field!r}: allowed: a string of at most {_LONGEST_ID} characters, or a whole number", param=field
        )
    return given_id


def name_of(given_id: str | int | None) -> str:
    """Return the name of a context by its id, a new one where there is none; 1 and "1" are two names."""
    return json.dumps(given_id) if given_id is not None else logs.choose_request_id()


def understood(fields: Mapping[str, Any], given_id: str | int | None) -> Asked:
    """Return what a message asks for. Raises InvalidRequestError."""
    for name in ("continue", "flush", "words"):
        if not isinstance(fields.get(name), bool | None):
            raise InvalidRequestError(f"Invalid {name!r}: allowed: true, false", param=name)
    if fields.get("continue") is not None and not isinstance(fields.get("text"), str | None):
        raise InvalidRequestError("Invalid 'text': no string", param="text")
    key = fields.get("api_key")
    if not isinstance(key, str | None):
        raise InvalidRequestError("Invalid 'api_key': no string", param="api_key")
    if fields.get("continue") and given_id is None:
        raise InvalidRequestError("Missing 'id' field: the rest of the text needs it", param="id")
    return Asked(
        {name: value for name, value in fields.items() if name not in _ONLY_HERE},
        bool(fields.get("continue")),
        bool(fields.get("flush")),
        bool(fields.get("words")),
        fields.get("cancel") is not None,
        f"Bearer {key}" if key else None,
    )
