"""Nothing leaves the machine, and nothing is left on it: no look-up, no connection, no file but our own."""

import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support import ROOT
from tests.support.client import post, wait_until

HOOK = """
import os, sys
def tell(event, arguments):
    if event.startswith("socket.") and event != "socket.__new__":
        with open(os.environ["AUDIT"], "a") as file:
            file.write(f"{event} {arguments[1:] if event != 'socket.getaddrinfo' else arguments}\\n")
sys.addaudithook(tell)
"""
IMPORT_ALL = """
import importlib, re, sys
import importlib.metadata as metadata

events = []
sys.addaudithook(lambda event, arguments: events.append(event) if event.startswith("socket.") else None)

def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()

packages = {}
for package, distributions in metadata.packages_distributions().items():
    for distribution in distributions:
        packages.setdefault(plain(distribution), set()).add(package)
waiting, seen = ["hailo-piper"], set()
while waiting:
    name = plain(waiting.pop())
    if name not in seen:
        seen.add(name)
        needed = [need for need in metadata.requires(name) or () if "extra ==" not in need]
        waiting += [found for found in (re.match(r"[\\w.-]+", need)[0] for need in needed) if plain(found) in packages]
for package in sorted({package for name in seen for package in packages.get(name, ()) if package.isidentifier()}):
    importlib.import_module(package)
    print(package)
assert not events, events
"""


def test_no_dependency_opens_a_socket_when_it_is_imported() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", IMPORT_ALL], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert {"flask", "onnxruntime", "piper", "waitress", "wyoming", "zeroconf"} <= set(done.stdout.split())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name in ("home", "temporary", "hook"):
        (tmp_path / name).mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text(HOOK)
    return tmp_path


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not re.match("XDG_|ORT_|HAILO_|PYTEST", name)}
    return {
        **kept,
        "HOME": str(home / "home"),
        "TMPDIR": str(home / "temporary"),
        "AUDIT": str(home / "audit"),
        "PYTHONPATH": str(home / "hook"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "hailo_piper", *arguments]


def files(directory: Path) -> set[Path]:
    return {path.relative_to(directory) for path in directory.rglob("*") if not path.is_dir()}


def test_a_session_leaves_prepared_voices_and_nothing_else(home: Path) -> None:
    (home / "settings.yaml").write_text("server: {host: 127.0.0.1, port: 0}\n")
    settings = ("--config", str(home / "settings.yaml"))
    run = {"env": environment(home), "cwd": ROOT}
    subprocess.run(command("prepare", *settings), check=True, capture_output=True, **run)  # type: ignore[call-overload]
    spoken = home / "spoken.wav"
    subprocess.run(command("say", "Hello.", "-o", str(spoken), *settings), check=True, **run)  # type: ignore[call-overload]
    with subprocess.Popen(command("serve", *settings), stdout=subprocess.PIPE, text=True, **run) as service:  # type: ignore[call-overload]
        found = re.search(r"http://127.0.0.1:(\d+)", service.stdout.readline())
        assert found is not None
        for response_format in ("wav", "mp3", "pcm"):
            body = {"input": "Hello there.", "response_format": response_format}
            assert post(int(found[1]), "/v1/audio/speech", body).status_code == 200
        wait_until(lambda: not listening_elsewhere(service.pid))
        service.send_signal(signal.SIGTERM)
        assert service.wait(20) == 0
    ours = {path for path in files(home / "home") if path.parts[:2] == (".cache", "hailo-piper")}
    assert files(home / "home") == ours
    assert files(home / "temporary") == set()
    audited = (home / "audit").read_text().splitlines()
    assert audited
    assert [line for line in audited if not allowed(line)] == []


def allowed(line: str) -> bool:
    """Whether a call on a socket needs no other machine: a port is taken, or an address in figures is written so."""
    return (
        line.startswith(("socket.bind", "socket.getnameinfo"))
        or re.match(r"socket.getaddrinfo \('(127\.0\.0\.1|0\.0\.0\.0)'", line) is not None
    )


def listening_elsewhere(process_id: int) -> list[str]:
    """Sockets of a process that are connected by TCP or UDP, by their lines in the system's own tables."""
    links = set[str]()
    for path in Path(f"/proc/{process_id}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed since it was listed
            links.add(str(path.readlink()))
    lines = [
        line.split()
        for table in ("tcp", "tcp6", "udp", "udp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    listening, closing = "0A", "08"
    return [line[1] for line in lines if f"socket:[{line[9]}]" in links and line[3] not in (listening, closing)]
