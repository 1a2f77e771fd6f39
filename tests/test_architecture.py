"""ARCHITECTURE.md and the rooms' own docstrings, held against the code: order, owners, siblings, sizes, names."""

import ast
import re
import sys
from pathlib import Path

import pytest

from tests.support import ROOT
from tests.support.rooms import (
    ARCHITECTURE,
    MODULES,
    PACKAGE,
    ROWS,
    children,
    imports,
    is_folder,
    order,
    own_imports,
    owners,
    sentence,
    tree,
    upward,
)

NAMES = [name for name in MODULES if name]
FOLDERS = [name for name in NAMES if is_folder(name)]
EVERYWHERE = {"numpy"}
SIBLINGS = {"listeners": {"http", "wyoming", "websocket"}, "engine": {"espeak", "kokoro", "piper"}}
"""Folders that never import each other, by the room they lie in."""
MOST_LINES = 250
MOST_WORDS = 20
MAY_OPEN_WITH = re.compile(r"(?!(?:what|who|whoever|whose|which|where|how|whether|why)\b)", re.IGNORECASE)
IMPORTS_FROM = re.compile(r"\bfrom (hailo_piper(?:\.\w+)+) import ([\w, ]+)")
NAMES_A_MODULE = re.compile(r"\bhailo_piper(?:\.[a-z_]\w*)+(?![\w.*]*\.(?:json|yaml|html|service))")


@pytest.mark.parametrize("folder", ["", *FOLDERS])
def test_every_member_of_a_folder_has_its_place_in_the_order(folder: str) -> None:
    members = [name for name in children(folder) if folder or name != "hailo_piper"]
    assert sorted(order(folder)) == members


def test_no_import_runs_against_the_order() -> None:
    assert upward() == []


@pytest.mark.parametrize("module", NAMES)
def test_every_package_has_one_owner(module: str) -> None:
    for package in {name.split(".")[0] for name in imports(module)} - set(sys.stdlib_module_names) - {"hailo_piper"}:
        owner = owners().get(package)
        owned = package in EVERYWHERE or (owner is not None and f"{module}.".startswith(f"{owner}."))
        assert owned, f"{module} imports {package}, which belongs to {owner or 'no room'}"


@pytest.mark.parametrize("package", owners())
def test_an_owned_package_is_used(package: str) -> None:
    assert any(name.split(".")[0] == package for module in MODULES for name in imports(module))


@pytest.mark.parametrize("room", SIBLINGS)
def test_siblings_do_not_know_each_other(room: str) -> None:
    for name in (name for name in MODULES if name.startswith(f"{room}.")):
        others = SIBLINGS[room] - {name.split(".")[1]}
        if name.split(".")[1] in SIBLINGS[room]:
            assert not [other for other in own_imports(name) if other.split(".")[:2] in [[room, one] for one in others]]


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_hands_nothing_on(folder: str) -> None:
    assert len(tree(folder).body) == 1


@pytest.mark.parametrize(("room", "expected"), [(room, said) for room, said, _ in ROWS])
def test_a_room_opens_with_its_sentence(room: str, expected: str) -> None:
    assert sentence(room) == expected


@pytest.mark.parametrize("module", NAMES)
def test_a_head_is_a_plain_sentence(module: str) -> None:
    head = sentence(module)
    assert head.endswith("."), head
    assert MAY_OPEN_WITH.match(head), head
    # The first sentence alone; a head may go on.
    assert len(re.split(r"(?<=[.;])\s", head)[0].split()) <= MOST_WORDS, head


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=str)
def test_a_module_is_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize(
    "path", [path for place in ("hailo_piper", "tests", "benchmarks") for path in sorted((ROOT / place).rglob("*.py"))],
    ids=lambda path: str(path.relative_to(ROOT)),
)  # fmt: skip
def test_a_string_that_names_a_module_is_right(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            named = NAMES_A_MODULE.findall(node.value)
            for module, names in IMPORTS_FROM.findall(node.value):
                named += [f"{module}.{name.split()[0]}" for name in names.split(",") if name.strip()]
            for name in named:
                assert resolves(name.removeprefix("hailo_piper.")), f"{path}:{node.lineno}: {name}"


def test_every_name_in_the_traced_request_exists() -> None:
    trace = ARCHITECTURE.partition("## One request, traced")[2].partition("\n## ")[0]
    names = re.findall(r"`([\w.]+\.[\w.]+)`", trace)
    assert len(names) > 8
    for name in names:
        assert resolves(name), name


def resolves(name: str) -> bool:
    """Whether a dotted name inside the package is a module, or something that a module defines."""
    parts = name.split(".")
    for depth in range(len(parts), 0, -1):
        module = ".".join(parts[:depth])
        if module in MODULES:
            source = MODULES[module].read_text(encoding="utf-8")
            return all(
                re.search(
                    rf"\b(?:def|class) {part}\b|^{part}\b|\bimport .*\b{part}\b|^    {part},$", source, re.MULTILINE
                )
                for part in parts[depth:]
            )
    return False
