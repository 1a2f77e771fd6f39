"""Log lines: JSON or text on standard error, each with the id of its request.

Only the command line configures logging; every other module just has a logger of the standard library, whose records
structlog turns into lines.
"""

import json
import logging
import os
import re
import sys
import uuid
from collections.abc import MutableMapping
from contextlib import nullcontext
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from structlog.stdlib import ProcessorFormatter
    from structlog.typing import Processor

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""Id of the request that this thread is answering."""

_SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}")
_UNSAFE = r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufff9-\ufffb]"
"""What could end a line, drive a terminal or turn the direction of the text around it: a client may have sent it."""
_AMBIGUOUS = r"""[\s="'\\]|^$"""
_MOST_HELD = 50
_Event = MutableMapping[str, Any]
_PRIORITIES = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}
"""syslog's numbers for the levels."""


def choose_request_id(given: str = "") -> str:
    """The id that a caller gives its request, if it is sane, else one of ours."""
    return given if _SANE_REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def goes_to_journal(journal_stream: str | None, descriptor: int) -> bool:
    """Whether a file descriptor is the one that $JOURNAL_STREAM says is read by journald."""
    status = os.fstat(descriptor)
    return journal_stream == f"{status.st_dev}:{status.st_ino}"


def configure(*, level: str, style: str, journal: bool = False, hold: bool = False) -> None:
    """Send every record at `level` or above to standard error, as `style` (json or text).

    `journal`: journald reads it, which stamps every line itself and wants to be told its priority. `hold`: keep lines
    back until `let_go`, the first warning or some dozens of them.
    """
    handler = _Handler(hold=hold)
    handler.setFormatter(_LateFormatter(style, journal=journal))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Piper's warnings quote the phonemes of the text; waitress tells of every client that leaves and every queue.
    logging.getLogger("piper").setLevel(logging.ERROR)
    logging.getLogger("waitress").setLevel(logging.WARNING)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


def let_go() -> None:
    """Write what has been held back, and everything from now on at once."""
    for handler in logging.getLogger().handlers:
        handler.flush()


class _Handler(logging.StreamHandler[TextIO]):
    """Can hold the first lines back: the import of structlog would compete with the first answer for Python's lock."""

    def __init__(self, *, hold: bool) -> None:
        super().__init__(sys.stderr)
        self._held: list[logging.LogRecord] | None = [] if hold else None

    def emit(self, record: logging.LogRecord) -> None:
        # Now, since it may be another thread that writes the line.
        record.__dict__.setdefault("request_id", request_id.get())
        if self._held is not None and record.levelno < logging.WARNING and len(self._held) < _MOST_HELD:
            self._held.append(record)
            return
        self.flush()
        super().emit(record)

    def flush(self) -> None:
        """Write what has been held back; logging does so at exit, too."""
        with self.lock or nullcontext():
            held, self._held = self._held or [], None
            for record in held:
                super().emit(record)
        super().flush()


class _LateFormatter(logging.Formatter):
    """Imports structlog with the first line: its tracebacks bring asyncio and more, which a start need not wait for."""

    def __init__(self, style: str, *, journal: bool) -> None:
        super().__init__()
        self._look = style
        self._journal = journal
        self._formatter: ProcessorFormatter | None = None

    def format(self, record: logging.LogRecord) -> str:
        """One line, or several where there is a traceback; for the journal each with its priority before it."""
        line = self._line(record)
        if not self._journal:
            return line
        prefix = f"<{_PRIORITIES.get(record.levelno, 6)}>"
        return "\n".join(prefix + part for part in line.split("\n"))

    def _line(self, record: logging.LogRecord) -> str:
        with_time = not self._journal
        try:
            self._formatter = self._formatter or _formatter(self._look, with_time=with_time)
        except (ImportError, OSError):
            # A process without a free file descriptor can import nothing.
            fields = _fields(record, record.getMessage(), with_time=with_time) | getattr(record, "fields", {})
            if record.exc_info:
                fields["exception"] = self.formatException(record.exc_info)
            return _as_json(fields) if self._look == "json" else _as_text(None, "", fields)
        return self._formatter.format(record)


def _formatter(style: str, *, with_time: bool) -> "ProcessorFormatter":
    from structlog.processors import JSONRenderer
    from structlog.stdlib import ProcessorFormatter

    renderers: dict[str, Processor] = {
        "json": JSONRenderer(lambda fields, **_: _as_json(fields)),
        "text": _as_text,
    }
    return ProcessorFormatter(
        foreign_pre_chain=[_arrange(with_time=with_time)],
        processors=[ProcessorFormatter.remove_processors_meta, renderers[style]],
    )


def _arrange(*, with_time: bool) -> "Processor":
    """A record's fields, in the order in which they are read."""
    from structlog.processors import format_exc_info

    def arrange(logger: Any, method: str, event: _Event) -> _Event:
        record: logging.LogRecord = event["_record"]
        fields = _fields(record, event.pop("event"), with_time=with_time)
        return format_exc_info(logger, method, {**fields, **getattr(record, "fields", {}), **event})

    return arrange


def _fields(record: logging.LogRecord, message: object, *, with_time: bool) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if with_time:
        fields["time"] = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    fields |= {"level": record.levelname, "logger": record.name, "message": message}
    if record.__dict__["request_id"] is not None:
        fields["request_id"] = record.__dict__["request_id"]
    return fields


def _as_json(fields: _Event) -> str:
    return _safe(json.dumps(fields, ensure_ascii=False, default=str))


def _as_text(_logger: object, _method: str, fields: _Event) -> str:
    """For people: what happened first, then name=value."""
    fields.pop("logger")
    exception = fields.pop("exception", None)
    time = f"{fields.pop('time')} " if "time" in fields else ""
    head = f"{time}{fields.pop('level')} {_safe(str(fields.pop('message')))}"
    line = " ".join([head, *(f"{name}={_quoted(value)}" for name, value in fields.items())])
    return f"{line}\n{_safe(exception, lines=True)}" if exception else line


def _quoted(value: object) -> str:
    """One value, in quotes where it could be taken for more than one."""
    text = str(value)
    return _safe(
        json.dumps(text, ensure_ascii=False) if isinstance(value, str) and re.search(_AMBIGUOUS, text) else text
    )


def _safe(text: str, *, lines: bool = False) -> str:
    """The same, with what could pretend to be something else written as JSON writes it; `lines`: line ends stay."""
    return re.sub(_UNSAFE, lambda found: found[0] if lines and found[0] == "\n" else f"\\u{ord(found[0]):04x}", text)
