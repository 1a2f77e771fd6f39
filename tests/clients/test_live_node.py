"""LiveKit's agents-js from npm, the one program there that speaks over ElevenLabs' WebSocket."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from tests.clients.conftest import TEXT, Service
from tests.clients.live import SECONDS, assert_same_words, own_pcm, own_words

SCRIPT = Path(__file__).parent / "node" / "livekit.mjs"
INSTALLED = Path(sys.prefix) / "node"
"""Where `make test-clients` has npm install it."""


def test_two_streams_on_one_socket_have_the_right_times(service: Service, tmp_path: Path) -> None:
    # A module looks for its packages beside itself.
    script = shutil.copy(SCRIPT, INSTALLED)
    node = shutil.which("node")
    assert node, "node is missing: apt-get install nodejs npm"
    command = [node, script, f"{service.url}/v1", str(tmp_path / "audio"), TEXT]
    run = subprocess.run(command, check=False, capture_output=True, text=True, timeout=SECONDS)
    assert run.returncode == 0, run.stderr
    both = json.loads(run.stdout)
    assert len(both) == 2
    expected = own_words(service, TEXT)
    # It counts from the first word, whatever sounds before.
    expected = [(word, start - expected[0][1]) for word, start in expected]
    for number, words in enumerate(both):
        assert_same_words([(word, start) for word, start in words], expected)
        assert (tmp_path / f"audio.{number}").read_bytes() == own_pcm(service, TEXT)
