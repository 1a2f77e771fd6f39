"""The Python packages inside the Debian package: a tree for each Python, with one place for what is equal."""

import csv
import filecmp
import os
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHONS = {"3.11": 36, "3.13": 41}
"""The Pythons of Debian bookworm and trixie, oldest first, and the minor version of each one's glibc 2."""

MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
"""Debian's architectures, by the names that wheels have."""

LARGE_BYTES = 1 << 20
"""Files of at least this size that are equal in two trees are stored once."""

SHARED = "lib/shared"
_SLIM = runpy.run_path(str(ROOT / "deploy" / "container" / "slim.py"))


def bundle(wheel: Path, machine: str, target: Path, work: Path) -> None:
    """Install a wheel and all that it needs below `target`. Writes beside it only in `work`."""
    trees: dict[str, Path] = {}
    pinned = work / "pinned.txt"
    pinned.touch()
    for python, glibc in PYTHONS.items():
        trees[python] = work / f"python{python}"
        _install(wheel, _tags(machine, python, glibc), pinned, trees[python])
        _clean(trees[python])
        # Each Python gets the same versions, so that a machine behaves alike before and after an upgrade of Debian.
        versions = [f"{found.name}=={found.version}\n" for found in distributions(path=[str(trees[python])])]
        pinned.write_text("".join(sorted(versions)))
    _share(list(trees.values()), target / SHARED)
    for python, tree in trees.items():
        (tree / "hailo-piper.pth").write_text("../../shared\n")
        shutil.move(tree, target / site_packages(python))
    oldest, *others = (target / site_packages(python) for python in PYTHONS)
    for other in others:
        _link_large(other, oldest)


def site_packages(python: str) -> str:
    """Return where a Python looks for packages, as a path below its prefix."""
    return f"lib/python{python}/site-packages"


def contained(target: Path) -> list[Distribution]:
    """Return the distributions below `target`, one of each, by name."""
    places = [str(target / place) for place in (SHARED, *map(site_packages, PYTHONS))]
    found = {re.sub(r"[-_.]+", "-", each.name).lower(): each for each in distributions(path=places)}
    return [found[name] for name in sorted(found)]


def _tags(machine: str, python: str, glibc: int) -> list[str]:
    # A tag says the oldest glibc that a wheel runs on; pip matches tags one by one.
    names = [f"manylinux_2_{minor}_{machine}" for minor in range(glibc, 4, -1)] + [f"manylinux2014_{machine}"]
    return ["--implementation=cp", f"--python-version={python}", *(f"--platform={name}" for name in names)]


def _install(wheel: Path, tags: list[str], pinned: Path, tree: Path) -> None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    command += ["--only-binary=:all:", "--root-user-action=ignore", f"--target={tree}", f"--constraint={pinned}"]
    subprocess.run([*command, *tags, str(wheel)], check=True)


def _clean(tree: Path) -> None:
    """Take out what is never read, and what tells of the machine that builds."""
    for name in ("bin", "share"):
        shutil.rmtree(tree / name, ignore_errors=True)
    for pattern in _SLIM["UNUSED"]:
        for path in sorted(tree.glob(pattern)):
            _SLIM["remove"](path)
    for path in list(_SLIM["other_languages"](tree / "babel" / "locale-data")):
        path.unlink()
    for record in tree.glob("*.dist-info/RECORD"):
        (record.parent / "direct_url.json").unlink(missing_ok=True)
        kept = [row for row in _rows(record) if (tree / row[0]).exists() and not row[0].startswith("..")]
        with record.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(kept)


def _share(trees: list[Path], shared: Path) -> None:
    """Move distributions whose files are equal in all trees into `shared`."""
    first, *others = trees
    shared.mkdir(parents=True)
    for record in sorted(first.glob("*.dist-info/RECORD")):
        # A distribution goes as a whole: its modules find their libraries beside themselves.
        names = sorted({Path(row[0]).parts[0] for row in _rows(record)})
        if all(_equal(first / name, other / name) for other in others for name in names):
            for name in names:
                (first / name).rename(shared / name)
                for other in others:
                    _SLIM["remove"](other / name)


def _equal(one: Path, other: Path) -> bool:
    if not one.is_dir():
        return other.is_file() and filecmp.cmp(one, other, shallow=False)
    names = sorted(_files(one))
    return other.is_dir() and names == sorted(_files(other)) and all(
        filecmp.cmp(one / name, other / name, shallow=False) for name in names
    )  # fmt: skip


def _link_large(tree: Path, oldest: Path) -> None:
    """Let a tree's large files be links to the equal ones of the oldest Python's."""
    for name in list(_files(tree)):
        one, other = tree / name, oldest / name
        if one.stat().st_size >= LARGE_BYTES and other.is_file() and filecmp.cmp(one, other, shallow=False):
            one.unlink()
            one.symlink_to(os.path.relpath(other, one.parent))


def _files(directory: Path) -> Iterator[Path]:
    return (path.relative_to(directory) for path in directory.rglob("*") if path.is_file())


def _rows(record: Path) -> list[list[str]]:
    with record.open(newline="", encoding="utf-8") as file:
        return [row for row in csv.reader(file) if row]
