"""The texts of the Debian package that are made from the project's own: version, changelog, copyright, paths."""

import re
import textwrap
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from importlib.metadata import Distribution
from itertools import groupby
from pathlib import Path

from licences import PROJECT, licence_of, read_rulings
from packaging.utils import canonicalize_name

MAINTAINER = "The hailo-piper maintainers <hailo-piper@localhost>"
LIBRARY = "/usr/lib/hailo-piper"
DOCUMENTS = "/usr/share/doc/hailo-piper"

_MOVED = {
    "/opt/hailo-piper/current/venv/bin/": f"{LIBRARY}/bin/",
    "/opt/hailo-piper/current/render_config.py": f"{LIBRARY}/render_config.py",
    "/opt/hailo-piper/current/README.md": f"{DOCUMENTS}/README.md",
    "ExecPaths=/usr /opt/hailo-piper": "ExecPaths=/usr",
    "README.md beside this file": f"{DOCUMENTS}/systemd/README.md",
    "sudo ./install.sh --reconfigure": "sudo dpkg-reconfigure hailo-piper",
    "(../LICENSE)": "(../copyright)",
}
"""Paths and commands of install.sh, and what takes their place."""

_HEADING = re.compile(r"^## (?P<version>\S+) - (?P<day>\S+)$", flags=re.MULTILINE)
_LICENCES = re.compile(r"LICEN[CS]E|COPYING|NOTICE", flags=re.IGNORECASE)
_WIDTH = 78


def debian_version(version: str) -> str:
    """Return a Python version as Debian writes and orders it: 1.0.0rc1 is 1.0.0~rc1, and before 1.0.0."""
    # Two tildes are before one: PEP 440 has a development version before the first alpha.
    before = re.sub(r"\.dev(\d+)", r"~~dev\1", version)
    return re.sub(r"(?<=\d)(a|b|rc)(?=\d)", r"~\1", before).replace(".post", "+post")


def moved(text: str) -> str:
    """Return a text of the project with the package's paths and commands."""
    for old, new in _MOVED.items():
        text = text.replace(old, new)
    return text


def changelog(markdown: str, built: datetime) -> str:
    """Return CHANGELOG.md in the form of a Debian changelog. `built`: the date of what is unreleased."""
    found = list(_HEADING.finditer(markdown))
    ends = [heading.start() for heading in found[1:]] + [len(markdown)]
    entries = []
    for heading, end in zip(found, ends, strict=True):
        released = re.fullmatch(r"\d{4}-\d\d-\d\d", heading["day"])
        day = datetime.fromisoformat(heading["day"]).replace(tzinfo=UTC) if released else built
        body = "\n".join(_changes(markdown[heading.end() : end]))
        title = f"hailo-piper ({debian_version(heading['version'])}) stable; urgency=medium"
        entries.append(f"{title}\n\n{body}\n -- {MAINTAINER}  {format_datetime(day)}\n")
    return "\n".join(entries)


def _changes(section: str) -> Iterator[str]:
    """Yield the lines of one entry: each heading in brackets, each point below it."""
    points = re.split(r"^(?=- |### )", section, flags=re.MULTILINE)
    for is_heading, group in groupby(filter(None, map(str.strip, points)), key=lambda point: point.startswith("#")):
        for point in group:
            text = " ".join(point.lstrip("#- ").split())
            if is_heading:
                yield f"  [ {text} ]"
            else:
                yield textwrap.fill(
                    text, _WIDTH, initial_indent="  * ", subsequent_indent="    ", break_on_hyphens=False
                )
        if not is_heading:
            yield ""


def copyright_of(bundled: Iterable[Distribution], stage: Path, year: int) -> str:
    """Return the copyright file: the project's licence, then that of each distribution below `stage`."""
    text = [
        "hailo-piper",
        "",
        f"Copyright (C) {year} the hailo-piper maintainers",
        "License: GPL-3.0-or-later",
        "On Debian systems, the GNU General Public License, version 3, is in",
        "/usr/share/common-licenses/GPL-3.",
        "",
        f"The packages below are in {LIBRARY}/lib, as their makers",
        "published them, and each has its own licence. Its text is beside it. Libraries",
        "that a package brings are in its own folder or in NAME.libs.",
    ]
    rulings = read_rulings()
    for each in bundled:
        name = canonicalize_name(each.name)
        if name == PROJECT:
            continue
        text += ["", f"{each.name} {each.version}", f"License: {licence_of(name, rulings, each)}"]
        text += [f" {library}: {licence}" for library, licence in rulings["libraries"].get(name, {}).items()]
        text += [f" {place}" for place in sorted(_licence_files(each, stage))]
    return "\n".join(text) + "\n"


def _licence_files(distribution: Distribution, stage: Path) -> Iterator[str]:
    for file in distribution.files or ():
        if ".dist-info" in file.parts[0] and _LICENCES.search(file.as_posix()):
            yield f"/{Path(str(distribution.locate_file(file))).relative_to(stage)}"
