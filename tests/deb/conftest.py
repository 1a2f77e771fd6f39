"""The package of `make deb` in boxes of every suite: installed once, then each test boots a throwaway layer over it."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.system import trees
from tests.system.box import Box
from tests.system.conftest import Installed, bare, box, installed_once, suite, workshop

__all__ = ["Installed", "bare", "box", "installed_once", "suite", "workshop"]
"""Fixtures of the system's tests; they take what is installed from here."""

# What make_package.py imports.
sys.path[:0] = [str(trees.ROOT / "deploy" / name) for name in ("debian", "release")]

PACKAGES = "systemd,systemd-sysv,dbus,python3,procps"
"""The tree of a box has what the package depends on, and nothing that only install.sh or a test would need."""

INSTALL = (
    "DEBIAN_FRONTEND=noninteractive apt-get install -y -o Dpkg::Options::=--force-confold"
    " -o Dpkg::Options::='--path-include=*'"  # the trees are made without manuals and documents
)
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


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


@pytest.fixture(scope="session")
def installed(suite: str, boot: Callable[..., Box], workshop: Path) -> Iterator[Installed]:
    layer = workshop / suite
    with boot(suite, upper=layer) as box:
        done = box.run(f"{INSTALL} /packages/here.deb")
    yield Installed(suite, layer, done)
    shutil.rmtree(layer, ignore_errors=True)


def pytest_sessionstart() -> None:
    programs = {"systemd-nspawn": "systemd-container", "mmdebstrap": "mmdebstrap", "lintian": "lintian"}
    missing = [package for program, package in programs.items() if not shutil.which(program)]
    if os.geteuid() or missing:
        raise pytest.UsageError(f"these tests want root, and: apt-get install {' '.join(programs.values())}")
