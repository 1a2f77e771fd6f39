"""Starts the balancers of deploy/ from their files as shipped: only addresses are given to them."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.balancers.fleet import free_port
from tests.support import ROOT
from tests.support.client import wait_until

DEPLOY = ROOT / "deploy"


@dataclass(frozen=True)
class Start:
    """How a balancer is started."""

    command: list[str]
    environment: dict[str, str]


def haproxy(directory: Path, port: int, servers: Sequence[str]) -> Start:
    del directory
    names = {f"HAILO_PIPER_{number}": server for number, server in enumerate(servers, 1)}
    command = ["haproxy", "-W", "-f", str(DEPLOY / "haproxy" / "haproxy.cfg")]
    return Start(command, {"HAILO_PIPER_BIND": f"127.0.0.1:{port}", **names})


def nginx(directory: Path, port: int, servers: Sequence[str]) -> Start:
    """The shipped nginx.conf, with the two files that an operator writes beside it."""
    own = directory / "hailo-piper"
    own.mkdir()
    shutil.copy(DEPLOY / "nginx" / "nginx.conf", directory)
    (own / "listen.conf").write_text(f"listen 127.0.0.1:{port};\n", encoding="utf-8")
    shipped = (DEPLOY / "nginx" / "hailo-piper" / "servers.conf").read_text(encoding="utf-8").splitlines()
    lines = [line.replace(line.split()[1], server, 1) for line, server in zip(shipped, servers, strict=True)]
    (own / "servers.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")
    place = f"pid {directory}/nginx.pid; daemon off;"
    return Start(["nginx", "-p", str(directory), "-c", "nginx.conf", "-e", "stderr", "-g", place], {})


def caddy(directory: Path, port: int, servers: Sequence[str]) -> Start:
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(DEPLOY / "caddy" / "Caddyfile")]
    homes = {"XDG_CONFIG_HOME": str(directory), "XDG_DATA_HOME": str(directory)}
    addresses = {"HAILO_PIPER_SITE": f"http://127.0.0.1:{port}", "HAILO_PIPER_SERVERS": " ".join(servers)}
    return Start(command, {**homes, **addresses})


BALANCERS: dict[str, Callable[[Path, int, Sequence[str]], Start]] = {"haproxy": haproxy, "nginx": nginx, "caddy": caddy}


@contextmanager
def balancing(name: str, directory: Path, servers: Sequence[str], is_up: Callable[[int], bool]) -> Iterator[int]:
    """A balancer in front of these servers, once `is_up` says so of its port."""
    port = free_port()
    folder = directory / name
    folder.mkdir()
    start = BALANCERS[name](folder, port, servers)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(start.command, env={**os.environ, **start.environment}, stdout=log, stderr=log)
    try:
        wait_until(lambda: process.poll() is not None or is_up(port), timeout_seconds=20)
        assert process.poll() is None, (folder / "log").read_text()
        yield port
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
