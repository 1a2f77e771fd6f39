"""The files themselves: a linter's, a specification's and Prometheus's word on them, and their reasons in README.md."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.container.podman import COMPOSE, CONTAINER, run
from tests.support import ROOT

CONTAINERFILE = CONTAINER / "Containerfile"
README = CONTAINER / "README.md"
SERVICES = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]


def test_hadolint_finds_nothing() -> None:
    assert run("hadolint", CONTAINERFILE) == ""


def test_the_compose_file_keeps_to_the_specification() -> None:
    program = "import sys, compose_spec as c; c.PyCompose.from_yaml(sys.stdin.read()).validate()"
    # The tools have an environment of their own, where podman-compose lies, too.
    tools = Path(shutil.which("podman-compose") or "").resolve().parent
    with COMPOSE.open() as file:
        done = subprocess.run(
            [str(tools / "python"), "-c", program], stdin=file, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_every_file_that_is_mounted_is_there(service: dict[str, list[str]]) -> None:
    files = [volume.partition(":")[0] for volume in service["volumes"] if volume.startswith(".")]
    assert all((CONTAINER / file).is_file() for file in files)
    assert all(volume.endswith(":ro") for volume in service["volumes"] if volume.startswith("."))


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_every_service_is_hardened(service: dict[str, object]) -> None:
    held = {"read_only": True, "cap_drop": ["ALL"], "security_opt": ["no-new-privileges"]}
    assert {key: service[key] for key in held} == held
    assert {"mem_limit", "pids_limit"} <= set(service)
    ports = service.get("ports", [])
    assert isinstance(ports, list)
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_prometheus_accepts_its_configuration(tmp_path: Path) -> None:
    if shutil.which("promtool") is None:
        pytest.skip("this test needs promtool (prometheus)")
    for file in (CONTAINER / "prometheus.yml", ROOT / "deploy" / "monitoring" / "hailo-piper.rules.yml"):
        shutil.copy(file, tmp_path)
    run("promtool", "check", "config", tmp_path / "prometheus.yml")


def test_every_line_has_its_reason() -> None:
    reasons = README.read_text(encoding="utf-8")
    named = set(re.findall(r"`([^`\n]+)`", reasons))
    instructions = set(re.findall(r"^([A-Z]+) ", CONTAINERFILE.read_text(encoding="utf-8"), flags=re.MULTILINE))
    keys = {key for service in SERVICES.values() for key in service}
    variables = {key for service in SERVICES.values() for key in service.get("environment", {})}
    assert instructions - named == set()
    assert {f"{key}:" for key in keys} - named == set()
    assert {name for name in variables if not any(name.startswith(known.rstrip("*")) for known in named)} == set()
