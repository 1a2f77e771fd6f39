"""Log lines: JSON or text on standard error, each with the id of its request.

Only the command line configures logging; every other module just has a logger.
"""

import json
import logging
import os
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""Id of the request that this thread is answering."""

_UNDER_JOURNALD = "JOURNAL_STREAM"


def configure(*, level: str, style: str) -> None:
    """Send every record at `level` or above to standard error, as `style` (json or text)."""
    handler = logging.StreamHandler(sys.stderr)
    # journald stamps every line itself.
    with_time = _UNDER_JOURNALD not in os.environ
    handler.setFormatter(_FORMATTERS[style](with_time=with_time))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Piper's warnings quote the phonemes of the text; waitress tells of every client that leaves and every queue.
    logging.getLogger("piper").setLevel(logging.ERROR)
    logging.getLogger("waitress").setLevel(logging.WARNING)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


class _Formatter(logging.Formatter):
    def __init__(self, *, with_time: bool) -> None:
        super().__init__()
        self._with_time = with_time

    def _fields(self, record: logging.LogRecord) -> dict[str, object]:
        fields: dict[str, object] = {}
        if self._with_time:
            fields["time"] = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        fields |= {"level": record.levelname, "logger": record.name, "message": record.getMessage()}
        if request_id.get() is not None:
            fields["request_id"] = request_id.get()
        fields |= getattr(record, "fields", {})
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return fields


class JsonFormatter(_Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's fields, in a fixed order."""
        return json.dumps(self._fields(record), ensure_ascii=False, default=str)


class TextFormatter(_Formatter):
    """For people: what happened first, then name=value."""

    def format(self, record: logging.LogRecord) -> str:
        """The same fields as the JSON line."""
        fields = self._fields(record)
        fields.pop("logger")
        exception = fields.pop("exception", None)
        time = f"{fields.pop('time')} " if "time" in fields else ""
        head = f"{time}{fields.pop('level')} {fields.pop('message')}"
        line = " ".join([head, *(f"{name}={value}" for name, value in fields.items())])
        return f"{line}\n{exception}" if exception else line


_FORMATTERS: dict[str, type[_Formatter]] = {"json": JsonFormatter, "text": TextFormatter}
