"""What a shell completes, as bash shows it; tests/clients has zsh, fish and man."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from hailo_piper.__main__ import main
from hailo_piper.cli.program import build_parser
from hailo_piper.cli.tree import Command, tree_of

PROGRAM = tree_of(build_parser())
COMPLETED: list[tuple[str, set[str]]] = [
    ("hailo-piper s", {"serve", "say"}),
    ("hailo-piper ", {"serve", "say", "prepare", "bench", "check-config", "verify", "voices", "completion", "manual"}),
    ("hailo-piper say --f", {"--format"}),
    ("hailo-piper say --format ", {"mp3", "opus", "aac", "flac", "wav", "pcm"}),
    ("hailo-piper voices ", {"list", "available", "fetch", "remove", "verify"}),
    ("hailo-piper voices verify --", {"--config", "--directory", "--catalogue-url"}),
    ("hailo-piper verify --", {"--config", "--url", "--key", "--unit"}),
    ("hailo-piper completion ", {"bash", "zsh", "fish"}),
]
"""What stands in the line, and what is offered."""
ASK = """
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(( $# - 1 ))
compopt() { :; }
_hailo_piper
printf '%s\\n' "${COMPREPLY[@]}"
"""


def bash(tmp_path: Path, *words: str) -> set[str]:
    script = tmp_path / "hailo-piper.bash"
    script.write_text(subprocess.run(
        [sys.executable, "-m", "hailo_piper", "completion", "bash"], check=True, capture_output=True, text=True
    ).stdout)  # fmt: skip
    command = ["bash", "--norc", "-c", ASK, "bash", str(script), *words]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=tmp_path)
    assert done.stderr == ""
    return set(done.stdout.split("\n")) - {""}


@pytest.mark.parametrize(("line", "offered"), COMPLETED)
def test_bash_completes(line: str, offered: set[str], tmp_path: Path) -> None:
    found = bash(tmp_path, *line.split(" "))
    assert found >= offered
    assert all(word.startswith(line.rpartition(" ")[2]) for word in found)


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["hailo-piper", "say", "--format", "=", "m"], {"mp3"}),
        (["hailo-piper", "say", "--format", "="], {"mp3", "opus", "aac", "flac", "wav", "pcm"}),
        (["hailo-piper", "say", "--speed", ""], set()),
        (["hailo-piper", "say", "-o", "a b"], {"a book.txt"}),
        (["hailo-piper", "say", "--config", "hailo"], {"hailo-piper.bash"}),
        (["hailo-piper", "voices", "list", "--directory", ""], {"voices"}),
    ],
)
def test_bash_completes_values(words: list[str], offered: set[str], tmp_path: Path) -> None:
    (tmp_path / "a book.txt").touch()
    (tmp_path / "voices").mkdir()
    assert bash(tmp_path, *words) == offered


def test_a_text_that_is_a_commands_name_is_a_text(tmp_path: Path) -> None:
    assert "--speed" in bash(tmp_path, "hailo-piper", "say", "voices", "--")


@pytest.mark.parametrize("command", [*PROGRAM.all()], ids=lambda command: command.name)
def test_every_command_has_a_description_and_an_example(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.description
    assert command.examples
    with pytest.raises(SystemExit) as ending:
        main([*command.path[1:], "--help"])
    assert ending.value.code == 0
    shown = capsys.readouterr().out
    assert all(line in shown for _, line in command.examples)
    assert all(argument.help for argument in command.arguments)


@pytest.mark.parametrize("command", [*PROGRAM.all()], ids=lambda command: command.name)
def test_every_example_is_a_line_that_the_parser_takes(command: Command) -> None:
    for _, line in command.examples:
        typed = re.search(r"hailo-piper ([^|<>]*)", line)
        assert typed, line
        words = re.findall(r'"[^"]*"|\S+', typed[1])
        if "--help" not in words:
            assert build_parser().parse_args([word.strip('"') for word in words]).command


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_command_and_option_is_completed(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    for command in PROGRAM.all():
        assert command.path[-1] in script
        for option in command.options:
            assert all(flag.lstrip("-") in script for flag in option.flags)


def test_the_manual_has_every_command_option_and_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["manual"]) == 0
    page = capsys.readouterr().out.replace("\\-", "-")
    for command in PROGRAM.all():
        assert command.path[-1] in page
        assert all(flag in page for option in command.options for flag in option.flags if flag not in ("-h", "--help"))
    assert "78 configuration" in page
