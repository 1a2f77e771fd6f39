"""The routes of files, batches and jobs share their paths, bounds, callers and lists."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from flask import request

from hailo_piper.errors import InvalidRequestError, JobsOffError
from hailo_piper.listeners.http.server.long_bodies import LongBody
from hailo_piper.listeners.keys import authorization_of
from hailo_piper.listeners.service import Service

FILES, BATCHES, JOBS = "/v1/files", "/v1/batches", "/v1/jobs"
MOST_FILE_BYTES = 200_000_000
"""OpenAI's bound of a batch's input."""
MOST_CHARACTERS = 500_000
"""Of a job's text."""
_MOST_JOB_BYTES = 12 * MOST_CHARACTERS + 65536
"""JSON may write a character as two escapes of 6 bytes."""
_MULTIPART_BYTES = 65536
"""What a form has beside its file."""
_MOST_BYTES = {FILES: MOST_FILE_BYTES + _MULTIPART_BYTES, JOBS: _MOST_JOB_BYTES}
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


def long_bodies(service: Service) -> Callable[[str, str, Callable[[str], str | None]], LongBody | None]:
    """Return what tells how the body of a request is taken, as `HttpServer` asks for it."""

    def taken(method: str, path: str, asked: Callable[[str], str | None]) -> LongBody | None:
        most = _MOST_BYTES.get(path) if method == "POST" else None
        if most is None:
            return None
        if not service.callers.knows(authorization_of(asked)):
            return LongBody(most, is_known=False, directory=None)
        directory = None
        # Without a place of its own, the request is refused once its body has come.
        with suppress(JobsOffError, OSError):
            directory = service.long_work.directory / "incoming"
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        return LongBody(most, is_known=True, directory=directory)

    return taken


def most_bytes(path: str) -> int:
    """Return the bound of the bodies at a path that takes long ones."""
    return _MOST_BYTES[path]


def owner_of(service: Service) -> str:
    """Return whose files and work the present request is about."""
    return service.callers.owner(authorization_of(request.headers.get))


def idempotency_key() -> str | None:
    """Return the Idempotency-Key of the present request. Raises InvalidRequestError."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        message = "Invalid Idempotency-Key: it has 1 to 255 printable ASCII characters and no spaces"
        raise InvalidRequestError(message, param="Idempotency-Key")
    return key


def limit_of(most: int, default: int) -> int:
    """Return the query's `limit`, of a list. Raises InvalidRequestError."""
    given = request.args.get("limit")
    if given is None:
        return default
    if not re.fullmatch("[0-9]{1,9}", given, re.ASCII) or not 1 <= int(given) <= most:
        raise InvalidRequestError(f"Invalid 'limit': it is a number from 1 to {most}", param="limit")
    return int(given)


def choice_of(name: str, allowed: Sequence[str]) -> str | None:
    """Return a word of the query; None where it is absent. Raises InvalidRequestError."""
    given = request.args.get(name)
    if given is not None and given not in allowed:
        raise InvalidRequestError(f"Invalid '{name}': allowed: {', '.join(allowed)}", param=name)
    return given


def listed(entries: list[dict[str, Any]], *, has_more: bool) -> dict[str, Any]:
    """Return OpenAI's shape of a page of a list."""
    ends = {"first_id": entries[0]["id"], "last_id": entries[-1]["id"]} if entries else {}
    return {"object": "list", "data": entries, "first_id": None, "last_id": None, **ends, "has_more": has_more}
