"""How a command ends: the exit codes of the command line."""

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator

FAILED = 1
USAGE = 2
UNAVAILABLE = 69
"""sysexits: the port cannot be taken."""
CONFIG = 78
"""sysexits: nothing but an edited configuration can help, so systemd must not try again."""


@contextlib.contextmanager
def tidily() -> Iterator[None]:
    """Let SIGTERM end a command as Ctrl-C does: what was begun goes, rather than stay behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
