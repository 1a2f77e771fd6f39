"""A parser's commands and options become plain values, from which completion and the manual are made."""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

from hailo_piper.cli.parser import Example, Parser


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """An option or a positional argument."""

    flags: tuple[str, ...]
    """All its spellings; empty for a positional argument."""

    value: str
    """Name of its value; empty for a switch."""

    help: str
    choices: tuple[str, ...] = ()
    repeats: bool = False

    @property
    def is_path(self) -> bool:
        """Whether its value may be a file or a directory."""
        return self.value in ("FILE", "DIR", "VOICE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command, or the program itself."""

    path: tuple[str, ...]
    """The words before its options: `hailo-piper`, `voices`, `fetch`."""

    help: str
    description: str
    arguments: tuple[Argument, ...]
    commands: tuple["Command", ...]
    examples: tuple[Example, ...]

    @property
    def name(self) -> str:
        """The whole command as it is typed."""
        return " ".join(self.path)

    @property
    def options(self) -> list[Argument]:
        """The arguments that have flags."""
        return [argument for argument in self.arguments if argument.flags]

    def all(self) -> Iterator["Command"]:
        """Yield this command and every command below it."""
        yield self
        for command in self.commands:
            yield from command.all()


def tree_of(parser: argparse.ArgumentParser, *, path: tuple[str, ...] = (), help_text: str = "") -> Command:
    """Return the program or a command with all commands below it."""
    path = path or (parser.prog,)
    arguments, commands = [], []
    for action in parser._actions:  # noqa: SLF001 - argparse has no other way to ask
        if not isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            arguments.append(_argument(action))
            continue
        helps = {choice.dest: choice.help or "" for choice in action._choices_actions}  # noqa: SLF001
        for name, child in action.choices.items():
            commands.append(tree_of(child, path=(*path, name), help_text=helps.get(name, "")))
    return Command(
        path=path,
        help=help_text,
        description=parser.description or "",
        arguments=tuple(arguments),
        commands=tuple(commands),
        examples=parser.examples if isinstance(parser, Parser) else (),
    )


def _argument(action: argparse.Action) -> Argument:
    choices = tuple(map(str, action.choices or ()))
    value = "" if action.nargs == 0 else str(action.metavar or ("|".join(choices) or action.dest.upper()))
    return Argument(
        flags=tuple(action.option_strings),
        value=value,
        help=(action.help or "") % {"default": action.default, "prog": "hailo-piper"},
        choices=choices,
        repeats=action.nargs in ("*", "+"),
    )
