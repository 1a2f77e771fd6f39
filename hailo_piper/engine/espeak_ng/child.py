"""A child process of espeak-ng answers over a socket within a deadline, or is ended."""

import os
import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path

from hailo_piper.errors import SynthesisError
from hailo_piper.voices.espeak_data import piper_directory

_SCRIPT = Path(__file__).with_name("process.py")
_LENGTH_BYTES = 4
_MOST_ANSWER_BYTES = 256 << 20


def _connected() -> tuple[socket.socket, socket.socket]:
    try:
        return socket.socketpair()
    except OSError as error:
        raise SynthesisError(f"espeak-ng cannot be started: {error.strerror}") from error


class EndedError(Exception):
    """A process that is gone, hangs, or answers nonsense: the message says which."""

    def __init__(self, fate: str, *, is_killed: bool = False) -> None:
        super().__init__(fate)
        self.is_killed = is_killed
        """Whether it was killed from outside, so that its text is not to blame."""


class NotStartedError(EndedError):
    """A process that ended, or hangs, before it could read anything."""


class Child:
    """A process, and the socket to it."""

    def __init__(self) -> None:
        """Start the process. Raises SynthesisError where the system refuses."""
        arguments = [f"{piper_directory()}/espeakbridge.so", f"{piper_directory()}/espeak-ng-data"]
        self._socket, theirs = _connected()
        try:
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
            self._socket.close()
            raise SynthesisError(f"espeak-ng cannot be started: {error.strerror}") from error
        self._is_started = False
        self._status: int | None = None

    def is_running(self) -> bool:
        """Return whether the process has not ended."""
        if self._status is None:
            with suppress(ChildProcessError):
                _, status = ended = os.waitpid(self.process_id, os.WNOHANG)
                self._status = status if ended[0] else None
        return self._status is None

    def fate(self) -> str:
        """Return how the process ended, for a message."""
        code = os.waitstatus_to_exitcode(self._status or 0)
        return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"

    def has_started(self) -> bool:
        """Return whether the process can answer now."""
        with suppress(EndedError):
            self.wait_until_started(time.monotonic())
        return self._is_started

    def wait_until_started(self, deadline: float) -> None:
        """Wait until the process has loaded espeak-ng. Raises NotStartedError."""
        if not self._is_started:
            try:
                self._receive(deadline)
            except EndedError as error:
                raise NotStartedError(f"{error} before it could read", is_killed=error.is_killed) from None
            self._is_started = True

    def ask(self, request: bytes, deadline: float) -> bytes:
        """Send a request, and return the answer. Raises EndedError."""
        self._tell(request, deadline)
        return self._receive(deadline)

    def ask_for_many(self, request: bytes, deadline: float) -> tuple[list[bytes], bytes]:
        """Send a request whose answer comes in parts; return these, and what comes after them. Raises EndedError."""
        self._tell(request, deadline)
        parts = []
        size = 0
        while part := self._receive(deadline):
            parts.append(part)
            size += len(part)
            if size > _MOST_ANSWER_BYTES:
                raise EndedError("answers nonsense")
        return parts, self._receive(deadline)

    def end(self) -> None:
        """Kill the process, wait for its end, and close the socket."""
        self._socket.close()
        self.kill()
        if self.is_running():
            with suppress(ChildProcessError):
                os.waitpid(self.process_id, 0)

    def kill(self) -> None:
        """Kill the process; from any thread."""
        # Once the process has been waited for, its id may belong to another.
        if self._status is None:
            with suppress(ProcessLookupError):
                os.kill(self.process_id, signal.SIGKILL)

    def _tell(self, request: bytes, deadline: float) -> None:
        try:
            self._socket.settimeout(max(0.001, deadline - time.monotonic()))
            self._socket.sendall(len(request).to_bytes(_LENGTH_BYTES) + request)
        except TimeoutError:
            raise EndedError("hangs") from None
        except OSError:
            raise self._ended() from None

    def _receive(self, deadline: float) -> bytes:
        length = int.from_bytes(self._read(_LENGTH_BYTES, deadline))
        if length > _MOST_ANSWER_BYTES:
            raise EndedError("answers nonsense")
        return self._read(length, deadline)

    def _read(self, size: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < size:
            try:
                self._socket.settimeout(max(0.001, deadline - time.monotonic()))
                more = self._socket.recv(min(size - len(data), 1 << 20))
            except TimeoutError:
                raise EndedError("hangs") from None
            except OSError:
                more = b""
            if not more:
                raise self._ended()
            data += more
        return bytes(data)

    def _ended(self) -> EndedError:
        if self._status is None:
            with suppress(ChildProcessError):
                # Its socket is closed, so the process is ending or useless.
                os.kill(self.process_id, signal.SIGKILL)
                self._status = os.waitpid(self.process_id, 0)[1]
        is_killed = os.waitstatus_to_exitcode(self._status or 0) == -signal.SIGKILL
        return EndedError(self.fate(), is_killed=is_killed)
