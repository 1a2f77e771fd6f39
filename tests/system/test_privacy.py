"""Every connection and every file of whole sessions, as the kernel saw them."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hailo_piper.audio.encoding import ENCODERS
from tests.support.client import post
from tests.system.trees import ROOT

CALLS = "connect,sendto,sendmsg,sendmmsg,open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,link,symlink,mknod"
NETWORK = re.compile(r"(connect|sendto|sendmsg|sendmmsg)\(.*(AF_INET|AF_INET6|AF_NETLINK|AF_PACKET)\b")
WRITTEN = re.compile(r'(?:openat|open|creat)\([^"]*"([^"]+)", [^)]*(?:O_WRONLY|O_RDWR|O_CREAT)[^)]*\) = \d')
MADE = re.compile(r'(?:mkdir|rename|renameat|renameat2|link|symlink|mknod)\w*\(.*"([^"]+)"[^"]*\) = 0')


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name in ("home", "temporary"):
        (tmp_path / name).mkdir()
    (tmp_path / "settings.yaml").write_text("server: {host: 0.0.0.0, port: 0}\n")
    return tmp_path


def traced(home: Path, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """A command line under strace, which writes into the home's `trace`, and its environment."""
    strace = shutil.which("strace")
    if strace is None:
        raise pytest.UsageError("this test wants: apt-get install strace")
    kept = {name: value for name, value in os.environ.items() if not re.match("XDG_|ORT_|HAILO_|PYTEST", name)}
    places = {"HOME": str(home / "home"), "TMPDIR": str(home / "temporary"), "PYTHONDONTWRITEBYTECODE": "1"}
    options = ["-f", "-qq", "-e", f"trace={CALLS}", "-e", "signal=none", "-s", "40", "-A", "-o", str(home / "trace")]
    command = [sys.executable, "-m", "hailo_piper", *arguments, "--config", str(home / "settings.yaml")]
    return [strace, *options, *command], {**kept, **places}


def told(home: Path, what: re.Pattern[str]) -> Iterator[str]:
    for line in (home / "trace").read_text(errors="replace").splitlines():
        if found := what.search(line):
            yield found[found.re.groups and 1]


def assert_private(home: Path, *allowed: Path) -> None:
    assert list(told(home, NETWORK)) == []
    ours = (home / "home" / ".cache" / "hailo-piper", *allowed)
    written = {*told(home, WRITTEN), *told(home, MADE)}
    print("\n".join(sorted(written)))
    # What prepares a voice keeps what it complains of in a file without a name.
    foreign = {
        path
        for path in written
        if not path.startswith(("/dev/null", "/dev/urandom", *map(str, ours)))
        and not path.startswith(f"{home}/temporary")
    }
    assert foreign <= {str(home / "home" / ".cache")}
    assert list((home / "temporary").iterdir()) == []


@pytest.mark.parametrize("arguments", [("prepare",), ("bench",), ("say", "Hello there.", "-o", "SPOKEN")])
def test_a_command_asks_nobody_and_leaves_only_prepared_voices(home: Path, arguments: tuple[str, ...]) -> None:
    spoken = home / "spoken.wav"
    command, environment = traced(home, *(str(spoken) if part == "SPOKEN" else part for part in arguments))
    subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True)
    assert_private(home, home / "spoken", home / ".hailo-piper-")


def test_a_service_asks_nobody_and_leaves_only_prepared_voices(home: Path) -> None:
    command, environment = traced(home, "serve")
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True) as strace:  # fmt: skip
        assert strace.stdout is not None
        found = re.search(r"http://127.0.0.1:(\d+)", strace.stdout.readline())
        assert found is not None
        for response_format in [*ENCODERS, "wav", "pcm", "mp3", "opus"]:
            body = {"input": "Hello there.", "response_format": response_format}
            assert post(int(found[1]), "/v1/audio/speech", body).status_code == 200
        service = Path(f"/proc/{strace.pid}/task/{strace.pid}/children").read_text().split()[0]
        os.kill(int(service), signal.SIGTERM)
        assert strace.wait(30) == 0
    assert_private(home)
