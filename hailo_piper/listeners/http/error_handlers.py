"""Turns every error that Flask meets into OpenAI's error object, or that of the vendor whose path it is.

An error of the request, or one before its first audio, is an answer with a status. A later one breaks the connection,
so that no client takes a part for the whole, and is logged once with its traceback; only an event stream reports it, by
a last `error` event (`sse`).
"""

import errno
import logging
import re
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, g, jsonify, request
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound

from hailo_piper.errors import DiskFullError, SpeechError
from hailo_piper.listeners.error_object import error_body, headers_of, status_of
from hailo_piper.listeners.http.unknown_paths import no_endpoint
from hailo_piper.listeners.http.vendor_errors import shape_of

logger = logging.getLogger(__name__)

LONGEST_METHOD = 20
"""Characters of a method that messages and log lines show."""


def add_error_handlers(app: Flask, *, can_change_voices: bool) -> None:
    """Answer every error of the app with the error object."""

    def answer(message: str, *, status: int, code: str, param: str | None = None,
               headers: Mapping[str, str] | None = None) -> Response:  # fmt: skip
        g.error_code = code
        status, body = _shaped(message, status=status, code=code, param=param)
        response = jsonify(body)
        response.status_code = status
        response.headers.update(headers or {})
        return response

    @app.errorhandler(SpeechError)
    def refuse(error: SpeechError) -> Response:
        status = status_of(error)
        if status == 500:
            logger.error("speech failed", exc_info=error)
        dialect = g.get("dialect")
        param = dialect.wire_name(error.param) if dialect and error.param else error.param
        return answer(error.message, status=status, code=error.code, param=param, headers=headers_of(error))

    @app.errorhandler(HTTPException)
    def refuse_http(error: HTTPException) -> Response:
        kept = {name: value for name, value in error.get_headers() if name == "Allow"}
        code = re.sub(r"\W+", "_", error.name.lower())
        allowed = f"{request.method[:LONGEST_METHOD]} is not possible here. Allowed: {kept['Allow']}" if kept else None
        return answer(allowed or error.description or error.name, status=error.code or 500, code=code, headers=kept)

    @app.errorhandler(NotFound)
    def refuse_path(_: NotFound) -> Response:
        known = {rule.rule for rule in app.url_map.iter_rules() if "<" not in rule.rule}
        message, status, code = no_endpoint(request.method, request.path, known, can_change_voices=can_change_voices)
        return answer(message, status=status, code=code)

    @app.errorhandler(InternalServerError)
    def fail(error: InternalServerError) -> Response:
        if _is_full(error.original_exception):
            return refuse(DiskFullError("The disk of the service is full"))
        logger.error("request failed", exc_info=error.original_exception or error)
        return answer("Internal error; the log has the details", status=500, code="internal_error")


def _shaped(message: str, *, status: int, code: str, param: str | None) -> tuple[int, Mapping[str, Any]]:
    """Return the status and the body of an error, as the vendor has them whose path it is."""
    if (shape := shape_of(request.path)) is not None:
        return shape(message, status, code, param)
    return status, error_body(message, status=status, code=code, param=param)


def _is_full(error: BaseException | None) -> bool:
    """Return whether an error says that a disk has no room; SQLite has a name of its own for it."""
    is_full = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
    return is_full or getattr(error, "sqlite_errorname", "") == "SQLITE_FULL"
