"""An error task answers a request that waitress refuses itself, with error object, request id, log line and count."""

import json
import logging

from waitress.task import ErrorTask
from waitress.utilities import Error

from hailo_piper.errors import BusyError
from hailo_piper.listeners.error_object import error_body
from hailo_piper.monitoring import logs

logger = logging.getLogger(__name__)

_RETRY_AFTER_SECONDS = "2"
_LONGEST_TARGET = 200


class TooManyConnections(Error):  # type: ignore[misc] # noqa: N818 - waitress names its own so
    """The refusal of a speech request on a connection beyond the bound."""

    code = 503
    reason = "Service Unavailable"


class RefusalTask(ErrorTask):  # type: ignore[misc]
    """The answer to a request that waitress refuses."""

    def execute(self) -> None:
        """Answer, and let the connection end."""
        request, error = self.request, self.request.error
        code = BusyError.code if isinstance(error, TooManyConnections) else error.reason.lower().replace(" ", "_")
        asked = request.headers
        logs.request_id.set(logs.choose_request_id(asked.get("X_REQUEST_ID", "")))
        adjustments = request.adj
        message = {
            413: f"The body is larger than the {adjustments.max_request_body_size} bytes that {self._taken} needs",
            431: f"The headers are larger than {adjustments.max_request_header_size} bytes",
        }.get(error.code, str(error.body))
        body = json.dumps(error_body(message, status=error.code, code=code)).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers += [("Content-Type", "application/json"), ("X-Request-Id", logs.request_id.get())]
        if code == BusyError.code:
            self.response_headers.append(("Retry-After", _RETRY_AFTER_SECONDS))
        cors = self.channel.server.cors.headers(lambda name: asked.get(name.upper().replace("-", "_")))
        self.response_headers += cors.items()
        self._log(code)
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(b"" if request.command == "HEAD" else body)

    @property
    def _taken(self) -> str:
        return "any accepted text" if self.request.long_body is None else "any accepted file or job"

    def _log(self, code: str) -> None:
        request, status = self.request, self.request.error.code
        path = request.path or request.request_uri
        fields = {"listener": "http", "method": request.command[:20], "path": path[:_LONGEST_TARGET], "outcome": code}
        level = logging.ERROR if status == 500 else logging.INFO
        logger.log(level, "refused", extra={"fields": {**fields, "status": status, "because": str(request.error.body)}})
        # A request without a method may have been for speech, so it counts too.
        if request.command in {"", "POST"}:
            self.channel.server.on_refusal(code)
