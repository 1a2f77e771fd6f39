"""Clients that note when audio arrives: over HTTP or Wyoming, as fast as it comes or at playback speed."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from contestants import Contestant

Answer = TypeVar("Answer")

_SILENCE_TIMEOUT_SECONDS = 300
"""Longest wait for the next byte; Piper's own server thinks for a minute about 5000 characters without a stop."""

_LONGEST_ANSWER_SECONDS = 600

_WHOLE_PIECE_BYTES = 65536
_PLAYED_PIECE_BYTES = 2048
"""46 ms of audio: small enough to see which part of an answer was late."""

_PLAYER_AHEAD_SECONDS = 0.5
"""A player reads this much ahead of what is heard, then waits, so that the server feels a reader that is not hungry."""

_PLAYER_SOCKET_BYTES = 65536
"""Else the kernel would swallow a whole answer, and no server would ever meet a slow reader."""


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...
    def readline(self) -> bytes: ...


class AnswerError(Exception):
    """The server answered with something else than speech."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """One answer, from before the connection was opened."""

    first_audio_seconds: float
    last_audio_seconds: float
    audio_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Playback:
    """One answer as a listener heard it who pressed play at the first chunk."""

    first_audio_seconds: float
    underruns: int
    worst_lateness_seconds: float


def speak(contestant: Contestant, port: int, text: str) -> Timing:
    """Read an answer as fast as it comes."""
    started = time.perf_counter()
    first = size = 0.0
    for piece in _speech(contestant, port, text, _WHOLE_PIECE_BYTES):
        first = first or time.perf_counter() - started
        size += len(piece)
    if not size:
        raise AnswerError("an answer without audio")
    return Timing(
        first_audio_seconds=first,
        last_audio_seconds=time.perf_counter() - started,
        audio_seconds=size / contestant.bytes_per_second,
    )


def play(contestant: Contestant, port: int, text: str) -> Playback:
    """Read an answer at playback speed.

    Playback starts at the first chunk, which is therefore never late. A later chunk is late when it arrives after the
    moment its first sample was due; the player then stalls, and everything after it is due that much later.
    """
    started = time.perf_counter()
    heard_from = first = 0.0
    worst = 0.0
    underruns = size = 0
    for piece in _speech(contestant, port, text, _PLAYED_PIECE_BYTES):
        now = time.perf_counter()
        if not size:
            first = now - started
            heard_from = now
        lateness = now - (heard_from + size / contestant.bytes_per_second)
        if lateness > 0:
            underruns += 1
            worst = max(worst, lateness)
            heard_from += lateness
        size += len(piece)
        ahead = heard_from + size / contestant.bytes_per_second - now
        time.sleep(max(0.0, ahead - _PLAYER_AHEAD_SECONDS))
    if not size:
        raise AnswerError("an answer without audio")
    return Playback(first_audio_seconds=first, underruns=underruns, worst_lateness_seconds=worst)


def together(clients: int, work: Callable[[], Answer]) -> tuple[list[Answer], float]:
    """What `clients` threads answer that start at one moment, and the seconds until the last is done."""
    answers: list[Answer] = []
    errors: list[Exception] = []
    gate = threading.Barrier(clients + 1)

    def run() -> None:
        gate.wait()
        try:
            answers.append(work())
        except Exception as error:  # noqa: BLE001 - a thread has nobody to raise to; it is raised below
            errors.append(error)

    # Daemons: Ctrl-C must not wait for answers that are under way.
    threads = [threading.Thread(target=run, daemon=True) for _ in range(clients)]
    for thread in threads:
        thread.start()
    gate.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return answers, time.perf_counter() - started


def _speech(contestant: Contestant, port: int, text: str, piece_bytes: int) -> Iterator[bytes]:
    """The audio of an answer without its header, in pieces as they arrive."""
    body = _wyoming_body if contestant.wire == "wyoming" else _http_body
    deadline = time.monotonic() + _LONGEST_ANSWER_SECONDS
    # A header that is sent ahead is no audio: nobody can hear it.
    to_skip = contestant.header_bytes
    with socket.socket() as connection:
        if piece_bytes == _PLAYED_PIECE_BYTES:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _PLAYER_SOCKET_BYTES)
        connection.settimeout(_SILENCE_TIMEOUT_SECONDS)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.connect(("127.0.0.1", port))
        for received in body(connection, contestant, text, piece_bytes):
            if time.monotonic() > deadline:
                raise AnswerError(f"an answer of more than {_LONGEST_ANSWER_SECONDS} s")
            piece = received[to_skip:]
            to_skip -= len(received) - len(piece)
            if piece:
                yield piece


def _http_body(connection: socket.socket, contestant: Contestant, text: str, piece_bytes: int) -> Iterator[bytes]:
    client = http.client.HTTPConnection("127.0.0.1")
    client.sock = connection
    body = json.dumps(contestant.body(text))
    client.request("POST", contestant.path, body, {"Content-Type": "application/json", "Connection": "close"})
    with client.getresponse() as response:
        if response.status != http.HTTPStatus.OK:
            raise AnswerError(f"{response.status} {response.read(200).decode(errors='replace')}")
        while piece := response.read1(piece_bytes):
            yield piece


def _wyoming_body(connection: socket.socket, contestant: Contestant, text: str, _: int) -> Iterator[bytes]:
    data = json.dumps(contestant.body(text)).encode()
    header = {"type": "synthesize", "version": "1.5.0", "data_length": len(data)}
    with connection.makefile("rwb") as stream:
        stream.write(json.dumps(header).encode() + b"\n" + data)
        stream.flush()
        while True:
            event, payload = _wyoming_event(stream)
            if event["type"] == "audio-chunk":
                yield payload
            elif event["type"] == "audio-stop":
                return
            elif event["type"] == "error":
                raise AnswerError(str(event))


def _wyoming_event(stream: _Readable) -> tuple[dict[str, Any], bytes]:
    line = stream.readline()
    if not line:
        raise AnswerError("the connection was closed within an answer")
    event: dict[str, Any] = json.loads(line)
    stream.read(event.get("data_length") or 0)
    return event, stream.read(event.get("payload_length") or 0)
