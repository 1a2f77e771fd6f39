"""Asks a running service over HTTP, and checks what every answer has in common."""

import http.client
import io
import json
import time
import wave
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What a real server said, with the names that Flask's test client uses."""

    status_code: int
    headers: http.client.HTTPMessage
    data: bytes

    def get_json(self) -> Any:
        return json.loads(self.data)


def post(port: int, path: str, body: Any, headers: dict[str, str] | None = None) -> Answer:
    """One request on a connection of its own; a body that is no bytes goes as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return ask(port, "POST", path, raw, {"Content-Type": "application/json", **(headers or {})})


def get(port: int, path: str, headers: dict[str, str] | None = None) -> Answer:
    """One request without a body on a connection of its own."""
    return ask(port, "GET", path, None, headers or {})


def ask(port: int, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
    """Any request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def assert_error(response: Any, status: int, code: str, param: str | None) -> str:
    """The one look of every error; returns its message."""
    error = response.get_json()["error"]
    assert (response.status_code, error["code"], error["param"]) == (status, code, param), error
    assert set(error) == {"message", "type", "param", "code"}
    kinds = {401: "authentication_error", 429: "requests"}
    assert error["type"] == kinds.get(status, "server_error" if status >= 500 else "invalid_request_error")
    assert response.headers["Content-Type"] == "application/json"
    message: str = error["message"]
    assert message
    return message


def wait_until(predicate: Callable[[], bool], timeout_seconds: float = 10) -> None:
    """Wait for something to become true; fails where it does not in time."""
    deadline = time.monotonic() + timeout_seconds
    while not predicate():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def wav_of(data: bytes) -> tuple[wave._wave_params, bytes]:
    """Parameters and PCM of a WAV whose header is exact."""
    with wave.open(io.BytesIO(data)) as file:
        return file.getparams(), file.readframes(file.getnframes())


def events_of(body: bytes) -> list[dict[str, Any]]:
    """The events of a body that is nothing but data lines, each with an empty line after it."""
    *blocks, end = body.decode("ascii").split("\n\n")
    assert end == ""
    assert all(block.startswith("data: ") and "\n" not in block for block in blocks)
    return [json.loads(block.removeprefix("data: ")) for block in blocks]
