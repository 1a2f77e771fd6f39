"""The package of `make deb` in boxes of every suite: installed once, then each test boots a throwaway layer over it."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.system import trees
from tests.system.box import Box, Done

# What make_package.py imports.
sys.path[:0] = [str(trees.ROOT / "deploy" / name) for name in ("debian", "release")]

PACKAGES = "systemd,systemd-sysv,dbus,python3,procps"
"""The tree of a box has what the package depends on, and nothing that only install.sh or a test would need."""

INSTALL = (
    "DEBIAN_FRONTEND=noninteractive apt-get install -y -o Dpkg::Options::=--force-confold"
    " -o Dpkg::Options::='--path-include=*'"  # the trees are made without manuals and documents
)
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


@dataclass(frozen=True)
class Installed:
    """What apt made of a fresh box."""

    suite: str
    layer: Path
    done: Done


def built(architecture: str) -> Path:
    """The package that `make deb` made last for this architecture."""
    found = sorted(
        (trees.ROOT / "dist").glob(f"hailo-piper_*_{architecture}.deb"), key=lambda path: path.stat().st_mtime
    )
    if not found:
        pytest.fail(f"there is no package for {architecture} in dist: make deb", pytrace=False)
    return found[-1]


@pytest.fixture(scope="session")
def package() -> Path:
    """The package for this machine."""
    return built(ARCHITECTURES[trees.MACHINE])


@pytest.fixture(scope="session")
def workshop() -> Iterator[Path]:
    """Where the layers and packages of this run are."""
    trees.CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=trees.workplace(), prefix="hailo-piper-run-") as path:
        yield Path(path)


@pytest.fixture(scope="session")
def packages(package: Path, workshop: Path) -> Path:
    """The package as here.deb; as newer.deb with a higher version and another line in its configuration."""
    place, files = workshop / "packages", workshop / "newer"
    place.mkdir()
    shutil.copy(package, place / "here.deb")
    subprocess.run(["dpkg-deb", "--raw-extract", str(package), str(files)], check=True)
    control = files / "DEBIAN" / "control"
    control.write_text(re.sub(r"^Version: .*", "Version: 9.9", control.read_text(), flags=re.MULTILINE))
    yaml = files / "etc" / "hailo" / "hailo-piper.yaml"
    yaml.write_text(yaml.read_text().replace("max_queue: ", "max_queue:  "))
    command = ["dpkg-deb", "--root-owner-group", "-Znone", "--build", str(files), str(place / "newer.deb")]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(files)
    return place


@pytest.fixture(scope="session")
def boot(packages: Path) -> Callable[..., Box]:
    """Makes boxes with the checkout and both packages in them."""

    def make(suite: str, *layers: Path, upper: Path | None = None) -> Box:
        binds = [f"{packages}:/packages", f"{trees.ROOT}:/checkout"]
        return Box([trees.tree(suite, packages=PACKAGES), *layers], upper=upper, binds=binds)

    return make


@pytest.fixture(scope="session", params=trees.SUITES)
def suite(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def installed(suite: str, boot: Callable[..., Box], workshop: Path) -> Iterator[Installed]:
    layer = workshop / suite
    with boot(suite, upper=layer) as box:
        done = box.run(f"{INSTALL} /packages/here.deb")
    yield Installed(suite, layer, done)
    shutil.rmtree(layer, ignore_errors=True)


@pytest.fixture
def box(installed: Installed, boot: Callable[..., Box]) -> Iterator[Box]:
    """A box with the package, booted, its service running."""
    assert installed.done.status == 0, installed.done.output
    with boot(installed.suite, installed.layer) as box:
        box.wait_until("systemctl is-active hailo-piper")
        yield box


@pytest.fixture(scope="module")
def installed_once(installed: Installed, boot: Callable[..., Box]) -> Iterator[Box]:
    """A box with the package for tests that only look."""
    assert installed.done.status == 0, installed.done.output
    with boot(installed.suite, installed.layer) as box:
        box.wait_until("systemctl is-active hailo-piper")
        yield box


@pytest.fixture
def bare(suite: str, boot: Callable[..., Box]) -> Iterator[Box]:
    """A box with nothing installed."""
    with boot(suite) as box:
        yield box


def pytest_sessionstart() -> None:
    programs = {"systemd-nspawn": "systemd-container", "mmdebstrap": "mmdebstrap", "lintian": "lintian"}
    missing = [package for program, package in programs.items() if not shutil.which(program)]
    if os.geteuid() or missing:
        raise pytest.UsageError(f"these tests want root, and: apt-get install {' '.join(programs.values())}")
