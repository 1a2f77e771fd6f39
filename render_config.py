#!/usr/bin/env python3
"""Render the operator's YAML to the JSON that the service reads; run by the unit before every start.

Checks everything, fills the defaults, writes by atomic rename with mode 0644; a link is followed, a pipe or a device
is written into. Exit 78 with every problem listed.
"""

import argparse
import errno
import json
import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PYTHONS = (HERE / ".venv/bin/python", HERE / "venv/bin/python", Path("/opt/hailo-piper/current/venv/bin/python"))
"""Pythons that have the needed packages: in a checkout, in a release, on an installed machine."""


def write_atomically(path: Path, text: str) -> None:
    """Replace a file by atomic rename: a reader sees the old content or the new, never a part."""
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


def write(name: str, text: str) -> None:
    """Replace a file, or write into a pipe, device or descriptor. Raises OSError with this name."""
    from hailo_piper.cli.descriptors import descriptor_of

    try:
        number = descriptor_of(name)
        if number is None and (not name or name.endswith("/") or os.path.isdir(name)):  # noqa: PTH112
            raise IsADirectoryError(errno.EISDIR, "Is a directory, name a file")
        if number is None and (not os.path.exists(name) or os.path.isfile(name)):  # noqa: PTH110, PTH113
            write_atomically(Path(os.path.realpath(name)), text)
            return
        number = os.open(name, os.O_WRONLY | os.O_NOCTTY) if number is None else os.dup(number)
        with open(number, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor
            file.write(text)
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), name) from error


def path_of(text: str) -> Path:
    """Return a path with `~` expanded: after `=` the shell does not expand it."""
    return Path(os.path.expanduser(text))  # noqa: PTH111 - Path.expanduser raises without a home directory


def explain(missing: str) -> str:
    """Return a line that says which package is missing and which Python has it; any Python must parse this far."""
    found = [str(python) for python in PYTHONS if python.exists()]
    better = f"run it with {found[0]}" if found else "run `make setup`, then it with .venv/bin/python"
    return f"render_config.py: {sys.executable} has no {missing}: {better}"


def main() -> int:
    """Render one configuration. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--input", type=path_of, required=True, metavar="YAML")
    parser.add_argument("--output", type=os.path.expanduser, required=True, metavar="JSON")
    parser.add_argument(
        "--limits", type=os.path.expanduser, metavar="CONF", help="also write resource_limits as a systemd drop-in"
    )
    options = parser.parse_args()
    if sys.version_info < (3, 11):  # noqa: UP036 - it may be the system's own
        sys.exit(f"render_config.py needs Python 3.11 or newer; this is {sys.version.split()[0]}")
    try:
        return render(options)
    except ModuleNotFoundError as error:
        sys.exit(explain(str(error.name)))


def render(options: argparse.Namespace) -> int:
    """Check the settings, fill the defaults and write the files. Returns the exit code."""
    from hailo_piper.config.loading import load_config_values
    from hailo_piper.errors import ConfigError

    # The service reads these files as another user; the unit's umask would hide them from it.
    os.umask(0o022)
    try:
        values = load_config_values(options.input)
        write(options.output, json.dumps(values, indent=2) + "\n")
        if options.limits is not None:
            limits = values["resource_limits"]
            drop_in = f"[Service]\nMemoryMax={limits['memory_max']}\nCPUQuota={limits['cpu_quota']}\n"
            write(options.limits, drop_in)
    except ConfigError as error:
        named = f"{options.input}: "
        sys.stderr.write("".join(f"{named}{problem.removeprefix(named)}\n" for problem in error.problems))
        return 78
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
