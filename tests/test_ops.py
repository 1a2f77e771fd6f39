"""The operator's files, as far as a machine without a booted systemd can show: see tests/system for the rest."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from hailo_piper import __version__
from tests.support import ROOT

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


@pytest.fixture
def make_say(tmp_path: Path) -> Callable[..., list[str]]:
    """Runs `make say` with a command that only tells what it was given."""
    command = tmp_path / ".venv" / "bin" / "hailo-piper"
    command.parent.mkdir(parents=True)
    command.write_text('#!/bin/sh\nprintf "%s\\0" "$@"')
    command.chmod(0o755)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / ".venv" / "serve").touch()
    (tmp_path / "Makefile").write_text((ROOT / "Makefile").read_text())

    # A make above this one would pass its own variables on.
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}

    def run(*arguments: str, **environment: str) -> list[str]:
        command = ["make", "say", *arguments]
        done = subprocess.run(command, cwd=tmp_path, env={**outside, **environment}, check=True, capture_output=True)
        assert done.stderr.startswith(b"Spoken into ")
        assert not (tmp_path / "executed").exists()
        return done.stdout.decode().split("\0")[:-1]

    return run


@pytest.mark.parametrize(
    "text",
    [
        '$5 "hi" `touch executed`', "$(shell touch executed)", "$(touch executed)", "${HOME} $$ $@ $(TEXT)",
        "it's 'quoted' \\ \\n #1", "--speed 9", "-", "a;touch executed|&<>*?~", "blanks  stay ",
        "Grüße, 你好", "two\nlines", "",
    ],
)  # fmt: skip
def test_make_say_passes_its_text_as_it_is(make_say: Callable[..., list[str]], text: str) -> None:
    assert make_say(f"TEXT={text}", "OUT=a$b `c`.wav") == ["say", "--output=a$b `c`.wav", "--", text]
    assert make_say(OUT="x.mp3", TEXT=text) == ["say", "--output=x.mp3", "--", text]


def test_make_say_speaks_without_being_told_what(make_say: Callable[..., list[str]]) -> None:
    assert make_say() == ["say", "--output=speech.wav", "--", "Hello from hailo piper."]


def test_make_say_takes_a_name_that_begins_with_a_dash(make_say: Callable[..., list[str]]) -> None:
    assert make_say("OUT=-a.wav")[1] == "--output=-a.wav"


def test_a_python_without_the_packages_is_told_which_to_use(tmp_path: Path) -> None:
    sample = str(ROOT / "config" / "hailo-piper.yaml")
    rendering = [str(ROOT / "render_config.py"), "--input", sample, "--output", str(tmp_path / "y")]
    for command in (rendering, ["-m", "hailo_piper", "serve"]):
        # -S: without what is installed beside it.
        done = subprocess.run(
            [sys.executable, "-S", *command], capture_output=True, text=True, check=False, cwd=ROOT,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        )  # fmt: skip
        assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
        assert re.search(rf"{re.escape(sys.executable)} has no (yaml|numpy)", done.stderr)
        assert ".venv/bin/" in done.stderr


@pytest.mark.parametrize("file", ["render_config.py", "hailo_piper/__init__.py", "hailo_piper/__main__.py"])
def test_an_old_python_can_read_that_it_is_too_old(file: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"), feature_version=(3, 7))
    names = {node.module for node in tree.body if isinstance(node, ast.ImportFrom)}
    assert not any(str(name).startswith("hailo_piper") for name in names)


def test_the_template_is_the_unit_with_other_files() -> None:
    made = SERVICE.read_text().replace("hailo-piper/hailo-piper.json", "hailo-piper/hailo-piper-%i.json")
    made = made.replace("/etc/hailo/hailo-piper.yaml", "/etc/hailo/hailo-piper-%i.yaml")
    made = made.replace("Description=hailo-piper speech server", "Description=hailo-piper speech server, instance %i")
    assert TEMPLATE.read_text().partition("\n\n")[2] == made.partition("\n\n")[2]


def test_every_directive_has_its_reason() -> None:
    reasons = (ROOT / "systemd" / "README.md").read_text()
    explained = set(re.findall(r"`(\w+)[=`]", reasons))
    assert set(DIRECTIVES.findall(SERVICE.read_text())) <= explained


def test_every_exit_code_of_the_unit_is_the_programs() -> None:
    from hailo_piper.cli import exit_codes

    assert f"RestartPreventExitStatus={exit_codes.CONFIG}\n" in SERVICE.read_text()


def test_the_package_has_the_projects_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == __version__
