"""Reads the body of a request that must be JSON, decoded where it is compressed."""

from flask import current_app, request
from werkzeug.exceptions import UnsupportedMediaType


def read_json_body() -> bytes:
    """Return the body of the present request. Raises UnsupportedMediaType, and what `bodies.decode` raises."""
    if not request.is_json:
        raise UnsupportedMediaType("Content-Type must be application/json")
    body, encoding = request.get_data(), request.headers.get("Content-Encoding")
    if encoding:
        from hailo_piper.listeners.http.bodies import decode

        body = decode(body, encoding, current_app.config["MAX_CONTENT_LENGTH"])
    return body
