"""The XDG Base Directory specification places a user's data, caches and state."""

import os
from pathlib import Path


def user_directory(variable: str, otherwise: str) -> Path:
    """Return the directory that `XDG_..._HOME` names, else `otherwise`, a path that may begin with `~`.

    By the specification a relative path is ignored; `~/c` is one where no shell expanded it. Raises RuntimeError
    without a home directory.
    """
    given = Path(os.environ.get(variable, ""))
    return given if given.is_absolute() else Path(otherwise).expanduser()
