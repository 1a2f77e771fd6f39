"""What a release is made of: its files, built once, and boxes with each Python and nothing but the wheel in them."""

import os
import shutil
import subprocess
import tarfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support import ROOT
from tests.system import trees
from tests.system.box import Box

VERSION: str = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
DIST = ROOT / "dist"
PROGRAM = "/root/environment/bin/hailo-piper"


@dataclass(frozen=True)
class Release:
    """The files in dist/."""

    sdist: Path = DIST / f"hailo_piper-{VERSION}.tar.gz"
    wheel: Path = DIST / f"hailo_piper-{VERSION}-py3-none-any.whl"
    bill: Path = DIST / f"hailo-piper-{VERSION}.cdx.json"

    @property
    def epoch(self) -> str:
        """The date that every file in it has, as SOURCE_DATE_EPOCH."""
        with tarfile.open(self.sdist) as archive:
            (date,) = {int(member.mtime) for member in archive}
        return str(date)


def make(*targets: str, **environment: str) -> None:
    """Run targets of make, as if no make ran these tests."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(
        ["make", *targets], cwd=ROOT, env={**outside, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]


def known_files(*places: str) -> list[str]:
    """The files that git knows, or would know after `git add`."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *places]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return sorted(done.stdout.split("\0")[:-1])


@pytest.fixture(scope="session")
def release() -> Release:
    make("sbom")
    return Release()


@pytest.fixture(scope="module", params=trees.SUITES)
def box(request: pytest.FixtureRequest, release: Release) -> Iterator[Box]:
    """A Debian without a network, with the wheel in an environment of its own and no checkout anywhere."""
    missing = [tool for tool in ("systemd-nspawn", "mmdebstrap") if not shutil.which(tool)]
    if os.geteuid() or missing:
        pytest.fail("this wants root, and: apt-get install systemd-container mmdebstrap")
    suite: str = request.param
    ask = ROOT / "tests" / "system" / "ask.py"
    binds = [f"{trees.wheelhouse(suite)}:/wheelhouse", f"{release.wheel.parent}:/dist", f"{ask}:/ask.py"]
    with Box([trees.tree(suite)], binds=binds) as box:
        assert box.get("python3 -V").startswith(f"Python {trees.SUITES[suite][0]}.")
        box.get(f"python3 -m venv /root/environment && /root/environment/bin/pip install /dist/{release.wheel.name}")
        yield box
