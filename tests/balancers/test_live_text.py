"""WebSockets of a real service, through the balancers as shipped and the proxies as docs/operating.md has them."""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from tests.balancers.fleet import Instance, free_port, is_ready
from tests.balancers.listeners import SHORT
from tests.support.client import events_of, post, wait_until
from tests.support.documents import blocks
from tests.support.websocket_client import dialled, hear, hear_all, say

WORD = "a-word-for-anna"
BASIC = {"Authorization": f"Basic {base64.b64encode(f'anna:{WORD}'.encode()).decode()}"}


def assert_live(port: int, expected: bytes, headers: dict[str, str] | None = None) -> None:
    """All protocols pass a proxy's port, for a page of its own address, too."""
    text = SHORT["input"]
    own_page = {"Origin": f"http://127.0.0.1:{port}", **(headers or {})}
    with dialled(port, headers=own_page) as connection:
        say(connection, id="a", text=text, format="pcm")
        assert hear_all(connection, "a")["a"].data == expected
    with dialled(port, "/v1/text-to-speech/default/stream-input?output_format=pcm_24000", headers) as connection:
        say(connection, text=f"{text} ")
        say(connection, text="")
        pcm = b""
        while not (message := hear(connection)).get("isFinal"):
            pcm += base64.b64decode(message["audio"])
        assert pcm == expected
    with dialled(port, "/v1/speak?encoding=linear16&sample_rate=24000", headers) as connection:
        say(connection, type="Speak", text=text)
        say(connection, type="Flush")
        pcm = b"".join(iter(lambda: _samples(connection.recv()), None))
        assert pcm == expected
    answer = post(port, "/v1/audio/speech", {**SHORT, "stream_format": "sse"}, headers)
    assert b"".join(base64.b64decode(event.get("audio", "")) for event in events_of(answer.data)) == expected
    refused_page = {"Origin": "http://elsewhere.example", **(headers or {})}
    with pytest.raises(InvalidStatus) as refused, dialled(port, headers=refused_page):
        raise AssertionError("it was accepted")
    assert refused.value.response.status_code == 403


def _samples(message: str | bytes) -> bytes | None:
    """The samples of a message of Deepgram's; None for the end of its segment."""
    if isinstance(message, bytes):
        return message
    return None if json.loads(message)["type"] == "Flushed" else b""


def test_live_text_passes_a_balancer(balancer: int, expected: tuple[bytes, bytes]) -> None:
    assert_live(balancer, expected[0])


@pytest.fixture(params=["nginx", "caddy"])
def proxy(request: pytest.FixtureRequest, instances: list[Instance], tmp_path: Path) -> Iterator[int]:
    """The port of a proxy with the lines of docs/operating.md, which ask for a name and a password."""
    name: str = request.param
    if not shutil.which(name):
        pytest.skip(f"{name} is missing: sudo apt-get install {name}")
    port = free_port()
    command = {"nginx": as_nginx, "caddy": as_caddy}[name](tmp_path, port, instances[0].address)
    homes = {"XDG_CONFIG_HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, env={**os.environ, **homes}, stdout=log, stderr=log)
    try:
        # Without a password it refuses, and so is no ready service.
        wait_until(lambda: process.poll() is not None or answers(port), timeout_seconds=20)
        assert process.poll() is None, (tmp_path / "log").read_text()
        assert not is_ready(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


def answers(port: int) -> bool:
    try:
        return post(port, "/v1/audio/speech", SHORT).status_code == 401
    except OSError:
        return False


def as_nginx(directory: Path, port: int, server: str) -> list[str]:
    location, connection_upgrade = (block.text for block in blocks("nginx") if block.page.name == "operating.md")
    passwords = directory / "speech.htpasswd"
    passwords.write_text(f"anna:{{PLAIN}}{WORD}\n", encoding="utf-8")
    # The workers of a server that root starts have another user.
    directory.chmod(0o755)
    location = location.replace("/etc/nginx/speech.htpasswd", str(passwords)).replace("127.0.0.1:5003", server)
    server_block = f"server {{\nlisten 127.0.0.1:{port};\n{location}\n}}"
    config = directory / "nginx.conf"
    user = "user root;\n" if os.geteuid() == 0 else ""
    config.write_text(f"{user}events {{}}\nhttp {{\naccess_log off;\n{connection_upgrade}\n{server_block}\n}}\n")
    return ["nginx", "-p", str(directory), "-c", str(config), "-e", "stderr", "-g", f"pid {directory}/pid; daemon off;"]


def as_caddy(directory: Path, port: int, server: str) -> list[str]:
    (block,) = (block.text for block in blocks("") if "reverse_proxy" in block.text)
    hashed = subprocess.run(
        ["caddy", "hash-password", "--plaintext", WORD], check=True, capture_output=True, text=True
    ).stdout.strip()
    _, rest = block.split("{\n", 1)
    rest = "\n".join(
        f"        anna {hashed}" if line.strip().startswith("anna ") else line for line in rest.splitlines()
    )
    config = directory / "Caddyfile"
    config.write_text(f"http://127.0.0.1:{port} {{\n{rest.replace('127.0.0.1:5003', server)}\n")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(config)]


def test_live_text_passes_a_proxy_with_the_lines_of_the_page(proxy: int, expected: tuple[bytes, bytes]) -> None:
    assert_live(proxy, expected[0], BASIC)
