"""Speaks HTTP byte by byte, and runs `hailo-piper serve` as a process."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests.support.client import Answer

SPEECH = "/v1/audio/speech"
HEAD = f"POST {SPEECH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


def raw(port: int, request: bytes) -> bytes:
    """Everything that the service answers to these bytes, until it closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def parse_raw(answer: bytes) -> Answer:
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    headers = http_headers(lines)
    return Answer(int(status.split()[1]), headers, body)  # type: ignore[arg-type]


def http_headers(lines: list[str]) -> dict[str, str]:
    return {name: value for name, _, value in (line.partition(": ") for line in lines)}


def assert_healthy(port: int) -> None:
    answer = parse_raw(raw(port, b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
    assert answer.get_json()["status"] == "healthy"


AT_ONCE = """if True:
    import sys
    from hailo_piper.__main__ import main
    from hailo_piper.jobs.queue.worker import Worker

    Worker.manner = ()
    sys.exit(main())
"""
"""A program for `serving`, whose workers share a machine that is busy."""


@contextmanager
def serving(
    *arguments: str, program: str | None = None, within: Sequence[str] = ()
) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """`hailo-piper serve` as a process of its own, once it says that it is ready; `program` may run it otherwise.

    `within`: a command that becomes the service in the end.
    """
    run = ["-m", "hailo_piper"] if program is None else ["-c", program]
    command = [*within, sys.executable, *run, "serve", "--host", "127.0.0.1", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            ready = process.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:(\d+)", ready)
            assert found, (ready, process.stderr and process.stderr.read())
            yield process, int(found[1])
        finally:
            process.kill()
