"""Home Assistant's own code against the Wyoming listener.

It wants a newer Python than this one may be, and so runs in the Debian tree of the system tests, whose Python it is.
"""

import asyncio
import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hailo_piper.config.settings import Config
from hailo_piper.server import Server
from tests.support.client import wait_until, wav_of
from tests.support.wyoming_client import port_of, serving, speak
from tests.system import trees

HERE = Path(__file__).parent / "home_assistant"
PYTHON = "3.13.5"
TEXT = "The birch canoe slid on the smooth planks. Glue the sheet to the dark blue background."
PIECES = ["The birch canoe slid on", " the smooth planks. Glue the", " sheet to the", " dark blue background."]


@pytest.fixture(scope="module")
def home_assistant() -> Path:
    """Where its packages are, installed on first use: 570 MB."""
    if os.geteuid() or not shutil.which("mmdebstrap"):
        pytest.skip("entering a Debian tree takes root and mmdebstrap")
    requirements = HERE / "requirements.txt"
    path = trees.CACHE / f"home-assistant-{trees.MACHINE}-{trees._digest(requirements.read_text())}"
    if not path.is_dir():
        part = path.with_name(f"{path.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        tags = [f"--platform=manylinux_2_{minor}_{trees.MACHINE}" for minor in range(trees.SUITES["trixie"][1], 4, -1)]
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        command += ["--only-binary=:all:", "--implementation=cp", f"--python-version={PYTHON}", *tags]
        command += [f"--platform=manylinux2014_{trees.MACHINE}", "--ignore-requires-python", "--no-warn-conflicts"]
        command += ["--target", str(part), "--requirement", str(requirements)]
        subprocess.run(command, check=True, timeout=600)
        part.rename(path)
    return path


@pytest.fixture(scope="module")
def server(joe_config: Config) -> Iterator[Server]:
    with serving(joe_config) as server:
        wait_until(lambda: server.engine.is_prepared, timeout_seconds=120)
        yield server


def in_tree(packages: Path, *arguments: str) -> str:
    """What this program prints, run by the tree's Python with these packages, in this machine's network."""
    tree = trees.tree("trixie")
    mounts = [
        f"mount --bind {packages} {tree}/mnt",
        f"mount -t tmpfs none {tree}/tmp",
        f"mount -t proc none {tree}/proc",
        f"mount --bind /dev {tree}/dev",
        f"mkdir {tree}/tmp/drive",
        f"mount --bind {HERE} {tree}/tmp/drive",
        f'exec chroot {tree} env -i PATH=/usr/bin LANG=C.UTF-8 PYTHONPATH=/mnt python3 -B /tmp/drive/drive.py "$@"',
    ]
    command = ["unshare", "--mount", "--propagation=private", "sh", "-c", " && ".join(mounts), "sh", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_its_entity_shows_the_voices_speaks_and_streams(home_assistant: Path, server: Server) -> None:
    port = port_of(server)
    answer = json.loads(in_tree(home_assistant, str(port), TEXT, json.dumps(PIECES)).splitlines()[-1])
    pcm = asyncio.run(speak(port, TEXT)).pcm
    assert (answer["name"], answer["platforms"], answer["language"]) == ("hailo-piper", ["tts"], "en_US")
    assert answer["voices"] == [["en_US-joe-medium", "joe (medium)"]]
    parameters, whole = wav_of(base64.b64decode(answer["wav"]))
    assert (answer["kind"], parameters.framerate, whole) == ("wav", 22050, pcm)
    assert answer["supports_streaming"]
    assert answer["sounded_before_the_end"]
    assert base64.b64decode(answer["streamed"]) == pcm
    # A refusal is an answer too: it does not leave Home Assistant waiting.
    assert answer["unknown"] == [None, None]


def test_its_texts_may_have_a_pause_where_the_operator_says_so(home_assistant: Path, joe_config: Config) -> None:
    text = 'Dinner is ready. <break time="1s"/> Come down!'
    with serving(joe_config, synthesis={"enable_ssml_parsing": True}) as server:
        wait_until(lambda: server.engine.is_prepared, timeout_seconds=120)
        port = port_of(server)
        pieces = ["Dinner is ready. <bre", 'ak time="', '1s"/> Come', " down!"]
        answer = json.loads(in_tree(home_assistant, str(port), text, json.dumps(pieces)).splitlines()[-1])
        pcm = asyncio.run(speak(port, text)).pcm
        plain = asyncio.run(speak(port, "Dinner is ready. Come down!")).pcm
    assert len(pcm) - len(plain) == pytest.approx(2 * 22050, abs=2)
    assert wav_of(base64.b64decode(answer["wav"]))[1] == pcm
    assert base64.b64decode(answer["streamed"]) == pcm
