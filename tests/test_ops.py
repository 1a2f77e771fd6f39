"""The operator's files, as far as a machine without a booted systemd can show: see tests/system for the rest."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from hailo_piper import __version__

ROOT = Path(__file__).parent.parent
INSTALL = ROOT / "install.sh"
SERVICE = ROOT / "systemd" / "hailo-piper.service"
TEMPLATE = ROOT / "systemd" / "hailo-piper@.service"
SCRIPTS = [INSTALL, ROOT / ".ci" / "run"]
DIRECTIVES = re.compile(r"^(\w+)=", flags=re.MULTILINE)


def install(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(INSTALL), *arguments],
        env={**os.environ, "PYTHON": sys.executable, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_shellcheck_finds_nothing(script: Path) -> None:
    shellcheck = Path(sys.executable).with_name("shellcheck")
    done = subprocess.run([str(shellcheck), str(script)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_help_tells_every_option() -> None:
    done = install("--help")
    assert done.returncode == 0
    parsed = re.search(r"^parse\(\).*?^}", INSTALL.read_text(), flags=re.MULTILINE | re.DOTALL)
    assert parsed
    options = set(re.findall(r"^ +(?:-h \| )?(--[a-z-]+(?: \| --[a-z-]+)*)\)", parsed[0], flags=re.MULTILINE))
    assert len(options) == 6
    assert all(option in done.stdout for line in options for option in line.split(" | "))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--frobnicate"], "unknown option: --frobnicate"),
        (["--model"], "--model wants a value"),
        (["--model", "../../etc/passwd"], "--model wants a name"),
        (["--uninstall", "--reconfigure"], "--uninstall and --reconfigure do not go together"),
        (["--purge", "--download-model"], "--purge does not fetch voices"),
    ],
)
def test_wrong_usage_exits_2(arguments: list[str], words: str) -> None:
    done = install(*arguments)
    assert (done.returncode, words in done.stderr) == (2, True), done.stderr


def test_a_dry_run_tells_the_plan_and_changes_nothing(tmp_path: Path) -> None:
    done = install("--dry-run", DESTDIR=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "build /opt/hailo-piper/releases/" in done.stdout
    assert "nothing was changed" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_what_does_not_fit_is_told_before_anything_is_done(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] || exit 1\necho Python 3.9.2\n')
    old.chmod(0o755)
    for python, words in ((str(old), "Python 3.9.2 is too old"), ("no-such-python", "there is no no-such-python")):
        done = install(PYTHON=python, DESTDIR=str(tmp_path / "stage"))
        assert done.returncode == 1
        assert words in done.stderr
    assert not (tmp_path / "stage").exists()


def test_the_template_is_the_unit_with_other_files() -> None:
    made = SERVICE.read_text().replace("hailo-piper/hailo-piper.json", "hailo-piper/hailo-piper-%i.json")
    made = made.replace("/etc/hailo/hailo-piper.yaml", "/etc/hailo/hailo-piper-%i.yaml")
    made = made.replace("Description=hailo-piper speech server", "Description=hailo-piper speech server, instance %i")
    assert TEMPLATE.read_text().partition("\n\n")[2] == made.partition("\n\n")[2]


def test_every_directive_has_its_reason() -> None:
    reasons = (ROOT / "systemd" / "README.md").read_text()
    explained = set(re.findall(r"`(\w+)[=`]", reasons))
    assert set(DIRECTIVES.findall(SERVICE.read_text())) <= explained


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd-analyze")
def test_the_units_exposure_is_small() -> None:
    command = ["systemd-analyze", "security", "--offline=yes", "--threshold=13", "--no-pager", str(SERVICE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_exit_code_of_the_unit_is_the_programs() -> None:
    from hailo_piper import exits

    assert f"RestartPreventExitStatus={exits.CONFIG}\n" in SERVICE.read_text()


def test_the_package_has_the_projects_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == __version__
