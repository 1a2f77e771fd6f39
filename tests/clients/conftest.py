"""The real service as a process of its own, for programs that people really use; run by `make test-clients`."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import av
import pytest

from tests.support.client import post
from tests.support.raw_http import serving
from tests.support.services import QUIET

TEXT = "The birch canoe slid on the smooth planks. Glue the sheet to the dark blue background."
SECONDS_OFF = 0.06
"""What an answer may last more or less than the WAV of the same text, in any format."""


def pytest_configure(config: pytest.Config) -> None:
    """What other people's packages warn of is not ours to mend."""
    for line in (
        "ignore::DeprecationWarning:pipecat.*",
        "ignore::DeprecationWarning:livekit.*",
        "ignore:websockets.* is deprecated:DeprecationWarning",
        "ignore:ConnectionClosed.code is deprecated:DeprecationWarning",
        "ignore:`AudioContextTTSService` is deprecated:DeprecationWarning",
    ):
        config.addinivalue_line("filterwarnings", line)


@dataclass(frozen=True)
class Service:
    """A running service, and what it says to TEXT."""

    port: int
    wav: bytes

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def seconds(self) -> float:
        """How long TEXT lasts."""
        return seconds_of(self.wav, "wav")


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    directory = tmp_path_factory.mktemp("service")
    config = directory / "config.json"
    piper = {**QUIET, "cache_directory": str(directory / "cache")}
    config.write_text(json.dumps({"piper": piper, "logging": {"level": "WARNING"}}), encoding="utf-8")
    # A voice that is prepared meanwhile would change the last bits of its sound.
    subprocess.run([sys.executable, "-m", "hailo_piper", "prepare", "--config", str(config)], check=True)
    with serving("--config", str(config)) as (_, port):
        wav = post(port, "/v1/audio/speech", {"input": TEXT, "response_format": "wav"}).data
        yield Service(port, wav)


def seconds_of(audio: bytes, response_format: str) -> float:
    """How long an answer lasts, decoded."""
    if response_format == "pcm":
        return len(audio) / 2 / 24000
    with av.open(io.BytesIO(audio), "r") as container:
        return sum((frame.samples / frame.sample_rate for frame in container.decode(container.streams.audio[0])), 0.0)
