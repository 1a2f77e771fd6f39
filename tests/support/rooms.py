"""The package's rooms, as they are on disk and as the documents declare them.

`python -m tests.support.rooms` draws them.

A room is a folder, or one of the few modules at the top. ARCHITECTURE.md lists the rooms in import order; the docstring
of a folder's `__init__.py` lists the modules and folders in it, also in import order.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.support import ROOT

PACKAGE = ROOT / "hailo_piper"
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)` \| (.+?) \| (.*?) \|$", ARCHITECTURE, flags=re.MULTILINE)
"""Room, its sentence, and the packages that it alone imports: `PACKAGE, ... in PLACE; ...`, or all of the room."""


def dotted(path: Path) -> str:
    """The name of a module inside the package: `engine.piper.models`; a folder's name for its `__init__.py`."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix("__init__").removesuffix(".")


MODULES = {dotted(path): path for path in sorted(PACKAGE.rglob("*.py"))}
"""Every module by its name inside the package; the package itself is the empty name."""


@cache
def tree(module: str) -> ast.Module:
    """The parsed source of a module."""
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def is_folder(module: str) -> bool:
    """Whether the name is a folder's."""
    return MODULES[module].name == "__init__.py"


def sentence(module: str) -> str:
    """The first paragraph of a docstring, in one line."""
    return " ".join((ast.get_docstring(tree(module)) or "").split("\n\n")[0].split())


def children(folder: str) -> list[str]:
    """The last names of the modules and folders that lie in a folder, as they are on disk."""
    depth = folder.count(".") + 1 if folder else 0
    inside = [name for name in MODULES if name and name != folder and (name.startswith(f"{folder}.") or not folder)]
    return sorted({name.split(".")[depth] for name in inside})


@cache
def order(folder: str) -> list[str]:
    """The same in import order, as ARCHITECTURE.md declares the rooms and an `__init__.py` its modules."""
    if not folder:
        return [room for room, _, _ in ROWS]
    _, _, listed = (ast.get_docstring(tree(folder)) or "").partition("Modules, in import order:")
    return re.findall(r"`(\w+)`", listed)


def imports(module: str) -> Iterator[str]:
    """Every module and package that a module imports, at its top or inside a function; ours as `hailo_piper.NAME`."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module, f"{module} imports relatively"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}".removeprefix("hailo_piper.")
                yield f"hailo_piper.{inner}" if inner in MODULES else node.module


def own_imports(module: str) -> set[str]:
    """The modules of ours that a module imports, without the package's own name (its version)."""
    return {name.removeprefix("hailo_piper.") for name in imports(module) if name.startswith("hailo_piper.")}


def fork(importer: str, imported: str) -> tuple[str, str, str]:
    """Where two modules part: the folder that holds both, and the names in it that lead to each."""
    ours, theirs = importer.split("."), imported.split(".")
    depth = next(i for i, (one, other) in enumerate(zip([*ours, ""], [*theirs, ""], strict=False)) if one != other)
    return (
        ".".join(ours[:depth]),
        ours[depth] if depth < len(ours) else "",
        theirs[depth] if depth < len(theirs) else "",
    )


def upward() -> list[str]:
    """The imports that run against the declared order."""
    against = []
    for module in filter(None, MODULES):
        for imported in sorted(own_imports(module)):
            folder, here, there = fork(module, imported)
            names = order(folder)
            if not (there in names and here in names and names.index(there) < names.index(here)):
                against.append(f"{module} imports {imported}")
    return against


def arrows(folder: str = "") -> Counter[tuple[str, str]]:
    """How many imports lead from one member of a folder to another: (from, to) to their number."""
    found: Counter[tuple[str, str]] = Counter()
    for module in filter(None, MODULES):
        for imported in own_imports(module):
            shared, here, there = fork(module, imported)
            if shared == folder:
                found[here, there] += 1
    return found


def owners() -> dict[str, str]:
    """Packages of others to the room, folder or module that alone imports them."""
    found: dict[str, str] = {}
    for room, _, owned in ROWS:
        for group in filter(None, owned.split(";")):
            packages, _, place = group.partition(" in ")
            owner = f"{room}.{place.strip()}" if place else room
            found |= dict.fromkeys(re.findall(r"\w+", packages), owner)
    return found


def draw() -> str:
    """Rooms in import order, each with its modules and the rooms it imports from, then what runs against the order."""
    found, lines = arrows(), []
    for room in order(""):
        size = sum(name == room or name.startswith(f"{room}.") for name in MODULES)
        targets = [f"{there} {found[room, there]}" for there in order("") if (room, there) in found]
        lines.append(f"{room:<11} {size:>3} modules  -> {', '.join(targets) or '(nothing)'}")
    against = upward()
    lines.append(f"{len(found)} arrows between rooms, {sum(found.values())} imports")
    lines.append("against the order: " + ("; ".join(against) if against else "none, so there is no circle"))
    return "\n".join(lines)


if __name__ == "__main__":
    print(draw())  # noqa: T201 - a picture for a person
