"""A command loads its configuration from options, environment and files, in that order of precedence."""

import argparse
import sys
from collections.abc import Iterable

from hailo_piper.cli.parser import path_of
from hailo_piper.config.loading import default_path, load_config
from hailo_piper.config.settings import Config


def load(options: argparse.Namespace) -> Config:
    """Return the configuration, overridden by the command line. Raises ConfigError."""
    config = load_config(options.config or default_path(), options.environment)
    overrides = vars(options)
    if overrides.get("voice"):
        # Without --voice a command need not import the rooms of voices.
        from hailo_piper.voices.places import with_voice

        given = with_voice(config, str(path_of(options.voice))).piper.model_path
        config = config.with_options("--voice", "piper", model_path=given)
    for name in ("host", "port"):
        if overrides.get(name) is not None:
            config = config.with_options(f"--{name}", "server", **{name: overrides[name]})
    if overrides.get("log_format"):
        config = config.with_options("--log-format", "logging", format=options.log_format)
    return config


def print_line(line: str) -> None:
    """Print a line for a person to standard error, beside the command's own output."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def print_problems(problems: Iterable[str]) -> None:
    """Print to standard error why a configuration cannot be used."""
    problems = list(problems)
    print_line(f"hailo-piper: the configuration cannot be used ({len(problems)} problem(s)):")
    for problem in problems:
        print_line(f"  {problem}")
