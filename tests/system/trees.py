"""What the boxes are made of, kept between runs: Debian trees with systemd, and a wheelhouse for the Python of each.

Everything comes from the machine's own apt sources and pip configuration.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "hailo-piper-tests"
SUITES = {"bookworm": ("3.11", 36), "trixie": ("3.13", 41)}
"""Suite to its Python and the minor version of its glibc 2."""
PACKAGES = "systemd,systemd-sysv,dbus,python3,python3-venv,ca-certificates,procps,iproute2"
MACHINE = os.uname().machine
_DEBIAN_NAMES = {"x86_64": "amd64", "aarch64": "arm64"}


def workplace() -> Path:
    """Where boxes write: in memory where there is plenty, since an installation is ten thousand small files."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > 6 << 30 else CACHE


def tree(suite: str, machine: str = MACHINE, *, packages: str = PACKAGES, variant: str = "minbase") -> Path:
    """A minimal system of this suite, made on first use."""
    path = CACHE / f"{suite}-{machine}-{_digest(packages + variant)}"
    if path.is_dir():
        return path
    part = path.with_name(f"{path.name}.part")
    subprocess.run(["rm", "-rf", "--one-file-system", str(part)], check=True)
    CACHE.mkdir(parents=True, exist_ok=True)
    command = ["mmdebstrap", "--quiet", "--mode=root", f"--variant={variant}", "--format=directory"]
    command += [f"--architectures={_DEBIAN_NAMES[machine]}", f"--include={packages}"]
    command += [f"--aptopt={option}" for option in (
        'Acquire::Languages "none"', 'APT::Install-Recommends "false"', 'Acquire::Check-Valid-Until "false"',
        'Acquire::Check-Date "false"',
    )]  # fmt: skip
    command += [f"--dpkgopt={option}" for option in (
        "path-exclude=/usr/share/doc/*", "path-exclude=/usr/share/man/*", "path-exclude=/usr/share/locale/*",
        "force-unsafe-io",
    )]  # fmt: skip
    subprocess.run([*command, suite, str(part), str(_sources(suite))], check=True)
    (part / "etc/hosts").write_text("127.0.0.1 localhost\n")
    (part / "etc/pip.conf").write_text("[global]\nno-index = true\nfind-links = /wheelhouse\n")
    part.rename(path)
    return path


def _sources(suite: str) -> Path:
    """The machine's own apt sources, for another suite."""
    codename = re.search(r"^VERSION_CODENAME=(\w+)$", Path("/etc/os-release").read_text(), flags=re.MULTILINE)
    assert codename, "the machine is no Debian"
    path = CACHE / f"{suite}.sources"
    debian = Path("/etc/apt/sources.list.d/debian.sources").read_text()
    path.write_text(re.sub(rf"\b{codename[1]}\b", suite, debian))
    return path


def wheelhouse(suite: str, machine: str = MACHINE) -> Path:
    """Every wheel that an installation on this suite wants."""
    path = CACHE / f"wheels-{suite}-{machine}-{_digest(' '.join(requirements()))}"
    if not path.is_dir():
        part = path.with_name(f"{path.name}.part")
        pip("download", suite, machine, "--dest", str(part))
        part.rename(path)
    return path


def requirements() -> list[str]:
    """What the package needs to be built and to run, from pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needed: list[str] = project["build-system"]["requires"] + project["project"]["dependencies"]
    return needed


def pip(verb: str, suite: str, machine: str, *options: str) -> str:
    """Have pip choose wheels for a system other than this one; returns what it said."""
    python, glibc = SUITES[suite]
    # A tag says the oldest glibc that a wheel runs on; pip matches tags one by one.
    tags = [f"manylinux_2_{minor}_{machine}" for minor in range(glibc, 4, -1)] + [f"manylinux2014_{machine}"]
    command = [sys.executable, "-m", "pip", verb, "--disable-pip-version-check", "--only-binary=:all:"]
    command += ["--implementation=cp", f"--python-version={python}", *(f"--platform={tag}" for tag in tags)]
    done = subprocess.run([*command, *options, *requirements()], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"pip {verb} for {suite} on {machine}: {done.stderr[-2000:]}")
    return done.stdout


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
