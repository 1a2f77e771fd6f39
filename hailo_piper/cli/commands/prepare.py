"""`prepare` prepares the voice for streaming, once."""

import argparse
from contextlib import ExitStack
from typing import Any

from hailo_piper.cli import exit_codes
from hailo_piper.cli.configuration import load, print_line
from hailo_piper.cli.interruption import stoppable
from hailo_piper.cli.parser import and_voice
from hailo_piper.monitoring import logs


def add_to(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add this command to a parser's commands. `common` has the options of every command."""
    prepare = commands.add_parser(
        "prepare",
        parents=[and_voice(common)],
        help="prepare the voice for streaming, once",
        description="Prepares a voice for streaming on this machine and keeps it in piper.cache_directory.\n"
        "A service does so itself at its first start; this does it before anybody waits.",
        examples=[
            ("the configured voice", "hailo-piper prepare"),
            ("another one", "hailo-piper prepare --voice de_DE-thorsten-medium.onnx"),
        ],
    )
    prepare.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Prepare the voice. Returns the exit code."""
    logs.configure(level="INFO", style="text")
    config = load(options)
    with stoppable() as stop:
        from hailo_piper.default_voice import load_default_voice

        stop.unwinds = True
        with ExitStack() as stack:
            engine = load_default_voice(config, stack).engine
            engine.prepare()
            outcome = "prepared" if engine.is_prepared else "is spoken whole; the reason is above"
            print_line(f"{engine.voice.id}: {outcome}")
    return 0 if engine.is_prepared else exit_codes.FAILED
