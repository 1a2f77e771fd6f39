"""Builds the image without pulling anything, and runs containers of it that have no network but loopback."""

import base64
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from http.client import HTTPMessage
from pathlib import Path

from tests.support import ROOT
from tests.support.client import Answer
from tests.system import trees

IMAGE = "localhost/hailo-piper-test"
CONTAINER = ROOT / "deploy" / "container"
COMPOSE = CONTAINER / "compose.yaml"
# Without CAP_SYS_RESOURCE, podman's own limits are above what a machine may set; with cgroup v1, crun does not run.
SETTINGS = """[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
"""


def run(*command: object, timeout: float = 900, check: bool = True) -> str:
    """Run a program. Returns its output, without the end of the last line; its errors go to the test's."""
    words = [str(word) for word in command]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, timeout=timeout, check=False, cwd=ROOT)
    assert done.returncode == 0 or not check, f"{' '.join(words)}: {done.returncode}\n{done.stdout}"
    return done.stdout.strip()


def build() -> None:
    """Build IMAGE from the machine's apt sources and a wheelhouse, as `make image` does from Debian's and PyPI."""
    command = ["buildah", "bud", "--layers", "--pull-never", "--format=docker", "--isolation=chroot", "--network=host"]
    command += [f"--volume={trees.wheelhouse('trixie')}:/wheelhouse:ro", f"--build-arg=BASE={base()}"]
    run(*command, f"--file={CONTAINER / 'Containerfile'}", f"--tag={IMAGE}", ROOT)


def base() -> str:
    """Debian trixie as mmdebstrap makes it, in size and packages what docker.io's trixie-slim is; made on first use."""
    tree = trees.tree("trixie", packages="apt")
    name = f"{IMAGE}-base:{tree.name}"
    if subprocess.run(["podman", "image", "exists", name], check=False).returncode:
        with subprocess.Popen(["tar", "-C", str(tree), "-cf", "-", "."], stdout=subprocess.PIPE) as packed:
            subprocess.run(["podman", "import", "--quiet", "-", name], stdin=packed.stdout, check=True)
    return name


@dataclass(frozen=True)
class Running:
    """A container that was started."""

    name: str

    def inspect(self, template: str) -> str:
        return run("podman", "inspect", self.name, "--format", template)

    def in_network(self, *arguments: str) -> list[str]:
        """The command that runs tests.container.request in this container's network."""
        process = self.inspect("{{.State.Pid}}")
        words = ["nsenter", f"--net=/proc/{process}/ns/net", sys.executable, "-m", "tests.container.request"]
        return [*words, *arguments]

    def ask(self, method: str, path: str, body: object = None) -> Answer:
        """One request; it fails where nobody listens."""
        said = run(*self.in_network(method, path, *([] if body is None else [json.dumps(body)])))
        answer = json.loads(said)
        headers = HTTPMessage()
        for name, value in answer["headers"].items():
            headers[name] = value
        return Answer(answer["status"], headers, base64.b64decode(answer["body"]))

    def is_running(self) -> bool:
        return self.name in run("podman", "ps", "--format", "{{.Names}}").split()

    def is_ready(self) -> bool:
        return bool(run(*self.in_network("GET", "/ready"), check=False).startswith('{"status": 200'))

    def logs(self) -> str:
        done = subprocess.run(["podman", "logs", self.name], capture_output=True, text=True, check=True)
        return done.stdout + done.stderr

    def health(self) -> str:
        """What the image's own health check says now; no systemd runs it here."""
        return run("podman", "healthcheck", "run", self.name, check=False) or "healthy"


def write_settings(directory: Path) -> Path:
    path = directory / "containers.conf"
    path.write_text(SETTINGS)
    os.environ["CONTAINERS_CONF"] = str(path)
    return path
