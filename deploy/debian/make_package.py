"""Builds hailo-piper_VERSION_ARCH.deb, as `make deb` runs it: make_package.py [--out DIR] [amd64] [arm64].

Needs dpkg-deb, git, and the Python of `make setup`; neither root nor debhelper. Two builds
from one commit and the same wheels are equal to the bit.
"""

import argparse
import gzip
import hashlib
import math
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bundle import MACHINES, ROOT, bundle, contained
from papers import DOCUMENTS, LIBRARY, MAINTAINER, changelog, copyright_of, debian_version, moved

HERE = Path(__file__).resolve().parent
PAGES = (
    *("README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"),
    *("docs", "config", "deploy", "benchmarks", "systemd/README.md"),
)
"""Pages for people, and all that they link to."""

SCRIPTS = ("preinst", "postinst", "prerm", "postrm")
COMPLETIONS = {
    "bash": "usr/share/bash-completion/completions/hailo-piper",
    "zsh": "usr/share/zsh/vendor-completions/_hailo-piper",
    "fish": "usr/share/fish/vendor_completions.d/hailo-piper.fish",
}


def main() -> int:
    """Build the packages that the command line names. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "dist", metavar="DIR", help="where to: %(default)s")
    parser.add_argument("architectures", nargs="*", metavar="ARCH", help=f"of {', '.join(MACHINES)}; all by default")
    options = parser.parse_args()
    if unknown := set(options.architectures) - set(MACHINES):
        parser.error(f"no architecture that there are wheels for: {', '.join(sorted(unknown))}")
    if shutil.which("dpkg-deb") is None:
        parser.error("there is no dpkg-deb: apt-get install dpkg")
    options.out.mkdir(parents=True, exist_ok=True)
    for architecture in options.architectures or MACHINES:
        started = time.monotonic()
        package = build(architecture, options.out.resolve())
        seconds = time.monotonic() - started
        sys.stdout.write(f"{package}: {package.stat().st_size / 1e6:.0f} MB, in {seconds:.0f} s\n")
        sys.stdout.flush()
    return 0


def build(architecture: str, out: Path) -> Path:
    """Build the package for an architecture. Returns its file."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH") or _git("log", "-1", "--format=%ct").strip()
    os.environ["SOURCE_DATE_EPOCH"] = epoch
    version = debian_version(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])
    with tempfile.TemporaryDirectory(prefix="hailo-piper-deb-") as directory:
        work = Path(directory)
        stage = work / "stage"
        _stage(stage, work, MACHINES[architecture], datetime.fromtimestamp(int(epoch), UTC))
        _write_control(stage, version, architecture)
        _normalise(stage, int(epoch))
        made = work / f"hailo-piper_{version}_{architecture}.deb"
        command = ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(stage), str(made)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return Path(shutil.move(made, out / made.name))


def _stage(stage: Path, work: Path, machine: str, built: datetime) -> None:
    library, documents = stage / LIBRARY[1:], stage / DOCUMENTS[1:]
    source = work / "source"
    _copy(source)
    wheel = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*wheel, f"--wheel-dir={work / 'wheels'}", str(source)], check=True)
    (ours,) = (work / "wheels").glob("*.whl")
    bundle(ours, machine, library, work)
    # An environment as `python3 -m venv` makes it, on the system's Python, whichever of the two that is.
    (library / "pyvenv.cfg").write_text("home = /usr/bin\ninclude-system-site-packages = false\n")
    _write(library / "bin" / "hailo-piper", (HERE / "hailo-piper.py").read_text(encoding="utf-8"))
    (library / "bin" / "python").symlink_to("../../../bin/python3")
    shutil.copy(ROOT / "render_config.py", library)
    _write(stage / "etc/hailo/hailo-piper.yaml", (ROOT / "config/hailo-piper.yaml").read_text(encoding="utf-8"))
    for unit in ("hailo-piper.service", "hailo-piper@.service"):
        _write(stage / "usr/lib/systemd/system" / unit, moved((ROOT / "systemd" / unit).read_text(encoding="utf-8")))
    users = (ROOT / "systemd/hailo-piper.sysusers").read_text(encoding="utf-8")
    _write(stage / "usr/lib/sysusers.d/hailo-piper.conf", users)
    _write(stage / "usr/share/python3/runtime.d/hailo-piper.rtupdate", (HERE / "rtupdate").read_text(encoding="utf-8"))
    _write(stage / "usr/share/lintian/overrides/hailo-piper", (HERE / "lintian-overrides").read_text(encoding="utf-8"))
    (stage / "usr/bin").mkdir()
    (stage / "usr/bin/hailo-piper").symlink_to("../lib/hailo-piper/bin/hailo-piper")
    for shell, place in COMPLETIONS.items():
        _write(stage / place, _told(source, "completion", shell))
    _write_packed(stage / "usr/share/man/man1/hailo-piper.1.gz", _told(source, "manual"))
    _copy(documents, *PAGES)
    for page in documents.rglob("*.md"):
        page.write_text(moved(page.read_text(encoding="utf-8")), encoding="utf-8")
    log = changelog((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), built)
    _write_packed(documents / "changelog.gz", log)
    _write(documents / "copyright", copyright_of(contained(library), stage, built.year))


def _write_control(stage: Path, version: str, architecture: str) -> None:
    control = (HERE / "control").read_text(encoding="utf-8")
    values = {"VERSION": version, "ARCHITECTURE": architecture, "SIZE": _kilobytes(stage), "MAINTAINER": MAINTAINER}
    for name, value in values.items():
        control = control.replace(f"@{name}@", str(value))
    conffiles = (HERE / "conffiles").read_text(encoding="utf-8")
    sums = [
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  {path.relative_to(stage)}\n"
        for path in sorted(stage.rglob("*"))
        if path.is_file() and not path.is_symlink() and f"/{path.relative_to(stage)}" not in conffiles.splitlines()
    ]
    _write(stage / "DEBIAN/control", control)
    _write(stage / "DEBIAN/conffiles", conffiles)
    _write(stage / "DEBIAN/md5sums", "".join(sums))
    for script in SCRIPTS:
        _write(stage / "DEBIAN" / script, (HERE / script).read_text(encoding="utf-8"))


def _kilobytes(stage: Path) -> int:
    """Return the installed size as dpkg-gencontrol counts it."""
    files = (path.lstat() for path in stage.rglob("*"))
    return sum(math.ceil(each.st_size / 1024) if stat.S_ISREG(each.st_mode) else 1 for each in files)


def _normalise(stage: Path, epoch: int) -> None:
    """Give each file the mode and the time that it has wherever it is built."""
    programs = {stage / LIBRARY[1:] / "bin/hailo-piper", stage / "usr/share/python3/runtime.d/hailo-piper.rtupdate"}
    programs |= {stage / "DEBIAN" / script for script in SCRIPTS}
    for path in (stage, *stage.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path in programs else 0o644)
        os.utime(path, (epoch, epoch), follow_symlinks=False)


def _told(source: Path, *arguments: str) -> str:
    """Return what the program of these sources prints."""
    command = [sys.executable, "-m", "hailo_piper", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=source, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def _copy(target: Path, *names: str) -> None:
    """Copy files and folders of the checkout, as far as git knows them; all where none is named."""
    for name in _listed(*names):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target / name)


def _listed(*names: str) -> Iterator[str]:
    listed = _git("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *names)
    return (name for name in listed.split("\0") if name and (ROOT / name).is_file())


def _git(*arguments: str) -> str:
    command = ["git", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _write_packed(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    sys.exit(main())
