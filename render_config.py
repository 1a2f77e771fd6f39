#!/usr/bin/env python3
"""Render the operator's YAML to the JSON that the service reads; run by the unit before every start.

Checks everything, fills the defaults, writes by atomic rename with mode 0644. Exit 78 with every problem listed.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PYTHONS = (HERE / ".venv/bin/python", HERE / "venv/bin/python", Path("/opt/hailo-piper/current/venv/bin/python"))
"""Where a Python that has what this needs is found: in a checkout, in a release, on an installed machine."""


def write_atomically(path: Path, text: str) -> None:
    """Put the text in place at once: a reader sees the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fchmod(descriptor, 0o644)
            os.fsync(descriptor)
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink()
        raise


def path_of(text: str) -> Path:
    """A path with `~` as the shell knows it: after `=` the shell leaves it as it is."""
    return Path(os.path.expanduser(text))  # noqa: PTH111 - without a home directory it is a name like any other


def explain(missing: str) -> str:
    """Say what this Python lacks, and which has it; any Python is to read this far."""
    found = [str(python) for python in PYTHONS if python.exists()]
    better = f"run it with {found[0]}" if found else "run `make setup`, then it with .venv/bin/python"
    return f"render_config.py: {sys.executable} has no {missing}: {better}"


def main() -> int:
    """Render one configuration; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--input", type=path_of, required=True, metavar="YAML")
    parser.add_argument("--output", type=path_of, required=True, metavar="JSON")
    parser.add_argument(
        "--limits", type=path_of, metavar="CONF", help="also write resource_limits as a systemd drop-in"
    )
    options = parser.parse_args()
    if sys.version_info < (3, 11):  # noqa: UP036 - it may be the system's own
        sys.exit(f"render_config.py needs Python 3.11 or newer; this is {sys.version.split()[0]}")
    try:
        return render(options)
    except ModuleNotFoundError as error:
        sys.exit(explain(str(error.name)))


def render(options: argparse.Namespace) -> int:
    """Check, fill and write; returns the exit code."""
    from hailo_piper.config import load_config_values
    from hailo_piper.errors import ConfigError

    # The service reads as another user, and the unit's umask is for what the service writes.
    os.umask(0o022)
    try:
        values = load_config_values(options.input)
        write_atomically(options.output, json.dumps(values, indent=2) + "\n")
        if options.limits:
            limits = values["resource_limits"]
            drop_in = f"[Service]\nMemoryMax={limits['memory_max']}\nCPUQuota={limits['cpu_quota']}\n"
            write_atomically(options.limits, drop_in)
    except ConfigError as error:
        sys.stderr.write("".join(f"{options.input}: {problem}\n" for problem in error.problems))
        return 78
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
