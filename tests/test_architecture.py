"""The import table and the owners, held against the code; and ARCHITECTURE.md, held against both."""

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "hailo_piper"
FILES = {
    **{path.stem: [path] for path in PACKAGE.glob("*.py") if path.stem != "__init__"},
    **{path.parent.name: sorted(path.parent.glob("*.py")) for path in PACKAGE.glob("*/__init__.py")},
}
"""Module to its files: a folder is one module, which opens in its __init__.py."""
MODULES = sorted(FILES)
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)` \| (.+?) \| (.*?) \|$", ARCHITECTURE, flags=re.MULTILINE)
ORDER = [name for name, _, _ in ROWS]
OWNERS = {package: name for name, _, owned in ROWS for package in re.findall(r"\w+", owned)}
EVERYWHERE = {"numpy"}
IN_THE_PREPARING_PROCESS = {("graph", "onnxruntime")}


def source(module: str) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in FILES[module])


def docstring(module: str) -> str:
    path = next((path for path in FILES[module] if path.name == "__init__.py"), FILES[module][0])
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""


def imports(module: str) -> set[str]:
    found: set[str] = set()
    for node in (node for path in FILES[module] for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.module, f"{module} imports relatively"
            names = {f"{node.module}.{alias.name}" for alias in node.names} if node.module == "hailo_piper" else set()
            found |= names or {node.module}
    return found


def test_the_table_names_every_module() -> None:
    assert sorted(ORDER) == MODULES


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_from_rows_above_it(module: str) -> None:
    ours = {name.split(".")[1] for name in imports(module) if name.startswith("hailo_piper.")} - {"__version__", module}
    assert ours <= set(ORDER[: ORDER.index(module)])


@pytest.mark.parametrize("module", MODULES)
def test_every_package_has_one_owner(module: str) -> None:
    packages = {name.split(".")[0] for name in imports(module)} - set(sys.stdlib_module_names) - {"hailo_piper"}
    for package in packages - EVERYWHERE:
        owned = OWNERS.get(package) == module or (module, package) in IN_THE_PREPARING_PROCESS
        assert owned, f"{module} imports {package}"


@pytest.mark.parametrize(("module", "sentence"), [(name, sentence) for name, sentence, _ in ROWS])
def test_a_module_opens_with_its_sentence(module: str, sentence: str) -> None:
    assert " ".join(docstring(module).split("\n\n")[0].split()) == sentence


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=str)
def test_a_module_is_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 260


def test_every_name_in_the_traced_request_exists() -> None:
    trace = ARCHITECTURE.partition("## One request, traced")[2].partition("\n## ")[0]
    names = re.findall(r"`(\w+)\.([A-Za-z_]\w*)(?:\.(\w+))?", trace)
    assert len(names) > 8
    for module, *rest in names:
        assert module in MODULES, module
        for name in filter(None, rest):
            assert re.search(rf"\b(?:def|class) {name}\b|^{name}\b", source(module), flags=re.MULTILINE), (
                f"{module}.{name}"
            )
