"""Clients that ask for speech without a pause, and what became of their requests."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

SHORT = {"input": "One two three. Four five six.", "response_format": "pcm"}
LONG = {"input": "One two three four five six seven. " * 140, "response_format": "pcm", "speed": 0.25}
"""An answer of 23 MB, more than all buffers on its way hold."""
PAUSE_SECONDS = 0.05
"""Between two reads of a slow listener: LONG takes it some 5 seconds."""
READ_BYTES = 1 << 18

Body = dict[str, Any]


class RefusedError(OSError):
    """An answer that is no speech."""


class CutError(OSError):
    """An answer that broke off after it had begun."""


class KeptConnection:
    """A client that keeps its one connection, and tries nothing twice."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, body: Body, *, slow: bool = False) -> bytes:
        """Return the whole answer, taken slowly or not; raises OSError or HTTPException."""
        return speak(self._connection, body, slow=slow)

    def close(self) -> None:
        self._connection.close()


class RetryingOnce(KeptConnection):
    """A client that knows every instance and connects anew for each request; refused, it tries the next one, once."""

    def __init__(self, ports: Sequence[int]) -> None:
        super().__init__(ports[0])
        self._ports = cycle(ports)

    def ask(self, body: Body, *, slow: bool = False) -> bytes:
        try:
            return self._ask_next(body, slow=slow)
        except (ConnectionError, RefusedError):
            return self._ask_next(body, slow=slow)

    def _ask_next(self, body: Body, *, slow: bool) -> bytes:
        with closing(KeptConnection(next(self._ports))) as client:
            return client.ask(body, slow=slow)


def speak(connection: http.client.HTTPConnection, body: Body, *, slow: bool = False) -> bytes:
    """The whole answer on this connection; a slow listener takes it in pieces."""
    connection.request("POST", "/v1/audio/speech", json.dumps(body), {"Content-Type": "application/json"})
    if slow:
        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
    answer = connection.getresponse()
    if answer.status != 200:
        raise RefusedError(answer.status, answer.read())
    pause = threading.Event()
    pieces = []
    try:
        while piece := answer.read(READ_BYTES if slow else None):
            pieces.append(piece)
            if slow:
                pause.wait(PAUSE_SECONDS)
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        raise CutError(repr(error)) from error
    return b"".join(pieces)


@dataclass
class Outcomes:
    """What became of the requests of all clients."""

    expected: tuple[bytes, bytes]
    """The answers to SHORT and to LONG."""

    short: int = 0
    long: int = 0
    different: int = 0
    cut: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def whole(self) -> int:
        return self.short + self.long

    def ask(self, client: KeptConnection, *, long: bool) -> None:
        """Have the client ask once, and note what came of it."""
        try:
            whole = client.ask(LONG if long else SHORT, slow=long)
        except CutError as error:
            self.cut.append(str(error))
        except (OSError, http.client.HTTPException) as error:
            self.failed.append(repr(error))
        else:
            with self._lock:
                self.different += whole != self.expected[long]
                self.long += long
                self.short += not long


@contextmanager
def listening(clients: Sequence[KeptConnection], expected: tuple[bytes, bytes]) -> Iterator[Outcomes]:
    """Clients that ask until the block ends, the first half of them for LONG answers; every answer is compared."""
    outcomes, enough = Outcomes(expected), threading.Event()

    def run(client: KeptConnection, *, long: bool) -> None:
        with closing(client):
            while not enough.wait(0.02):
                outcomes.ask(client, long=long)

    threads = [
        threading.Thread(target=run, args=(client,), kwargs={"long": number < len(clients) // 2})
        for number, client in enumerate(clients)
    ]
    for thread in threads:
        thread.start()
    try:
        yield outcomes
    finally:
        enough.set()
        for thread in threads:
            thread.join()
