"""The listener notices when the client of a request has left, so that its work stops."""

from collections.abc import Callable

from flask import request


def client_has_left() -> Callable[[], bool]:
    """Return what tells whether the client of the present request does not wait any more."""
    asked: Callable[[], bool] = request.environ.get("waitress.client_disconnected", lambda: False)
    return asked
