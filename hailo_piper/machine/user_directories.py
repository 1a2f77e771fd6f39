"""Where a user's data, caches and state are kept, by the XDG Base Directory specification."""

import os
from pathlib import Path


def user_directory(variable: str, otherwise: str) -> Path:
    """Return what `XDG_..._HOME` names, else `otherwise`, a path that may begin with `~`.

    The specification has a relative path ignored, as `~/c` is where no shell has read it. Raises RuntimeError without
    a home.
    """
    given = Path(os.environ.get(variable, ""))
    return given if given.is_absolute() else Path(otherwise).expanduser()
