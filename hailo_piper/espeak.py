"""espeak-ng in a process of its own: a text that crashes it costs one request, not the service.

espeak-ng is C that strangers' text reaches, and some text makes it write over its memory. So it lives in
`espeak_process`, is handed only what fits its buffers, and is replaced when it dies or hangs. The bridge also leaks
0.7 kB a clause, which goes with the process that is replaced after some thousands.
"""

import logging
import os
import re
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hailo_piper.errors import InvalidRequestError, SynthesisError
from hailo_piper.espeak_data import piper_directory
from hailo_piper.espeak_process import CLAUSE, FIELD, PART
from hailo_piper.pieces import pieces_of

logger = logging.getLogger(__name__)

_SCRIPT = Path(__file__).with_name("espeak_process.py")
_LENGTH_BYTES = 4
_MOST_ANSWER_BYTES = 256 << 20
_PATIENCE_SECONDS, _CHARACTERS_A_SECOND = 3.0, 2000
"""How long to wait for an answer: 130 characters take 1 ms, and twenty times that on a busy Raspberry Pi."""
_CLAUSES_A_PROCESS = 10_000
_SEPARATORS = re.compile(f"[{PART}-{FIELD}\0]")


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause as espeak-ng reads it."""

    phonemes: str
    """In IPA; `(en)` marks a switch to another language."""

    mark: str
    """The mark that ends it, one of `.,:;?!`, or nothing."""

    ends_sentence: bool


class Espeak:
    """espeak-ng for every voice of the service. Thread-safe: one text at a time, as its one global wants."""

    def __init__(self, *, patience_seconds: float = _PATIENCE_SECONDS) -> None:
        """`patience_seconds`: after this, and a second for 2000 characters, a process that does not answer hangs."""
        self._patience_seconds = patience_seconds
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._next: _Child | None = None
        """The one that takes over once it has started."""
        self._clauses = 0
        """Of the present process."""
        self._closed = False

    def start(self) -> None:
        """Start the process now, so that the first text need not wait for it; returns at once."""
        with self._lock:
            if self._child is None and not self._closed:
                self._child = _Child()

    @property
    def process_id(self) -> int | None:
        """The process that answers now; None where none has been started."""
        child = self._child
        return None if child is None else child.process_id

    def clauses(self, language: str, text: str) -> list[Clause]:
        """The clauses of a text. `language`: a voice of espeak-ng (`en-us`).

        Raises InvalidRequestError where the text ends every process that reads it, SynthesisError where none starts.
        """
        text = _SEPARATORS.sub(" ", text)
        with self._lock:
            # First as it came, since the process may have ended for another reason; then so that no word meets another.
            for pieces in (tuple(pieces_of(text)), tuple(pieces_of(text)), tuple(text.split()) or (text,)):
                try:
                    return self._ask(language, pieces)
                except _EndedError as error:
                    logger.warning("espeak-ng %s on a text of %d characters; it starts anew", error, len(text))
        raise InvalidRequestError("The text cannot be read aloud: espeak-ng crashes on a part of it", param="text")

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._closed = True
            for child in (self._child, self._next):
                if child is not None:
                    child.end()
            self._child = self._next = None

    def _ask(self, language: str, pieces: tuple[str, ...]) -> list[Clause]:
        child = self._present()
        request = FIELD.join((language, *pieces)).encode(errors="replace")
        deadline = time.monotonic() + self._patience_seconds + len(request) / _CHARACTERS_A_SECOND
        try:
            child.wait_until_started(deadline)
            found = list(_parse(child.ask(request, deadline), len(pieces)))
        except _EndedError:
            child.end()
            self._child = None
            raise
        self._clauses += len(found)
        return found

    def _present(self) -> "_Child":
        """The process to ask, another where the last one is gone or has leaked enough."""
        if self._closed:
            raise SynthesisError("The voice is being put away")
        if self._child is not None and not self._child.is_running():
            logger.warning("espeak-ng %s while nothing was asked of it; it starts anew", self._child.fate())
            self._child.end()
            self._child = None
        if self._clauses >= _CLAUSES_A_PROCESS and self._child is not None:
            self._next = self._next or _Child()
            if self._next.has_started():
                self._child.end()
                self._child = None
        if self._child is None:
            self._child, self._next, self._clauses = self._next or _Child(), None, 0
        return self._child


class _EndedError(Exception):
    """The process is gone, hangs, or answers nonsense: the message says which."""


class _Child:
    """One process, and the socket to it."""

    def __init__(self) -> None:
        """Start it; raises SynthesisError where the system does not let it."""
        arguments = [f"{piper_directory()}/espeakbridge.so", f"{piper_directory()}/espeak-ng-data"]
        try:
            self._socket, theirs = socket.socketpair()
            with theirs:
                # subprocess would cost a start 8 ms; a group of its own keeps Ctrl-C for the parent.
                self.process_id = os.posix_spawn(
                    sys.executable,
                    [sys.executable, "-I", "-S", str(_SCRIPT), *arguments],
                    os.environ,
                    file_actions=[(os.POSIX_SPAWN_DUP2, theirs.fileno(), 0), (os.POSIX_SPAWN_DUP2, 2, 1)],
                    setpgroup=0,
                )
        except OSError as error:
            raise SynthesisError(f"espeak-ng cannot be started: {error.strerror}") from error
        self._is_started = False
        self._status: int | None = None

    def is_running(self) -> bool:
        """Whether it has not ended."""
        if self._status is None:
            with suppress(ChildProcessError):
                _, status = ended = os.waitpid(self.process_id, os.WNOHANG)
                self._status = status if ended[0] else None
        return self._status is None

    def fate(self) -> str:
        """How it ended."""
        code = os.waitstatus_to_exitcode(self._status or 0)
        return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"

    def has_started(self) -> bool:
        """Whether it could answer now."""
        with suppress(_EndedError):
            self.wait_until_started(time.monotonic())
        return self._is_started

    def wait_until_started(self, deadline: float) -> None:
        """Return once it has loaded espeak-ng. Raises _EndedError."""
        if not self._is_started:
            self._receive(deadline)
            self._is_started = True

    def ask(self, request: bytes, deadline: float) -> bytes:
        """Its answer. Raises _EndedError."""
        try:
            self._socket.settimeout(max(0.001, deadline - time.monotonic()))
            self._socket.sendall(len(request).to_bytes(_LENGTH_BYTES) + request)
        except TimeoutError:
            raise _EndedError("hangs") from None
        except OSError:
            raise self._ended() from None
        return self._receive(deadline)

    def end(self) -> None:
        """End it, whatever it does."""
        self._socket.close()
        if self.is_running():
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(self.process_id, signal.SIGKILL)
                os.waitpid(self.process_id, 0)

    def _receive(self, deadline: float) -> bytes:
        length = int.from_bytes(self._read(_LENGTH_BYTES, deadline))
        if length > _MOST_ANSWER_BYTES:
            raise _EndedError("answers nonsense")
        return self._read(length, deadline)

    def _read(self, size: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < size:
            try:
                self._socket.settimeout(max(0.001, deadline - time.monotonic()))
                more = self._socket.recv(min(size - len(data), 1 << 20))
            except TimeoutError:
                raise _EndedError("hangs") from None
            except OSError:
                more = b""
            if not more:
                raise self._ended()
            data += more
        return bytes(data)

    def _ended(self) -> _EndedError:
        if self._status is None:
            with suppress(ChildProcessError):
                # Its socket is closed, so it is as good as gone.
                os.kill(self.process_id, signal.SIGKILL)
                self._status = os.waitpid(self.process_id, 0)[1]
        return _EndedError(self.fate())


def _parse(answer: bytes, texts: int) -> Iterator[Clause]:
    """The clauses in an answer, which a process whose memory is damaged may have garbled. Raises _EndedError."""
    try:
        fields = answer.decode().split(FIELD)
        if len(fields) != texts:
            raise _EndedError("answers nonsense")
        for field in fields:
            for clause in field.split(CLAUSE):
                phonemes, mark, ends = clause.split(PART)
                yield Clause(phonemes, mark, ends == "1")
    except ValueError:
        raise _EndedError("answers nonsense") from None
