"""The configuration that a command works with: options before environment before files."""

import argparse
import sys
from collections.abc import Iterable
from dataclasses import replace

from hailo_piper.cli.parser import path_of
from hailo_piper.config.loading import default_path, load_config
from hailo_piper.config.settings import Config


def load(options: argparse.Namespace) -> Config:
    """The configuration, with what the command line overrides. Raises ConfigError."""
    config = load_config(options.config or default_path(), options.environment)
    overrides = vars(options)
    server = {name: overrides[name] for name in ("host", "port") if overrides.get(name) is not None}
    if overrides.get("voice"):
        # A configuration that is only read need not know of voices.
        from hailo_piper.voices.places import with_voice

        config = with_voice(config, str(path_of(options.voice)))
    return replace(config, server=replace(config.server, **server))


def tell(line: str) -> None:
    """Write a line for a person, beside what the command is asked for."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def tell_problems(problems: Iterable[str]) -> None:
    """Write why a configuration cannot be used."""
    problems = list(problems)
    tell(f"hailo-piper: the configuration cannot be used ({len(problems)} problem(s)):")
    for problem in problems:
        tell(f"  {problem}")
