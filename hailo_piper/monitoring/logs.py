"""Log lines go to standard error as JSON or text, each with the id of its request.

Only the command line configures logging; every other module just has a logger of the standard library.
"""

import json
import logging
import os
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The id of the request that this thread or task is answering."""

trace_id: ContextVar[str | None] = ContextVar("trace_id", default=None)
"""The id of the trace that this request belongs to; None where nobody traces."""

_SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}")
_UNSAFE = r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufff9-\ufffb]"
"""Characters that could end a line, control a terminal or reverse the text around them; a client may have sent them."""
_AMBIGUOUS = r"""[\s="'\\]|^$"""
_PRIORITIES = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}
"""syslog's numbers for the levels."""


def choose_request_id(given: str = "") -> str:
    """Return the id that a client gives its request, if it is sane, else a new one."""
    return given if _SANE_REQUEST_ID.fullmatch(given) else os.urandom(16).hex()


def goes_to_journal(journal_stream: str | None, descriptor: int) -> bool:
    """Return whether journald reads a file descriptor, according to $JOURNAL_STREAM."""
    status = os.fstat(descriptor)
    return journal_stream == f"{status.st_dev}:{status.st_ino}"


def configure(*, level: str, style: str, journal: bool = False) -> None:
    """Send every record at `level` or above to standard error, as `style` (json or text).

    `journal`: journald reads it, which adds the time itself and takes a priority before each line.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(_Formatter(style, journal=journal))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Piper's warnings quote the phonemes of the text; waitress reports every client that leaves and every queue.
    logging.getLogger("piper").setLevel(logging.ERROR)
    logging.getLogger("waitress").setLevel(logging.WARNING)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


class _Formatter(logging.Formatter):
    """The format of one record: a JSON object, or a line for people and a traceback below it."""

    def __init__(self, style: str, *, journal: bool) -> None:
        super().__init__()
        self._render = {"json": _as_json, "text": _as_text}[style]
        self._journal = journal

    def format(self, record: logging.LogRecord) -> str:
        """Return the lines of a record, each with its priority before it under the journal."""
        fields = _fields(record, with_time=not self._journal)
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        line = self._render(fields)
        if not self._journal:
            return line
        prefix = f"<{_PRIORITIES.get(record.levelno, 6)}>"
        return "\n".join(prefix + part for part in line.split("\n"))


def _fields(record: logging.LogRecord, *, with_time: bool) -> dict[str, Any]:
    """Return a record's fields, in the order in which they are read."""
    fields: dict[str, Any] = {}
    if with_time:
        fields["time"] = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    fields |= {"level": record.levelname, "logger": record.name, "message": record.getMessage()}
    if (of_request := request_id.get()) is not None:
        fields["request_id"] = of_request
    if (traced_as := trace_id.get()) is not None:
        fields["trace_id"] = traced_as
    return fields | getattr(record, "fields", {})


def _as_json(fields: dict[str, Any]) -> str:
    return _safe(json.dumps(fields, ensure_ascii=False, default=str))


def _as_text(fields: dict[str, Any]) -> str:
    """Return a line for people: the message, then name=value."""
    fields.pop("logger")
    exception = fields.pop("exception", None)
    time = f"{fields.pop('time')} " if "time" in fields else ""
    head = f"{time}{fields.pop('level')} {_safe(str(fields.pop('message')))}"
    line = " ".join([head, *(f"{name}={_quoted(value)}" for name, value in fields.items())])
    return f"{line}\n{_safe(exception, lines=True)}" if exception else line


def _quoted(value: object) -> str:
    """Return one value as text, in quotes where it could be taken for more than one."""
    text = str(value)
    return _safe(
        json.dumps(text, ensure_ascii=False) if isinstance(value, str) and re.search(_AMBIGUOUS, text) else text
    )


def _safe(text: str, *, lines: bool = False) -> str:
    """Return the text with unsafe characters escaped as in JSON; `lines`: line ends stay."""
    return re.sub(_UNSAFE, lambda found: found[0] if lines and found[0] == "\n" else f"\\u{ord(found[0]):04x}", text)
