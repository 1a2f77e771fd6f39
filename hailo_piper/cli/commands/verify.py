"""`verify` checks that the installed service speaks."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from hailo_piper.cli import exit_codes
from hailo_piper.cli.configuration import load
from hailo_piper.config.settings import Config
from hailo_piper.listeners.keys import read_keys
from hailo_piper.listeners.port import reachable

_UNIT = "hailo-piper"


def add_to(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add this command to a parser's commands. `common` has the options of every command."""
    verify = commands.add_parser(
        "verify",
        parents=[common],
        help="check that the installed service speaks",
        description="Checks the unit, /health and one synthesis, which must be speech, and shows the last log lines.",
        examples=[
            ("the service of this machine", "hailo-piper verify"),
            ("that of another one", "hailo-piper verify --url http://raspberrypi.local:5003"),
            ("another unit", "hailo-piper verify --unit hailo-piper@kitchen --config kitchen.json"),
        ],
    )  # fmt: skip
    verify.add_argument("--url", metavar="URL", type=_url, help="a service elsewhere, and nothing of systemd")
    verify.add_argument(
        "--key", metavar="KEY", default="", help="an API key; the installed service's own stand in its configuration"
    )
    verify.add_argument(
        "--unit", metavar="UNIT", default=_UNIT, help="the systemd unit; %(default)s where it is left out"
    )
    verify.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Check the service and print the findings. Returns the exit code."""
    # Imported here, so that --help does not wait for it.
    from hailo_piper.cli.service_checks import check_service, check_unit, last_log_lines

    good, key, request_id = True, options.key, f"verify-{os.getpid()}"
    if options.url is None:
        config = load(options)
        if not key and config.server.api_keys_file:
            key = read_keys(Path(config.server.api_keys_file))[0]
        unit = check_unit(options.unit)
        _show(unit.is_good, unit.text)
        good = unit.is_good
        url = _own_url(config)
    else:
        url = options.url.rstrip("/")
    for finding in check_service(url, key=key, request_id=request_id):
        _show(finding.is_good, finding.text)
        good = good and finding.is_good
    if options.url is None:
        lines = last_log_lines(options.unit, request_id=request_id)
        sys.stdout.write("last log lines:\n" + "".join(f"  {line}\n" for line in lines))
    return 0 if good else exit_codes.FAILED


def _url(text: str) -> str:
    if not text.lower().startswith(("http://", "https://")):
        raise argparse.ArgumentTypeError("it begins with http:// or https://")
    return text


def _own_url(config: Config) -> str:
    return f"http://{reachable(config.server.host)}:{config.server.port}"


def _show(good: bool, text: str) -> None:  # noqa: FBT001
    sys.stdout.write(f"{'ok  ' if good else 'FAIL'} {text}\n")
    sys.stdout.flush()
