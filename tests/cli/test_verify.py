import io
import json
import socket
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hailo_piper.__main__ import main
from hailo_piper.cli.service_checks import check_service
from hailo_piper.config.settings import Config
from hailo_piper.listeners.http.cors import Cors
from hailo_piper.listeners.http.server.listener import HttpServer
from hailo_piper.server import Server
from tests.support.services import running

Answers = dict[str, tuple[str, bytes]]
"""Path to status and body."""

HEALTHY = {"status": "healthy", "model_loaded": True, "model_info": {"model_path": "x.onnx"}}


def wav(pcm: bytes, *, width: int = 2) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((1, width, 22050, 0, "NONE", "NONE"))
        writer.writeframes(pcm)
    return file.getvalue()


@pytest.fixture
def pretender() -> Iterator[tuple[str, Answers]]:
    """A service that answers what a test puts into the table."""
    answers: Answers = {}

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        status, body = answers[environ["PATH_INFO"]]
        start_response(status, [("Content-Length", str(len(body)))])
        return [body]

    server = HttpServer(
        app, host="127.0.0.1", port=0, speech_threads=1, max_body_bytes=1000, patience_seconds=9, cors=Cors([])
    )
    server.start()
    yield f"http://127.0.0.1:{server.port}", answers
    server.stop(timeout_seconds=1)


def test_a_service_that_speaks_is_good(joe_server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"http://127.0.0.1:{joe_server.http.port}/"
    assert main(["verify", "--url", url]) == 0
    shown = capsys.readouterr().out
    assert "ok   health: healthy, the voice is " in shown
    assert "s of speech at 22050 Hz" in shown


@pytest.mark.parametrize(
    ("health", "speech", "words"),
    [
        (("503 Service Unavailable", b"starting"), ("200 OK", b""), "health: 503 starting"),
        (("200 OK", b"<html>"), ("200 OK", b""), "health: Expecting value"),
        (("200 OK", json.dumps(HEALTHY | {"model_loaded": False}).encode()), ("200 OK", b""), "'model_loaded': False"),
        (("200 OK", json.dumps(HEALTHY).encode()), ("500 Error", b'{"error": 1}'), 'speech: 500 {"error": 1}'),
        (
            ("200 OK", json.dumps(HEALTHY).encode()),
            ("200 OK", b"mp3?"),
            "the answer is no WAV, it begins with b'mp3?'",
        ),
        (("200 OK", json.dumps(HEALTHY).encode()), ("200 OK", b""), "speech: "),
        (("200 OK", json.dumps(HEALTHY).encode()), ("200 OK", wav(bytes(99999))), "is no speech: 2.27 s, root mean"),
        (("200 OK", json.dumps(HEALTHY).encode()), ("200 OK", wav(b"\x00\x40" * 999)), "is no speech: 0.05 s"),
        (("200 OK", json.dumps(HEALTHY).encode()), ("200 OK", wav(b"xx", width=1)), "the WAV has 8 bits"),
    ],
)
def test_a_service_that_does_not_speak_is_told(
    pretender: tuple[str, Answers],
    health: tuple[str, bytes],
    speech: tuple[str, bytes],
    words: str,
) -> None:
    url, answers = pretender
    answers.update({"/health": health, "/v1/audio/speech": speech})
    findings = list(check_service(url))
    assert words in "\n".join(finding.text for finding in findings if not finding.is_good)


def test_without_a_service_each_look_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    config = tmp_path / "config.yaml"
    config.write_text(f"server: {{port: {port}}}\n")
    assert main(["verify", "--config", str(config), "--unit", "hailo-piper-no-such-unit"]) == 1
    shown = capsys.readouterr().out
    assert "FAIL hailo-piper-no-such-unit is " in shown
    assert shown.count("Connection refused") == 2
    assert "last log lines:" in shown


def test_a_service_with_keys_wants_one_of_them(tone_config: Config, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.write_text("# mine\nsk-the-first\n")
    keys.chmod(0o600)
    config = tone_config._replace(server=tone_config.server._replace(api_keys_file=str(keys)))
    with running(config) as server:
        url = f"http://127.0.0.1:{server.http.port}"
        assert [finding.is_good for finding in check_service(url)] == [True, False]
        _, speech = check_service(url, key="sk-the-first")
        # The tone voice is no speech, but it was let in.
        assert "401" not in speech.text
