"""SIGTERM while live texts are spoken: those under way finish within the bound, and new ones are refused."""

import base64
import json
import signal
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from tests.support.client import post
from tests.support.raw_http import serving
from tests.support.services import QUIET
from tests.support.websocket_client import SECONDS, dialled, hear, hear_all, say

LONG = "This sentence is one of very many. " * 12
MULTI = "/v1/text-to-speech/default/multi-stream-input?output_format=pcm_24000"


@pytest.fixture
def config(tmp_path: Path, tone_path: Path, cache_directory: Path) -> Path:
    path = tmp_path / "config.json"
    piper = {"model_path": str(tone_path), "cache_directory": str(cache_directory), **QUIET}
    path.write_text(json.dumps({"piper": piper, "server": {"drain_seconds": 0, "stop_seconds": 30}}))
    return path


def close_code(connection: ClientConnection) -> int | None:
    with pytest.raises(ConnectionClosed) as closed:
        connection.recv(timeout=SECONDS)
    return closed.value.rcvd.code if closed.value.rcvd else None


def pcm_of_context(connection: ClientConnection) -> bytes:
    pcm = b""
    while not (message := hear(connection)).get("isFinal"):
        assert "error" not in message, message
        pcm += base64.b64decode(message["audio"])
    return pcm


def test_sigterm_finishes_what_is_under_way_and_refuses_new_texts(config: Path) -> None:
    with serving("--config", str(config)) as (process, port):
        expected = post(port, "/v1/synthesize", {"text": LONG, "format": "pcm"}).data
        with dialled(port) as own, dialled(port, MULTI) as elevenlabs, dialled(port) as idle:
            # A reader that takes little holds the answer up, until the service stops.
            say(own, id="a", text=LONG, format="pcm", length_scale=8)
            first = hear(own)
            assert not first["is_final"]
            say(elevenlabs, context_id="a", text=LONG, flush=True)
            say(elevenlabs, context_id="a", close_context=True)
            process.send_signal(signal.SIGTERM)
            # It closes when it stops, so its end says that the signal was heard.
            assert close_code(idle) == 1001
            say(own, id="b", text="One more.", format="pcm")
            heard = {"a": base64.b64decode(first["audio_chunk"])}
            refused: dict[str, str] = {}
            while not refused or "a" in heard:
                message = hear(own)
                if "error" in message:
                    refused[message["id"]] = message["error"]["code"]
                    continue
                heard["a"] += base64.b64decode(message["audio_chunk"])
                if message["is_final"]:
                    break
            assert pcm_of_context(elevenlabs) == expected
            assert close_code(elevenlabs) == 1001
            assert close_code(own) == 1001
            assert len(heard["a"]) > 4 * len(expected)
            assert refused == {"b": "draining"}
            with pytest.raises((InvalidStatus, OSError)), dialled(port):
                raise AssertionError("it was accepted")
        assert process.wait(timeout=SECONDS) == 0


def test_a_stop_within_no_time_cuts_off_and_exits(config: Path) -> None:
    values = json.loads(config.read_text())
    values["server"]["stop_seconds"] = 1
    config.write_text(json.dumps(values))
    with serving("--config", str(config)) as (process, port), dialled(port) as connection:
        say(connection, id="a", text=LONG * 10, format="wav", length_scale=8, sample_rate=48000)
        hear(connection)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=SECONDS) == 0
        with pytest.raises((ConnectionClosed, ConnectionError)):
            hear_all(connection, "a")
