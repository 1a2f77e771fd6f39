"""A hint says how this user calls the commands that fetch more voices."""

import argparse
import shlex
import shutil
import sys
from pathlib import Path


def hint(options: argparse.Namespace) -> str:
    """Return a line that says how to list and fetch voices, as this user would call the commands."""
    config = f" --config {shlex.quote(str(options.config))}" if options.config else ""
    voices = f"{own_command()} voices"
    return f"one voice is here; for more: {voices} available{config}, then {voices} fetch NAME{config}\n"


def own_command() -> str:
    """Return the command as it was called, or as the shell would find it."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m hailo_piper"
    found = shutil.which(called.name)
    return called.name if found and Path(found).resolve() == called.resolve() else shlex.quote(str(called))
