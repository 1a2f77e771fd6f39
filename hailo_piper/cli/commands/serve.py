"""`serve` answers requests until it is stopped."""

import argparse
import gc
import logging
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hailo_piper import __version__
from hailo_piper.cli import exit_codes
from hailo_piper.cli.configuration import load, print_line
from hailo_piper.cli.parser import and_voice
from hailo_piper.cli.standard_streams import drop_output
from hailo_piper.monitoring import logs

if TYPE_CHECKING:
    from hailo_piper.server import Server

logger = logging.getLogger(__name__)

_STANDARD_ERROR = 2


def add_to(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add this command to a parser's commands. `common` has the options of every command."""
    serve = commands.add_parser(
        "serve",
        parents=[and_voice(common)],
        help="answer requests until stopped",
        description="Answers speech requests over HTTP, and over Wyoming where wyoming.enabled says so, until it is "
        "stopped.\nSettings come from --config, or from environment variables such as HAILO_PIPER__SERVER__PORT.",
        examples=[
            ("listen on port 5003 of every address", "hailo-piper serve"),
            ("only for this machine, with log lines for people",
             "hailo-piper serve --host 127.0.0.1 --log-format text"),
            ("with a configuration of your own", "hailo-piper serve --config my.yaml --port 5004"),
        ],
    )  # fmt: skip
    serve.add_argument("--host", help="address to listen on")
    serve.add_argument("--port", type=int, help="TCP port; 0 takes any free one")
    serve.add_argument("--log-format", choices=("json", "text"), help="how log lines look")
    serve.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Serve until a signal. Returns the exit code."""
    # Objects loaded by a start stay alive: the garbage collector need not scan them now nor, once frozen, later.
    gc.disable()
    config = load(options)
    if not 0 <= config.server.port <= 65535:
        print_line(f"hailo-piper: --port {config.server.port} is not from 0 to 65535")
        return exit_codes.USAGE
    level = "DEBUG" if config.server.debug else config.logging.level
    journal = logs.goes_to_journal(options.environment.get("JOURNAL_STREAM"), _STANDARD_ERROR)
    logs.configure(level=level, style=config.logging.format, journal=journal)
    _warn_of_directory(config.voices.directory)
    _warn_of_variables(options.environment)
    # Only serving needs the HTTP half of the program, so it is imported here.
    from hailo_piper.listeners.port import ListenError
    from hailo_piper.machine.systemd import ServiceManager
    from hailo_piper.server import run as run_server

    def show_ready(server: "Server") -> None:
        gc.freeze()
        gc.enable()
        _announce(server, options)

    try:
        run_server(config, on_ready=show_ready, manager=ServiceManager.of(options.environment))
    except ListenError as error:
        print_line(f"hailo-piper: cannot listen on {error.filename}: {error.strerror}")
        return exit_codes.UNAVAILABLE
    return 0


def _warn_of_directory(directory: str | None) -> None:
    if directory is not None and not Path(directory).is_dir():
        logger.warning("voices.directory: there is no directory %s, so only the default voice is there", directory)


def _warn_of_variables(environment: Mapping[str, str]) -> None:
    # Without such a variable a start need not import the module that parses them.
    if any(name.startswith("HAILO_PIPER_") and not name.startswith("HAILO_PIPER__") for name in environment):
        from hailo_piper.config.environment import near_misses, variables
        from hailo_piper.schemas.checker import load_schema

        for name, meant in near_misses(environment, variables(load_schema("config.json"))):
            logger.warning("%s has no effect; the setting is %s", name, meant)


def _announce(server: "Server", options: argparse.Namespace) -> None:
    """Print the address to standard output; if that cannot be written, the service goes on."""
    try:
        _show(server, options)
    except OSError as error:
        drop_output()
        if not isinstance(error, BrokenPipeError):
            logger.warning("standard output: %s", error.strerror or error)


def _show(server: "Server", options: argparse.Namespace) -> None:
    from hailo_piper.listeners.port import reachable

    host = reachable(server.http.host)
    sys.stdout.write(
        f"hailo-piper {__version__} speaks on http://{host}:{server.http.port} - try:\n"
        f"  curl http://{host}:{server.http.port}/v1/audio/speech -H 'Content-Type: application/json' "
        '-d \'{"input": "Hello from hailo piper."}\' -o speech.wav\n'
    )
    if len(server.service.voices.all()) == 1:
        from hailo_piper.cli.more_voices import hint

        sys.stdout.write(hint(options))
    if server.wyoming is not None:
        sys.stdout.write(f"and Wyoming, for Home Assistant, on port {server.wyoming.port}\n")
    sys.stdout.flush()
