"""Shells and man: what they make of the completion and of the man page; tests/test_completion.py has bash."""

import os
import pty
import re
import select
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_completion import COMPLETED

LIST_CHOICES = b"\x14"


def printed(*arguments: str) -> str:
    command = [sys.executable, "-m", "hailo_piper", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize(("line", "offered"), COMPLETED)
def test_fish_completes(line: str, offered: set[str], tmp_path: Path) -> None:
    (tmp_path / "c.fish").write_text(printed("completion", "fish"))
    command = ["fish", "--no-config", "-c", f'source {tmp_path}/c.fish; complete -C "$argv"', "--", line]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=tmp_path)
    assert {found.partition("\t")[0] for found in done.stdout.splitlines()} >= offered
    assert done.stderr == ""


@pytest.mark.parametrize(("line", "offered"), COMPLETED)
def test_zsh_completes(line: str, offered: set[str], tmp_path: Path) -> None:
    (tmp_path / "_hailo-piper").write_text(printed("completion", "zsh"))
    shown = ask_zsh(tmp_path, line)
    missing = {word for word in offered if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", shown)}
    assert not missing, shown


def ask_zsh(directory: Path, line: str) -> str:
    """What an interactive zsh lists for a line that is not finished."""
    terminal, shells_end = pty.openpty()
    environment = {"PATH": os.environ["PATH"], "TERM": "dumb", "PS1": "READY> "}
    shell = subprocess.Popen(
        ["zsh", "-f", "-i"],
        stdin=shells_end,
        stdout=shells_end,
        stderr=shells_end,
        env=environment,
        start_new_session=True,
    )
    setup = (
        f"stty rows 100 cols 200; fpath=({directory} $fpath); autoload -U compinit; compinit -u -D; LISTMAX=1000;"
        "unsetopt zle_bracketed_paste; bindkey '^T' list-choices; PS1='SET''> '\n"
    )
    try:
        read_until(terminal, b"READY> ")
        os.write(terminal, setup.encode())
        read_until(terminal, b"SET> ")
        os.write(terminal, line.encode() + LIST_CHOICES)
        # The list is there once the line stands below it again.
        return read_until(terminal, b"SET> " + line.encode()).decode(errors="replace")
    finally:
        shell.kill()
        shell.wait()
        os.close(terminal)
        os.close(shells_end)


def read_until(terminal: int, mark: bytes) -> bytes:
    seen = b""
    while mark not in seen:
        assert select.select([terminal], [], [], 30)[0], seen
        seen += os.read(terminal, 65536)
    return seen


def test_man_shows_the_manual_without_a_complaint(tmp_path: Path) -> None:
    (tmp_path / "hailo-piper.1").write_text(printed("manual"))
    command = ["man", "--warnings", "-P", "cat", "-l", "hailo-piper.1"]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, cwd=tmp_path, env={**os.environ, "MANWIDTH": "100"}
    )
    assert done.stderr == ""
    for words in ("hailo-piper say", "--speed NUMBER", "HAILO_PIPER__SECTION__KEY", "hailo-piper voices fetch"):
        assert words in done.stdout
