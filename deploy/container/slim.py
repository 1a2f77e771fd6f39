"""Takes out of the image's packages what the service never reads: python slim.py SITE_PACKAGES.

README.md beside this file says how many megabytes each part is. A part that a newer package no longer has is an error.
"""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

UNUSED = (
    "numpy/f2py",
    "onnx/backend",
    "onnx/reference",
    "onnxruntime/capi/libonnxruntime.so.*",  # for programs in C; Python's module has the library inside
    "onnxruntime/quantization",
    "onnxruntime/tools",
    "onnxruntime/transformers",
    "**/tests",
    "**/*.a",
    "**/*.c",
    "**/*.cc",
    "**/*.h",
    "**/*.proto",
    "**/*.pxd",
    "**/*.pyi",
    "**/*.pyx",
)
"""Parts of packages, as patterns; some have further packages inside."""

LANGUAGES = frozenset(
    """ar bg bn ca cs cy da de el en es et eu fa fi fr gl he hi hr hu id is it ja ka kk ko lb lt lv ml mr ms nb ne nl nn
    no pl pt ro root ru sk sl sq sr sv sw ta te th tr uk ur uz vi zh""".split()  # noqa: SIM905 - a list would be a page
)
"""What Babel is kept for: the languages of Piper's voices, and some that may come."""

PADDED = ("libxcb", "libxcb-shm", "libxcb-shape", "libxcb-xfixes", "libXau")
"""Libraries of PyAV that are 6 MB of zeros each; Debian's own have a few kilobytes."""


def main() -> None:
    """Take it out."""
    packages = Path(sys.argv[1])
    for pattern in UNUSED:
        found = sorted(packages.glob(pattern))
        if not found:
            sys.exit(f"there is no {pattern} in {packages} any more: take it out of {Path(__file__).name}")
        for path in found:
            remove(path)
    for path in other_languages(packages / "babel" / "locale-data"):
        path.unlink()
    for name in PADDED:
        replace(packages / "av.libs", name)


def remove(path: Path) -> None:
    """Remove a file or a tree, which may be gone with the tree around it."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def other_languages(directory: Path) -> Iterator[Path]:
    """Yield the locales of languages that no voice speaks."""
    for path in directory.glob("*.dat"):
        if path.stem.partition("_")[0] not in LANGUAGES:
            yield path


def replace(directory: Path, name: str) -> None:
    """Put a link to Debian's library in place of the wheel's: NAME-HASH.so.MAJOR.MINOR."""
    for path in directory.glob(f"{name}-????????.so.*"):
        major = path.name.partition(".so.")[2].partition(".")[0]
        path.unlink()
        path.symlink_to(f"/usr/lib/{multiarch()}/{name}.so.{major}")


def multiarch() -> str:
    """Return the name of this machine in the paths of its libraries, as x86_64-linux-gnu."""
    return str(sys.implementation._multiarch)  # noqa: SLF001 - where Debian's Python says it


if __name__ == "__main__":
    main()
