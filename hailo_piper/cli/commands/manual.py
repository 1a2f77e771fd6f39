"""`manual` prints the man page."""

import argparse
import re
import sys
from collections.abc import Iterator
from typing import Any

from hailo_piper import __version__
from hailo_piper.cli.tree import Argument, Command, tree_of


def add_to(commands: Any, common: argparse.ArgumentParser) -> None:  # noqa: ARG001 - it reads no configuration
    """Add this command to a parser's commands. `common` has the options of every command."""
    manual = commands.add_parser(
        "manual",
        help="print the man page",
        description="Prints the man page, in the language of man. An installation puts it in place: man hailo-piper.",
        examples=[("read it", "hailo-piper manual | man -l -")],
    )
    manual.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:  # noqa: ARG001
    """Print the man page. Returns the exit code."""
    from hailo_piper.cli.program import EXIT_CODES, build_parser

    sys.stdout.write("\n".join(_page(tree_of(build_parser()), EXIT_CODES)) + "\n")
    return 0


def _page(program: Command, exit_codes: str) -> Iterator[str]:
    yield f'.TH HAILO\\-PIPER 1 "" "hailo\\-piper {__version__}"'
    yield ".SH NAME"
    yield f"hailo\\-piper \\- {_text(program.description[0].lower() + program.description[1:].rstrip('.'))}"
    yield ".SH SYNOPSIS"
    for command in program.commands:
        yield f".B {_text(command.name)}\n[\\fIOPTION\\fR]... {_places(command)}\n.br"
    yield ".SH DESCRIPTION"
    yield _text("Piper voices behind OpenAI's text-to-speech API, Wyoming and this command line. Nothing leaves the "
                "machine but the download of a voice that somebody asks for.")  # fmt: skip
    yield ".SH OPTIONS"
    for option in program.options:
        yield f".TP\n{_flags(option)}\n{_text(option.help)}"
    yield ".SH COMMANDS"
    for command in program.all():
        if len(command.path) > 1:
            yield from _command(command)
    yield ".SH ENVIRONMENT"
    yield ".TP\n.B HAILO_PIPER__SECTION__KEY"
    yield _text("Sets a key of the configuration, as HAILO_PIPER__SERVER__PORT=8080; before the file, after options. "
                "Lists are separated by commas or written as JSON, mappings are JSON, null is null.")  # fmt: skip
    yield ".SH FILES"
    yield f".TP\n.B {_text('/etc/hailo/hailo-piper.yaml')}\nthe configuration of the installed service"
    yield f".TP\n.B {_text('/etc/xdg/hailo-piper/hailo-piper.json')}\n{_text('the same, checked and complete; it is')}"
    yield _text("read where no --config names another")
    yield f".TP\n.B {_text('/var/lib/hailo-piper/models')}\nvoices of the installed service"
    yield ".SH EXIT STATUS"
    yield _text(exit_codes)


def _command(command: Command) -> Iterator[str]:
    title = f"{_text(command.name)} {_places(command)}".rstrip()
    yield f'.SS "{title}"'
    yield _text(command.description or command.help)
    for argument in command.arguments:
        if argument.flags and "--help" not in argument.flags:
            yield f".TP\n{_flags(argument)}\n{_text(argument.help)}"
    for what, line in command.examples:
        yield f".PP\n{_text(what[0].upper() + what[1:])}:\n.PP\n.nf\n.RS\n{_text(line)}\n.RE\n.fi"


def _places(command: Command) -> str:
    names = [f"[{argument.value}]" for argument in command.arguments if not argument.flags]
    return _text(" ".join([*names, *(["COMMAND"] if command.commands else [])]))


def _flags(argument: Argument) -> str:
    flags = ", ".join(f"\\fB{_text(flag)}\\fR" for flag in argument.flags)
    return f"{flags} \\fI{_text(argument.value)}\\fR" if argument.value else flags


def _text(text: str) -> str:
    """Escape plain text for roff, so that hyphens stay hyphens and no line begins with a roff request."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^(?=[.'])", "\\\\&", escaped, flags=re.MULTILINE)
