"""The parser shows examples below a command's options, and suggests the near name of a mistyped one."""

import argparse
import difflib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

NAME = "hailo-piper"
Example = tuple[str, str]
"""A description, and the line to type."""


class Parser(argparse.ArgumentParser):
    """An argparse parser with examples below its options; its subparsers are of this class, too."""

    def __init__(self, *arguments: Any, examples: Sequence[Example] = (), **settings: Any) -> None:
        settings.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        if examples:
            shown = "\n".join(f"  {line}\n      {what}" for what, line in examples)
            settings.setdefault("epilog", f"examples:\n{shown}")
        super().__init__(*arguments, **settings)
        self.examples = tuple(examples)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse as argparse does, but let each command refuse its own unknown arguments."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            known = [option for action in self._actions for option in action.option_strings]
            near = difflib.get_close_matches(unknown[0].partition("=")[0], known, n=1)
            hint = f"; did you mean {near[0]}?" if near and unknown[0].startswith("-") else ""
            self.error(f"unrecognized arguments: {' '.join(unknown)}{hint}")
        return found, unknown

    def error(self, message: str) -> NoReturn:
        """Exit as argparse does, and mention --help."""
        super().error(f"{message}\n{self.prog} --help tells more")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if isinstance(action, argparse._SubParsersAction) and value not in action.choices:  # noqa: SLF001
            near = difflib.get_close_matches(str(value), action.choices, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(action.choices)}"
            self.error(f"there is no command {value!r}; {hint}")
        super()._check_value(action, value)


def common_options() -> argparse.ArgumentParser:
    """Return the options of every command that reads the configuration."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--config", type=path_of, metavar="FILE", help="YAML or JSON configuration file")
    return common


def and_voice(common: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Return the common options and --voice, for a command that speaks."""
    voice = argparse.ArgumentParser(add_help=False, parents=[common])
    voice.add_argument(
        "--voice",
        metavar="VOICE",
        type=_voice,
        help="name or alias of a voice, perhaps with #speaker, or a path of its .onnx file, its .onnx.json beside it",
    )
    return voice


def _voice(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("it names no voice")
    return str(path_of(text)) if text.startswith("~") else text


def path_of(text: str) -> Path:
    """Return the path of an option with `~` expanded: after `=` the shell does not expand it."""
    return Path(os.path.expanduser(text))  # noqa: PTH111 - Path.expanduser raises without a home directory
