"""The first release's configuration and its clients' calls, as docs/upgrading.md promises them."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from hailo_piper.config.loading import load_config, parse_config
from hailo_piper.server import Server
from hailo_piper.voices.voice import embedded_model_path
from tests.support import ROOT
from tests.support.client import Answer, ask, assert_error, get, post, wav_of
from tests.support.services import running

CONFIGURATION = ROOT / "tests" / "config" / "first_release.yaml"
TEXT = "Hello from the first release."


def values() -> dict[str, dict[str, Any]]:
    read: dict[str, dict[str, Any]] = yaml.safe_load(CONFIGURATION.read_text())
    return read


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory, cache_directory: Path) -> Iterator[Server]:
    """A service with that configuration; the voice stands where it names one, and the port is free."""
    directory = tmp_path_factory.mktemp("models")
    written = values()
    model = directory / Path(written["piper"]["model_path"]).name
    for suffix in ("", ".json"):
        shutil.copy(f"{embedded_model_path()}{suffix}", f"{model}{suffix}")
    written["piper"] |= {"model_path": str(model), "cache_directory": str(cache_directory)}
    written["server"] |= {"host": "127.0.0.1", "port": 0}
    with running(parse_config(written)) as server:
        yield server


def test_the_file_is_rendered_unedited_and_every_value_is_in_force(tmp_path: Path) -> None:
    out, limits = tmp_path / "hailo-piper.json", tmp_path / "limits.conf"
    command: list[str | Path] = [
        sys.executable,
        ROOT / "render_config.py",
        "--input",
        CONFIGURATION,
        "--output",
        out,
        "--limits",
        limits,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    rendered = json.loads(out.read_text())
    for section, keys in values().items():
        assert {key: rendered[section][key] for key in keys} == keys
    assert load_config(out).as_values() == load_config(CONFIGURATION).as_values()
    assert {"MemoryMax=2G", "CPUQuota=80%"} <= set(limits.read_text().splitlines())


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/audio/speech", {"input": TEXT}),
        ("/v1/audio/speech", {"model": "piper", "input": TEXT, "voice": "default", "response_format": "wav"}),
        ("/v1/synthesize", {"text": TEXT}),
        ("/v1/synthesize", {"text": TEXT, "format": "wav"}),
    ],
)  # fmt: skip
def test_its_clients_get_a_wav_of_the_rate_that_it_names(upgraded: Server, path: str, body: dict[str, Any]) -> None:
    answer = post(upgraded.http.port, path, body)
    parameters, _ = wav_of(answer.data)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "audio/wav")
    assert parameters[:3] == (1, 2, 22050)
    assert 1 < parameters.nframes / 22050 < 4


def test_its_lists_have_what_they_had(upgraded: Server) -> None:
    health = get(upgraded.http.port, "/health").get_json()
    assert health["status"] == "healthy"
    voices = get(upgraded.http.port, "/v1/voices").get_json()["voices"]
    assert "en_US-lessac-medium" in [voice["id"] for voice in voices]


def what_differs() -> list[str]:
    """The first column of the table in docs/upgrading.md."""
    page = (ROOT / "docs" / "upgrading.md").read_text()
    section = page.partition("\n## What differs on purpose")[2].partition("\n## ")[0]
    return re.findall(r"^\| (.+?) \|", section, flags=re.MULTILINE)[2:]


def refused(port: int, body: Any, content_type: str = "application/json") -> Answer:
    return ask(port, "POST", "/v1/audio/speech", body, {"Content-Type": content_type})


def test_what_differs_on_purpose(upgraded: Server) -> None:
    port = upgraded.http.port
    assert_error(refused(port, b"{"), 400, "invalid_request", None)
    assert_error(
        refused(port, b"input=Hello", "application/x-www-form-urlencoded"), 415, "unsupported_media_type", None
    )
    assert_error(refused(port, b'{"input": 5}'), 400, "invalid_request", "input")
    assert_error(get(port, "/v1/audio/speech"), 405, "method_not_allowed", None)
    assert_error(post(port, "/v1/audio/speech", {"input": TEXT, "voice": "nobody"}), 400, "voice_not_found", "voice")
    pcm = post(port, "/v1/audio/speech", {"input": TEXT, "response_format": "pcm", "sample_rate": 24000})
    assert pcm.headers["X-Audio-Sample-Rate"] == "24000"
    assert not pcm.data.startswith(b"RIFF")
    fast = post(port, "/v1/audio/speech", {"input": TEXT, "speed": 2.0})
    slow = post(port, "/v1/audio/speech", {"input": TEXT, "speed": 1.0})
    assert wav_of(fast.data)[0].nframes < 0.7 * wav_of(slow.data)[0].nframes
    assert len(what_differs()) >= 9
