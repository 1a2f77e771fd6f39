"""An installed box for every suite: installed once, then every test boots a throwaway layer over it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.system import trees
from tests.system.box import Box, Done

INSTALL = "cd /checkout && ./install.sh"

ONE_SUITE = pytest.mark.parametrize("suite", ["trixie"], indirect=True)
"""For what takes long and is no matter of the system's version."""


@dataclass(frozen=True)
class Installed:
    """What an installation made of a fresh box."""

    suite: str
    layer: Path
    done: Done


@pytest.fixture(scope="session")
def workshop() -> Iterator[Path]:
    """Where the layers and packages of this run are."""
    trees.CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=trees.workplace(), prefix="hailo-piper-run-") as path:
        yield Path(path)


@pytest.fixture(scope="session")
def checkout(workshop: Path) -> Path:
    """The files that git knows, as an operator has them."""
    path = workshop / "checkout"
    path.mkdir()
    command = "git ls-files -z --cached --others --exclude-standard | xargs -0 tar -cf -"
    packed = subprocess.run(["sh", "-c", command], cwd=trees.ROOT, stdout=subprocess.PIPE, check=True)
    subprocess.run(["tar", "-xf", "-", "-C", str(path), "--no-same-owner"], input=packed.stdout, check=True)
    return path


@pytest.fixture(scope="session")
def boot(checkout: Path) -> Callable[..., Box]:
    """Makes boxes with the checkout and their suite's wheelhouse in them."""

    def make(suite: str, *layers: Path, upper: Path | None = None) -> Box:
        binds = [f"{trees.wheelhouse(suite)}:/wheelhouse", f"{checkout}:/checkout"]
        return Box([trees.tree(suite), *layers], upper=upper, binds=binds)

    return make


@pytest.fixture(scope="session", params=trees.SUITES)
def suite(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def installed(suite: str, boot: Callable[..., Box], workshop: Path) -> Iterator[Installed]:
    layer = workshop / suite
    with boot(suite, upper=layer) as box:
        done = box.run(INSTALL)
    yield Installed(suite, layer, done)
    shutil.rmtree(layer, ignore_errors=True)


@pytest.fixture
def box(installed: Installed, boot: Callable[..., Box]) -> Iterator[Box]:
    """An installed box, booted, its service running."""
    assert installed.done.status == 0, installed.done.output
    with boot(installed.suite, installed.layer) as box:
        box.wait_until("systemctl is-active hailo-piper")
        yield box


@pytest.fixture
def bare(suite: str, boot: Callable[..., Box]) -> Iterator[Box]:
    """A box with nothing installed."""
    with boot(suite) as box:
        yield box


@pytest.fixture(scope="module")
def installed_once(installed: Installed, boot: Callable[..., Box]) -> Iterator[Box]:
    """An installed box for tests that only look."""
    assert installed.done.status == 0, installed.done.output
    with boot(installed.suite, installed.layer) as box:
        box.wait_until("systemctl is-active hailo-piper")
        yield box


def pytest_sessionstart() -> None:
    missing = [tool for tool in ("systemd-nspawn", "mmdebstrap") if not shutil.which(tool)]
    if os.geteuid() or missing:
        raise pytest.UsageError("these tests want root, and: apt-get install systemd-container mmdebstrap")
