"""The elevenlabs-js package from npm."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.clients.conftest import SECONDS_OFF, TEXT, Service, seconds_of

SCRIPT = Path(__file__).parent / "node" / "elevenlabs.mjs"
INSTALLED = Path(sys.prefix) / "node"
"""Where `make test-clients` has npm install it."""


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("elevenlabs")


@pytest.fixture(scope="module")
def seen(service: Service, directory: Path) -> dict[str, Any]:
    """What the script saw; the audio is in files."""
    # A module looks for its packages beside itself.
    script = shutil.copy(SCRIPT, INSTALLED)
    node = shutil.which("node")
    assert node, "node is missing: apt-get install nodejs npm"
    command = [node, script, f"{service.url}/elevenlabs", str(directory), TEXT]
    run = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer


@pytest.mark.parametrize("name", ["whole.mp3", "streamed.pcm", "timed.pcm", "lines.pcm"])
@pytest.mark.usefixtures("seen")
def test_audio_arrives(service: Service, directory: Path, name: str) -> None:
    audio = (directory / name).read_bytes()
    assert seconds_of(audio, name.partition(".")[2]) == pytest.approx(service.seconds, abs=SECONDS_OFF)


def test_every_character_has_its_time(service: Service, seen: dict[str, Any]) -> None:
    for parts in ([seen["whole"]], seen["lines"]):
        assert "".join(character for part in parts for character in part["characters"]) == TEXT
        assert parts[-1]["characterEndTimesSeconds"][-1] == pytest.approx(service.seconds, abs=SECONDS_OFF)


def test_lists_and_errors(seen: dict[str, Any]) -> None:
    assert seen["voices"] == ["en_US-joe-medium"]
    assert seen["models"] == ["piper"]
    assert seen["error"] == {"status": 404, "detail": "voice_not_found"}
