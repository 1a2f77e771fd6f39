"""SIGHUP to a real process while it speaks: no answer is cut, and the new voice is there; issue 7, Must show 7."""

import http.client
import json
import shutil
import signal
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hailo_piper.server import Server
from hailo_piper.voices.voice import embedded_model_path
from tests.support.client import get, post, wait_until
from tests.support.raw_http import SPEECH, serving
from tests.support.tone_voice import make_tone_voice

LONG = "A sentence of a text that takes a while to read aloud, which is the point of it. " * 24
NEW = "en_GB-new-low"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def config(joe_server: Server, cache_directory: Path, directory: Path, tmp_path: Path) -> Path:
    assert joe_server.engine.is_prepared, "so that the process below has its voice prepared at once"
    path = tmp_path / "config.yaml"
    values = {
        "piper": {"cache_directory": str(cache_directory), "noise_scale": 0, "noise_w_scale": 0},
        "voices": {"directory": str(directory), "aliases": {"newcomer": NEW}},
    }
    path.write_text(json.dumps(values))
    return path


def ids(port: int) -> list[str]:
    return [voice["id"] for voice in get(port, "/v1/voices").get_json()["voices"]]


def ask(port: int, **fields: Any) -> bytes:
    answer = post(port, SPEECH, {"input": "Yes.", **fields})
    assert answer.status_code == 200, answer.data
    return answer.data


def test_a_reload_cuts_no_answer_and_brings_the_new_voice(config: Path, directory: Path) -> None:
    body = json.dumps({"input": LONG, "response_format": "pcm"})
    with serving("--config", str(config)) as (process, port):
        assert process.stderr
        whole = ask(port, input=LONG, response_format="pcm")
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            connection.request("POST", SPEECH, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            read = response.read(1000)

            make_tone_voice(directory, name=NEW)
            process.send_signal(signal.SIGHUP)
            wait_until(lambda: NEW in ids(port), timeout_seconds=60)
            first = ask(port, voice=NEW)
            assert first == ask(port, voice="newcomer") != ask(port)
            # The long answer, and no other: a short one may still be leaving.
            wait_until(lambda: get(port, "/health").get_json()["speaking"] == 1, timeout_seconds=60)

            # Its file is replaced by another: that is another voice.
            make_tone_voice(directory / "other", name=NEW, pitch=33)
            for end in (".onnx.json", ".onnx"):
                (directory / "other" / f"{NEW}{end}").replace(directory / f"{NEW}{end}")
            process.send_signal(signal.SIGHUP)
            wait_until(lambda: ask(port, voice=NEW) != first, timeout_seconds=60)

            for end in (".onnx", ".onnx.json"):
                (directory / f"{NEW}{end}").unlink()
            process.send_signal(signal.SIGHUP)
            wait_until(lambda: NEW not in ids(port), timeout_seconds=60)
            loaded = ["en_US-joe-medium"]
            wait_until(lambda: get(port, "/health").get_json()["loaded_voices"] == loaded, timeout_seconds=60)
            read += response.read()
        assert read == whole
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        log = process.stderr.read()
    assert log.count('"message": "voices"') == 3, log
    assert "voices.aliases.newcomer: voice en_GB-new-low is not installed" in log


def test_a_reload_is_possible_before_anything_was_installed(config: Path) -> None:
    with serving("--config", str(config)) as (process, port):
        process.send_signal(signal.SIGHUP)
        assert ids(port) == ["default", "en_US-joe-medium"]
        assert ask(port)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def test_the_default_voice_stays_whatever_happens_to_its_files(config: Path, directory: Path) -> None:
    directory.mkdir()
    default = directory / "en_US-mine-medium.onnx"
    shutil.copy(embedded_model_path(), default)
    shutil.copy(f"{embedded_model_path()}.json", f"{default}.json")
    with serving("--config", str(config), "--voice", str(default)) as (process, port):
        said = ask(port)
        default.unlink()
        process.send_signal(signal.SIGHUP)
        wait_until(lambda: ids(port) == ["default", "en_US-mine-medium"], timeout_seconds=60)
        assert ask(port) == ask(port, voice="en_US-mine-medium") == said
