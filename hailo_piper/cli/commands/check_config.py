"""`check-config` checks a configuration and prints it complete."""

import argparse
import json
import sys
from typing import Any

from hailo_piper.cli import exit_codes
from hailo_piper.cli.configuration import print_line, print_problems
from hailo_piper.cli.interruption import stoppable
from hailo_piper.config.loading import default_path, load_config
from hailo_piper.monitoring import logs


def add_to(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add this command to a parser's commands. `common` has the options of every command."""
    check = commands.add_parser(
        "check-config",
        parents=[common],
        help="check a configuration and print it complete",
        description="Checks a configuration as `serve` does, its voice, keys and aliases included, and prints what is "
        "in force.\nExit code 78 where serve would refuse it; what serve only warns of is told.",
        examples=[
            ("what the installed service reads", "hailo-piper check-config"),
            ("an edited file", "hailo-piper check-config --config my.yaml"),
            ("with a setting from the environment",
             "HAILO_PIPER__SERVER__PORT=8080 hailo-piper check-config --config my.yaml"),
        ],
    )  # fmt: skip
    check.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Check a configuration and print it. Returns the exit code."""
    logs.configure(level="ERROR", style="text")
    path = options.config or default_path()
    config = load_config(path, options.environment)
    with stoppable() as stop:
        from hailo_piper.cli.start_checks import check_start

        stop.unwinds = True
        findings = check_start(config)
    sys.stdout.write(json.dumps(config.as_values(), indent=2) + "\n")
    sys.stdout.flush()
    _print_sources(options)
    for warning in findings.warnings:
        print_line(f"warning: {warning}")
    if findings.problems:
        print_problems(findings.problems)
        return exit_codes.CONFIG
    print_line(f"{path or 'the defaults'}: in order")
    return 0


def _print_sources(options: argparse.Namespace) -> None:
    from hailo_piper.config.environment import near_misses, set_variables, variables
    from hailo_piper.schemas.checker import load_schema

    known = variables(load_schema("config.json"))
    for name in set_variables(options.environment):
        if known[name][0] == "resource_limits":
            print_line(f"warning: {name} has no effect; systemd reads resource_limits from the YAML alone")
        else:
            print_line(f"{'.'.join(known[name])} comes from {name}")
    for name, meant in near_misses(options.environment, known):
        print_line(f"warning: {name} has no effect; the setting is {meant}")
