"""The command line runs one command, and turns every ending into a message and an exit code."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

if sys.version_info < (3, 11):  # noqa: UP036 - run from the sources, it may meet any Python
    sys.exit(f"hailo-piper needs Python 3.11 or newer; this is {sys.version.split()[0]}")


def main(arguments: Sequence[str] | None = None, environment: Mapping[str, str] | None = None) -> int:
    """Run one command; return its exit code. `environment` is this process's own unless it is given."""
    try:
        from hailo_piper.cli import standard_streams

        standard_streams.prepare()
        try:
            return _run(
                sys.argv[1:] if arguments is None else arguments, os.environ if environment is None else environment
            )
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of the output has closed the pipe on purpose, as `head` does.
        return _without_output()
    except OSError as error:
        _print_line(f"hailo-piper: {error.filename or 'standard output'}: {error.strerror or error}")
        return _without_output()


def _run(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    from hailo_piper.cli import exit_codes
    from hailo_piper.cli.interruption import Interrupted
    from hailo_piper.errors import ConfigError

    try:
        options = _parse(arguments)
        options.environment = environment
        # numpy multiplies no matrices here, and its pool of threads would cost a start 50 ms of processor time.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        command: Callable[[object], int] = options.command
        return command(options)
    except ConfigError as error:
        from hailo_piper.cli.configuration import print_problems

        print_problems(error.problems)
        return exit_codes.CONFIG
    except Interrupted as stop:
        return stop.exit_code
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("hailo_piper"):
            raise
        _print_line(
            f"hailo-piper: {sys.executable} has no {error.name}: run it from the venv that `make setup` makes, as"
        )
        _print_line("  .venv/bin/hailo-piper")
        return exit_codes.FAILED


def _parse(arguments: Sequence[str]) -> "argparse.Namespace":
    from hailo_piper.cli.program import COMMANDS, build_parser

    parser = build_parser([name for name in COMMANDS if [name] == arguments[:1]])
    options = parser.parse_args(arguments)
    if "command" not in options:
        parser.print_help(sys.stderr)
        parser.exit(2)
    return options


def _without_output() -> int:
    from hailo_piper.cli.standard_streams import drop_output

    drop_output()
    return 1


def _print_line(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
