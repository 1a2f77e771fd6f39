"""The openai package from npm."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hailo_piper.audio.encoding import ENCODERS
from tests.clients.conftest import SECONDS_OFF, TEXT, Service, seconds_of

SCRIPT = Path(__file__).parent / "node" / "speak.mjs"
INSTALLED = Path(sys.prefix) / "node"
"""Where `make test-clients` has npm install it."""


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("node")


@pytest.fixture(scope="module")
def seen(service: Service, directory: Path) -> dict[str, Any]:
    """What the script saw; the audio is in files."""
    # A module looks for its packages beside itself.
    script = shutil.copy(SCRIPT, INSTALLED)
    node = shutil.which("node")
    assert node, "node is missing: apt-get install nodejs npm"
    command = [node, script, f"{service.url}/v1", str(directory), TEXT, *ENCODERS]
    run = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer


@pytest.mark.parametrize("response_format", ENCODERS)
@pytest.mark.parametrize("way", ["whole", "streamed"])
def test_every_format_arrives(
    service: Service, seen: dict[str, Any], directory: Path, way: str, response_format: str
) -> None:
    assert seen["contentTypes"][response_format] == ENCODERS[response_format].content_type
    audio = (directory / f"{way}.{response_format}").read_bytes()
    assert seconds_of(audio, response_format) == pytest.approx(service.seconds, abs=SECONDS_OFF)


def test_events_arrive(service: Service, seen: dict[str, Any], directory: Path) -> None:
    (done,) = seen["events"]
    assert (done["type"], done["usage"]["input_tokens"]) == ("speech.audio.done", len(TEXT))
    audio = (directory / "events.pcm").read_bytes()
    assert seconds_of(audio, "pcm") == pytest.approx(service.seconds, abs=SECONDS_OFF)


@pytest.mark.parametrize("name", ["alone", "timed"])
def test_its_own_decoder_reads_events(seen: dict[str, Any], directory: Path, name: str) -> None:
    *others, done = seen["decoded"][name]
    assert done["type"] == "speech.audio.done"
    words = [word["word"] for event in others for word in event["words"]]
    assert words == (TEXT.replace(".", "").split() if name == "timed" else [])
    assert (directory / f"{name}.pcm").read_bytes() == (directory / "events.pcm").read_bytes()


def test_models_are_listed(seen: dict[str, Any]) -> None:
    assert {"tts-1", "gpt-4o-mini-tts"} <= set(seen["models"])


def test_an_error_is_the_sdks_own(seen: dict[str, Any]) -> None:
    assert seen["error"] == {
        "name": "BadRequestError", "status": 400, "code": "voice_not_found", "param": "voice",
    }  # fmt: skip
